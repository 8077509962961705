"""The part of a recording that is in sight: zooming and panning as pure arithmetic, in seconds."""

from dataclasses import dataclass

SHORTEST = 0.01
_BREATH = 0.02  # share of the window that may lie outside, so that an edge at 0 can be taken


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """`start`..`end` of a recording of `duration` seconds, kept within it and a little air."""

    start: float
    end: float
    duration: float

    @classmethod
    def around(cls, start: float, end: float, duration: float) -> "TimeWindow":
        """The allowed window nearest to `start`..`end`."""
        whole = max(duration, SHORTEST)
        length = min(max(end - start, SHORTEST), whole * (1 + 2 * _BREATH))
        start -= (length - (end - start)) / 2
        air = _BREATH * length
        start = min(max(start, -air), max(-air, whole + air - length))
        return cls(start, start + length, duration)

    @classmethod
    def whole(cls, duration: float) -> "TimeWindow":
        """All of a recording."""
        return cls.around(-duration, 2 * duration, duration)

    @property
    def length(self) -> float:
        return self.end - self.start

    def zoomed(self, factor: float, at: float) -> "TimeWindow":
        """`factor` times closer; what is at `at` seconds stays where it is on the screen."""
        length = min(max(self.length / factor, SHORTEST), self.duration * (1 + 2 * _BREATH))
        start = at - (at - self.start) * length / self.length
        return TimeWindow.around(start, start + length, self.duration)

    def panned(self, seconds: float) -> "TimeWindow":
        """Later by `seconds`, as far as there is sound."""
        return TimeWindow.around(self.start + seconds, self.end + seconds, self.duration)

    def time_at(self, x: float, width: float) -> float:
        """Seconds under a horizontal place on a widget of `width`."""
        return self.start + x / max(1.0, width) * self.length

    def x_of(self, seconds: float, width: float) -> float:
        """The horizontal place of a time."""
        return (seconds - self.start) / self.length * width

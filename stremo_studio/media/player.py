"""Plays spans of a recording and knows where the ear is. All times are seconds of the recording.

Used from one thread. While there is no sound card a silent clock takes over, so that nothing else
in the program needs to care; `silent` and `reason` say so.
"""

from stremo_studio.media.mixer import Voice
from stremo_studio.media.passage import Blocks, Passage, display_gain
from stremo_studio.media.sound import Pcm
from stremo_studio.media.stream import Stream
from stremo_studio.media.stretch import Stretched

_AT_THE_END = 0.001  # seconds
_AT_ONCE = 0.1
"""Seconds made ready before the card may ask for them; the feeder makes the rest meanwhile."""


class Player:
    """One recording at a time: its clip, or any other span of it."""

    def __init__(self, *, device: bool = True) -> None:
        """The sound card is opened in the background; `device` False never looks for one."""
        self._stream = Stream(device=device)
        self._samples: Pcm | None = None
        self._rate = 1
        self._gain = 1.0
        self._speed = 1.0
        self._clip = self._span = (0.0, 0.0)
        self._rest = 0.0
        self._voice: Voice | None = None
        self._played_before = 0.0

    @property
    def silent(self) -> bool:
        """True while nothing can be heard; `reason` says why in one sentence."""
        self._catch_up()
        return self._stream.silent

    @property
    def reason(self) -> str:
        """Why it is silent; empty when it is not."""
        return self._stream.reason

    @property
    def device(self) -> str:
        """The sound card's name, empty while silent."""
        return self._stream.name

    @property
    def latency(self) -> float:
        """Seconds from a frame handed over to the ear, as the device reports it."""
        return self._stream.latency

    @property
    def dropouts(self) -> int:
        """How often the card got no sound in time: a busy machine."""
        return self._stream.dropouts

    @property
    def loop(self) -> bool:
        """A latch: while set, what plays begins again at its end."""
        return self._stream.loop

    @loop.setter
    def loop(self, on: bool) -> None:
        self._stream.loop = on

    @property
    def speed(self) -> float:
        """How fast it plays, its pitch unchanged. A latch; what plays goes on from where it is."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        playing, self._speed = self.playing, speed
        if playing:
            self._go(self._rest)

    @property
    def playing(self) -> bool:
        """False when paused, stopped or heard to the end."""
        self._catch_up()
        return self._voice is not None

    @property
    def position(self) -> float:
        """Where the ear is, from the device's own clock and latency."""
        self._catch_up()
        return self._rest

    @property
    def heard(self) -> float:
        """Seconds of the recording played since `load`, repeats included, at any speed."""
        self._catch_up()
        return self._stream.played - self._played_before

    def load(self, samples: Pcm, rate: int, start: float = 0.0, end: float | None = None) -> None:
        """Take a recording. `start`..`end` is the clip: what `play` plays and the gain is for."""
        length = len(samples) / rate
        first = min(max(0.0, start), length)
        last = length if end is None else min(max(first, end), length)
        self._samples, self._rate = samples, rate
        self._gain = display_gain(samples[round(first * rate) : round(last * rate)])
        self._clip = (first, last)
        self.stop()
        self._played_before = self._stream.played

    def unload(self) -> None:
        """Fall silent and let go of the recording."""
        self._samples = None
        self._clip = (0.0, 0.0)
        self.stop()

    def play(self, start: float | None = None, end: float | None = None) -> None:
        """Play the clip, or `start` to `end` (or to the end of the recording)."""
        self._stream.retry()
        if start is None:
            self._span = self._clip
        else:
            first = min(max(0.0, start), self.length)
            self._span = (first, self.length if end is None else min(max(first, end), self.length))
        self._go(self._span[0])

    def pause(self) -> None:
        """Fall silent within 5 ms; `resume` goes on from what was heard last."""
        self._catch_up()
        self._hush()

    def resume(self) -> None:
        """Go on from `position`; at the end of what was played, begin it again."""
        self._catch_up()
        self._stream.retry()
        if self._voice is None:
            ended = self._rest >= self._span[1] - _AT_THE_END
            self._go(self._span[0] if ended else self._rest)

    def replay(self) -> None:
        """Play again from its start what was played last; at first the clip."""
        self._go(self._span[0])

    def seek(self, seconds: float) -> None:
        """Move, and go on playing if it was. Outside the span it goes on to the recording's end."""
        playing = self.playing
        seconds = min(max(0.0, seconds), self.length)
        if not self._span[0] <= seconds < self._span[1]:
            self._span = (seconds, self.length)
        if playing:
            self._go(seconds)
        self._rest = seconds

    def stop(self) -> None:
        """Fall silent within 5 ms and go back to the start of the clip."""
        self._hush()
        self._span = self._clip
        self._rest = self._clip[0]

    def reopen(self) -> None:
        """Look for a sound card again, in the background."""
        self._stream.reopen()

    def close(self) -> None:
        """Let go of the sound card; the player cannot be used afterwards."""
        self._hush()
        self._stream.close()

    @property
    def length(self) -> float:
        """Seconds of the recording."""
        return 0.0 if self._samples is None else len(self._samples) / self._rate

    def _go(self, at: float) -> None:
        self._catch_up()
        if self._samples is None:
            return
        passage: Blocks = Passage(
            self._samples, self._rate, self._span, self._stream.rate, self._gain
        )
        if self._speed != 1:
            passage = Stretched(passage, self._speed)
        frame = passage.frame(at)
        passage.prepare(frame, _AT_ONCE)
        self._rest = at
        self._voice = Voice(passage, frame, frame)
        self._stream.play(self._voice)

    def _hush(self) -> None:
        self._voice = None
        self._stream.hush()

    def _catch_up(self) -> None:
        """Learn where the ear is, what has ended, and whether the sound card came or went."""
        voice = self._voice
        if voice is not None:
            heard = self._stream.heard(voice)
            passage = voice.passage
            self._rest = passage.end if heard is None else passage.time(heard)
            if heard is None:
                self._voice = None
        voice, self._voice = self._voice, None
        if not self._stream.refresh():  # what it raises leaves nothing playing
            self._voice = voice
        elif voice is not None:
            self._go(self._rest)

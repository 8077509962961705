"""Where the sound goes: the sound card, or a silent clock that keeps everything else working.

One stream stays open and is fed silence, because opening one swallows the start of a clip and takes
up to half a second on a sleeping device.
"""

from collections.abc import Callable
from threading import Event
from time import monotonic
from typing import Any, Protocol

import numpy as np

from stremo_studio.media.passage import Block

Render = Callable[[Block, float], None]
SILENT_RATE = 8000
_STARTING = 0.05  # seconds; blocks before that only fill the device's buffer
_STALLED = 2.0  # seconds without a callback after which the device counts as lost
_LARGEST = 16384  # frames; more are rendered in pieces


class Output(Protocol):
    """A clock that asks for frames."""

    rate: int
    latency: float
    name: str
    dropouts: int

    def now(self) -> float:
        """Seconds on the output's own clock."""
        ...

    def pump(self) -> None:
        """Catch up with the clock; a sound card does that by itself."""
        ...

    def lost(self) -> bool:
        """True when the device went away."""
        ...

    def close(self) -> None: ...


class SoundDeviceError(Exception):
    """No sound card can be used; `str()` is the reason in one sentence."""


class SilentOutput:
    """Plays to nobody, by wall time. Renders when asked, so it needs no thread."""

    rate = SILENT_RATE
    latency = 0.0
    name = ""
    dropouts = 0

    def __init__(self, render: Render, clock: Callable[[], float] = monotonic) -> None:
        self._render = render
        self._clock = clock
        self._done = clock()
        self._block = np.zeros(SILENT_RATE, np.float32)

    def now(self) -> float:
        return self._clock()

    def pump(self) -> None:
        frames = int((self._clock() - self._done) * self.rate)
        while frames > 0:
            size = min(frames, len(self._block))
            self._render(self._block[:size], self._done)
            self._done += size / self.rate
            frames -= size

    def lost(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing to close."""


class DeviceOutput:
    """The default sound card through PortAudio."""

    def __init__(
        self, make_render: Callable[[int], Render], latency: float, *, again: bool = False
    ) -> None:
        """Open with a buffer of `latency` seconds, and wait until it runs: up to two seconds.

        `again` looks for devices anew.

        Raises SoundDeviceError when there is none that can be opened.
        """
        try:
            # Here and not at the top: importing it starts PortAudio (0.1 to 1 s, more with JACK),
            # and the window must be there before that.
            import sounddevice  # noqa: PLC0415
        except (ImportError, OSError) as error:
            raise SoundDeviceError("The PortAudio library is missing.") from error
        try:
            if again:  # PortAudio lists devices only when it starts
                sounddevice._terminate()
                sounddevice._initialize()
            facts = sounddevice.query_devices(kind="output")
            self.rate = round(facts["default_samplerate"])
            self.name = str(facts["name"])
            self._render = make_render(self.rate)
            self._mono = np.zeros(_LARGEST, np.float32)
            self._heard_of = self._started = monotonic()
            self.dropouts = 0
            self._running = Event()
            self._stream: Any = sounddevice.OutputStream(
                samplerate=self.rate,
                channels=min(2, facts["max_output_channels"]),
                dtype="float32",
                latency=latency,
                callback=self._on_block,
            )
            self._stream.start()
            self.latency = float(self._stream.latency)
            if not self._running.wait(_STALLED):
                self.close()
                raise SoundDeviceError(f"The sound card takes no sound: {self.name}.")
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SoundDeviceError(_reason(error)) from error

    def _on_block(self, out: Any, frames: int, time: Any, status: Any) -> None:
        self._heard_of = monotonic()
        self.dropouts += bool(status.output_underflow)
        if not self._running.is_set():
            self.dropouts = 0
            if self._heard_of - self._started > _STARTING:
                self._running.set()
        heard = time.outputBufferDacTime or time.currentTime
        for first in range(0, frames, _LARGEST):
            block = self._mono[: min(_LARGEST, frames - first)]
            self._render(block, heard + first / self.rate)
            out[first : first + len(block)] = block[:, None]

    def now(self) -> float:
        return float(self._stream.time)

    def pump(self) -> None:
        """The sound card asks by itself."""

    def lost(self) -> bool:
        return monotonic() - self._heard_of > _STALLED or not self._stream.active

    def close(self) -> None:
        self._stream.close(ignore_errors=True)


def _reason(error: Exception) -> str:
    text = str(error)
    if "Error querying device" in text or "No default output" in text or "no default" in text:
        return "No sound card was found."
    return f"The sound card cannot be opened: {text.removeprefix('Error opening OutputStream: ')}."

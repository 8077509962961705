"""The one always-open stream: a sound card when there is one, a silent clock when there is none.

Cards are opened in the background and taken over at the next `refresh`, so nobody waits for
PortAudio. A feeder thread keeps the next seconds of the voice ready; the callback never prepares.
"""

from threading import Event, Thread
from time import monotonic

from stremo_studio.media.mixer import Mixer, Voice
from stremo_studio.media.output import DeviceOutput, Output, Render, SilentOutput, SoundDeviceError
from stremo_studio.media.passage import Block

_AHEAD = 4  # seconds kept ready in front of the ear
_LOOK = 0.25  # seconds between looks at how far the voice has got
_REST = 0.01
_KEPT = 60  # seconds of a passage that are kept; of a longer one only what is near
_BUFFER = 0.03  # seconds asked for; PortAudio's own "low" (9 ms) drops out when Python is busy
_LONGEST_BUFFER = 0.12
_TOO_MANY = 8  # dropouts, after which a longer buffer is worth the latency
_RETRY = 10.0  # seconds between looks for a card that was not there
OPENING = "The sound card is being opened."
OFF = "Sound is switched off."


class Stream:
    """Used from one thread, apart from the callback and the feeder, which only read the voice."""

    def __init__(self, *, device: bool = True) -> None:
        """`device` False never looks for a sound card."""
        self.reason = OPENING if device else OFF
        self._device = device
        self._mixer = Mixer(SilentOutput.rate)
        self._output: Output = SilentOutput(self._render_silently)
        self._found: list[tuple[Output, Mixer]] = []
        self._opening: Thread | None = None
        self._tried = 0.0
        self._played = 0.0
        self._dropouts = 0
        self._buffer = _BUFFER
        self._closed = False
        self._wake = Event()
        self._feeder = Thread(target=self._feed, name="sound feeder", daemon=True)
        self._feeder.start()
        self.reopen()

    @property
    def silent(self) -> bool:
        """True while nothing can be heard; `reason` says why."""
        return isinstance(self._output, SilentOutput)

    @property
    def rate(self) -> int:
        return self._output.rate

    @property
    def latency(self) -> float:
        """Seconds from a frame handed over to the ear, as the device reports it."""
        return self._output.latency

    @property
    def name(self) -> str:
        """The device's name, empty while silent."""
        return self._output.name

    @property
    def dropouts(self) -> int:
        """How often the card got no sound in time: a busy machine."""
        return self._dropouts + self._mixer.underruns + self._output.dropouts

    @property
    def played(self) -> float:
        """Seconds of the recording handed over so far."""
        return self._played + self._mixer.played / self._mixer.rate

    @property
    def loop(self) -> bool:
        return self._mixer.loop

    @loop.setter
    def loop(self, on: bool) -> None:
        self._mixer.loop = on

    def play(self, voice: Voice) -> None:
        """Sound this voice, made for `rate`; the one before it falls silent within 5 ms."""
        self._output.pump()
        self._mixer.wanted = voice
        self._wake.set()

    def hush(self) -> None:
        """Fall silent within 5 ms."""
        self._output.pump()
        self._mixer.wanted = None

    def heard(self, voice: Voice) -> float | None:
        """Seconds into the voice's passage that reach the ear now; None when it has ended."""
        self._output.pump()
        now = self._output.now()
        if voice.ended_at is not None and now >= voice.ended_at:
            return None
        mark = self._mixer.mark
        if mark is None or mark.voice is not voice:
            return voice.cursor / self.rate
        length = voice.passage.frames / self.rate
        at = mark.cursor / self.rate + now - mark.time
        if self.loop and length:
            return at % length if voice.first == 0 else max(at, voice.first / self.rate)
        return min(max(at, voice.first / self.rate), length)

    def refresh(self) -> bool:
        """Take over a card that was opened, let go of one that is lost, open one that drops out
        again with a longer buffer; True after a change."""
        if self._found:
            self._take(*self._found.pop())
            return True
        if self._mixer.fault is not None:
            fault, self._mixer.fault = self._mixer.fault, None
            raise fault  # our bug: it travels to the top instead of dying in the callback
        if not self.silent and self._output.lost():
            self.reason = f"The sound card went away: {self._output.name}."
            self._fall_silent()
            return True
        if self._output.dropouts >= _TOO_MANY and self._buffer < _LONGEST_BUFFER:
            self._buffer *= 2
            self.reason = OPENING
            self._fall_silent()
            self.reopen()
            return True
        return False

    def reopen(self) -> None:
        """Look for a sound card again, in the background. Does nothing while one is open."""
        if not self._device or not self.silent or self._closed:
            return
        if (self._opening is not None and self._opening.is_alive()) or self._found:
            return  # looking anew would close the card that waits to be taken over
        again = self._opening is not None
        self._tried = monotonic()
        self._opening = Thread(target=self._open, args=(again,), name="sound card", daemon=True)
        self._opening.start()

    def retry(self) -> None:
        """`reopen`, if the last look was a while ago."""
        if self.silent and monotonic() - self._tried > _RETRY:
            self.reopen()

    def close(self) -> None:
        """Close the card and end the threads."""
        self._closed = True
        self._wake.set()
        self._feeder.join()
        if self._opening is not None:
            self._opening.join()
        for output, _ in [*self._found, (self._output, self._mixer)]:
            output.close()

    def _open(self, again: bool) -> None:
        made: list[Mixer] = []

        def make_render(rate: int) -> Render:
            made.append(Mixer(rate))
            return made[0].render

        try:
            output = DeviceOutput(make_render, self._buffer, again=again)
        except SoundDeviceError as error:
            self.reason = str(error)
            return
        self._found.append((output, made[0]))

    def _fall_silent(self) -> None:
        self._take(SilentOutput(self._render_silently), Mixer(SilentOutput.rate))

    def _take(self, output: Output, mixer: Mixer) -> None:
        self._output.close()
        self._played, self._dropouts = self.played, self.dropouts
        mixer.loop = self._mixer.loop
        self._output, self._mixer = output, mixer
        if not self.silent:
            self.reason = ""

    def _render_silently(self, out: Block, time: float) -> None:
        voice = self._mixer.wanted
        if voice is not None:
            voice.passage.prepare(voice.cursor, 2)
        self._mixer.render(out, time)

    def _feed(self) -> None:
        """One block at a time, with a rest after each: whoever pressed a key comes first."""
        pause: float | None = None
        while not self._closed:
            self._wake.wait(pause)
            self._wake.clear()
            voice = self._mixer.wanted
            pause = None if voice is None else _LOOK
            if voice is None or self._closed:
                continue
            rate = voice.passage.out_rate
            if voice.passage.prepare_next(voice.cursor, _AHEAD):
                pause = _REST
            elif voice.passage.frames > _KEPT * rate:
                voice.passage.forget(voice.cursor - rate, voice.cursor + _AHEAD * rate)

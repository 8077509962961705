"""Hearing the clip in front; its recording and the next ones are opened ahead.

Pages share one player: a page takes it when it comes to the front and lets go when it leaves.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY
from stremo_studio.media.prefetch import Recording
from stremo_studio.ui.page import Desk
from stremo_studio.ui.speed import keep_speed, kept_speed
from trainer.sound.decoding import AudioError

_FRAME_MS = 16


class Listening(QObject):
    """`drawn(Clip, Recording)` when the sound in front is there, `grew` when more of its recording
    is, `failed(str)` when it cannot be heard; `moved(float)`: seconds of the recording;
    `state_changed(bool)`: playing or not."""

    drawn = Signal(object, object)
    grew = Signal()
    failed = Signal(str)
    moved = Signal(float)
    state_changed = Signal(bool)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = desk.project
        self._player = desk.player
        self._recordings = desk.recordings
        self._clip: Clip | None = None
        self._loaded = self._in_front = self._was_playing = self._asked_for = False
        self.autoplay = True
        self._clock = QTimer(self)
        self._clock.setInterval(_FRAME_MS)
        self._clock.timeout.connect(self._on_tick)
        self._recordings.ready.connect(self._on_ready)
        self._recordings.grew.connect(self._on_grew)

    @property
    def clip_id(self) -> ClipId | None:
        """The clip that is open."""
        return self._clip.id if self._clip else None

    def has(self, clip: Clip) -> bool:
        """Whether this clip is open, with the audio that it has now."""
        mine = self._clip
        return mine is not None and _laid(mine) == _laid(clip)

    @property
    def heard_ms(self) -> int:
        """How much of the clip was played, repeats included, in milliseconds."""
        return round(self._player.heard * 1000) if self._loaded else 0

    @property
    def loop(self) -> bool:
        return self._player.loop

    @loop.setter
    def loop(self, on: bool) -> None:
        self._player.loop = on

    @property
    def speed(self) -> float:
        """How fast clips are heard; one for all pages, kept with the project."""
        return self._player.speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._player.speed = speed
        keep_speed(self._project, speed)

    def take(self) -> None:
        """This page is in front now: the player is ours."""
        self._in_front = True
        self._player.speed = kept_speed(self._project)

    def leave(self) -> None:
        """Another page comes to the front: fall silent; the clip is opened again on return."""
        self._player.unload()
        self._in_front = self._loaded = False
        self._clip = None
        self._on_tick()

    @property
    def clip(self) -> Clip | None:
        """The clip that is open."""
        return self._clip

    def open(self, clip: Clip | None, upcoming: Sequence[Clip] = (), *, play: bool = False) -> None:
        """Bring a clip to the ears, and open the next ones ahead. It plays by itself with
        autoplay; one that somebody asked to `play` does in any case."""
        self._player.unload()
        self._clip, self._loaded, self._asked_for = clip, False, play
        audible = [c for c in (clip, *upcoming) if c is not None and c.audio == READY]
        self._recordings.want(audible)
        self._on_tick()
        if clip is not None and clip.path:
            self._on_ready(clip.path)

    def retime(self, clip: Clip) -> None:
        """The clip that is open may have other edges now; the ear then stays where it is."""
        mine, found = self._clip, self._recordings.get(clip)
        if mine is None or (mine.start, mine.end) == (clip.start, clip.end):
            return
        if self._loaded and mine.id == clip.id and isinstance(found, Recording):
            at = self._player.position
            self._clip = clip
            self._player.load(found.sound.samples, found.sound.rate, clip.start, clip.end)
            self._player.seek(at)
            self._on_tick()

    def play_or_pause(self) -> None:
        if self._player.playing:
            self._player.pause()
        elif self._loaded:
            self._player.resume()
            self._clock.start()

    def replay(self) -> None:
        """The whole clip from its start."""
        if self._loaded:
            self._player.play()
            self._clock.start()

    def play_span(self, start: float, end: float) -> None:
        """Any span of the recording, in its seconds."""
        if self._loaded:
            self._player.play(start, end)
            self._clock.start()

    def seek(self, seconds: float) -> None:
        """Go to a time of the recording."""
        if self._loaded:
            self._player.seek(seconds)
            self._on_tick()

    def _on_ready(self, path: str) -> None:
        if not self._in_front or self._clip is None or self._clip.path != path or self._loaded:
            return
        found = self._recordings.get(self._clip)
        if isinstance(found, AudioError):
            self.failed.emit(f"{found.message} {found.hint}".strip())
        elif isinstance(found, Exception):
            raise found
        elif found is not None:
            self._show(self._clip, found)

    def _on_grew(self, path: str) -> None:
        if self._loaded and self._clip is not None and self._clip.path == path:
            self.grew.emit()

    def _show(self, clip: Clip, recording: Recording) -> None:
        sound = recording.sound
        self._player.load(sound.samples, sound.rate, clip.start, clip.end)
        self._loaded = True
        self.drawn.emit(clip, recording)
        if self.autoplay or self._asked_for:
            self.replay()
        self._on_tick()

    def _on_tick(self) -> None:
        playing = self._player.playing
        if self._loaded:
            self.moved.emit(self._player.position)
        if playing != self._was_playing:
            self._was_playing = playing
            self.state_changed.emit(playing)
        if not playing:
            self._clock.stop()


def _laid(clip: Clip) -> tuple[object, ...]:
    """What there is to hear: another file or other edges are another sound."""
    return clip.id, clip.path, clip.start, clip.end

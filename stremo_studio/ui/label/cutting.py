"""Cutting a long clip at its pauses: looked for in the background, added as one undo step."""

from PySide6.QtCore import QObject, Signal

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.recording import READY
from stremo_studio.domain.wording import counted
from stremo_studio.errors import StudioError
from stremo_studio.ui.page import Desk
from stremo_studio.ui.words import audio_words


class Cutting(QObject):
    """`cut_done(int)`: the id of the first of the new clips."""

    cut_done = Signal(int)

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._clip: Clip | None = None

    def cut(self, clip: Clip | None) -> None:
        """Look for speech in this clip; a second press while it is looked for does nothing."""
        from stremo_studio.project.proposing import find_speech  # noqa: PLC0415 - numpy: later

        if clip is None or self._clip is not None:
            return
        if clip.audio != READY:
            self._desk.banners.show_note(audio_words(clip))
            return
        self._clip = clip
        cache = self._desk.project.cache
        self._desk.background.run(lambda: find_speech(clip, cache), self._on_found, self._on_failed)

    def _on_found(self, spans: list[tuple[float, float]]) -> None:
        from stremo_studio.project.proposing import add_proposed  # noqa: PLC0415 - numpy: later

        clip, self._clip = self._clip, None
        assert clip is not None
        parts = add_proposed(self._desk.project, clip, spans)
        self._desk.banners.show_note(
            f"{clip.name} is cut into {counted(len(parts), 'clip')}. Undo makes it one again."
        )
        self.cut_done.emit(parts[0])

    def _on_failed(self, error: Exception) -> None:
        self._clip = None
        if not isinstance(error, StudioError):
            raise error
        self._desk.banners.show_error(error)

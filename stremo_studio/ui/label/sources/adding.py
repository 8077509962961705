"""Recordings coming in: pasted links, the videos of a playlist, sheets, and what is dropped."""

from functools import partial

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from stremo_studio.domain.wording import counted
from stremo_studio.project.pasting import add_pasted
from stremo_studio.ui.banners import INFO
from stremo_studio.ui.label.sources.fetching import Fetching
from stremo_studio.ui.label.sources.layout import Parts
from stremo_studio.ui.page import Desk
from stremo_studio.ui.window_actions import SHEETS
from trainer.corpora.links import Pasted


class Adding(QObject):
    """`import_asked(str)`: a sheet or folder; `added(int)`: the last recording of a paste."""

    import_asked = Signal(str)
    added = Signal(int)

    def __init__(self, desk: Desk, parts: Parts, fetching: Fetching, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self._window = parent
        self._box = parts.paste
        self._fetching = fetching
        self._box.added.connect(self._on_pasted)
        self._box.playlist_asked.connect(self._on_playlist)
        desk.downloads.inspected.connect(self._box.show_inspected)
        parts.sheet.clicked.connect(self.choose_sheet)

    def choose_sheet(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._window, "Import a sheet", "", SHEETS)
        if name:
            self.import_asked.emit(name)

    def drop(self, mime: QMimeData) -> None:
        """A local file or folder is imported; links go into the box."""
        urls = mime.urls()
        local = [url.toLocalFile() for url in urls if url.isLocalFile()]
        if local:
            self.import_asked.emit(local[0])
        else:
            self._box.paste("\n".join(url.toString() for url in urls) or mime.text())

    def _on_pasted(self, pasted: Pasted) -> None:
        new = add_pasted(self._desk.project, pasted)
        told = counted(len(new.recordings), "recording")
        fetch = partial(self._fetching.fetch, new.recordings)
        clips = f" and {counted(new.clips, 'clip')}" if new.clips else ""
        self._desk.banners.show_banner(
            "added", INFO, f"{told}{clips} added. Nothing is fetched yet.",
            choice=(f"Fetch {told}", fetch),
        )  # fmt: skip
        self.added.emit(new.recordings[-1])

    def _on_playlist(self, playlist: str) -> None:
        """Look what is in it; its videos come into the box, to be added or not."""
        self._desk.downloads.inspect(f"https://www.youtube.com/playlist?list={playlist}")

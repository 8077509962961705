"""The sources of a project: where its recordings come from, and what keeps some of them away.

A part of the label workspace with keys of its own. Nothing is fetched before a person asks.
"""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import EVERYTHING, UNAVAILABLE, Source, SourceFilter
from stremo_studio.domain.wording import counted
from stremo_studio.downloader.messages import Progressed
from stremo_studio.project import sources as use
from stremo_studio.project.availability import availability_report
from stremo_studio.project.fetch_settings import fetch_settings, use_cookies
from stremo_studio.project.mapping import Oddity, mend
from stremo_studio.project.pasting import clip_whole
from stremo_studio.ui.key_text import with_keys
from stremo_studio.ui.label.sources.adding import Adding
from stremo_studio.ui.label.sources.fetching import Fetching
from stremo_studio.ui.label.sources.layout import Parts
from stremo_studio.ui.label.sources.linking import Linking
from stremo_studio.ui.label.sources.listing import Listing
from stremo_studio.ui.page import Desk, Page

SOUNDS = "Audio and video (*.wav *.flac *.mp3 *.ogg *.opus *.m4a *.mp4 *.webm *.aac);;All files (*)"


class SourcesPage(Page):
    """`closed`: back to the clips. `clips_asked(str)`: those of a recording, by its name.
    `import_asked(str)`: a sheet or folder that was dropped or chosen. Other slots are named in the
    action table."""

    closed = Signal()
    clips_asked = Signal(str)
    import_asked = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setAcceptDrops(True)
        self.titles = False
        self.parts = Parts(self, desk)
        self.table, self.view = self.parts.table, self.parts.view
        self.fetching = Fetching(desk, self.parts.rights, self)
        self.adding = Adding(desk, self.parts, self.fetching, self)
        self.listing = Listing(desk, self.parts, self)
        self.linking = Linking(desk, self.parts.link, self)
        self._connect()
        self.show_filter("")

    def _connect(self) -> None:
        parts = self.parts
        self.listing.shown.connect(self._show_details)
        self.adding.added.connect(self._on_added)
        self.adding.import_asked.connect(self.import_asked)
        downloads = self.desk.downloads
        downloads.progressed.connect(self._on_progressed)
        downloads.hint_changed.connect(self.show_hint)
        self.show_hint(downloads.hint)
        self.linking.settled.connect(self.view.setFocus)
        parts.details.mend_asked.connect(self._on_mend)
        parts.search.returnPressed.connect(self.view.setFocus)
        parts.details.pressed.connect(self._on_pressed)
        parts.details.browser_chosen.connect(partial(use_cookies, self.desk.project))
        self.fetching.settled.connect(self.view.setFocus)
        parts.titles.clicked.connect(self.toggle_titles)
        parts.pause.clicked.connect(self.pause_or_resume)
        parts.fetch_all.clicked.connect(self.fetch_all)
        parts.report.clicked.connect(self.export_report)
        parts.back.clicked.connect(self.closed)
        self.view.current_changed.connect(self._on_current)
        self.view.doubleClicked.connect(self.show_clips)

    @property
    def front(self) -> Source | None:
        """The recording in front."""
        return self.table.source(self.view.row)

    # The page

    def enter(self) -> None:
        self.listing.enter()
        if self.table.ids:
            self.view.setFocus()
        else:
            self.parts.paste.field.setFocus()

    def exit(self) -> None:
        self.listing.leave()

    def leave_field(self) -> None:
        """Esc: out of a field to the list, from the list back to the clips."""
        if self.view.hasFocus() or not self.table.ids:
            self.closed.emit()
        else:
            self.view.setFocus()

    def go_back(self) -> None:
        self.closed.emit()

    # Adding

    def paste(self) -> None:
        """Ctrl+V on the list: what was copied goes into the box."""
        self.parts.paste.paste(QGuiApplication.clipboard().text())

    def write_links(self) -> None:
        self.parts.paste.field.setFocus()

    def add_links(self) -> None:
        self.parts.paste.add()

    def import_sheet(self) -> None:
        self.adding.choose_sheet()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.adding.drop(event.mimeData())
        event.acceptProposedAction()

    # Fetching

    def fetch(self) -> None:
        self.fetching.fetch(self.view.selected())

    def fetch_all(self) -> None:
        self.fetching.fetch_all()

    def confirm(self) -> None:
        self.fetching.confirm(self.view.selected())

    def retry_kind(self) -> None:
        source = self.front
        if source is not None and source.fault is not None:
            self.fetching.retry(source.fault.kind)

    def retry_network(self) -> None:
        self.fetching.retry_network()

    def cancel(self) -> None:
        use.cancel(self.desk.project, self.view.selected())

    def pause_or_resume(self) -> None:
        self.fetching.pause_or_resume()

    def choose_browser(self) -> None:
        """Whose cookies: the list opens with the keyboard in it."""
        self.parts.details.browsers.setVisible(True)
        self.parts.details.browsers.setFocus()
        self.parts.details.browsers.showPopup()

    # One recording

    def link_file(self) -> None:
        """A file of one's own in place of a download; it stays where it is."""
        source = self.front
        if source is None:
            return
        title = f"The audio of {source.name}"
        name, _ = QFileDialog.getOpenFileName(self, title, "", SOUNDS)
        if name:
            self.linking.start(source, Path(name))

    def open_link(self) -> None:
        source = self.front
        if source is not None and source.link:
            QDesktopServices.openUrl(QUrl(source.link))

    def show_clips(self) -> None:
        source = self.front
        if source is not None and source.clips:
            is_file = not source.video_id and source.path is not None
            self.clips_asked.emit(Path(source.name).stem if is_file else source.name)

    def next_to_mend(self) -> None:
        self.listing.next_to_mend()

    def mend(self) -> None:
        """Take the first step offered for the clips of the recording in front."""
        odd = self.listing.mending.of(self.front.id) if self.front else []
        if odd:
            self._on_mend(odd[0])

    def _on_mend(self, oddity: Oddity) -> None:
        mend(self.desk.project, oddity)
        self.desk.banners.show_note(
            f"{oddity.offer}: done. {with_keys('{window.undo}')} undoes it."
        )

    def make_whole(self) -> None:
        """One clip of all of a recording that has none."""
        source = self.front
        if source is not None:
            clip_whole(self.desk.project, source)

    # Looking

    def show_filter(self, state: str = "") -> None:
        self.listing.show(SourceFilter(state or None, None, self.table.wanted.search))

    def search(self) -> None:
        self.parts.search.setFocus()
        self.parts.search.selectAll()

    def toggle_titles(self) -> None:
        """The site's titles say what to hear: hidden unless asked for."""
        self.titles = not self.titles
        row = self.view.row
        self.table.show_titles(self.titles)
        if row >= 0:
            self.view.go_to(row)
        self.parts.titles.setChecked(self.titles)
        self.view.fit_columns()
        self._show_details()

    def export_report(self) -> None:
        place = str(self.desk.project.folder / "availability.csv")
        name, _ = QFileDialog.getSaveFileName(self, "Availability report", place, "CSV (*.csv)")
        if name:
            count = availability_report(self.desk.project, Path(name))
            self.desk.banners.show_note(f"{counted(count, 'recording')} written to {name}.")

    # What comes from the downloader

    def _on_progressed(self, progress: dict[RecordingId, Progressed]) -> None:
        for one in progress.values():
            self.table.show_progress(one)
        if progress.keys() & set(self.view.selected()[:1]):
            self._show_details()

    def show_hint(self, hint: str) -> None:
        """One line about the downloader itself, e.g. that yt-dlp is old; empty for none."""
        self.parts.hint.setText(hint)
        self.parts.hint.setVisible(bool(hint))

    # What the parts say

    def _on_added(self, recording_id: int) -> None:
        self.listing.settle()
        if self.table.row_of(RecordingId(recording_id)) < 0:  # a filter hides it
            self.parts.search.clear()
            self.listing.show(EVERYTHING)
        self.view.go_to(self.table.row_of(RecordingId(recording_id)))
        self.view.setFocus()

    def _on_pressed(self, name: str) -> None:
        slots = {"whole": self.make_whole}
        slots.get(name, getattr(self, name, self.make_whole))()

    def _on_current(self, _: int) -> None:
        self._show_details()

    def _show_details(self) -> None:
        chosen = [s for i in self.view.selected() if (s := self.table.source(self.table.row_of(i)))]
        front: Source | None = chosen[0] if chosen else None
        of_kind = 0
        if front is not None and front.state == UNAVAILABLE and front.fault is not None:
            of_kind = use.source_counts(self.desk.project).by_fault.get(front.fault.kind, 0)
        self.parts.details.show_browser(fetch_settings(self.desk.project).browser)
        words = self.table.words(front) if front else ""
        odd = self.listing.mending.of(front.id) if front else []
        self.parts.details.show_oddities(odd)
        self.parts.details.show_sources(chosen, words, titles=self.titles, of_kind=of_kind)

"""Where links are pasted: what was understood is said while one types, and nothing is fetched."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from stremo_studio.domain.source_fault import fault_of
from stremo_studio.domain.wording import counted
from stremo_studio.downloader.messages import Inspected
from stremo_studio.ui.actions import action
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.keys import chords
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, label
from trainer.corpora.links import Pasted, read_links
from trainer.corpora.pasted import OPEN_CLIP_SECONDS

_TYPING_MS = 150
_REFUSALS_SHOWN = 3
_ASK = (
    "Paste YouTube links or ids, one or many a line, with or without times:\n"
    "https://youtu.be/… 0:15-0:21"
)
_ASK_SHORT = "Paste YouTube links or ids   {sources.links}"
_MOST = 500_000
"""Characters that are read while one types; more is a file, not a paste."""


class PasteBox(QWidget):
    """`added(Pasted)`: the lines are to be added. `playlist_asked(str)`: its id."""

    added = Signal(object)
    playlist_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._pasted = Pasted((), (), ())
        self.field = _Field()
        keyed(self.field, hint=_ASK)
        self.field.setAccessibleName("Links to add")
        self.field.setTabChangesFocus(True)
        self._small = False
        self.field.focused.connect(self._fit)
        self.field.confirmed.connect(self.add)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.read)
        self.field.textChanged.connect(self._typing.start)
        self._understood = label(role="quiet", wrap=True)
        self._refused = label(role="warning", wrap=True)
        self._add = button("Add", "primary")
        self._add.clicked.connect(self.add)
        self._playlist = button("Import the playlist")
        self._playlist.clicked.connect(self._on_playlist)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(self.field)
        self._foot = QWidget()
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self._understood, 1)
        row.addWidget(self._playlist)
        row.addWidget(self._add)
        column.addWidget(self._foot)
        column.addWidget(self._refused)
        self.read()

    def make_small(self, small: bool) -> None:
        """One line while there is a list to see, and as many as it takes while one writes."""
        self._small = small
        self._fit()

    @property
    def words(self) -> str:
        """What was understood, and what was not."""
        return f"{self._understood.text()} {self._refused.text()}".strip()

    def paste(self, text: str) -> None:
        """Put text in and read it at once."""
        self.field.setPlainText(text)
        self.field.setFocus()
        self.read()

    def read(self) -> None:
        """Say what the lines hold."""
        self._typing.stop()
        text = self.field.toPlainText()
        self._pasted = pasted = read_links(text[:_MOST])
        self._understood.setText(_understood(pasted) if text.strip() else "")
        self._refused.setText("\n".join(_refused(pasted)))
        self._refused.setVisible(bool(pasted.refusals))
        self._fit()
        count = len(pasted.video_ids)
        some = f" {counted(count, 'recording')}  {{sources.add}}" if count else ""
        keyed(self._add, text=f"Add{some}")
        self._add.setEnabled(count > 0)
        self._playlist.setVisible(bool(pasted.playlists))

    def add(self) -> None:
        """Hand the lines over; those that could not be used stay for mending."""
        self.read()
        if not self._pasted.spans:
            return
        lines = self.field.toPlainText().splitlines()
        kept = [lines[refusal.line - 1] for refusal in self._pasted.refusals]
        pasted = self._pasted
        self.field.setPlainText("\n".join(kept))
        self.read()
        self.added.emit(pasted)

    def show_inspected(self, found: Inspected) -> None:
        """What the site says is in a playlist: its videos take the place of its link."""
        (playlist,) = read_links(found.link).playlists or ("",)
        ids = [entry.video_id for entry in found.entries if entry.video_id]
        if not playlist or not ids:
            fault = fault_of(found.fault)
            why = fault.sentence if fault else "It has no videos that can be fetched."
            self._refused.setText(f"The playlist could not be read. {why}")
            self._refused.show()
            return
        lines = self.field.toPlainText().splitlines()
        kept = [line for line in lines if playlist not in line]
        self.field.setPlainText("\n".join([*kept, *(f"https://youtu.be/{i}" for i in ids)]))
        self.read()

    def _fit(self) -> None:
        idle = self._small and not self.field.toPlainText() and not self.field.hasFocus()
        off, auto = Qt.ScrollBarPolicy.ScrollBarAlwaysOff, Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.field.setVerticalScrollBarPolicy(off if idle else auto)
        self.field.setFixedHeight((4 if idle else 10) * GRID)
        keyed(self.field, hint=_ASK_SHORT if idle else _ASK)
        self._foot.setVisible(not idle)

    def _on_playlist(self) -> None:
        self._understood.setText("Looking what is in the playlist…")
        for playlist in self._pasted.playlists:
            self.playlist_asked.emit(playlist)


class _Field(QPlainTextEdit):
    """`confirmed`: the key of Add, which a text field would swallow. `focused`: or no longer."""

    confirmed = Signal()
    focused = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not set(action("sources.add").keys).isdisjoint(chords(event)):
            self.confirmed.emit()
        else:
            super().keyPressEvent(event)


def _understood(pasted: Pasted) -> str:
    timed = [span for span in pasted.spans if span.start is not None]
    parts = [counted(len(pasted.video_ids), "recording")] if pasted.spans else []
    if timed:
        parts.append(counted(len(timed), "clip"))
    open_ended = sum(span.end is None for span in timed)
    if open_ended:
        parts.append(f"{open_ended} without an end: {OPEN_CLIP_SECONDS:g} s are taken")
    if pasted.playlists:
        parts.append(counted(len(pasted.playlists), "playlist"))
    return " · ".join(parts)


def _refused(pasted: Pasted) -> list[str]:
    shown = [f"Line {r.line}: {r.message}" for r in pasted.refusals[:_REFUSALS_SHOWN]]
    more = len(pasted.refusals) - len(shown)
    return [*shown, f"{counted(more, 'more line')} cannot be used."] if more > 0 else shown

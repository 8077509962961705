"""How CMU-MOSEI is cleaned for a reproduction: the mode, ready transcripts, and what of it can be
chosen with the files that lie among the corpora."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QLineEdit

from stremo_studio.project.corpora import MoseiLook, look_for_mosei
from stremo_studio.ui.background import Background
from stremo_studio.ui.widgets import button, label
from trainer.corpora.cmu_mosei import PAPER, PUBLISHED, STRICT

_MODES = {
    "": "Default: published where the authors' list lies, else paper",
    PUBLISHED: "published: the authors' list",
    PAPER: "paper: scores and transcript by the authors' rule",
    STRICT: "strict: scores and transcript by the paper's words",
}
_TYPING_MS = 400


class MoseiFields(QObject):
    """The fields `mode` and `transcripts`, the button that chooses those, and the sentence
    `about`; whoever owns them lays them out. `edited` when a person changed a field."""

    edited = Signal()

    def __init__(self, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._background = background
        self._root = ""
        self._look: MoseiLook | None = None
        self._enabled = True
        self.mode, self.transcripts = QComboBox(), QLineEdit()
        self.mode.setAccessibleName("How CMU-MOSEI is cleaned")
        # its longest words must not make the panel wider than a small window
        self.mode.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.mode.setMinimumContentsLength(16)
        for mode, words in _MODES.items():
            self.mode.addItem(words, mode)
        self.transcripts.setAccessibleName("Ready transcripts of CMU-MOSEI")
        self.choose = button("Choose…", name="A table of ready transcripts")
        self.about = label(role="quiet", wrap=True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._on_typed)
        self.mode.activated.connect(self._on_edited)
        self.transcripts.textEdited.connect(self._on_edited)
        self._show()

    def look_into(self, root: str) -> None:
        """See what lies there, once the typing rests."""
        if root.strip() != self._root:
            self._root, self._look = root.strip(), None
            self._typing.start()
            self._show()

    def set_enabled(self, enabled: bool) -> None:
        """Nothing can be edited while it is at work."""
        self._enabled = enabled
        self._show()

    @property
    def wants_transcripts(self) -> bool:
        """Whether what is chosen compares with what is heard."""
        mode, listed = self.mode.currentData(), self._look is None or self._look.listed
        return mode in (PAPER, STRICT) or (mode == "" and not listed)

    def _on_typed(self) -> None:
        if not self._root:
            return
        root = self._root
        self._background.run(partial(look_for_mosei, Path(root)), partial(self._on_look, root))

    def _on_look(self, root: str, look: MoseiLook) -> None:
        if root == self._root:
            self._look = look
            self._show()

    def _on_edited(self) -> None:
        self._show()
        self.edited.emit()

    def _show(self) -> None:
        look = self._look or MoseiLook(listed=True, scored=True)
        there = look.listed or look.scored
        self.mode.setEnabled(self._enabled and there)
        wanted = look.scored and self.wants_transcripts
        words = "none: Whisper hears the segments" if wanted else "not needed"
        self.transcripts.setPlaceholderText(words)
        for part in (self.transcripts, self.choose):
            part.setEnabled(self._enabled and wanted)
        model = self.mode.model()
        assert isinstance(model, QStandardItemModel)
        for row, mode in enumerate(_MODES):
            possible = {"": there, PUBLISHED: look.listed}.get(mode, look.scored)
            model.item(row).setEnabled(possible)
        self.about.setText(self._words())
        self.about.setVisible(bool(self.about.text()))

    def _words(self) -> str:
        look, mode = self._look, self.mode.currentData()
        if look is None:
            return ""
        if not look.listed and not look.scored:
            return "There is no list and no scores of CMU-MOSEI: its rows will stay empty."
        if mode == PUBLISHED and not look.listed:
            return "The authors' list is not among the corpora: choose another way to clean."
        if mode in (PAPER, STRICT) and not look.scored:
            return (
                "Of CMU-MOSEI only the authors' list lies there: this takes its emotion scores, "
                "e.g. CMU_MOSEI_Labels.csd."
            )
        if self.wants_transcripts and not self.transcripts.text().strip():
            return "Whisper hears every segment that the scores leave: hours without a GPU."
        return ""

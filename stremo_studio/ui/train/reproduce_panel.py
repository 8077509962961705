"""`Reproduce the paper`: the corpora, how, and where to; then lines of progress and the report."""

import tomllib
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from stremo_studio.errors import StudioError
from stremo_studio.ui.background import Background
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.train.mosei_fields import MoseiFields
from stremo_studio.ui.train.reproduction import LINES_KEPT, Asked, Reproduction
from stremo_studio.ui.widgets import button, give_role, label
from trainer.contract.config import PAPER_MODEL, TINY
from trainer.contract.resources import resource

_ABOUT = (
    "Every table and the figure of the paper from the corpora on your disk, beside the published "
    "numbers. It takes long without a GPU and may be stopped at any time: started again, it goes "
    "on where it was."
)
_TABLES = "Tables (*.csv *.tsv *.xlsx *.ods)"


class ReproducePanel(QFrame):
    """`asked_changed(Asked)` when a field was edited."""

    asked_changed = Signal(object)

    def __init__(self, reproduction: Reproduction, asked: Asked, background: Background) -> None:
        super().__init__()
        give_role(self, "card")
        self.setAccessibleName("Reproduce the paper")
        self._reproduction = reproduction
        self.corpora, self.out = _path_field("Corpora"), _path_field("Output folder")
        self.preset, self.model = QComboBox(), QComboBox()
        self.mosei = MoseiFields(background, self)
        self._banner = label(role="quiet", wrap=True)
        self.start = button("Start", "primary")
        self.stop = button("Stop")
        self.open_report = button("Open report")
        self.state = label(role="body", wrap=True)
        self.log = QPlainTextEdit()
        self._choosers: list[QPushButton] = []
        self._build_log()
        self._fill_choices()
        self._lay_out()
        self.show_asked(asked)
        for field in (self.corpora, self.out):
            field.textEdited.connect(self._on_edited)
        self.preset.currentIndexChanged.connect(self._on_edited)
        self.model.editTextChanged.connect(self._on_edited)
        self.mosei.edited.connect(self._on_edited)
        self.start.clicked.connect(self.start_or_stop)
        self.stop.clicked.connect(reproduction.stop)
        self.open_report.clicked.connect(reproduction.show_report)
        reproduction.said.connect(self._on_said)
        reproduction.changed.connect(self._show)
        self._show()

    @property
    def asked(self) -> Asked:
        return Asked(
            self.corpora.text(),
            self.out.text(),
            str(self.preset.currentData()),
            self.model.currentText().strip(),
            str(self.mosei.mode.currentData()),
            self.mosei.transcripts.text(),
        )

    def show_asked(self, asked: Asked) -> None:
        """Show what was asked for the last time."""
        self.corpora.setText(asked.corpora)
        self.out.setText(asked.out)
        self.preset.setCurrentIndex(max(0, self.preset.findData(asked.preset)))
        self.model.setEditText(asked.model)
        self.mosei.mode.setCurrentIndex(max(0, self.mosei.mode.findData(asked.mosei)))
        self.mosei.transcripts.setText(asked.transcripts)
        self.mosei.look_into(asked.corpora)
        self._banner.setText(str(self.preset.currentData(Qt.ItemDataRole.ToolTipRole)))

    def start_or_stop(self) -> None:
        if self._reproduction.at_work:
            self._reproduction.stop()
            return
        self.log.clear()
        try:
            self._reproduction.start(self.asked)
        except StudioError as error:
            self._say(f"{error.message} {error.hint}", "error")

    def _build_log(self) -> None:
        self.log.setReadOnly(True)
        self.log.setMaximumBlockCount(LINES_KEPT)
        self.log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.log.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.log.setAccessibleName("Progress of the reproduction")
        self.log.setFixedHeight(20 * GRID)
        self.log.setPlainText("\n".join(self._reproduction.lines))

    def _fill_choices(self) -> None:
        self.preset.setAccessibleName("Preset")
        for path in sorted(resource("presets").glob("*.toml")):
            about = tomllib.loads(path.read_text(encoding="utf-8"))
            self.preset.addItem(str(about["title"]), path.stem)
            last = self.preset.count() - 1
            self.preset.setItemData(last, str(about["banner"]), Qt.ItemDataRole.ToolTipRole)
        self.model.setAccessibleName("Model to fine-tune")
        self.model.setEditable(True)
        self.model.addItems([PAPER_MODEL, TINY])
        edit = self.model.lineEdit()
        assert edit is not None
        edit.setPlaceholderText("that of the preset")

    def _lay_out(self) -> None:
        form = QGridLayout()
        form.setHorizontalSpacing(GRID)
        form.setVerticalSpacing(GRID)
        form.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QWidget, str], ...] = (
            ("Corpora", self.corpora, "The folder that holds the corpora"),
            ("Preset", self.preset, ""),
            ("Model", self.model, "A folder with a HuBERT model"),
            ("CMU-MOSEI", self.mosei.mode, ""),
            ("Transcripts", self.mosei.transcripts, "A table of ready transcripts"),
            ("Output folder", self.out, "Where the report and its cells shall lie"),
        )
        choosers: dict[QWidget, QPushButton] = {self.mosei.transcripts: self.mosei.choose}
        for number, (name, field, title) in enumerate(rows):
            words = label(name)
            words.setBuddy(field)
            form.addWidget(words, number, 0)
            form.addWidget(field, number, 1)
            if title:
                choose = choosers.get(field) or button("Choose…", name=title)
                choose.clicked.connect(partial(self._on_choose, field, title))
                form.addWidget(choose, number, 2)
                if field not in choosers:
                    self._choosers.append(choose)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        for part in (self.start, self.stop, self.open_report):
            buttons.addWidget(part)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID)
        column.addWidget(label("Reproduce the paper", "heading"))
        column.addWidget(label(_ABOUT, "quiet", wrap=True))
        column.addLayout(form)
        column.addWidget(self.mosei.about)
        column.addWidget(self._banner)
        column.addLayout(buttons)
        column.addWidget(self.state)
        column.addWidget(self.log)

    def _on_edited(self) -> None:
        self._banner.setText(str(self.preset.currentData(Qt.ItemDataRole.ToolTipRole)))
        self.mosei.look_into(self.corpora.text())
        self.asked_changed.emit(self.asked)

    def _on_choose(self, field: QWidget, title: str) -> None:
        if field is self.mosei.transcripts:
            chosen, _ = QFileDialog.getOpenFileName(self, title, filter=_TABLES)
        else:
            chosen = QFileDialog.getExistingDirectory(self, title)
        if chosen and isinstance(field, QLineEdit):
            field.setText(chosen)
            self._on_edited()
        elif chosen and isinstance(field, QComboBox):
            field.setEditText(chosen)

    def _on_said(self, line: str) -> None:
        self.log.appendPlainText(line)
        self._say(line)

    def _show(self) -> None:
        at_work, stopping = self._reproduction.at_work, self._reproduction.stopping
        for field in (self.corpora, self.out, self.preset, self.model, *self._choosers):
            field.setEnabled(not at_work)
        self.mosei.set_enabled(not at_work)
        self.start.setVisible(not at_work)
        self.stop.setVisible(at_work)
        self.stop.setEnabled(not stopping)
        self.stop.setText("Stopping…" if stopping else "Stop")
        self.open_report.setVisible(self._reproduction.report is not None)
        self.log.setVisible(at_work or bool(self._reproduction.lines))
        if at_work:
            lines = self._reproduction.lines
            self._say(lines[-1] if lines else "Starting…")
        else:
            self._say(self._reproduction.sentence, "error" if self._reproduction.failed else "body")

    def _say(self, sentence: str, role: str = "body") -> None:
        self.state.setText(sentence)
        self.state.setVisible(bool(sentence))
        give_role(self.state, role)


def _path_field(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    return field

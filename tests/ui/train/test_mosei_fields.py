"""What can be chosen for CMU-MOSEI, with the files that lie among the corpora."""

from pathlib import Path

import pytest
from PySide6.QtGui import QStandardItemModel
from pytestqt.qtbot import QtBot

from stremo_studio.ui.background import Background
from stremo_studio.ui.train.mosei_fields import MoseiFields
from tests.trainer.corpora.sequences import write_labels

WAIT = 10_000
LISTED = "Filename,CMU_Raw_Audio,Start_Time,Stop_Time,Emotion\nv[0],v,0.0,1.0,neutral\n"


@pytest.fixture
def fields(qtbot: QtBot) -> MoseiFields:
    background = Background()
    made = MoseiFields(background, background)
    for part in (made.mode, made.transcripts, made.about):
        qtbot.addWidget(part)
    made._background = background
    return made


def _look(fields: MoseiFields, root: Path, qtbot: QtBot) -> None:
    fields.look_into(str(root))
    qtbot.waitUntil(lambda: fields._look is not None, timeout=WAIT)


def _choose(fields: MoseiFields, mode: str) -> None:
    """As a click does; an index set by the program is nobody's choice."""
    row = fields.mode.findData(mode)
    fields.mode.setCurrentIndex(row)
    fields.mode.activated.emit(row)


def _possible(fields: MoseiFields) -> set[str]:
    model = fields.mode.model()
    assert isinstance(model, QStandardItemModel)
    rows = range(fields.mode.count())
    return {fields.mode.itemData(row) for row in rows if model.item(row).isEnabled()}


def test_without_a_file_of_it_nothing_can_be_chosen(
    fields: MoseiFields, tmp_path: Path, qtbot: QtBot
) -> None:
    _look(fields, tmp_path, qtbot)
    assert not fields.mode.isEnabled()
    assert not fields.transcripts.isEnabled()
    assert "its rows will stay empty" in fields.about.text()
    _look(fields, tmp_path / "nowhere", qtbot)
    assert not fields.mode.isEnabled()


def test_with_the_list_alone_the_scores_cannot_be_asked(
    fields: MoseiFields, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "list.csv").write_text(LISTED)
    _look(fields, tmp_path, qtbot)
    assert _possible(fields) == {"", "published"}
    assert not fields.transcripts.isEnabled()
    assert fields.about.text() == ""
    _choose(fields, "strict")  # from a time when the scores lay there
    assert "CMU_MOSEI_Labels.csd" in fields.about.text()


def test_with_scores_transcripts_can_stand_in_for_whisper(
    fields: MoseiFields, tmp_path: Path, qtbot: QtBot
) -> None:
    write_labels(tmp_path / "CMU_MOSEI_Labels.csd", {"v": [(0.0, 1.0, (0.0,) * 7)]})
    _look(fields, tmp_path, qtbot)
    assert _possible(fields) == {"", "paper", "strict"}
    assert fields.transcripts.isEnabled()
    assert "Whisper hears every segment" in fields.about.text()
    qtbot.keyClicks(fields.transcripts, "/ready.csv")
    assert fields.about.text() == ""


def test_with_both_the_list_needs_no_transcripts(
    fields: MoseiFields, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "list.csv").write_text(LISTED)
    write_labels(tmp_path / "CMU_MOSEI_Labels.csd", {"v": [(0.0, 1.0, (0.0,) * 7)]})
    _look(fields, tmp_path, qtbot)
    assert _possible(fields) == {"", "published", "paper", "strict"}
    assert not fields.transcripts.isEnabled()
    _choose(fields, "paper")
    assert fields.transcripts.isEnabled()
    fields.set_enabled(False)
    assert not fields.transcripts.isEnabled()
    assert not fields.mode.isEnabled()


def test_long_words_do_not_widen_a_small_window(fields: MoseiFields) -> None:
    words = [fields.mode.itemText(row) for row in range(fields.mode.count())]
    longest = max(map(fields.mode.fontMetrics().horizontalAdvance, words))
    assert fields.mode.minimumSizeHint().width() < longest

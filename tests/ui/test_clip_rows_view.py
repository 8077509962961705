"""A table of clips in little room: the names stay."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from stremo_studio.ui.clip_rows import ClipRows
from stremo_studio.ui.clip_rows_view import ClipRowsView
from stremo_studio.ui.theme import Theme
from tests.builders import all_clips, project_with_clips

COLUMNS = ("Label", "Clip", "Speaker", "Length")


@pytest.mark.parametrize(
    ("width", "shown"), [(600, COLUMNS), (400, COLUMNS[:3]), (330, COLUMNS[:2])]
)
def test_columns_of_less_worth_make_room_for_names(
    tmp_path: Path, qtbot: QtBot, theme: Theme, width: int, shown: tuple[str, ...]
) -> None:
    project = project_with_clips(tmp_path / "p")
    table = ClipRows(project, theme, COLUMNS)
    table.list_clips(all_clips(project))
    view = ClipRowsView("Clips")
    qtbot.addWidget(view)
    view.show_table(table, {"Label": 120, "Speaker": 80, "Length": 70}, ("Length", "Speaker"))
    view.resize(900, 300)
    view.show()
    assert view.columnWidth(1) > 500
    view.resize(width, 300)
    assert tuple(c for n, c in enumerate(COLUMNS) if not view.isColumnHidden(n)) == shown
    qtbot.waitUntil(lambda: view.columnWidth(1) >= 176)
    view.resize(900, 300)
    assert not any(view.isColumnHidden(n) for n in range(len(COLUMNS)))
    project.close()

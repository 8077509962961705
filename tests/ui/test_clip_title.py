"""The clip's name as a title."""

from pytestqt.qtbot import QtBot

from stremo_studio.ui.clip_title import ClipTitle
from stremo_studio.ui.theme import Theme

NAME = "synthetic-05/synthetic-05-clip-01"


def test_a_long_name_is_cut_in_the_middle_and_kept_whole_for_who_asks(
    qtbot: QtBot, theme: Theme
) -> None:
    title = ClipTitle()
    qtbot.addWidget(title)
    title.show_name(NAME)
    title.resize(title.sizeHint())
    assert title.shown == NAME
    title.resize(200, 30)
    assert title.shown.startswith("synth")
    assert title.shown.endswith("01")
    assert title.fontMetrics().horizontalAdvance(title.shown) <= 200
    assert title.text() == title.toolTip() == NAME
    title.grab()  # draws

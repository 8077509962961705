"""The confusion matrix as a widget."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.ui.matrix_view import MatrixView
from stremo_studio.ui.theme import Theme
from trainer.contract.labels import CLASSES

COUNTS = [[48, 9, 7], [4, 19, 1], [6, 0, 10]]


def shown(qtbot: QtBot, theme: Theme) -> MatrixView:
    view = MatrixView(theme)
    qtbot.addWidget(view)
    view.show_counts(COUNTS)
    view.show()
    view.activateWindow()
    return view


def test_every_cell_says_its_count_and_share_to_a_screen_reader(qtbot: QtBot, theme: Theme) -> None:
    view = shown(qtbot, theme)
    cell = view.cell("negative", "neutral")
    assert cell.accessibleName() == (
        "human negative, model neutral: 9 clips, 14 % of human negative"
    )
    assert (
        view.cell("neutral", "positive")
        .accessibleName()
        .startswith("human neutral, model positive: 1 clip,")
    )


def test_arrows_walk_the_cells_and_stop_at_the_edges(qtbot: QtBot, theme: Theme) -> None:
    view = shown(qtbot, theme)
    view.focus_cursor()
    assert view.cursor_cell == ("negative", "neutral")
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(view.focusWidget(), key)
    assert view.cursor_cell == ("neutral", "positive")
    assert view.has_cursor


def test_enter_space_and_a_click_open_the_cell(qtbot: QtBot, theme: Theme) -> None:
    view = shown(qtbot, theme)
    opened: list[tuple[str, str]] = []
    view.cell_opened.connect(lambda human, model: opened.append((human, model)))
    view.focus_cursor()
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Return)
    qtbot.keyClick(view.focusWidget(), Qt.Key.Key_Space)
    qtbot.mouseClick(view.cell("positive", "negative"), Qt.MouseButton.LeftButton)
    assert opened == [("negative", "neutral")] * 2 + [("positive", "negative")]
    assert view.cursor_cell == ("positive", "negative")


def test_the_matrix_is_one_stop_for_tab(qtbot: QtBot, theme: Theme) -> None:
    view = shown(qtbot, theme)
    stops = [
        (human, model)
        for human in CLASSES
        for model in CLASSES
        if view.cell(human, model).focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert stops == [view.cursor_cell]


def test_the_diagonal_is_dimmed_and_a_larger_share_of_errors_is_deeper(
    qtbot: QtBot, theme: Theme
) -> None:
    view = shown(qtbot, theme)
    picture = view.grab().toImage()

    def ground(human: str, model: str) -> str:
        cell = view.cell(human, model)
        corner = cell.mapTo(view, cell.rect().center())
        return str(picture.pixelColor(corner.x() - cell.width() // 2 + 8, corner.y()).name())

    assert ground("negative", "negative") == theme.color("sunken").name()
    few, many, none = (
        ground("negative", "positive"), ground("positive", "negative"),
        ground("positive", "neutral"),
    )  # fmt: skip
    assert none == theme.color("surface").name()
    assert int(many[1:3], 16) < int(few[1:3], 16) < int(none[1:3], 16)

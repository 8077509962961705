"""The program as a whole: opening, closing, locking, what it says and what it imports."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.project.project import Project
from stremo_studio.ui.actions import WORKSPACES
from stremo_studio.ui.application import load_memory
from stremo_studio.ui.start_page import StartPage
from stremo_studio.ui.theme import DARK, Theme, load_roles
from tests.ui.sounds import make_project

HEAVY = ("torch", "transformers", "torchaudio", "sklearn", "pandas", "scipy", "yt_dlp")
LATER = ("pyqtgraph", "sounddevice", "soundfile", "numpy")
CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_window_shows_before_anything_heavy_is_imported() -> None:
    program = (
        "import sys\n"
        "from stremo_studio.app import Studio\n"
        "from stremo_studio.ui.application import Memory, make_application\n"
        "from stremo_studio.ui.theme import Theme\n"
        "app = make_application([])\n"
        "studio = Studio(Theme(app), Memory())\n"
        "studio.window.show()\n"
        "app.processEvents()\n"
        f"print([m for m in {HEAVY + LATER!r} if m in sys.modules])\n"
        "studio.window.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_an_open_project_brings_nothing_of_the_trainer_in(tmp_path: Path) -> None:
    folder = make_project(tmp_path, 2)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from stremo_studio.app import Studio\n"
        "from stremo_studio.media.player import Player\n"
        "from stremo_studio.ui.application import Memory, make_application\n"
        "from stremo_studio.ui.theme import Theme\n"
        "app = make_application([])\n"
        "studio = Studio(Theme(app), Memory(), Player(device=False))\n"
        "studio.window.show()\n"
        f"studio.open(Path({str(folder)!r}))\n"
        "app.processEvents()\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])\n"
        "studio.window.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_a_project_held_by_another_studio_opens_read_only(
    studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = make_project(tmp_path)
    other = Project.open(folder)
    studio.open(folder)
    assert studio.desk is not None
    assert studio.desk.project.read_only
    assert studio.window.status.text == "Read-only"
    page = studio.window.page("label")
    page.settle_ms = 0  # type: ignore[union-attr]
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert len(studio.window.banners.texts()) == 2
    assert studio.desk.project.counts().labelled == 0
    other.close()


def test_a_folder_without_a_project_is_one_sentence(studio: Studio, tmp_path: Path) -> None:
    studio.open(tmp_path / "nothing")
    assert studio.desk is None
    assert "holds no project" in studio.window.banners.texts()[0]


def test_what_a_closed_project_asked_for_is_dropped(
    opened: Callable[..., Studio], qtbot: QtBot
) -> None:
    studio = opened()
    results: list[int] = []
    studio.background.run(lambda: 1, results.append)
    studio.close_project()
    studio.background.run(lambda: 2, results.append)
    qtbot.waitUntil(lambda: bool(results))
    studio.background.finish()
    assert results == [2]


def test_opened_projects_are_remembered(opened: Callable[..., Studio]) -> None:
    studio = opened()
    assert studio.desk is not None
    assert studio.memory.recent_projects() == [studio.desk.project.folder]


def test_the_start_page_lists_the_project_that_was_just_opened(
    opened: Callable[..., Studio], qtbot: QtBot
) -> None:
    studio = opened()
    assert studio.desk is not None
    studio.actions.show_start()
    page = studio.window.page("start")
    assert isinstance(page, StartPage)
    name = f"Open {studio.desk.project.name} in "
    rows = [b for b in page.findChildren(QAbstractButton) if b.accessibleName().startswith(name)]
    with qtbot.waitSignal(page.project_chosen):
        rows[0].click()
    assert studio.window.workspace == "label"


def test_a_program_that_is_killed_has_its_projects_written_down(
    opened: Callable[..., Studio],
) -> None:
    studio = opened()
    assert studio.desk is not None
    assert load_memory().recent_projects() == [studio.desk.project.folder]


def test_every_icon_follows_the_scheme(opened: Callable[..., Studio], theme: Theme) -> None:
    studio = opened()
    for workspace in WORKSPACES:
        studio.bring(workspace)
    theme.choose(DARK)
    known = {colour.upper() for colour in load_roles(DARK).values()}
    strange = [
        button.accessibleName()
        for button in studio.window.findChildren(QAbstractButton)
        if button.accessibleName() and not button.icon().isNull() and not _tints(button) & known
    ]
    assert strange == []


def _tints(button: QAbstractButton) -> set[str]:
    """Colours of the icon where it is opaque."""
    image = button.icon().pixmap(40, 40).toImage()
    spots = ((x, y) for x in range(image.width()) for y in range(image.height()))
    colours = (image.pixelColor(x, y) for x, y in spots)
    return {colour.name().upper() for colour in colours if colour.alpha() == 255}


def test_opening_the_open_project_again_keeps_it(opened: Callable[..., Studio]) -> None:
    studio = opened()
    before = studio.desk
    assert before is not None
    studio.open(before.project.folder)
    assert studio.desk is before


def test_a_start_page_drawn_anew_shows_nothing_twice(studio: Studio) -> None:
    page = studio.window.page("start")
    assert isinstance(page, StartPage)
    page.refresh()
    shown = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    words = [text for text in shown if text]
    assert len(words) == len(set(words))


def test_the_cheat_sheet_names_every_key_of_the_workspace(
    opened: Callable[..., Studio], qtbot: QtBot
) -> None:
    from PySide6.QtWidgets import QLabel

    from stremo_studio.ui.actions import actions_in

    studio = opened()
    qtbot.keyClicks(studio.window, "?")
    sheet = studio.window.cheat_sheet
    words = [label.text() for label in sheet.findChildren(QLabel)]
    assert sheet.isVisible()
    assert [a.text for a in actions_in("label") if a.text not in words] == []
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_the_palette_does_what_is_picked(opened: Callable[..., Studio], qtbot: QtBot) -> None:
    studio = opened()
    qtbot.keyClick(studio.window, Qt.Key.Key_K, CTRL)
    panel = studio.window.palette_panel
    qtbot.keyClicks(panel.findChild(QLineEdit), "loop")
    assert panel.found() == ["label.loop"]
    qtbot.keyClick(panel.findChild(QLineEdit), Qt.Key.Key_Return)
    assert not panel.isVisible()
    assert studio.desk is not None
    assert studio.desk.player.loop


def test_everything_that_takes_the_focus_has_a_name(opened: Callable[..., Studio]) -> None:
    studio = opened()
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit)
    widgets = [w for kind in kinds for w in studio.window.findChildren(kind)]
    nameless = [w for w in widgets if not _name(w) and not _is_qts_own(w)]
    assert nameless == []


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")


def _is_qts_own(widget: QWidget) -> bool:
    """Parts that Qt builds into its own widgets, e.g. a table's corner."""
    if isinstance(widget.parent(), QLineEdit) or type(widget).__name__ == "QAbstractButton":
        return True
    return widget.objectName().startswith("qt_")

"""What the program has to say stays until it is dismissed, is said once, and never is modal."""

from PySide6.QtWidgets import QPushButton, QToolButton

from stremo_studio.app import Studio
from stremo_studio.errors import StudioError
from stremo_studio.ui.banners import WARNING


def test_an_error_shows_its_sentence_and_its_hint(studio: Studio) -> None:
    banners = studio.window.banners
    banners.show_error(StudioError("The disk is full.", "Free some space."))
    assert banners.texts() == ["The disk is full."]
    assert not banners.isHidden()


def test_the_same_trouble_is_said_once(studio: Studio) -> None:
    banners = studio.window.banners
    banners.show_banner("card", WARNING, "No sound card.")
    banners.show_banner("card", WARNING, "Still no sound card.")
    assert banners.texts() == ["Still no sound card."]


def test_the_cross_dismisses_a_banner(studio: Studio) -> None:
    banners = studio.window.banners
    banners.show_banner("card", WARNING, "No sound card.")
    banners.findChild(QToolButton).click()
    assert banners.texts() == []
    assert banners.isHidden()


def test_a_button_does_what_it_says(studio: Studio) -> None:
    banners = studio.window.banners
    pressed: list[bool] = []
    banners.show_banner("x", WARNING, "Gone.", "", ("Link it", lambda: pressed.append(True)))
    banners.findChild(QPushButton).click()
    assert pressed == [True]

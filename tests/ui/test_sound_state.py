"""Without a sound card the studio says so, offers to look again, and goes on."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QPushButton

from stremo_studio.app import Studio
from stremo_studio.ui.sound_state import SoundState


class _Card:
    """A player as `SoundState` sees it, with or without a card behind it."""

    device, latency = "Headphones", 0.023

    def __init__(self) -> None:
        self.reason = ""
        self.asked = 0

    @property
    def silent(self) -> bool:
        return bool(self.reason)

    def reopen(self) -> None:
        self.asked += 1
        self.reason = ""


@pytest.fixture
def watched(studio: Studio) -> Iterator[tuple[Studio, _Card, SoundState]]:
    card = _Card()
    state = SoundState(card, studio.window.status, studio.window.banners, studio)  # type: ignore[arg-type]
    yield studio, card, state
    state.stop()


def test_the_card_and_its_latency_stand_in_the_status_bar(
    watched: tuple[Studio, _Card, SoundState],
) -> None:
    studio, _, _ = watched
    assert "Headphones  ·  23 ms" in studio.window.status.all_text()


def test_a_lost_card_is_a_banner_that_goes_when_the_card_is_back(
    watched: tuple[Studio, _Card, SoundState],
) -> None:
    studio, card, state = watched
    card.reason = "No sound card was found."
    state.look()
    assert studio.window.banners.texts() == ["No sound card was found."]
    studio.window.banners.findChild(QPushButton).click()
    state.look()
    assert (card.asked, studio.window.banners.texts()) == (1, [])

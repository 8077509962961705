"""The speaker by keyboard: M says what is known of them, P says whose voice it is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QScrollArea
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.speaker import DECLINED, KnownSpeaker
from stremo_studio.project.project import Project
from stremo_studio.project.speakers import speaker_of
from stremo_studio.ui.label.page import LabelPage
from tests.builders import corpus_clip, import_clips
from tests.ui.sounds import write_tone
from trainer.corpora.rows import SpeakerFacts

Spoken = Callable[[], tuple[Studio, LabelPage]]
NAMES = ["anna", "anna", "anna", "ben", None, None]


@pytest.fixture
def spoken(studio: Studio, tmp_path: Path) -> Spoken:
    """Three clips of anna, one of ben, two of nobody in one file."""

    def open_one() -> tuple[Studio, LabelPage]:
        project = Project.create(tmp_path / "project", annotator="ann")
        clips = []
        for number, name in enumerate(NAMES):
            path = write_tone(tmp_path / "audio" / f"{name or 'long'}-{name and number}.wav", 3.0)
            clips.append(
                replace(
                    corpus_clip(number, audio=True), path=str(path), video_id=None,
                    start=0.2 * number, end=0.2 * number + 0.4, group=f"made:{name or 'long'}",
                    speaker=SpeakerFacts(name, gender="female") if name else None,
                )
            )  # fmt: skip
        import_clips(project, clips)
        project.close()
        studio.open(tmp_path / "project")
        page = studio.window.page("label")
        assert isinstance(page, LabelPage)
        page.settle_ms = 0
        return studio, page

    return open_one


def field(studio: Studio) -> QLineEdit:
    found = studio.window.focusWidget()
    assert isinstance(found, QLineEdit)
    return found


def say(studio: Studio, qtbot: QtBot, typed: str) -> None:
    qtbot.keyClicks(field(studio), typed)
    qtbot.keyClick(field(studio), Qt.Key.Key_Return)


def known(page: LabelPage, row: int) -> KnownSpeaker | None:
    clip = page.queue.table.clip(row)
    assert clip is not None
    return speaker_of(page.desk.project, clip.id)


def fact(page: LabelPage, row: int, name: str) -> str | None:
    speaker = known(page, row)
    return speaker.facts.fact(name) if speaker else None


def test_the_card_is_filled_by_typing_and_enter_and_later_clips_inherit(
    spoken: Spoken, qtbot: QtBot
) -> None:
    studio, page = spoken()
    qtbot.keyClick(studio.window, Qt.Key.Key_M)
    assert field(studio).accessibleName() == "Language"
    say(studio, qtbot, "span")
    assert page.speaking.card.choices.offered() == ["all", "only"]
    qtbot.keyClick(field(studio), Qt.Key.Key_Return)  # everywhere
    assert field(studio).accessibleName() == "Perceived gender"
    qtbot.keyClick(field(studio), Qt.Key.Key_Return)  # as it is
    say(studio, qtbot, "decl")
    say(studio, qtbot, "Geordie")
    say(studio, qtbot, "26")
    assert not page.speaking.is_open
    assert studio.window.focusWidget() is page.queue.view
    assert [fact(page, 2, n) for n in ("language", "gender", "ethnicity", "accent", "age")] == [
        "Spanish", "female", DECLINED, "Geordie", "26-35",
    ]  # fmt: skip
    assert page.panel.speaker.ring.toolTip() == "5 of 5 are said of this speaker"
    page.queue.go_to(1)
    qtbot.keyClick(studio.window, Qt.Key.Key_M)
    assert page.speaking.card.fields["accent"].property("role") == "inherited"
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    for _ in range(4):
        qtbot.keyClick(studio.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (fact(page, 0, "language"), fact(page, 0, "gender")) == (None, "female")


def test_a_change_for_this_clip_only_makes_a_new_speaker(spoken: Spoken, qtbot: QtBot) -> None:
    studio, page = spoken()
    qtbot.keyClick(studio.window, Qt.Key.Key_M)
    say(studio, qtbot, "fre")
    qtbot.keyClick(field(studio), Qt.Key.Key_Down)
    assert "made:anna-2" in page.speaking.card.consequence.text()
    qtbot.keyClick(field(studio), Qt.Key.Key_Return)
    say(studio, qtbot, "male")  # no more questions: the new speaker has this clip alone
    first, second = known(page, 0), known(page, 1)
    assert first is not None
    assert second is not None
    assert (first.facts.name, first.facts.language, first.facts.gender) == (
        "anna-2", "French", "male",
    )  # fmt: skip
    assert (second.facts.name, second.clips, second.facts.language) == ("anna", 2, None)


def test_esc_leaves_what_was_typed_and_not_taken(spoken: Spoken, qtbot: QtBot) -> None:
    studio, page = spoken()
    qtbot.keyClick(studio.window, Qt.Key.Key_M)
    qtbot.keyClicks(field(studio), "Latin")
    qtbot.keyClick(field(studio), Qt.Key.Key_Escape)
    assert not page.speaking.is_open
    assert fact(page, 0, "language") is None
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert page.queue.table.clip(0).label == "negative"


def test_p_gives_the_clip_the_selected_ones_or_the_recording_to_a_speaker(
    spoken: Spoken, qtbot: QtBot
) -> None:
    studio, page = spoken()
    qtbot.keyClick(studio.window, Qt.Key.Key_P)
    say(studio, qtbot, "b")
    assert "made:ben" in page.speaking.giving.consequence.text()
    qtbot.keyClick(field(studio), Qt.Key.Key_Return)
    assert (page.queue.table.clip(0).speaker, page.queue.table.clip(0).group) == ("ben", "made:ben")
    assert "Give clip 1 to speaker ben. Undo takes it back." in studio.window.banners.texts()
    page.queue.go_to(4)
    qtbot.keyClick(studio.window, Qt.Key.Key_P)
    say(studio, qtbot, "Cleo")
    qtbot.keyClick(field(studio), Qt.Key.Key_Down)  # all clips of the recording
    qtbot.keyClick(field(studio), Qt.Key.Key_Return)
    assert [page.queue.table.clip(row).speaker for row in (4, 5)] == ["Cleo", "Cleo"]
    qtbot.keyClick(studio.window, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(studio.window, Qt.Key.Key_P)
    say(studio, qtbot, "Dora")
    assert page.speaking.giving.choices.choice == "selected"
    qtbot.keyClick(field(studio), Qt.Key.Key_Return)
    assert {page.queue.table.clip(row).speaker for row in range(6)} == {"Dora"}


def test_what_is_said_of_nobody_yet_is_said_of_whoever_speaks_in_the_recording(
    spoken: Spoken, qtbot: QtBot
) -> None:
    studio, page = spoken()
    page.queue.go_to(4)
    qtbot.keyClick(studio.window, Qt.Key.Key_M)
    say(studio, qtbot, "engl")
    qtbot.keyClick(field(studio), Qt.Key.Key_Return)
    speaker = known(page, 5)
    assert speaker is not None
    assert (speaker.facts.name, speaker.clips, speaker.facts.language) == ("long", 2, "English")
    assert page.queue.table.clip(5).group == "made:long"


def test_the_card_closes_when_no_clip_is_in_front(spoken: Spoken, qtbot: QtBot) -> None:
    studio, page = spoken()
    qtbot.keyClick(studio.window, Qt.Key.Key_M)
    page.show_filter("flagged")
    assert (page.current, page.speaking.is_open) == (None, False)


def test_a_long_name_does_not_widen_the_panel(spoken: Spoken, qtbot: QtBot) -> None:
    studio, page = spoken()
    qtbot.keyClick(studio.window, Qt.Key.Key_P)
    say(studio, qtbot, "a speaker whose name is much longer than any button")
    qtbot.keyClick(field(studio), Qt.Key.Key_Return)
    area = page.panel.findChild(QScrollArea)
    assert area.widget().minimumSizeHint().width() <= area.viewport().width()
    assert "longer than any button" in page.panel.speaker.button.toolTip()

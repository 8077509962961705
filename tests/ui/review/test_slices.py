"""Slices in the real window: worst first, a row is a filter, and every number agrees."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.speaker import SpeakerId
from stremo_studio.project.slices import Slice
from stremo_studio.project.speakers import DescribeSpeaker
from stremo_studio.ui.review.page import ReviewPage
from tests.ui.conftest import Opened
from tests.ui.runs import finished_run, labelled_clips
from trainer.contract.labels import CLASSES, NEGATIVE, NEUTRAL

WAIT = 15_000
Reviewed = Callable[[], tuple[Studio, ReviewPage]]
WOMEN, MEN = Slice("gender", "female"), Slice("gender", "male")


@pytest.fixture
def reviewed(opened: Opened, qtbot: QtBot) -> Reviewed:
    """A run that takes women's negative for neutral and is right otherwise."""

    def open_one() -> tuple[Studio, ReviewPage]:
        studio = opened(36, labelled=True)
        assert studio.desk is not None
        project = studio.desk.project
        clips = labelled_clips(project)
        women = {clip.id for number, clip in enumerate(clips) if number % 2}
        with project.database.transaction():
            for sex in ("female", "male"):
                project.database.execute(
                    "INSERT INTO speaker (corpus, name, gender) VALUES ('made', ?1, ?1)", sex
                )
            for clip in clips:
                project.database.execute(
                    "UPDATE clip SET speaker_id = (SELECT id FROM speaker WHERE name = ?)"
                    " WHERE id = ?",
                    *("female" if clip.id in women else "male", clip.id),
                )
        told = {
            clip.id: NEUTRAL if clip.label == NEGATIVE and clip.id in women else str(clip.label)
            for clip in clips
        }
        run = finished_run(project, told)
        page = studio.bring("review")
        assert isinstance(page, ReviewPage)
        page.settle_ms = 0
        qtbot.waitUntil(lambda: page.reviewed.run_id == run.id, timeout=WAIT)
        qtbot.waitUntil(lambda: page.slices.table.row_of(WOMEN) >= 0, timeout=WAIT)
        return studio, page

    return open_one


def press(qtbot: QtBot, studio: Studio, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(studio.window.focusWidget() or studio.window, key)


def total(page: ReviewPage) -> int:
    return sum(page.matrix.cell(a, b).count for a in CLASSES for b in CLASSES)


def number_in(chip: str) -> int:
    return int(chip.split()[-2])


def test_a_slice_is_chosen_by_key_and_narrows_matrix_score_and_playlists(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio, page = reviewed()
    errors = page.matrix.cell(NEGATIVE, NEUTRAL).count
    assert total(page) == 36
    press(qtbot, studio, Qt.Key.Key_F)
    assert page.slices.has_keys
    while page.slices.view.currentIndex().row() != page.slices.table.row_of(WOMEN):
        press(qtbot, studio, Qt.Key.Key_Down)
    press(qtbot, studio, Qt.Key.Key_Return)
    assert page.choice.part == WOMEN
    assert number_in(page.runs.slice.text()) == total(page) == 18
    assert "in this slice" in page.runs._score.text()
    assert page.matrix.cell(NEGATIVE, NEUTRAL).count == errors
    assert page.matrix.has_cursor
    press(qtbot, studio, Qt.Key.Key_Return)
    assert number_in(page.playlist.chip.text()) == len(page.table.clip_ids) == errors
    assert not page.slices.isVisible()


def test_a_slice_without_such_errors_says_so_and_is_left_again(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio, page = reviewed()
    page.choice.show_slice(MEN)
    page.open_cell(NEGATIVE, NEUTRAL)
    assert page.playlist.empty_words == "No negative → neutral errors in this slice."
    press(qtbot, studio, Qt.Key.Key_Escape)
    qtbot.keyClick(studio.window.focusWidget(), Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    assert page.choice.part is None
    assert not page.runs.slice.isVisible()
    assert total(page) == 36
    assert "as reported" in page.runs._score.text()


def test_the_chip_leaves_the_slice_and_so_does_choosing_it_again(reviewed: Reviewed) -> None:
    _, page = reviewed()
    for leave in (page.runs.slice.click, lambda: page.slices.chosen.emit(WOMEN)):
        page.slices.chosen.emit(WOMEN)
        assert total(page) == 18
        leave()
        assert total(page) == 36


def test_the_slices_are_a_sound_table_model_that_can_be_heard(
    reviewed: Reviewed, qtmodeltester: "pytest.FixtureRequest"
) -> None:
    _, page = reviewed()
    table = page.slices.table
    qtmodeltester.check(table, force_py=True)  # type: ignore[attr-defined]
    said = table.data(table.index(table.row_of(WOMEN), 0), Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Gender: female, ")
    assert "18 clips of " in said


def test_a_speaker_described_anew_is_in_the_slices_on_return(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio, page = reviewed()
    page.choice.show_slice(WOMEN)
    studio.bring("label")
    project = page.desk.project
    (woman,) = project.database.rows("SELECT id FROM speaker WHERE name = 'female'")
    project.do(DescribeSpeaker(SpeakerId(woman[0]), "female", "accent", "Scottish"))
    studio.bring("review")
    scots = Slice("accent", "Scottish")
    qtbot.waitUntil(lambda: page.slices.table.row_of(scots) >= 0, timeout=WAIT)
    assert page.choice.part is None
    assert total(page) == 36

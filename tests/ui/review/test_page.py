"""The review workspace in the real window: a cell is a playlist, heard and decided by keys."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.annotation import BY_REVIEW, DISPUTED, Answer
from stremo_studio.domain.clip import Clip
from stremo_studio.project.annotators import choose_annotator
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.project import Project
from stremo_studio.ui.review.page import ReviewPage
from stremo_studio.ui.train.page import TrainPage
from tests.ui.conftest import Opened
from tests.ui.runs import finished_run, labelled_clips
from trainer.contract.labels import CLASSES, NEGATIVE, NEUTRAL, POSITIVE

WAIT = 15_000
Reviewed = Callable[..., Studio]


@pytest.fixture
def reviewed(opened: Opened, qtbot: QtBot) -> Reviewed:
    """Opens a project of labelled clips with one finished run, and its review page. The model
    takes negative for neutral, and is right otherwise."""

    def open_one(clips: int = 36) -> Studio:
        studio = opened(clips, labelled=True)
        told = {
            clip.id: NEUTRAL if clip.label == NEGATIVE else str(clip.label)
            for clip in labelled_clips(project(studio))
        }
        run = finished_run(project(studio), told)
        shown = page(studio)
        shown.settle_ms = 0
        qtbot.waitUntil(lambda: shown.reviewed.run_id == run.id, timeout=WAIT)
        return studio

    return open_one


def project(studio: Studio) -> Project:
    assert studio.desk is not None
    return studio.desk.project


def page(studio: Studio) -> ReviewPage:
    found = studio.bring("review")
    assert isinstance(found, ReviewPage)
    return found


def press(qtbot: QtBot, studio: Studio, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(studio.window.focusWidget() or studio.window, key)


def in_front(studio: Studio) -> Clip:
    clip = page(studio).current
    assert clip is not None
    return clip


def test_enter_on_a_cell_loads_its_clips_and_plays_the_first(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio = reviewed()
    shown = page(studio)
    assert shown.matrix.cursor_cell == (NEGATIVE, NEUTRAL)
    press(qtbot, studio, Qt.Key.Key_Return)
    assert shown.playlist.chip.text() == "negative → neutral 12  ×"
    assert len(shown.table.clip_ids) == 12 == shown.matrix.cell(NEGATIVE, NEUTRAL).count
    assert {c.label for c in project(studio).clips(shown.table.clip_ids)} == {NEGATIVE}
    qtbot.waitUntil(lambda: shown.playlist.tally_words.startswith("1 of 12 heard"), timeout=WAIT)


def test_the_most_confident_mistakes_come_first(reviewed: Reviewed, qtbot: QtBot) -> None:
    studio = reviewed()
    shown = page(studio)
    shown.open_cell(NEGATIVE, NEUTRAL)
    sure = [shown.reviewed.index.confidence(clip) for clip in shown.table.clip_ids]
    assert sure == sorted(sure, reverse=True)


def test_keys_decide_and_advance_and_backspace_goes_back(reviewed: Reviewed, qtbot: QtBot) -> None:
    studio = reviewed()
    shown = page(studio)
    press(qtbot, studio, Qt.Key.Key_Return)
    first, second = shown.table.clip_ids[:2]
    press(qtbot, studio, Qt.Key.Key_2)
    assert in_front(studio).id == second
    press(qtbot, studio, Qt.Key.Key_Return, Qt.Key.Key_X)
    assert "1 relabelled  ·  1 confirmed  ·  1 unusable" in shown.playlist.tally_words
    given_now = project(studio).annotations(first)[-1]
    assert (given_now.answer.label, given_now.source) == (NEUTRAL, BY_REVIEW)
    press(qtbot, studio, *[Qt.Key.Key_Backspace] * 3)
    assert in_front(studio).id == first
    assert project(studio).clips([first])[0].label == NEGATIVE
    assert "relabelled" not in shown.playlist.tally_words
    assert "confirmed" not in shown.playlist.tally_words


def test_arrows_walk_the_playlist_without_deciding(reviewed: Reviewed, qtbot: QtBot) -> None:
    studio = reviewed()
    shown = page(studio)
    press(qtbot, studio, Qt.Key.Key_Return)
    before = project(studio).counts().decisions
    press(qtbot, studio, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Left)
    assert in_front(studio).id == shown.table.clip_ids[1]
    assert project(studio).counts().decisions == before


def test_the_reported_score_stays_and_says_how_many_labels_changed(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio = reviewed()
    shown = page(studio)
    score, counts = shown.runs._score.text(), shown.matrix.cell(NEGATIVE, NEUTRAL).count
    press(qtbot, studio, Qt.Key.Key_Return, Qt.Key.Key_2, Qt.Key.Key_2)
    qtbot.waitUntil(
        lambda: shown.runs.changed_words == "2 of its test labels have changed since", timeout=WAIT
    )
    assert (shown.runs._score.text(), shown.matrix.cell(NEGATIVE, NEUTRAL).count) == (
        score, counts,
    )  # fmt: skip
    assert len(shown.table.clip_ids) == counts


def test_a_label_changed_elsewhere_is_shown_here(reviewed: Reviewed, qtbot: QtBot) -> None:
    studio = reviewed()
    shown = page(studio)
    shown.open_cell(NEGATIVE, NEUTRAL)
    clip = shown.table.clip_ids[0]
    project(studio).do(LabelClips((clip,), Answer(POSITIVE)))
    found = shown.table.clip(0)
    assert found is not None
    assert found.label == POSITIVE
    assert "scored as negative" in shown.stage._human.text()


def test_an_empty_cell_says_so(reviewed: Reviewed, qtbot: QtBot) -> None:
    studio = reviewed()
    shown = page(studio)
    press(qtbot, studio, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Return)
    assert shown.playlist.empty_words == "No neutral → positive errors in the test set."
    assert shown.table.clip_ids == []
    assert not shown.stage.stands.isEnabled()


def test_without_a_run_the_page_says_what_to_do(opened: Opened, qtbot: QtBot) -> None:
    shown = page(opened(6))
    qtbot.waitUntil(shown.empty.isVisible, timeout=WAIT)
    assert "Ctrl+R" in shown.empty.button.text()
    assert not shown.stage.isVisible()


def test_clips_without_audio_are_counted_and_skipped(reviewed: Reviewed, qtbot: QtBot) -> None:
    studio = reviewed()
    shown = page(studio)
    shown.open_cell(NEGATIVE, NEUTRAL)
    lost = shown.table.clip_ids[1]
    with project(studio).database.transaction():
        project(studio).database.execute(
            "UPDATE recording SET audio = 'missing', path = NULL WHERE id ="
            " (SELECT recording_id FROM clip WHERE id = ?)",
            lost,
        )
    shown.open_cell(NEGATIVE, NEUTRAL)
    assert len(shown.table.clip_ids) == 12
    press(qtbot, studio, Qt.Key.Key_1)
    assert in_front(studio).id == shown.table.clip_ids[2]
    press(qtbot, studio, Qt.Key.Key_Left)
    assert in_front(studio).id == lost


def test_training_clips_are_marked_as_seen(reviewed: Reviewed, qtbot: QtBot) -> None:
    studio = reviewed()
    shown = page(studio)
    press(qtbot, studio, Qt.Key.Key_T, Qt.Key.Key_T)
    assert "trained on" in shown.runs._interval.text()
    assert "seen in training" in shown.runs._splits["train"].text()


def test_training_clips_answered_out_of_fold_have_a_score(opened: Opened, qtbot: QtBot) -> None:
    studio = opened(36, labelled=True)
    told = {clip.id: NEUTRAL for clip in labelled_clips(project(studio))}
    run = finished_run(project(studio), told)
    folder = project(studio).run_folder(run)
    halves = enumerate(folder.read_predictions())
    folder.write_predictions([replace(p, split="train") if n % 2 else p for n, p in halves])
    result = folder.read_result()
    assert result
    result["evaluations"]["train"] = result["evaluations"]["test"]
    folder.write_result(result)
    shown = page(studio)
    qtbot.waitUntil(lambda: shown.reviewed.run_id == run.id, timeout=WAIT)
    press(qtbot, studio, Qt.Key.Key_T, Qt.Key.Key_T)
    assert "Macro F1" in shown.runs._score.text()
    assert shown.runs._splits["train"].text() == "Train: out of fold"
    press(qtbot, studio, Qt.Key.Key_T)
    assert sum(map(sum, shown.choice.selection.counts())) == 36
    press(qtbot, studio, Qt.Key.Key_W)
    assert len(shown.table.clip_ids) == 24, "of both splits"
    press(qtbot, studio, Qt.Key.Key_Escape, Qt.Key.Key_T)
    assert shown.choice.split == "test"


def test_escape_gives_the_keys_back_to_the_matrix(reviewed: Reviewed, qtbot: QtBot) -> None:
    studio = reviewed()
    shown = page(studio)
    press(qtbot, studio, Qt.Key.Key_Return)
    assert not shown.matrix.has_cursor
    press(qtbot, studio, Qt.Key.Key_Escape)
    assert shown.matrix.has_cursor


def test_sorting_by_speaker_keeps_the_clips_and_hears_everybody_first(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio = reviewed()
    shown = page(studio)
    shown.open_cell(NEGATIVE, NEUTRAL)
    before = set(shown.table.clip_ids)
    press(qtbot, studio, Qt.Key.Key_O)
    assert set(shown.table.clip_ids) == before
    groups = [c.group for c in project(studio).clips(shown.table.clip_ids)]
    first_turn = groups[: len(set(groups))]
    assert len(set(first_turn)) == len(first_turn)


def test_any_predictions_give_cells_playlists_and_chips_with_one_number(
    opened: Opened, qtbot: QtBot
) -> None:
    studio = opened(36, labelled=True)
    clips = labelled_clips(project(studio))
    shown = page(studio)
    answers = st.lists(st.sampled_from(CLASSES), min_size=len(clips), max_size=len(clips))

    @settings(
        max_examples=8, deadline=None, database=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )  # fmt: skip
    @given(answers)
    def holds(said: list[str]) -> None:
        told = {clip.id: one for clip, one in zip(clips, said, strict=True)}
        run = finished_run(project(studio), told)
        shown.open_clips(run.id, "", [])
        qtbot.waitUntil(lambda: shown.reviewed.run_id == run.id, timeout=WAIT)
        total = 0
        for human in CLASSES:
            for model in CLASSES:
                shown.open_cell(human, model)
                count = shown.matrix.cell(human, model).count
                rows = shown.table.clip_ids
                truth = [c.id for c in clips if c.label == human and told[c.id] == model]
                assert sorted(rows) == sorted(truth)
                assert len(rows) == count
                assert shown.playlist.chip.text() == f"{human} → {model} {count}  ×"
                total += count
        assert total == len(clips)

    holds()


def test_the_playlist_is_a_sound_table_model(
    reviewed: Reviewed, qtmodeltester: "pytest.FixtureRequest"
) -> None:
    shown = page(reviewed())
    shown.open_cell(NEGATIVE, NEUTRAL)
    qtmodeltester.check(shown.table, force_py=True)  # type: ignore[attr-defined]


def test_the_errors_of_a_result_open_as_a_playlist(reviewed: Reviewed, qtbot: QtBot) -> None:
    studio = reviewed()
    train = studio.bring("train")
    assert isinstance(train, TrainPage)
    qtbot.waitUntil(lambda: train.result.report is not None, timeout=WAIT)
    train.result.errors_asked.emit()
    assert studio.window.workspace == "review"
    qtbot.waitUntil(lambda: page(studio).playlist.chip.text() == "errors 12  ×", timeout=WAIT)
    assert len(page(studio).table.clip_ids) == 12


def test_a_label_that_annotators_dispute_cannot_stand(reviewed: Reviewed, qtbot: QtBot) -> None:
    studio = reviewed()
    press(qtbot, studio, Qt.Key.Key_Return)
    clip = in_front(studio)
    for name, label in (("Ben", NEUTRAL), ("Cem", NEGATIVE)):
        choose_annotator(project(studio), name)
        project(studio).do(LabelClips((clip.id,), Answer(label)))
    given = len(project(studio).annotations(clip.id))
    assert in_front(studio).label == DISPUTED
    press(qtbot, studio, Qt.Key.Key_Return)
    assert len(project(studio).annotations(clip.id)) == given
    assert any("Annotators disagree" in text for text in studio.window.banners.texts())

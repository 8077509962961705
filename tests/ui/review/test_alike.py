"""A, S, D and V in the real window: other clips are heard, and the one in front stays in front."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import Run
from stremo_studio.project.project import Project
from stremo_studio.ui.review.alike_bar import NO_EMBEDDINGS
from stremo_studio.ui.review.page import HEARD_MS, ReviewPage
from tests.ui.conftest import Opened
from tests.ui.runs import finished_run, labelled_clips
from trainer.contract.evaluation import Prediction
from trainer.contract.labels import NEGATIVE, NEUTRAL

WAIT = 15_000
Reviewed = Callable[..., tuple[Studio, ReviewPage]]


def _split_in_two(project: Project, run: Run, *, embeddings: bool) -> None:
    """Odd clips were learnt from; each is made of the next even one, a little farther each."""
    folder = project.run_folder(run)
    found = [
        Prediction(p.clip_id, "train" if int(p.clip_id) % 2 else "test", p.label, p.predicted,
                   p.probabilities)
        for p in folder.read_predictions()
    ]  # fmt: skip
    folder.write_predictions(found)
    if embeddings:
        angles = np.array([int(p.clip_id) / 100 for p in found])
        np.save(folder.embeddings_file, np.stack([np.cos(angles), np.sin(angles)], 1, dtype="f2"))


@pytest.fixture
def reviewed(opened: Opened, qtbot: QtBot) -> Reviewed:
    def open_one(*, embeddings: bool = True) -> tuple[Studio, ReviewPage]:
        studio = opened(36, labelled=True)
        assert studio.desk is not None
        project = studio.desk.project
        told = {
            clip.id: NEUTRAL if clip.label == NEGATIVE else str(clip.label)
            for clip in labelled_clips(project)
        }
        run = finished_run(project, told)
        _split_in_two(project, run, embeddings=embeddings)
        page = studio.bring("review")
        assert isinstance(page, ReviewPage)
        page.settle_ms = 0
        qtbot.waitUntil(lambda: page.reviewed.run_id == run.id, timeout=WAIT)
        page.open_cell(NEGATIVE, NEUTRAL)
        qtbot.waitUntil(lambda: bool(page.stage.alike.texts()), timeout=WAIT)
        return studio, page

    return open_one


def in_front(page: ReviewPage) -> ClipId:
    assert page.current is not None
    return page.current.id


def press(qtbot: QtBot, studio: Studio, key: Qt.Key) -> None:
    qtbot.keyClick(studio.window.focusWidget() or studio.window, key)


def test_a_plays_the_nearest_training_clip_and_r_goes_back(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio, page = reviewed()
    clip = in_front(page)
    press(qtbot, studio, Qt.Key.Key_A)
    assert abs((page.listening.clip_id or 0) - clip) == 1
    assert in_front(page) == clip
    qtbot.waitUntil(lambda: page.listening.heard_ms > 0, timeout=WAIT)
    assert page.stage._facts.text().startswith("R: back.  Hearing ")
    assert "training " in page.stage._facts.text()
    press(qtbot, studio, Qt.Key.Key_S)
    assert (page.listening.clip_id or 0) % 2 == 1
    press(qtbot, studio, Qt.Key.Key_R)
    assert page.listening.clip_id == clip
    assert "speaker" in page.stage._facts.text()


def test_v_plays_a_clip_that_is_rightly_what_the_model_says(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio, page = reviewed()
    press(qtbot, studio, Qt.Key.Key_V)
    heard = page.reviewed.index.by_clip[page.listening.clip_id or ClipId(0)]
    assert (heard.label, heard.predicted, heard.split) == (NEUTRAL, NEUTRAL, "test")


def test_going_on_to_the_very_clip_that_is_heard_brings_it_to_the_front(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    """In the list of all splits, training clips stand beside those that they are alike to."""
    studio, page = reviewed()
    press(qtbot, studio, Qt.Key.Key_A)
    other = page.listening.clip_id
    assert other is not None
    page._open("both", [in_front(page), other])
    page.playlist.view.go_to(0)
    qtbot.waitUntil(lambda: bool(page.stage.alike.texts()), timeout=WAIT)
    page.hear_beside("A")
    assert page.listening.clip_id == other
    page.go_next()
    assert (in_front(page), page.alike.heard) == (other, "")


def test_an_answer_is_about_the_clip_in_front_whatever_is_heard(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio, page = reviewed()
    clip = in_front(page)
    before = page.playlist.tally_words
    press(qtbot, studio, Qt.Key.Key_A)
    other = page.listening.clip_id
    qtbot.waitUntil(lambda: page.listening.heard_ms >= HEARD_MS, timeout=WAIT)
    assert page.playlist.tally_words == before, "the other clip is none of this list"
    press(qtbot, studio, Qt.Key.Key_2)
    project = page.desk.project
    assert project.annotations(clip)[-1].source == "review"
    assert other is not None
    assert [one.source for one in project.annotations(other)] == ["import"]
    assert page.listening.clip_id == in_front(page) != clip
    assert page.alike.heard == ""


def test_a_run_without_embeddings_says_so_and_still_plays_a_right_one(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio, page = reviewed(embeddings=False)
    assert page.stage.alike.words == NO_EMBEDDINGS
    assert [text[0] for text in page.stage.alike.texts()] == ["V"]
    clip = page.listening.clip_id
    press(qtbot, studio, Qt.Key.Key_A)
    assert page.listening.clip_id == clip
    press(qtbot, studio, Qt.Key.Key_V)
    assert page.listening.clip_id != clip
    assert not page.stage.alike.isHidden()


def test_a_key_pressed_before_they_are_found_is_heard_when_they_are(
    reviewed: Reviewed, qtbot: QtBot
) -> None:
    studio, page = reviewed()
    press(qtbot, studio, Qt.Key.Key_Down)
    clip = in_front(page)
    press(qtbot, studio, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: page.alike.heard == "D", timeout=WAIT)
    assert in_front(page) == clip != page.listening.clip_id

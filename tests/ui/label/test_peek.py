"""Q, held: blind until asked, kept with the answer, answered by the trainer's real process."""

import os
import signal
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.project.annotators import choose_annotator
from stremo_studio.project.project import Project
from stremo_studio.project.training import start_run
from stremo_studio.store.annotations import decisions
from stremo_studio.ui.key_text import with_keys
from stremo_studio.ui.label.page import LabelPage
from stremo_studio.ui.label.peek import NO_MODEL
from trainer.contract.config import AcousticConfig, RunConfig
from trainer.reporter import Reporter
from trainer.run import carry_out
from trainer.training.wishes import Wishes

Labelling = Callable[..., tuple[Studio, LabelPage]]
WAIT = 60_000


def _trained(project: Project) -> None:
    folder = project.run_folder(start_run(project, RunConfig(acoustic=AcousticConfig((0.01,)))))
    with Reporter(folder, None) as reporter:
        assert carry_out(folder, reporter, Wishes()) == 0


def test_without_a_model_it_says_so_and_the_answer_stays_blind(
    labelling: Labelling, qtbot: QtBot
) -> None:
    studio, page = labelling()
    clip = page.queue.current()
    assert clip is not None
    assert not page.peeking.isVisible()
    qtbot.keyPress(studio.window, Qt.Key.Key_Q)
    qtbot.waitUntil(lambda: page.peeking.words == with_keys(NO_MODEL))
    assert page.peeking.isVisible()
    qtbot.keyRelease(studio.window, Qt.Key.Key_Q)
    assert not page.peeking.isVisible()
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert [a.source for a in page.desk.project.annotations(clip.id)] == ["key"]


@pytest.mark.slow
def test_what_the_model_says_is_shown_while_held_and_kept_with_the_answer(
    labelling: Labelling, qtbot: QtBot
) -> None:
    studio, page = labelling(36, labelled=True)
    project, peeking = page.desk.project, page.peeking
    _trained(project)
    clip = page.queue.current()
    assert clip is not None

    qtbot.keyPress(studio.window, Qt.Key.Key_Q)
    qtbot.waitUntil(peeking.bars.isVisible, timeout=WAIT)
    assert peeking.bars.accessibleName().startswith("Model: negative ")
    qtbot.keyRelease(studio.window, Qt.Key.Key_Q)
    assert not peeking.isVisible()
    qtbot.keyClick(studio.window, Qt.Key.Key_2)
    given = project.annotations(clip.id)[-1]
    assert (given.answer.label, given.source) == ("neutral", "peek")
    assert decisions(project.database) == 1
    second = page.queue.current()
    assert second is not None
    assert second.id != clip.id

    served = peeking._served
    assert served is not None
    os.kill(served.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: served.process_id == 0, timeout=WAIT)
    qtbot.keyPress(studio.window, Qt.Key.Key_Q)  # starts another
    qtbot.waitUntil(lambda: served.process_id != 0, timeout=WAIT)
    os.kill(served.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: "Ask again" in peeking.words, timeout=WAIT)
    qtbot.keyRelease(studio.window, Qt.Key.Key_Q)
    qtbot.keyClick(studio.window, Qt.Key.Key_3)
    assert project.annotations(second.id)[-1].source == "key", "nothing was seen"


def test_what_one_annotator_has_looked_at_taints_no_answer_of_another(
    labelling: Labelling, qtbot: QtBot
) -> None:
    studio, page = labelling()
    clip = page.queue.current()
    assert clip is not None
    project = page.desk.project
    page.peeking.seen.add((project.annotator, clip.id))
    choose_annotator(project, "Ben")
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert [a.source for a in project.annotations(clip.id)] == ["key"]
    choose_annotator(project, "ann")
    page.queue.seek(clip.id)
    qtbot.keyClick(studio.window, Qt.Key.Key_1)
    assert [a.source for a in project.annotations(clip.id)] == ["key", "peek"]

"""The whole loop on the practice set, played by itself: `stremo-studio --headless-demo DIR`.

Everything a person would press is pressed, as key events sent to the window on Qt's offscreen
platform, and every step is checked. It leaves screenshots, a report, and the project itself.
"""

import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import soundfile
from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from stremo_studio.app import Studio
from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.worklist import UNLABELLED, Worklist
from stremo_studio.errors import StudioError
from stremo_studio.media.player import Player
from stremo_studio.practice import make_practice_set
from stremo_studio.project.active_model import now_active
from stremo_studio.project.comparison import RunReport, run_report
from stremo_studio.project.project import Project
from stremo_studio.ui.application import Memory, make_application
from stremo_studio.ui.demo_hands import ALT, CTRL, SHIFT, SOON_MS, DemoFailed, Hands
from stremo_studio.ui.demo_report import write_report
from stremo_studio.ui.import_page import ImportPage
from stremo_studio.ui.label.page import LabelPage
from stremo_studio.ui.review.page import ReviewPage
from stremo_studio.ui.theme import LIGHT, Theme
from stremo_studio.ui.train.active_run import ActiveRun, Phase
from trainer.contract.labels import CLASSES, paper_scheme

_STEP_S, _RUN_S = 60.0, 600.0
_KEYS = {c.id: Qt.Key(ord(c.key)) for c in paper_scheme().classes}


class Forgetful(Memory):
    """Leaves the user's own settings alone."""

    def save(self) -> None:
        """Nothing of the demo is remembered."""


def run_demo(folder: Path) -> int:
    """Play the loop into `folder`; returns the exit code. One line on stdout for every step."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_on_qt_message)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(f"The demo failed: {error}", file=sys.stderr, flush=True)
        return 1
    demo = Demo(make_application([]), folder.resolve())
    try:
        demo.play()
    except (DemoFailed, StudioError, OSError) as error:
        print(f"The demo failed: {error}", file=sys.stderr, flush=True)
        return 1
    finally:
        demo.end()
    return 0


class Demo(Hands):
    """The program in a window nobody sees, and the fingers that drive it."""

    def __init__(self, app: QApplication, folder: Path) -> None:
        self.folder = folder
        self.studio = Studio(Theme(app, LIGHT), Forgetful(), Player(device=False))
        super().__init__(self.studio.window, folder)
        self.window = self.studio.window
        self.window.resize(1280, 800)
        self.window.show()
        self.window.activateWindow()

    def end(self) -> None:
        """Put the project away, whatever happened."""
        self.studio.close_project()
        self.window.close()

    def play(self) -> None:
        """The loop."""
        self.shoot("1-start")
        self.create_project()
        self.import_clips()
        labelled = self.label_clips()
        first = self.train("4-train", "5-result")
        changed = self.review(first)
        second = self.train("7-retrain", "8-result")
        report = write_report(self.folder, [first, second], labelled, changed)
        self.say(f"The report is {report}.")

    # The steps

    def create_project(self) -> None:
        place = _free(self.folder / "project")
        self.answer_dialog(str(place))
        self.press(Qt.Key.Key_N, CTRL)
        self.wait(self._has_project, "a new project", _STEP_S)
        self.say(f"Created the project {place.name}.")

    def import_clips(self) -> None:
        table = make_practice_set(self.folder / "practice set")
        self.answer_dialog(str(table))
        self.press(Qt.Key.Key_I, CTRL | SHIFT)
        self.wait(self._has_plan, "the import report", _STEP_S)
        self.shoot("2-import")
        self.press(Qt.Key.Key_Return)
        self.wait(self._has_clips, "the imported clips", _STEP_S)
        counts = self.project.counts()
        self.say(f"Imported {counts.all} synthetic clips, {counts.unlabelled} without a label.")

    def label_clips(self) -> int:
        """One key a clip. A script has no ears: it goes by loudness, soft, middling, loud."""
        page = self.front(LabelPage)
        self.press(Qt.Key.Key_2, ALT)
        unlabelled = self.project.clips(self.project.clip_ids(Worklist(UNLABELLED)))
        answers = _by_loudness(unlabelled)
        for number in range(len(unlabelled)):
            clip = page.queue.current()
            self.check(clip is not None and clip.label is None, "an unlabelled clip in front")
            assert clip is not None
            if number == len(unlabelled) // 2:
                self.shoot("3-label")
            self.pause(page.settle_ms + SOON_MS)
            self.press(_KEYS[answers[clip.id]])
            self.wait(partial(self._is_labelled, clip), f"the label of {clip.name}", _STEP_S)
        self.check(not self.project.counts().unlabelled, "every clip labelled")
        self.say(f"Labelled {len(unlabelled)} clips, one key each.")
        return len(unlabelled)

    def train(self, mid_run: str, result: str) -> RunReport:
        """Ctrl+R, and look at the train workspace while the child process works."""
        before = len(self.project.runs())
        self.press(Qt.Key.Key_R, CTRL)
        self.press(Qt.Key.Key_3, CTRL)
        self.wait(self._has_begun, "the trainer's first events", _RUN_S)
        self.shoot(mid_run)
        self.wait(self._has_ended, "the end of the run", _RUN_S)
        ending = self.active.ending
        self.check(ending is not None and ending.has_scores, ending.sentence if ending else "")
        self.check(len(self.project.runs()) == before + 1, "one more run in the list")
        self.pause(500)
        self.shoot(result)
        run, active = self.project.runs()[0], now_active(self.project)
        folder = self.project.run_folder(run)
        beside = (active, self.project.run_folder(active)) if active else None
        report = run_report(run, folder, beside)
        tested = sum(p.split == "test" for p in folder.read_predictions())
        counted = sum(map(sum, report.evaluation.confusion))
        self.check(counted == report.evaluation.clips == tested, "a matrix that adds up")
        self.press(Qt.Key.Key_1, CTRL)
        score = f"macro F1 {report.evaluation.macro_f1:.2f} on {tested} test clips"
        self.say(f"Trained and evaluated {report.run.name}: {score}.")
        return report

    def review(self, report: RunReport) -> int:
        """Walk to the cell with the most errors, hear it, relabel one clip, confirm another."""
        self.press(Qt.Key.Key_2, CTRL)
        page = self.front(ReviewPage)
        self.wait(partial(self._has_run, page, report), "the matrix of the run", _STEP_S)
        row, column = _worst(report.evaluation.confusion)
        self.walk_to(page, CLASSES[row], CLASSES[column])
        self.press(Qt.Key.Key_Return)
        count = report.evaluation.confusion[row][column]
        self.check(len(page.table.clip_ids) == count, f"{count} clips behind the cell")
        self.check(f" {count} " in page.playlist.chip.text(), "the cell's number on the chip")
        self.wait(partial(self._is_heard, page), "the first clip to be heard", _STEP_S)
        self.shoot("6-review")
        decided = 0
        for key in (_KEYS[CLASSES[column]], Qt.Key.Key_Return)[:count]:
            self.pause(page.settle_ms + SOON_MS)
            self.press(key)
            decided += 1
        self.wait(partial(self._has_changed, page), "the changed label to be counted", _STEP_S)
        self.say(
            f"Auditioned {CLASSES[row]} → {CLASSES[column]} ({count} clips): "
            f"relabelled 1, confirmed {decided - 1}."
        )
        return 1

    def walk_to(self, page: ReviewPage, human: str, model: str) -> None:
        """To the matrix, to its first cell, then by arrows."""
        self.press(Qt.Key.Key_M)
        for key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            for _ in CLASSES:
                self.press(key)
        for key, steps in ((Qt.Key.Key_Down, human), (Qt.Key.Key_Right, model)):
            for _ in range(CLASSES.index(steps)):
                self.press(key)
        self.check(page.matrix.cursor_cell == (human, model), "the cursor on the cell")

    # What is waited for

    def _has_project(self) -> bool:
        return self.studio.desk is not None

    def _has_plan(self) -> bool:
        page = self.window.page("import")
        return isinstance(page, ImportPage) and page.plan is not None

    def _has_clips(self) -> bool:
        return self.window.workspace == "label" and self.project.counts().all > 0

    def _is_labelled(self, clip: Clip) -> bool:
        return self.project.clips([clip.id])[0].label is not None

    def _has_begun(self) -> bool:
        return bool(self.active.progress.epochs) or self._has_ended()

    def _has_ended(self) -> bool:
        return self.active.phase in (Phase.ENDED, Phase.IDLE)

    def _has_run(self, page: ReviewPage, report: RunReport) -> bool:
        return page.reviewed.run_id == report.run.id

    def _is_heard(self, page: ReviewPage) -> bool:
        return page.playlist.tally_words.startswith("1 of")

    def _has_changed(self, page: ReviewPage) -> bool:
        return page.runs.changed_words.startswith("1 of")

    # Where it is looked

    @property
    def project(self) -> Project:
        desk = self.studio.desk
        if desk is None:
            raise DemoFailed("no project is open")
        return desk.project

    @property
    def active(self) -> ActiveRun:
        training = self.studio.training
        if training is None:
            raise DemoFailed("no project is open")
        return training.active


def _on_qt_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """The offscreen platform says at every window that it is none; anything else is passed on."""
    if not message.startswith("This plugin does not support"):
        print(message, file=sys.stderr, flush=True)


def _by_loudness(clips: Sequence[Clip]) -> dict[ClipId, str]:
    """A class for each clip: the softest third negative, as sadness is, the loudest positive."""
    level = {c.id: float(abs(soundfile.read(str(c.path))[0]).mean()) for c in clips}
    order = sorted(level, key=lambda clip_id: level[clip_id])
    return {clip_id: CLASSES[3 * place // len(order)] for place, clip_id in enumerate(order)}


def _worst(confusion: Sequence[Sequence[int]]) -> tuple[int, int]:
    """Row and column of the cell with the most errors."""
    cells = [(r, c) for r in range(len(CLASSES)) for c in range(len(CLASSES)) if r != c]
    return max(cells, key=lambda cell: confusion[cell[0]][cell[1]])


def _free(wanted: Path) -> Path:
    """`wanted`, or the first of `wanted 2`, `wanted 3` … that does not exist."""
    place, number = wanted, 2
    while place.exists():
        place, number = wanted.with_name(f"{wanted.name} {number}"), number + 1
    return place

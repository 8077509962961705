"""Training in one project: the run at work, the button that starts one, the bar that shows it.

Made once a project, for all workspaces; the train page is only one of its readers.
"""

import json
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from stremo_studio.domain.run import Run
from stremo_studio.errors import StudioError
from stremo_studio.project.training import start_run
from stremo_studio.project.watch import watched_clips
from stremo_studio.ui.page import Desk
from stremo_studio.ui.train.active_run import ActiveRun
from stremo_studio.ui.train.job_bar import JobBar
from stremo_studio.ui.train.paper_bar import PaperBar
from stremo_studio.ui.train.readiness import Readiness
from stremo_studio.ui.train.reproduction import Asked, Reproduction
from stremo_studio.ui.train.retrain_button import RetrainButton
from trainer.contract.config import RunConfig, config_from_json
from trainer.contract.errors import TrainerError
from trainer.contract.run_folder import RUNNING

_SETTING, _ASKED = "train.config", "reproduce.asked"


class Training(QObject):
    """`page_asked` when the train page should come to the front."""

    page_asked = Signal()

    def __init__(self, desk: Desk, active: ActiveRun | None = None) -> None:
        super().__init__()
        self._desk = desk
        self.config = self._saved_config()
        self.active = active or ActiveRun(desk.project)
        self.active.setParent(self)
        self.reproduction = Reproduction(self)
        self.readiness = Readiness(desk, self.config, self)
        self.button = RetrainButton(self.active, self.readiness, desk.theme)
        self.bar = JobBar(self.active, desk.theme)
        self.paper_bar = PaperBar(self.reproduction, desk.theme)
        self.button.start_asked.connect(self.start)
        self.button.run_asked.connect(self.show_run)
        self._attach()

    def may_leave(self, window: QWidget) -> bool:
        """Whether the window may close; asks where a run would end with it."""
        if not self.active.is_ours and not self.reproduction.at_work:
            return True
        box = QMessageBox(window)
        box.setIcon(QMessageBox.Icon.Question)
        what, end = "A run", "Quit and end the run"
        if not self.active.is_ours:
            what, end = "The reproduction of the paper", "Quit and end it"
        box.setWindowTitle(f"{what} is at work")
        box.setText(f"{what} is at work and ends when the studio quits.")
        box.setInformativeText("Every label is saved. It can be started again later.")
        leave = box.addButton(end, QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton("Keep working", QMessageBox.ButtonRole.RejectRole))
        box.exec()
        return box.clickedButton() is leave

    def use(self, config: RunConfig) -> None:
        """Train like this from now on; remembered in the project."""
        self.config = config
        if not self._desk.project.read_only:
            self._desk.project.set_setting(_SETTING, json.dumps(config.to_json()))
        self.readiness.use(config)

    @property
    def asked(self) -> Asked:
        """What was to be reproduced the last time."""
        try:
            return Asked(**json.loads(self._desk.project.setting(_ASKED) or "{}"))
        except (ValueError, TypeError):
            return Asked()  # written by another version

    def ask(self, asked: Asked) -> None:
        """Remember in the project what is to be reproduced."""
        if not self._desk.project.read_only:
            self._desk.project.set_setting(_ASKED, json.dumps(asked.to_json()))

    def start(self) -> None:
        """Train and evaluate with the labels as they are now. Says `Starting…` first: the
        snapshot of a large project takes a moment."""
        if not self.active.at_work:
            self.active.prepare()
            QTimer.singleShot(0, self, self._start)

    def run_again(self, run: Run) -> None:
        """An interrupted run goes on or starts over in its folder, with the labels it had."""
        self.active.start(run)

    def show_run(self) -> None:
        """Bring the train page to the front; a result that was waiting is seen then."""
        self.page_asked.emit()
        self.active.acknowledge()

    def leave(self) -> None:
        """The project closes: end what is at work, take button and bar away."""
        self.active.leave()
        self.reproduction.leave()
        self.readiness.leave()
        for part in (self.button, self.bar, self.paper_bar):
            part.hide()
            part.deleteLater()
        self.deleteLater()

    @Slot()
    def _start(self) -> None:
        config = replace(self.config, watch=watched_clips(self._desk.project))
        try:
            run = start_run(self._desk.project, config)
        except StudioError as error:
            self.active.give_up()
            self._desk.banners.show_error(error)
            return
        self.active.start(run)

    def _attach(self) -> None:
        """A run that goes on without a studio, e.g. after a crash of ours."""
        for run in self._desk.project.runs()[:1]:
            if self.active.status(run) == RUNNING:
                self.active.attach(run)

    def _saved_config(self) -> RunConfig:
        try:
            return config_from_json(json.loads(self._desk.project.setting(_SETTING) or "{}"))
        except (ValueError, TypeError, TrainerError):
            return RunConfig()  # written by another version: the defaults are always right

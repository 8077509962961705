"""The job bar under every workspace: what the trainer does, how long it takes, how to end it."""

from stremo_studio.ui.theme import Theme
from stremo_studio.ui.train.active_run import ActiveRun, Phase
from stremo_studio.ui.train.job_row import JobRow
from stremo_studio.ui.train.progress import eta_text, stage_text
from stremo_studio.ui.widgets import button, give_role, icon_button

STOPPING = "Stopping after this step…"
CANCELLING = "Cancelling after this step…"


class JobBar(JobRow):
    """Hidden while there is nothing to tell."""

    def __init__(self, active: ActiveRun, theme: Theme) -> None:
        self.stop = button("Stop && keep best", name="Stop and keep best")
        self.cancel = button("Cancel run")
        self.force = button("Force stop", "danger")
        self.close_button = icon_button(theme.icon("close", "quiet"), "Dismiss")
        super().__init__("Run", (self.force, self.stop, self.cancel, self.close_button))
        self._active, self._theme = active, theme
        self.stop.clicked.connect(active.stop_and_keep_best)
        self.cancel.clicked.connect(active.cancel)
        self.force.clicked.connect(active.force_stop)
        self.close_button.clicked.connect(active.acknowledge)
        active.changed.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        active = self._active
        self.setVisible(active.phase is not Phase.IDLE)
        self.name.setText(active.run.name if active.run else "")
        self.stage.setText(self._words())
        self.eta.setText(self._side_words())
        give_role(self.eta, "warning" if active.silence_s else "quiet")
        self.show_progress(active.progress, at_work=active.at_work)
        self.stop.setVisible(active.can_be_stopped)
        self.cancel.setVisible(active.can_be_stopped or active.phase is Phase.STOPPING)
        self.force.setVisible(active.force_offered)
        self.close_button.setVisible(active.phase is Phase.ENDED)
        self.close_button.setIcon(self._theme.icon("close", "quiet"))
        self.icon.setPixmap(self._theme.icon(*self._mark()).pixmap(20, 20))

    def _words(self) -> str:
        active = self._active
        if active.phase is Phase.STARTING:
            return "Starting…"
        if active.phase is Phase.STOPPING:
            return STOPPING if active.progress.stage != "Evaluate" else stage_text(active.progress)
        if active.phase is Phase.CANCELLING:
            return CANCELLING
        if active.ending is not None:
            return active.ending.sentence
        return stage_text(active.progress)

    def _side_words(self) -> str:
        active = self._active
        if active.silence_s:
            return f"no sign of life for {active.silence_s} s"
        if active.ending is not None:
            return active.ending.hint
        return eta_text(active.progress) if active.at_work else ""

    def _mark(self) -> tuple[str, str]:
        ending = self._active.ending
        if ending is None:
            return "train", "accent"
        return ("check", "good") if ending.has_scores else ("warning", "warning")

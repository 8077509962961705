"""The job bar of a reproduction: it takes hours, so that one works elsewhere meanwhile."""

from stremo_studio.ui.theme import Theme
from stremo_studio.ui.train.job_row import JobRow
from stremo_studio.ui.train.progress import eta_text, stage_text
from stremo_studio.ui.train.reproduction import Reproduction
from stremo_studio.ui.widgets import button, give_role, icon_button

_NAME = "Reproduction"


class PaperBar(JobRow):
    """Hidden while there is nothing to tell."""

    def __init__(self, reproduction: Reproduction, theme: Theme) -> None:
        self.stop = button("Stop", name="Stop the reproduction")
        self.report = button("Open report")
        self.close_button = icon_button(theme.icon("close", "quiet"), "Dismiss")
        super().__init__(_NAME, (self.stop, self.report, self.close_button))
        self._reproduction, self._theme = reproduction, theme
        self.stop.clicked.connect(reproduction.stop)
        self.report.clicked.connect(self._on_report)
        self.close_button.clicked.connect(reproduction.acknowledge)
        reproduction.changed.connect(self._show)
        reproduction.progressed.connect(self._show)
        theme.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        made = self._reproduction
        at_work = made.at_work
        self.setVisible(at_work or made.is_news)
        self.name.setText(_NAME)
        self.stage.setText(self._words())
        self.eta.setText(eta_text(made.progress) if at_work and not made.stopping else "")
        give_role(self.stage, "error" if made.failed else "")
        self.show_progress(made.progress, at_work=at_work)
        self.stop.setVisible(at_work)
        self.stop.setEnabled(not made.stopping)
        self.report.setVisible(made.report is not None)
        self.close_button.setVisible(not at_work)
        self.close_button.setIcon(self._theme.icon("close", "quiet"))
        self.icon.setPixmap(self._theme.icon(*self._mark()).pixmap(20, 20))

    def _words(self) -> str:
        made = self._reproduction
        if made.stopping:
            return "Stopping: what is done is kept…"
        if made.at_work:
            return stage_text(made.progress) or "Starting…"
        return made.sentence

    def _mark(self) -> tuple[str, str]:
        made = self._reproduction
        if made.at_work:
            return "train", "accent"
        if made.failed:
            return "warning", "warning"
        return ("check", "good") if made.report is not None else ("info", "quiet")

    def _on_report(self) -> None:
        self._reproduction.show_report()
        self._reproduction.acknowledge()

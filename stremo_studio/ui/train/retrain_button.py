"""The one button that trains and evaluates; what stands on it is the state."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from stremo_studio.ui.key_text import keyed, with_keys
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.train.active_run import ActiveRun, Phase
from stremo_studio.ui.train.readiness import Readiness, Ready
from stremo_studio.ui.widgets import button, give_role

_KEY = "{window.retrain}"


class RetrainButton(QPushButton):
    """Same place in every workspace. A press while a run is at work shows the run."""

    start_asked = Signal()
    run_asked = Signal()
    """To see the run at work, its result, or what blocks one."""

    def __init__(self, active: ActiveRun, readiness: Readiness, theme: Theme) -> None:
        super().__init__()
        self._active, self._readiness, self._theme = active, readiness, theme
        shape = button("")
        self.setFocusPolicy(shape.focusPolicy())
        self.setIconSize(shape.iconSize())
        self.clicked.connect(self.press)
        active.changed.connect(self._show)
        readiness.changed.connect(self._show)
        theme.changed.connect(self._tint)
        self._show()

    def press(self) -> None:
        """What a click and the key do."""
        ready = self._readiness.value
        idle = self._active.phase is Phase.IDLE
        if idle and (ready is None or not ready.preflight.blockers):
            self.start_asked.emit()
        else:
            self.run_asked.emit()

    def on_keys_changed(self) -> None:
        """The key of now."""
        self._show()

    def _show(self) -> None:
        words = retrain_words(self._active, self._readiness.value)
        if with_keys(words) == self.accessibleName():
            return
        keyed(self, text=words)
        self.setAccessibleName(self.text())
        is_blocked = words.startswith("Blocked")
        give_role(self, "" if self._active.at_work or is_blocked else "primary")
        self._tint()

    def _tint(self) -> None:
        icon = "warning" if self.text().startswith("Blocked") else "train"
        tint = "on_accent" if self.property("role") == "primary" else "text"
        self.setIcon(self._theme.icon(icon, tint))


def retrain_words(active: ActiveRun, ready: Ready | None) -> str:
    """What stands on the button, its key by name."""
    progress = active.progress
    match active.phase:
        case Phase.STARTING:
            return "Starting…"
        case Phase.STOPPING:
            return "Finishing"
        case Phase.CANCELLING:
            return "Cancelling…"
        case Phase.ENDED:
            scored = active.ending is not None and active.ending.has_scores
            return "Result ready" if scored else "Run ended: see why"
        case Phase.RUNNING if progress.stage == "Evaluate":
            return "Finishing"
        case Phase.RUNNING if progress.epoch_count:
            return f"Running {progress.epoch}/{progress.epoch_count}"
        case Phase.RUNNING:
            return f"Running: {progress.stage.lower() or 'start'}"
    if ready is None:
        return f"Train  {_KEY}"
    if ready.preflight.blockers:
        return f"Blocked: {_lowered(ready.preflight.blockers[0])}"
    return f"{_verb(ready)}  {_KEY}"


def _verb(ready: Ready) -> str:
    found = ready.preflight
    if not ready.trained_before:
        return f"Train ({found.clips:,} labelled)"
    return f"Retrain ({found.news})" if found.news else "Retrain"


def _lowered(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")

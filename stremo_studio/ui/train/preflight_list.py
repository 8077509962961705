"""What stands in the way of a run and what one should know: listed in place, no wizard."""

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from stremo_studio.domain.wording import counted
from stremo_studio.project.preflight import Preflight
from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import label
from trainer.contract.labels import CLASSES

_MARKS = {"good": ("check", "good"), "amber": ("warning", "warning"), "red": ("error", "error")}


class PreflightList(QWidget):
    """One line a finding: red blocks, amber runs and stays listed, green is how much there is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._found: Preflight | None = None
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(1, 1)
        self.setAccessibleName("Preflight")
        theme.changed.connect(self._show)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Each finding as `good`, `amber` or `red` and its sentence."""
        if self._found is None:
            return []
        return [
            *(("red", sentence) for sentence in self._found.blockers),
            *(("amber", sentence) for sentence in self._found.warnings),
            *(("good", sentence) for sentence in _good(self._found)),
        ]

    def show_preflight(self, found: Preflight) -> None:
        if found != self._found:
            self._found = found
            self._show()

    def _show(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for row, (kind, sentence) in enumerate(self.lines):
            icon, role = _MARKS[kind]
            mark = QLabel()
            mark.setPixmap(self._theme.icon(icon, role).pixmap(20, 20))
            words = label(sentence, "error" if kind == "red" else "", wrap=True)
            words.setMinimumHeight(2 * GRID + 4)
            self._grid.addWidget(mark, row, 0)
            self._grid.addWidget(words, row, 1)
        self.setAccessibleDescription("; ".join(sentence for _, sentence in self.lines))


def _good(found: Preflight) -> list[str]:
    """How much there is to learn from, what is left out, and how long it takes."""
    if not found.clips:
        return []
    by_class = " · ".join(f"{name} {found.by_label[name]:,}" for name in CLASSES)
    told = [f"{counted(found.clips, 'clip')} of {found.groups:,} speakers or videos: {by_class}."]
    left_out = [f"{count:,} {reason}" for reason, count in found.left_out.items()]
    if left_out:
        told.append(f"Not used: {', '.join(left_out)}.")
    return told if found.blockers else [*told, found.outlook.sentence]

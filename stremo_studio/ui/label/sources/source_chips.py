"""The states of recordings as chips, each with its count; the kinds of trouble as a second row."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QVBoxLayout, QWidget

from stremo_studio.domain.source import STATES, UNAVAILABLE, SourceCounts, SourceFilter
from stremo_studio.domain.source_fault import fault_of
from stremo_studio.ui.label.filter_chips import FlowLayout
from stremo_studio.ui.label.sources.source_words import NAMES
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button


class SourceChips(QWidget):
    """`chosen(state, fault)` by hand; empty for all of them."""

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Filter")
        self._states = QButtonGroup(self)
        self._faults = QButtonGroup(self)
        self._kinds: dict[str, QPushButton] = {}
        self._chips: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        states, self._fault_row = QWidget(), QWidget()
        flow = FlowLayout(states, GRID // 2)
        for number, state in enumerate(("", *STATES), start=1):
            chip = button("", "chip", checkable=True)
            chip.setToolTip(f"Alt+{number}")
            chip.clicked.connect(partial(self.chosen.emit, state, ""))
            self._states.addButton(chip)
            self._chips[state] = chip
            flow.addWidget(chip)
        self._fault_flow = FlowLayout(self._fault_row, GRID // 2)
        column.addWidget(states)
        column.addWidget(self._fault_row)
        self.choose(SourceFilter())

    def choose(self, wanted: SourceFilter) -> None:
        """Mark the filter in force."""
        self._chips[wanted.state or ""].setChecked(True)
        self._fault_row.setVisible(wanted.state == UNAVAILABLE and bool(self._kinds))
        self._faults.setExclusive(False)
        for kind, chip in self._kinds.items():
            chip.setChecked(kind == (wanted.fault or ""))
        self._faults.setExclusive(True)

    def show_counts(self, counts: SourceCounts, wanted: SourceFilter) -> None:
        """Write the number of recordings on each chip."""
        for state, chip in self._chips.items():
            number = counts.by_state[state] if state else counts.all
            _write(chip, NAMES.get(state, "All"), number)
        kinds = {kind: number for kind, number in counts.by_fault.items() if number}
        if wanted.fault:
            kinds.setdefault(wanted.fault, 0)  # the list is empty now, and says why
        shown = {"": counts.by_state[UNAVAILABLE], **kinds} if kinds else {}
        if shown.keys() != self._kinds.keys():
            self._make_kinds(list(shown))
        for kind, number in shown.items():
            fault = fault_of(kind)
            reason = fault.reason if fault else "any reason"
            _write(self._kinds[kind], reason[:1].upper() + reason[1:], number)
        self.choose(wanted)

    def texts(self) -> dict[str, str]:
        """What stands on the chips of the states."""
        return {state: chip.text() for state, chip in self._chips.items()}

    def _make_kinds(self, kinds: list[str]) -> None:
        for chip in self._kinds.values():
            self._faults.removeButton(chip)
            self._fault_flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._kinds = {}
        for kind in kinds:
            chip = button("", "chip", checkable=True)
            chip.clicked.connect(partial(self.chosen.emit, UNAVAILABLE, kind))
            self._faults.addButton(chip)
            self._fault_flow.addWidget(chip)
            self._kinds[kind] = chip


def _write(chip: QPushButton, name: str, number: int) -> None:
    chip.setText(f"{name}  {number:,}")
    chip.setAccessibleName(f"Show {name}: {number:,}")

"""The states of recordings as chips, each with its count; the kinds of trouble in a list."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QWidget

from stremo_studio.domain.source import STATES, UNAVAILABLE, SourceCounts, SourceFilter
from stremo_studio.domain.source_fault import fault_of
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.label.filter_chips import FlowLayout
from stremo_studio.ui.label.sources.source_words import NAMES
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button


class SourceChips(QWidget):
    """`chosen(state, fault)` by hand; empty for all of them. `reasons` stands elsewhere."""

    chosen = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Filter")
        self._states = QButtonGroup(self)
        self._chips: dict[str, QPushButton] = {}
        flow = FlowLayout(self, GRID // 2)
        for state in ("", *STATES):
            chip = button("", "chip", checkable=True)
            keyed(chip, tip=f"{{sources.show_{state or 'all'}}}")
            chip.clicked.connect(partial(self.chosen.emit, state, ""))
            self._states.addButton(chip)
            self._chips[state] = chip
            flow.addWidget(chip)
        self.reasons = QComboBox()
        self.reasons.setAccessibleName("Why they are unavailable")
        self.reasons.activated.connect(self._on_reason)

    def show_counts(self, counts: SourceCounts, wanted: SourceFilter) -> None:
        """Write the number of recordings on each chip and behind each reason, and mark the filter
        in force."""
        for state, chip in self._chips.items():
            number = counts.by_state[state] if state else counts.all
            name = NAMES.get(state, "All")
            chip.setText(f"{name}  {number:,}")
            chip.setAccessibleName(f"Show {name}: {number:,}")
        self._chips[wanted.state or ""].setChecked(True)
        kinds = dict.fromkeys([wanted.fault], 0) if wanted.fault else {}
        kinds |= counts.by_fault
        self.reasons.setVisible(wanted.state == UNAVAILABLE and bool(kinds))
        self._list_reasons({"": counts.by_state[UNAVAILABLE]} | kinds)
        self.reasons.setCurrentIndex(max(0, self.reasons.findData(wanted.fault or "")))

    def texts(self) -> dict[str, str]:
        """What stands on the chips of the states."""
        return {state: chip.text() for state, chip in self._chips.items()}

    def _list_reasons(self, kinds: dict[str, int]) -> None:
        """Written over in place: a list that is open must not close under somebody's hand."""
        rows = sorted(kinds.items(), key=_most_first)
        while self.reasons.count() > len(rows):
            self.reasons.removeItem(self.reasons.count() - 1)
        for row, (kind, number) in enumerate(rows):
            fault = fault_of(kind)
            reason = fault.sentence.rstrip(".") if fault else "Any reason"
            if row == self.reasons.count():
                self.reasons.addItem("")
            self.reasons.setItemText(row, f"{reason}  {number:,}")
            self.reasons.setItemData(row, kind)

    def _on_reason(self, row: int) -> None:
        self.chosen.emit(UNAVAILABLE, self.reasons.itemData(row))


def _most_first(entry: tuple[str, int]) -> tuple[bool, int, str]:
    kind, number = entry
    return kind != "", -number, kind

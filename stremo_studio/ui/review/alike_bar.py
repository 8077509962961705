"""Clips to hear beside the one in front: a chip for each, with its key, its label and how alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from stremo_studio.domain.clip import Clip
from stremo_studio.ui.bars import hundredths
from stremo_studio.ui.key_text import keyed, with_keys
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, label
from stremo_studio.ui.words import SIGNS, label_name

RIGHT = "V"
_HEIGHT = 30
KEYS = ("A", "S", "D", RIGHT)
_BACK = "{review.replay}: back."
NO_EMBEDDINGS = "This run kept no embeddings: train again."


@dataclass(frozen=True, slots=True)
class Other:
    """A clip that can be heard beside the one in front. `label` as the run knew it; `similarity`
    None where it is not known."""

    clip: Clip
    label: str
    learnt: bool
    similarity: float | None

    @property
    def words(self) -> str:
        kind = "training" if self.learnt else "rightly"
        alike = f", alike {self.similarity:.2f}" if self.similarity is not None else ""
        return f"{self.clip.name}, {kind} {label_name(self.label)}{alike}"


class AlikeBar(QWidget):
    """`asked(str)`: the key of a chip."""

    asked = Signal(str)
    said = Signal(str)
    """What is heard instead of the clip in front; empty when it is that one again."""

    def __init__(self) -> None:
        super().__init__()
        self._others: Mapping[str, Other] = {}
        self._chips: dict[str, QPushButton] = {}
        self._words = label(role="quiet")
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID // 2)
        for key in KEYS:
            chip = self._chips[key] = button("", "chip", checkable=True)
            chip.clicked.connect(partial(self._on_clicked, key))
            row.addWidget(chip)
        row.addWidget(self._words, 1)
        self.setFixedHeight(_HEIGHT)
        self.show_others({}, "")

    def show_others(self, others: Mapping[str, Other], words: str) -> None:
        """Offer these by key; `words` say why one is missing."""
        self._others = others
        for key, chip in self._chips.items():
            other = others.get(key)
            chip.setVisible(other is not None)
            if other is not None:
                keyed(chip, text=_chip_text(key, other))
                chip.setToolTip(other.words)
                chip.setAccessibleName(f"Hear {other.words}")
        self._words.setText(words)
        self._words.setToolTip(words)
        self.show_heard("")

    def show_heard(self, key: str) -> None:
        """Mark which one is heard instead of the clip in front; "" for none."""
        for name, chip in self._chips.items():
            chip.setChecked(name == key)
        heard = f"{with_keys(_BACK)}  Hearing {self._others[key].words}" if key else ""
        self.said.emit(heard)

    @property
    def words(self) -> str:
        return self._words.text()

    def texts(self) -> list[str]:
        """What stands on the chips that are offered."""
        return [chip.text() for chip in self._chips.values() if not chip.isHidden()]

    def _on_clicked(self, key: str) -> None:
        self._chips[key].setChecked(not self._chips[key].isChecked())  # it follows what is heard
        self.asked.emit(key)


def _chip_text(key: str, other: Other) -> str:
    sign = SIGNS.get(other.label, "")
    if key == RIGHT:
        return f"{{review.right}} {sign} right"
    named = f"{{review.alike_{key}}}"
    if other.similarity is None:
        return named
    minus = "−" if other.similarity < 0 else ""
    return f"{named}  {sign} {minus}{hundredths(abs(other.similarity))}"

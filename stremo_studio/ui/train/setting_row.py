"""One setting of a run: its name, its field, and an arrow back to the default once it differs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QHBoxLayout, QSpinBox, QWidget

from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.widgets import icon_button, label


@dataclass(frozen=True, slots=True)
class Setting:
    """`place` is the path of field names in `RunConfig`; `shown` is what stands before the
    field. Without `decimals` it takes whole numbers, with `choices` (value and words) one of
    these. `automatic` is shown at the lowest value, which is None where `default` is."""

    place: tuple[str, ...]
    shown: str
    default: Any
    lowest: float = 0.0
    highest: float = 1.0
    step: float = 1.0
    decimals: int = 0
    suffix: str = ""
    automatic: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    why: str = ""


class SettingRow(QWidget):
    """`edited(place, value)`, with None for automatic."""

    edited = Signal(tuple, object)

    def __init__(self, setting: Setting, theme: Theme) -> None:
        super().__init__()
        self.setting = setting
        self._theme = theme
        self._showing = False
        self.field, self._read, self._write = _field(setting, self._on_edited)
        self.field.setAccessibleName(setting.shown)
        self.field.setToolTip(setting.why)
        self.reset = icon_button(theme.icon("undo", "accent"), f"Reset {setting.shown}")
        self.reset.clicked.connect(self._on_reset)
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        name = label(setting.shown)
        name.setBuddy(self.field)
        name.setMinimumWidth(20 * GRID)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(name)
        row.addWidget(self.field)
        row.addWidget(self.reset)
        row.addStretch(1)
        theme.changed.connect(self._tint)
        self.show_value(setting.default)

    def show_value(self, value: Any) -> None:
        """Show a value without calling it an edit."""
        self._showing = True
        self._write(value)
        self._showing = False
        self.reset.setVisible(value != self.setting.default)

    def _on_edited(self, *_: object) -> None:
        if not self._showing:
            value = self._read()
            self.reset.setVisible(value != self.setting.default)
            self.edited.emit(self.setting.place, value)

    def _on_reset(self) -> None:
        self.show_value(self.setting.default)
        self.edited.emit(self.setting.place, self.setting.default)

    def _tint(self) -> None:
        self.reset.setIcon(self._theme.icon("undo", "accent"))


Field = tuple[QWidget, Callable[[], Any], Callable[[Any], None]]


def _field(setting: Setting, on_edited: Callable[..., None]) -> Field:
    """The widget, how to read it, how to write it."""
    if isinstance(setting.default, bool):
        check = QCheckBox()
        check.toggled.connect(on_edited)
        return check, check.isChecked, check.setChecked
    if setting.choices:
        return _choice(setting, on_edited)
    spin = _spin(setting)
    spin.setSuffix(setting.suffix)
    spin.setSpecialValueText(setting.automatic)
    spin.setFixedWidth(16 * GRID)
    spin.valueChanged.connect(on_edited)

    def read() -> float | None:
        automatic = setting.default is None and spin.value() == spin.minimum()
        return None if automatic else round(spin.value(), setting.decimals or None)

    def write(value: Any) -> None:
        spin.setValue(spin.minimum() if value is None else value)

    return spin, read, write


def _spin(setting: Setting) -> Any:  # one of two spin boxes, alike but for their numbers
    if setting.decimals == 0:
        whole = QSpinBox()
        whole.setRange(round(setting.lowest), round(setting.highest))
        return whole
    spin = QDoubleSpinBox()
    spin.setDecimals(setting.decimals)
    spin.setRange(setting.lowest, setting.highest)
    spin.setSingleStep(setting.step)
    return spin


def _choice(setting: Setting, on_edited: Callable[..., None]) -> Field:
    box = QComboBox()
    for value, words in setting.choices:
        box.addItem(words, value)
    box.setFixedWidth(16 * GRID)
    box.currentIndexChanged.connect(on_edited)

    def write(value: Any) -> None:
        box.setCurrentIndex(max(0, box.findData(value)))

    return box, box.currentData, write

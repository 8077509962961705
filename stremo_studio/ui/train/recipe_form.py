"""What to train: the recipe, the model, and behind `Advanced` what few will ever change."""

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from stremo_studio.ui.theme import GRID, Theme
from stremo_studio.ui.train.recipe_settings import FINETUNE_SETTINGS, SETTINGS
from stremo_studio.ui.train.setting_row import SettingRow
from stremo_studio.ui.widgets import button, label
from trainer.contract.config import PAPER_MODEL, TINY, RunConfig

_RECIPES = {
    "acoustic": ("Acoustic features", "Minutes on any CPU, works offline."),
    "probe": ("Probe HuBERT", "Seconds, once the model has heard the clips. Fine on a laptop."),
    "finetune": ("Fine-tune HuBERT", "The paper's method. Wants a GPU for the large model."),
}
_MODELS = {
    TINY: "Tiny, random weights: tries the machinery, its scores mean nothing.",
    PAPER_MODEL: "The paper's model: 1.3 GB, downloaded once.",
}


class RecipeForm(QWidget):
    """`config_changed(RunConfig)` when anything was edited."""

    config_changed = Signal(object)

    def __init__(self, theme: Theme, config: RunConfig) -> None:
        super().__init__()
        self._config = config
        self._recipes: dict[str, QRadioButton] = {}
        group = QButtonGroup(self)
        self._model = self._build_model()
        self._model_words = label(role="quiet", wrap=True)
        self._model_box = self._build_model_box()
        self._abouts: dict[str, QWidget] = {}
        self._advanced = button("Advanced", "flat", checkable=True)
        self._rows = [SettingRow(s, theme) for s in (*SETTINGS, *FINETUNE_SETTINGS)]
        self._drawer = QWidget()
        drawer = QVBoxLayout(self._drawer)
        drawer.setContentsMargins(GRID, 0, 0, 0)
        drawer.setSpacing(GRID // 2)
        for row in self._rows:
            row.edited.connect(self._on_setting)
            drawer.addWidget(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        for name, (title, about) in _RECIPES.items():
            choice = QRadioButton(title)
            choice.setToolTip(about)
            choice.toggled.connect(partial(self._on_recipe, name))
            group.addButton(choice)
            self._recipes[name] = choice
            column.addWidget(choice)
            self._abouts[name] = _indented(label(about, "quiet", wrap=True))
            column.addWidget(self._abouts[name])
        self._column = column
        column.addSpacing(GRID // 2)
        line = QHBoxLayout()
        line.addWidget(self._advanced)
        line.addStretch(1)
        column.addLayout(line)
        column.addWidget(self._drawer)
        self._advanced.toggled.connect(self._drawer.setVisible)
        self._drawer.hide()
        self.show_config(config)

    def _build_model(self) -> QComboBox:
        model = QComboBox()
        model.setEditable(True)
        model.addItems(list(_MODELS))
        model.setAccessibleName("Model")
        model.setMinimumWidth(18 * GRID)
        model.editTextChanged.connect(self._on_model)
        return model

    def _build_model_box(self) -> QWidget:
        """What stands under the chosen recipe when it uses a pre-trained model."""
        folder = button("Local folder…")
        folder.clicked.connect(self._on_folder)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        row.addWidget(self._model, 1)
        row.addWidget(folder)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(3 * GRID, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addLayout(row)
        column.addWidget(self._model_words)
        return box

    @property
    def config(self) -> RunConfig:
        return self._config

    def show_config(self, config: RunConfig) -> None:
        """Show a configuration; nothing is emitted for it."""
        self._config = config
        self.blockSignals(True)
        self._recipes[config.recipe].setChecked(True)
        for row in self._rows:
            row.show_value(_value(config, row.setting.place))
        self.blockSignals(False)
        self._fit()

    def _fit(self) -> None:
        """Show what belongs to the recipe."""
        fine = self._config.recipe == "finetune"
        self._fit_model()
        for row in self._rows:
            row.setVisible(fine or row.setting.place[0] != "finetune")
        changed = sum(
            _value(self._config, row.setting.place) != row.setting.default
            for row in self._rows
            if not row.isHidden()
        )
        self._advanced.setText(f"Advanced ({changed} changed)" if changed else "Advanced")

    def _fit_model(self) -> None:
        about = self._abouts[self._config.recipe]
        self._column.removeWidget(self._model_box)
        self._column.insertWidget(self._column.indexOf(about) + 1, self._model_box)
        self._model_box.setVisible(bool(self._config.model))
        if self._config.model and self._config.model != self._model.currentText().strip():
            self._model.blockSignals(True)
            self._model.setEditText(self._config.model)
            self._model.blockSignals(False)
        words = _MODELS.get(self._config.model, "")
        self._model_words.setText(words)
        self._model_words.setVisible(bool(words))
        self.setTabOrder(self._recipes[self._config.recipe], self._model)

    def _change(self, config: RunConfig) -> None:
        if config != self._config:
            self._config = config
            self._fit()
            self.config_changed.emit(config)

    def _on_recipe(self, name: str, chosen: bool) -> None:
        if chosen:
            self._change(replace(self._config, recipe=name))

    def _on_model(self, model: str) -> None:
        if model.strip():
            finetune = replace(self._config.finetune, model=model.strip())
            probe = replace(self._config.probe, model=model.strip())  # one choice for both
            self._change(replace(self._config, finetune=finetune, probe=probe))

    def _on_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "A folder with a HuBERT model")
        if folder:
            self._model.setEditText(folder)

    def _on_setting(self, place: tuple[str, ...], value: Any) -> None:
        self._change(_with(self._config, place, value))


def _value(config: RunConfig, place: tuple[str, ...]) -> Any:
    value: Any = config
    for name in place:
        value = getattr(value, name)
    return value


def _with(part: Any, place: tuple[str, ...], value: Any) -> Any:
    """A copy in which the field at this path has another value."""
    name, *inside = place
    inner = _with(getattr(part, name), tuple(inside), value) if inside else value
    return replace(part, **{name: inner})


def _indented(widget: QWidget) -> QWidget:
    """Under the text of a radio button, not under its circle."""
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(3 * GRID, 0, 0, 0)
    row.addWidget(widget)
    return box

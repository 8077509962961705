"""The form by itself: every field says what it means, and an arrow takes it back."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stremo_studio.ui.theme import Theme
from stremo_studio.ui.train.recipe_form import RecipeForm
from stremo_studio.ui.train.recipe_settings import FINETUNE_SETTINGS, SETTINGS
from trainer.contract.config import RunConfig
from trainer.contract.finetune import Augmentation, FinetuneConfig, faults

CHANGED = FinetuneConfig(
    "some/hubert",
    layers="weighted",
    pooling="attentive",
    lora_rank=8,
    label_smoothing=0.1,
    augment=Augmentation(speed=0.1, noise=10.0),
)


@pytest.fixture
def form(qtbot: QtBot, qapp: QApplication) -> RecipeForm:
    form = RecipeForm(Theme(qapp), RunConfig("finetune"))
    qtbot.addWidget(form)
    return form


def test_every_setting_shows_the_default_and_offers_no_arrow(form: RecipeForm) -> None:
    assert form._advanced.text() == "Advanced"
    assert all(row.reset.isHidden() for row in form._rows)
    assert [row._read() for row in form._rows] == [row.setting.default for row in form._rows]
    words = {s.shown: s.automatic for s in FINETUNE_SETTINGS if s.automatic}
    assert set(words.values()) == {"off", "automatic"}


def test_what_is_shown_can_be_read_back_and_taken_back(form: RecipeForm) -> None:
    form.show_config(RunConfig("finetune", finetune=CHANGED))
    assert form._advanced.text() == "Advanced (6 changed)"
    shown = {row.setting.place[-1]: row._read() for row in form._rows}
    assert (shown["layers"], shown["pooling"], shown["lora_rank"]) == ("weighted", "attentive", 8)
    assert (shown["label_smoothing"], shown["speed"], shown["noise"]) == (0.1, 0.1, 10.0)
    for row in form._rows:
        if not row.reset.isHidden():
            row.reset.click()
    assert form.config.finetune == FinetuneConfig("some/hubert")
    assert form._advanced.text() == "Advanced"


def test_an_edit_deep_inside_changes_nothing_else(form: RecipeForm, qtbot: QtBot) -> None:
    row = next(r for r in form._rows if r.setting.place[-1] == "noise")
    with qtbot.waitSignal(form.config_changed) as heard:
        row.field.setValue(15.0)  # type: ignore[attr-defined]
    (config,) = heard.args
    assert config.finetune == FinetuneConfig(augment=Augmentation(noise=15.0))


@pytest.mark.parametrize("setting", [*SETTINGS, *FINETUNE_SETTINGS], ids=lambda s: s.shown)
def test_a_field_holds_its_whole_range_and_what_it_gives_is_accepted(
    setting: Any, form: RecipeForm
) -> None:
    row = next(r for r in form._rows if r.setting is setting)
    values = [v for v, _ in setting.choices] or [setting.lowest, setting.highest]
    for value in [True, False] if isinstance(setting.default, bool) else values:
        row.show_value(value)
        row._on_edited()
        off = value == setting.lowest and setting.default is None
        assert row._read() == (None if off else value)
        wrong = [fault for fault, _ in faults(form.config.finetune) if "option" in fault]
        assert wrong == []

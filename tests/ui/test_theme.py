"""The theme: every role in both schemes, and enough contrast to read and to see."""

import re

import pytest
from PySide6.QtWidgets import QApplication

from stremo_studio.ui.theme import DARK, LIGHT, Theme, load_roles
from trainer.contract.resources import resource

TEXT = [
    *[(ink, ground) for ink in ("text", "quiet", "accent") for ground in ("window", "surface")],
    ("text", "hover"), ("text", "pressed"), ("quiet", "sunken"), ("on_accent", "accent"),
    ("on_accent", "accent_hover"), ("selected_text", "selected"), ("selected_text", "accent_quiet"),
    ("text", "accent_quiet"), ("warning", "warning_surface"), ("text", "warning_surface"),
    ("error", "error_surface"), ("text", "error_surface"), ("error", "surface"),
    ("good", "surface"), ("good", "good_surface"), ("tooltip_text", "tooltip"),
    *[(f"{c}_ink", f"{c}_tint") for c in ("negative", "neutral", "positive")],
    *[(f"{c}_ink", "surface") for c in ("negative", "neutral", "positive")],
]  # fmt: skip
MARKS = [
    ("border", "surface"), ("border", "window"), ("focus", "surface"), ("focus", "window"),
    ("wave", "surface"), ("wave", "clip_surface"), ("playhead", "clip_surface"),
    ("wave_context", "surface"),
]  # fmt: skip


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize(("ink", "ground"), TEXT)
def test_text_has_a_contrast_of_at_least_4_5(scheme: str, ink: str, ground: str) -> None:
    roles = load_roles(scheme)
    assert contrast(roles[ink], roles[ground]) >= 4.5


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_have_a_contrast_of_at_least_3(scheme: str, mark: str, ground: str) -> None:
    roles = load_roles(scheme)
    assert contrast(roles[mark], roles[ground]) >= 3


def test_both_schemes_name_the_same_roles() -> None:
    assert set(load_roles(LIGHT)) == set(load_roles(DARK))


def test_the_sheet_names_no_colour_of_its_own() -> None:
    sheet = resource("themes", "studio.qss").read_text(encoding="utf-8")
    assert re.findall(r":[^;]*#[0-9A-Fa-f]{3,8}\b", sheet) == []


def test_switching_the_scheme_recolours_at_once(theme: Theme, qapp: QApplication) -> None:
    light = theme.color("window")
    theme.choose(DARK)
    assert theme.dark
    assert load_roles(DARK)["window"] in qapp.styleSheet()
    theme.choose(LIGHT)
    assert theme.color("window") == light


def test_every_icon_is_a_stroke_icon_that_can_be_tinted(theme: Theme) -> None:
    files = sorted(resource("icons").glob("*.svg"))
    assert len(files) > 20
    for file in files:
        assert "currentColor" in file.read_text(encoding="utf-8")
        assert not theme.icon(file.stem).pixmap(20, 20).toImage().isNull()


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

"""The calibration of the run under review: in numbers, in points, and where there is none."""

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.ui.review.page import ReviewPage
from stremo_studio.ui.review.reliability import ReliabilityChart, ReliabilityPanel
from stremo_studio.ui.theme import DARK, LIGHT, Theme
from tests.ui.conftest import Opened
from tests.ui.runs import finished_run, labelled_clips
from trainer.contract.evaluation import ReliabilityPoint


def _shown(opened: Opened, qtbot: QtBot, *, calibrated: bool) -> tuple[Studio, ReliabilityPanel]:
    studio = opened(36, labelled=True)
    assert studio.desk is not None
    project = studio.desk.project
    told = {clip.id: str(clip.label) for clip in labelled_clips(project)}
    run = finished_run(project, told, calibrated=calibrated)
    page = studio.bring("review")
    assert isinstance(page, ReviewPage)
    qtbot.waitUntil(lambda: page.reviewed.run_id == run.id, timeout=15_000)
    return studio, page.runs.reliability


def test_the_error_stands_there_with_its_clips_and_its_temperature(
    opened: Opened, qtbot: QtBot
) -> None:
    studio, panel = _shown(opened, qtbot, calibrated=True)
    assert panel.isVisible()
    assert panel.chart.isVisible()
    assert panel.words.startswith("ECE 0.")
    assert panel.words.endswith(
        "on 36 clips; 0.50 before the temperature of 1.50 from 9 dev clips."
    )
    assert "right 100%" in panel.chart.accessibleName()
    page = studio.bring("review")
    assert isinstance(page, ReviewPage)
    page.choice.show_split("train")
    assert not panel.isVisible()


def test_a_run_from_before_calibration_says_so(opened: Opened, qtbot: QtBot) -> None:
    _, panel = _shown(opened, qtbot, calibrated=False)
    assert panel.words == (
        "Calibration was not measured when this run was made. Train again to see it."
    )
    assert not panel.chart.isVisible()


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_a_point_of_few_clips_is_grey(theme: Theme, qtbot: QtBot, scheme: str) -> None:
    theme.choose(scheme)
    chart = ReliabilityChart(theme)
    qtbot.addWidget(chart)
    chart.resize(308, chart.height())
    try:
        for clips, is_seen in ((19, False), (20, True)):
            chart.show_points([ReliabilityPoint(0.5, 0.9, clips)])
            assert _is_painted(chart, theme.color("accent")) is is_seen
    finally:
        theme.choose(LIGHT)


def _is_painted(chart: ReliabilityChart, color: QColor) -> bool:
    picture = chart.grab().toImage()
    return any(
        picture.pixelColor(x, y) == color
        for x in range(picture.width())
        for y in range(picture.height())
    )

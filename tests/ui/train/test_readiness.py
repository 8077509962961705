"""Whether a run could start is asked while changes keep coming, but never most of the time."""

import time
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from stremo_studio.domain.clip import ClipId
from stremo_studio.project.changes import Changes
from stremo_studio.ui.train import readiness
from tests.ui.conftest import Opened
from trainer.contract.config import RunConfig

TAKES_S = 0.06


def test_a_slow_question_is_asked_meanwhile_and_a_tenth_of_the_time(
    opened: Opened, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []
    look_at = readiness.look_at

    def of_a_large_project(folder: Path, config: RunConfig, *, read_only: bool) -> readiness.Ready:
        asked.append(time.perf_counter())
        while time.perf_counter() < asked[-1] + TAKES_S:
            pass
        return look_at(folder, config, read_only=read_only)

    monkeypatch.setattr(readiness, "look_at", of_a_large_project)
    desk = opened(6).desk
    assert desk is not None
    clips = Changes(frozenset({ClipId(1)}), history=False)
    recordings_arrive = QTimer()
    recordings_arrive.timeout.connect(lambda: desk.project.changes.publish(clips))
    recordings_arrive.start(20)
    qtbot.waitUntil(lambda: len(asked) == 4, timeout=20_000)
    recordings_arrive.stop()
    assert min(later - earlier for earlier, later in pairwise(asked)) > 9 * TAKES_S

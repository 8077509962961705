"""One key cuts a long clip at its pauses and goes on with the first part."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from stremo_studio.ui.label.page import LabelPage

RATE = 8000


def long_talk(folder: Path) -> Path:
    """A project of one recording: three tones in 24 s of quiet."""
    samples = np.random.default_rng(1).normal(0, 0.0005, 24 * RATE)
    tone = 0.2 * np.sin(np.arange(2 * RATE) * 0.3)
    for start in (3, 10, 17):
        samples[start * RATE : start * RATE + len(tone)] += tone
    (folder / "talks").mkdir()
    soundfile.write(folder / "talks" / "talk.wav", samples, RATE)
    with_talk = Project.create(folder / "project", annotator="Ann")
    for _ in write_import(with_talk, plan_import(with_talk, scan_source(folder / "talks"))):
        pass
    with_talk.close()
    return folder / "project"


def test_a_key_cuts_the_clip_in_front_and_undo_makes_it_one_again(
    studio: Studio, tmp_path: Path, qtbot: QtBot
) -> None:
    studio.open(long_talk(tmp_path))
    page = studio.window.page("label")
    assert isinstance(page, LabelPage)
    qtbot.waitUntil(lambda: page.desk.player.playing)
    qtbot.keyClick(studio.window, Qt.Key.Key_C)
    qtbot.keyClick(studio.window, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: len(page.queue.table.clip_ids) == 3)
    qtbot.waitUntil(lambda: page.current is not None and page.current.name == "talk_001")
    assert page.current is not None
    assert 2.5 < page.current.start < 3.1
    qtbot.keyClick(studio.window, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: page.current is not None and page.current.name == "talk")


def test_what_cannot_be_cut_is_said_and_changes_nothing(
    opened: Callable[..., Studio], qtbot: QtBot
) -> None:
    studio = opened(2)
    page = studio.window.page("label")
    assert isinstance(page, LabelPage)
    qtbot.keyClick(studio.window, Qt.Key.Key_C)
    qtbot.waitUntil(lambda: "short enough" in " ".join(studio.window.banners.texts()))
    assert len(page.queue.table.clip_ids) == 2

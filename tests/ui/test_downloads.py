"""The downloader as the window runs it: a real process, a real yt-dlp, a server on this machine."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from pytestqt.qtbot import QtBot

from stremo_studio.domain.source import NOT_FETCHED, READY, UNAVAILABLE, WAITING
from stremo_studio.downloader import messages
from stremo_studio.project import fetching
from stremo_studio.project import sources as use
from stremo_studio.project.fetch_settings import use_template
from stremo_studio.project.project import Project
from stremo_studio.ui.downloads import Downloads
from tests.downloader.loopback import Loopback, Media, serving

IDS = ("aaaaaaaaaaa", "-bbbbbbbbbb", "ccccccccccc")
LONG_MS = 60_000


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serving() as served:
        yield served


@pytest.fixture
def project(tmp_path: Path, server: Loopback) -> Project:
    """Two recordings that the server has, and one that it does not have."""
    sound = tmp_path / "sound.wav"
    soundfile.write(sound, np.sin(np.arange(16_000) / 20) * 0.3, 16_000)
    server.media = {f"{video_id}.wav": Media(sound) for video_id in IDS[:2]}
    made = Project.create(tmp_path / "p")
    use_template(made, server.template)
    made.set_setting("fetch interval", "0")
    made.set_setting("fetch backoff", "0.02")
    for video_id in IDS:
        use.add_video(made, video_id)
    return made


@pytest.fixture
def downloads(project: Project, qtbot: QtBot) -> Iterator[Downloads]:
    made = Downloads(project)
    yield made
    made.leave()
    project.close()


def states(project: Project) -> list[str]:
    return [source.state for source in use.sources(project)]


def test_nothing_is_fetched_before_a_person_says_so(
    downloads: Downloads, project: Project, server: Loopback
) -> None:
    use.fetch_all(project)
    assert not downloads.is_running
    assert states(project) == [WAITING] * 3
    assert server.log == []


def test_what_waits_is_fetched_and_what_comes_later_too(
    downloads: Downloads, project: Project, qtbot: QtBot
) -> None:
    a, b, c = use.source_ids(project)
    running: list[bool] = []
    downloads.running_changed.connect(running.append)
    use.fetch(project, [a])
    downloads.start()
    qtbot.waitUntil(lambda: states(project)[0] != WAITING, timeout=LONG_MS)
    use.fetch(project, [b, c])
    qtbot.waitUntil(lambda: states(project) == [READY, READY, UNAVAILABLE], timeout=LONG_MS)
    qtbot.waitUntil(lambda: not downloads.is_running, timeout=LONG_MS)
    assert running[0]
    assert not running[-1]


def test_a_pause_keeps_what_has_come(
    downloads: Downloads, project: Project, server: Loopback, qtbot: QtBot
) -> None:
    slow = server.media["aaaaaaaaaaa.wav"]
    slow.bytes_per_s = 40_000
    a, *_ = use.source_ids(project)
    use.fetch(project, [a])
    downloads.start()
    with qtbot.waitSignal(downloads.progressed, timeout=LONG_MS) as told:
        pass
    progress = told.args[0][a]
    assert isinstance(progress, messages.Progressed)
    assert 0 < progress.done < (progress.total or 0) == slow.size
    downloads.pause()
    qtbot.waitUntil(lambda: not downloads._is_up, timeout=LONG_MS)
    assert states(project)[0] == WAITING
    assert use.is_paused(project)
    slow.bytes_per_s = None
    downloads.start()
    qtbot.waitUntil(lambda: states(project)[0] == READY, timeout=LONG_MS)
    assert [r.start > 0 for r in server.downloads("aaaaaaaaaaa.wav")] == [False, True]


def test_a_cancelled_recording_is_left_alone(
    downloads: Downloads, project: Project, server: Loopback, qtbot: QtBot
) -> None:
    server.media["aaaaaaaaaaa.wav"].bytes_per_s = 20_000
    a, b, _ = use.source_ids(project)
    use.fetch(project, [a])
    downloads.start()
    with qtbot.waitSignal(downloads.progressed, timeout=LONG_MS):
        pass
    use.cancel(project, [a])
    use.fetch(project, [b])
    qtbot.waitUntil(lambda: states(project)[:2] == [NOT_FETCHED, READY], timeout=LONG_MS)
    qtbot.waitUntil(lambda: not downloads.is_running, timeout=LONG_MS)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_downloader_is_started_again_and_at_last_given_up(
    downloads: Downloads, project: Project, server: Loopback, qtbot: QtBot
) -> None:
    server.media["aaaaaaaaaaa.wav"].bytes_per_s = 1_000
    use.fetch(project, use.source_ids(project)[:1])
    downloads.start()

    def kill() -> None:
        assert downloads._process is not None
        os.kill(downloads._process.processId(), signal.SIGKILL)

    for _ in range(2):
        with qtbot.waitSignal(downloads.running_changed, timeout=LONG_MS):
            kill()
        assert downloads._process is not None
        qtbot.waitUntil(lambda: downloads._process.processId() != 0, timeout=LONG_MS)
    with qtbot.waitSignal(downloads.failed, timeout=LONG_MS) as told:
        kill()
    assert "downloader.log" in told.args[0].hint
    assert states(project)[0] == WAITING


def test_a_link_is_inspected_without_fetching_it(
    downloads: Downloads, server: Loopback, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(downloads.inspected, timeout=LONG_MS) as told:
        downloads.inspect(server.url("aaaaaaaaaaa.wav"))
    answer = told.args[0]
    assert not answer.is_list
    assert [entry.link for entry in answer.entries] == [server.url("aaaaaaaaaaa.wav")]
    qtbot.waitUntil(lambda: not downloads._is_up, timeout=LONG_MS)


def test_a_downloader_that_cannot_start_is_told(
    downloads: Downloads, project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "downloader_command", lambda _: ("/nowhere/at/all",))
    use.fetch_all(project)
    with qtbot.waitSignal(downloads.failed, timeout=LONG_MS) as told:
        downloads.start()
    assert "cannot start" in told.args[0].message
    assert not downloads.is_running


def test_a_read_only_project_fetches_nothing(project: Project, qtbot: QtBot) -> None:
    use.fetch_all(project)
    project.close()
    looking = Project.open(project.folder, read_only=True)
    downloads = Downloads(looking)
    downloads.start()
    assert not downloads.is_running
    downloads.leave()
    looking.close()

"""Studio and downloader killed at any moment: nothing is lost, nothing is downloaded twice.

`STREMO_KILLS=100 pytest tests/project/test_fetch_kill.py` kills them as often as one likes.
"""

import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from stremo_studio.domain.source import READY, Source
from stremo_studio.project import sources as use
from stremo_studio.project.fetch_settings import use_template
from stremo_studio.project.fetching import file_stem
from stremo_studio.project.project import Project
from tests.conftest import ROOT
from tests.downloader.loopback import Loopback, Media, serving

KILLS = int(os.environ.get("STREMO_KILLS", "3"))
RECORDINGS = 8
_BYTES_PER_S = 400_000
_LATEST_S = 2.0
"""Killed at a random moment up to here after the first bytes were asked for."""


def new_project(folder: Path, server: Loopback) -> Project:
    folder.mkdir()
    sound = folder / "sound.wav"
    noise = np.random.default_rng(7).normal(0, 0.1, 6 * 16_000)
    soundfile.write(sound, noise, 16_000)  # 190 kB: half a second
    project = Project.create(folder / "p")
    use_template(project, server.template)
    project.set_setting("fetch interval", "0.05")
    for number in range(RECORDINGS):
        video_id = f"{folder.name}-{number:03}".rjust(11, "-")
        server.media[f"{video_id}.wav"] = Media(sound, bytes_per_s=_BYTES_PER_S)
        use.add_video(project, video_id)
    return project


def fetch(project: Project, server: Loopback, kill_after: float | None) -> int:
    """Fetch from a process of its own that is killed after so many seconds; its exit code."""
    asked = len(server.log)
    command = [sys.executable, "-m", "stremo_studio", "fetch", str(project.folder), "--yes"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as owner:
        if kill_after is not None:
            while len(server.log) == asked and owner.poll() is None:
                time.sleep(0.01)
            try:
                owner.wait(kill_after)
            except subprocess.TimeoutExpired:
                kill_some(owner)
        return owner.wait(90)


def kill_some(owner: "subprocess.Popen[bytes]") -> None:
    """The studio, its downloader, or both."""
    children = psutil.Process(owner.pid).children()
    victims = random.choice(
        [[owner.pid], [c.pid for c in children], [owner.pid, *(c.pid for c in children)]]
    )
    for pid in victims:
        os.kill(pid, signal.SIGKILL)
    psutil.wait_procs(children, timeout=20)  # the next one starts where the last one is gone


def on_disk(media: Path, source: Source) -> int | None:
    """Bytes that have come so far; None when the recording is whole."""
    stem = file_stem(source)
    if (media / f"{stem}.wav").exists():
        return None
    parts = list((media / ".parts" / stem).glob("track-*"))
    return max((part.stat().st_size for part in parts), default=0)


def check_what_was_asked_for(
    server: Loopback, before: int, had: dict[str | None, int | None]
) -> None:
    """Each file is asked for from where it was, and a whole one is not asked for at all."""
    first: dict[str, int] = {}
    for request in server.log[before:]:
        if request.path.startswith("/media/"):
            first.setdefault(Path(request.path).stem, max(0, request.start))
    for video_id, start in first.items():
        assert had[video_id] is not None, f"{video_id} was whole already"
        assert start == had[video_id]


@pytest.mark.slow
@pytest.mark.timeout(90 + 15 * KILLS)
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_nothing_is_lost_and_nothing_fetched_twice(tmp_path: Path) -> None:
    with serving() as server:
        kills = round_number = 0
        while kills < KILLS:
            project = new_project(tmp_path / f"r{round_number}", server)
            round_number += 1
            media = project.folder / "media"
            done = False
            while not done:
                had = {s.video_id: on_disk(media, s) for s in use.sources(project)}
                project.close()
                before = len(server.log)
                last = kills >= KILLS
                fetch(project, server, None if last else random.uniform(0, _LATEST_S))
                kills += 1
                check_what_was_asked_for(server, before, had)
                project = Project.open(project.folder)
                done = all(s.state == READY for s in use.sources(project))
                assert done or not last
            check_all_are_whole(project)
            project.close()


def check_all_are_whole(project: Project) -> None:
    source = (project.folder.parent / "sound.wav").read_bytes()
    for found in use.sources(project):
        assert found.path is not None
        assert Path(found.path).read_bytes() == source
        assert re.fullmatch(r"[0-9a-f]{64}", found.facts.sha256)
    names = {p.suffix for p in (project.folder / "media").iterdir() if p.is_file()}
    assert names == {".wav", ".json"}
    assert project.database.value("PRAGMA integrity_check") == "ok"

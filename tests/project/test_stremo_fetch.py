"""The released StrEmo sheet, its videos served by this machine from real speech.

Every clip is the samples of its times; twenty videos that cannot be had say why.
`STREMO_SHEET_RATE=16000` does it at the full rate, with over a gigabyte of sound.
"""

import io
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
import soxr

from stremo_studio.domain.source import READY, UNAVAILABLE
from stremo_studio.domain.worklist import ALL, MISSING_AUDIO, Worklist
from stremo_studio.project import sources as use
from stremo_studio.project.fetch_settings import use_jobs, use_template
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from stremo_studio.store import sources as store
from tests.conftest import ROOT
from tests.downloader.loopback import Loopback, Media, serving
from trainer.sound.decoding import read_audio

RATE = int(os.environ.get("STREMO_SHEET_RATE", "4000"))
Pcm = npt.NDArray[np.int16]

WAYS: list[tuple[str, Media]] = [
    ("private", Media(status=403, reason="Private video")),
    ("private", Media(status=403, reason="Private video")),
    ("age", Media(status=403, reason="Sign in to confirm your age")),
    ("region", Media(status=451)),
    ("region", Media(status=403, reason="The uploader has not made it available in your country")),
    ("members", Media(status=403, reason="Join this channel to get access")),
    ("removed", Media(status=404)),
    ("removed", Media(status=404)),
    ("removed", Media(status=410)),
    ("refused", Media(status=403)),
    ("server", Media(status=500)),
    ("server", Media(status=503)),
    ("redirects", Media(status=302, headers={"Location": "/media/loop.wav"})),
    ("not_audio", Media(body=b"<html>Sign in to this network</html>")),
    ("not_audio", Media(body=bytes(range(256)) * 400)),
    ("broken", Media(body=b"")),
]
ELSEWHERE: list[tuple[str, Media | None]] = [
    ("bot", Media(status=403, reason="Sign in to confirm you're not a bot")),
    ("bot", Media(status=403, reason="Sign in to confirm you're not a bot")),
    ("rate", Media(status=429, headers={"Retry-After": "7200"})),
    ("offline", None),
]
"""Faults of a whole site: each has one of its own, so that they stay among themselves."""


@pytest.fixture(scope="module")
def speech(real_data: Path) -> Pcm:
    """A quarter of an hour of real speech, one clip after another."""
    files = sorted((real_data / "ravdess").glob("Actor_0[1-4]/*.flac"))
    read = [soundfile.read(file, dtype="float32") for file in files]
    joined = np.concatenate([samples for samples, _ in read])
    resampled = soxr.resample(joined, read[0][1], RATE)
    pcm = (np.clip(resampled, -1, 0.999) * 32768).astype(np.int16)
    assert np.abs(pcm).mean() > 30  # it is not silent
    return pcm


@pytest.fixture
def project(tmp_path: Path, real_data: Path) -> Iterator[Project]:
    sheet = tmp_path / "StrEmo.csv"
    shutil.copy(real_data / "stremo" / "StrEmo.csv", sheet)
    made = Project.create(tmp_path / "p")
    for _ in write_import(made, plan_import(made, scan_source(sheet))):
        pass
    use_jobs(made, 4)
    made.set_setting("fetch interval", "0.01")
    made.set_setting("fetch backoff", "0.02")
    yield made
    made.close()


def served_sound(speech: Pcm, number: int, seconds: float) -> Pcm:
    """Another stretch of the speech for each video."""
    begin = number * 7919 % len(speech)
    return np.resize(np.roll(speech, -begin), round(seconds * RATE))


def as_wav(samples: Pcm) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, samples, RATE, format="WAV", subtype="PCM_16")
    return file.getvalue()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve_all(
    project: Project, server: Loopback, others: list[Loopback], speech: Pcm
) -> tuple[dict[str, Pcm], dict[str, str]]:
    """Put the sheet's videos on the servers: those with sound, and those with a fault."""
    last = {}
    for clip in project.clips(project.clip_ids(Worklist())):
        last[clip.recording_id] = max(last.get(clip.recording_id, 0), clip.end)
    sounds, faults = {}, {}
    server.media["loop.wav"] = Media(status=302, headers={"Location": "/media/loop.wav"})
    for number, source in enumerate(use.sources(project)):
        video_id = str(source.video_id)
        if number < len(WAYS):
            kind, media = WAYS[number]
            faults[video_id], server.media[f"{video_id}.wav"] = kind, media
        elif number < len(WAYS) + len(ELSEWHERE):
            kind, elsewhere = ELSEWHERE[number - len(WAYS)]
            faults[video_id] = kind
            other = others[number - len(WAYS)]
            address = other.address if elsewhere else f"http://127.0.0.1:{free_port()}"
            if elsewhere:
                other.media["x.wav"] = elsewhere
            with project.database.transaction():
                store.add(project.database, source.key, video_id, f"{address}/watch?v=x")
        else:
            sounds[video_id] = served_sound(speech, number, last[source.id] + 2)
            server.media[f"{video_id}.wav"] = Media(body=as_wav(sounds[video_id]))
    return sounds, faults


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_every_clip_of_the_sheet_is_the_samples_of_its_times(project: Project, speech: Pcm) -> None:
    with serving() as server, serving() as bots, serving() as more_bots, serving() as busy:
        sounds, faults = serve_all(project, server, [bots, more_bots, busy, busy], speech)
        use_template(project, server.template)
        project.close()
        command = [sys.executable, "-m", "stremo_studio", "fetch", str(project.folder), "--yes"]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert ended.returncode == 1, ended.stderr[-2000:]

    project = Project.open(project.folder)
    found = {str(s.video_id): s for s in use.sources(project)}
    assert len(found) == 107
    told = {i: s.fault.kind for i, s in found.items() if s.state == UNAVAILABLE and s.fault}
    assert told == faults
    assert len(faults) == 20
    assert all(found[video_id].state == READY for video_id in sounds)
    clips = project.clips(project.clip_ids(Worklist(show=ALL)))
    assert len(clips) == 496
    heard = 0
    for clip in clips:
        video_id = clip.group.removeprefix("stremo:")
        if video_id in faults:
            assert clip.audio == "missing"
            assert clip.problem.startswith(found[video_id].fault.sentence)  # type: ignore[union-attr]
            continue
        samples, rate = read_audio(Path(str(clip.path)), clip.start, clip.end)
        first, last = round(clip.start * RATE), round(clip.end * RATE)
        assert rate == RATE
        assert np.array_equal(samples * 32768, sounds[video_id][first:last])
        heard += 1
    unheard = len(project.clip_ids(Worklist(show=MISSING_AUDIO)))
    assert heard + unheard == 496
    assert heard > 350
    project.close()

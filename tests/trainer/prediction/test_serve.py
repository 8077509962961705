"""The warm process, as a real one: newest first, deaf to rubbish, gone with its asker."""

import io
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.trainer.voices import carried_out, run_folder, voices
from trainer.contract import protocol
from trainer.contract.protocol import Forget, Predict, Predicted, PredictionFailed
from trainer.contract.run_folder import RunFolder
from trainer.prediction import exports
from trainer.prediction.exports import prepare_exports
from trainer.prediction.serve import Left, Requests
from trainer.sound.waveforms import Waveforms

Serve = Callable[..., "Asker"]


class Asker:
    """A process that serves a run, and what it says."""

    def __init__(self, folder: RunFolder, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "trainer", "serve", str(folder.path), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def ask(self, *commands: protocol.Command | str) -> None:
        lines = [c if isinstance(c, str) else protocol.encode(c) for c in commands]
        assert self.process.stdin
        self.process.stdin.write(("\n".join(lines) + "\n").encode())
        self.process.stdin.flush()

    def hear(self) -> Any:
        assert self.process.stdout
        return protocol.decode(self.process.stdout.readline().decode())

    def leave(self) -> tuple[int, str]:
        """Close its stdin and wait: exit code and stderr."""
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said.decode()


@pytest.fixture
def serve() -> Iterator[Serve]:
    started: list[Asker] = []

    def start(folder: RunFolder, *options: str) -> Asker:
        started.append(Asker(folder, *options))
        return started[-1]

    yield start
    for asker in started:
        asker.process.kill()
        asker.process.communicate()


@pytest.fixture(scope="module")
def exported(finetuned: RunFolder, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """With an export, so that the process starts without torch."""
    folder = RunFolder(
        Path(shutil.copytree(finetuned.path, tmp_path_factory.mktemp("exported") / "run"))
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exports, "BENCHMARK_S", 0.05)
        patch.setattr(exports, "choose", lambda *_: ("onnx", "It is the only one."))
        prepare_exports(folder, Waveforms(Path(folder.read_config().cache or "")))
    return folder


def test_clips_are_answered_as_the_run_predicted_them(serve: Serve, exported: RunFolder) -> None:
    asker = serve(exported)
    clips = {clip.clip_id: clip for clip in exported.read_manifest()}
    expected = {p.clip_id: p.probabilities for p in exported.read_predictions()}
    asker.ask("rubbish", '{"kind": "InventedLater"}', "\x00", Predict(5, clips["5"].path))
    said = asker.hear()
    assert isinstance(said, Predicted)
    assert said.request == 5
    np.testing.assert_allclose(said.probabilities, expected["5"], atol=1e-4)
    asker.ask(Predict(6, "gone.wav"), Predict(7, clips["7"].path, 0.1, 0.5))
    answers = [asker.hear(), asker.hear()]
    assert {a.request for a in answers} == {6, 7}
    (failed,) = (a for a in answers if isinstance(a, PredictionFailed))
    assert "gone.wav is not there" in failed.message
    assert asker.leave() == (0, "")


def test_the_newest_comes_first_and_what_is_forgotten_never(
    serve: Serve, exported: RunFolder
) -> None:
    asker = serve(exported)
    path = exported.read_manifest()[0].path
    asker.ask(*(Predict(n, path) for n in range(6)), Forget(2))  # before it has even started
    heard = [asker.hear().request for _ in range(5)]
    first, *rest = heard  # the one that was read when the server was ready; then the rest was
    assert rest == sorted(rest, reverse=True)
    assert 2 not in rest
    assert len({first, *rest}) == 5
    assert asker.leave()[0] == 0


def test_what_waits_goes_at_once_where_that_pays() -> None:
    requests = Requests()
    lines = [protocol.encode(Predict(n, "a.wav")) for n in range(4)]
    reading = io.BytesIO("\n".join(lines).encode())
    requests.read(reading)
    with pytest.raises(Left):
        requests.take(2, 0)
    requests._over = False
    assert [r.request for r in requests.take(3, 0)] == [3, 2, 1]
    assert [r.request for r in requests.take(3, 0)] == [0]
    assert requests.take(3, 0) == []


def test_a_process_that_nobody_asks_ends(serve: Serve, exported: RunFolder) -> None:
    asker = serve(exported, "--drop-after", "0.05", "--leave-after", "0.3")
    assert asker.process.wait(timeout=60) == 0


def test_another_recipe_is_asked_in_the_same_way(serve: Serve, tmp_path: Path) -> None:
    clips = voices(tmp_path / "audio")
    folder = run_folder(tmp_path / "run", clips)
    assert carried_out(folder)[0] == 0
    asker = serve(folder)
    asker.ask(*(Predict(n, clip.path) for n, clip in enumerate(clips[:3])))
    said = {answer.request: answer.probabilities for answer in (asker.hear() for _ in range(3))}
    expected = {p.clip_id: p.probabilities for p in folder.read_predictions()}
    for number, clip in enumerate(clips[:3]):
        assert said[number] == pytest.approx(expected[clip.clip_id])
    assert asker.leave()[0] == 0


def test_a_run_without_a_model_ends_it_with_a_sentence(serve: Serve, tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run", voices(tmp_path / "audio", speakers=1))
    asker = serve(folder)
    code, said = asker.leave()
    assert code == 2
    assert "has no model to use: it is new." in said


@pytest.mark.slow
def test_a_run_without_an_export_gets_one_between_answers(
    serve: Serve, finetuned: RunFolder, tmp_path: Path
) -> None:
    folder = RunFolder(Path(shutil.copytree(finetuned.path, tmp_path / "run")))
    asker = serve(folder)
    clip = folder.read_manifest()[0]
    asker.ask(Predict(1, clip.path))
    first = asker.hear()
    record = folder.exports / "parity.json"
    while not record.exists():
        assert asker.process.poll() is None
        threading.Event().wait(0.05)
    asker.ask(Predict(2, clip.path))
    second = asker.hear()
    assert json.loads(record.read_text())["logit_difference"] < 1e-4
    assert second.probabilities == pytest.approx(first.probabilities, abs=0.05)
    assert asker.leave()[0] == 0
    assert os.listdir(tmp_path) == ["run"]  # noqa: PTH208 - names only

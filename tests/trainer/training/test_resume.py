"""A training that was killed goes on, and ends as if it never had been."""

import json
import math
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from tests.trainer.tiny import Bench, make_clips, small_config, small_hubert
from trainer.contract import protocol
from trainer.contract.config import FinetuneConfig, RunConfig, SplitConfig
from trainer.contract.files import read_json_lines
from trainer.contract.finetune import Augmentation
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import FINISHED, INTERRUPTED, RunFolder
from trainer.network.head import Head
from trainer.network.model import Hubert
from trainer.run import begun
from trainer.sound.augment import ChangedFeatures
from trainer.sound.waveforms import Waveforms
from trainer.training import choosing, resume
from trainer.training.dataset import Examples, Features
from trainer.training.position import Position, position_in
from trainer.training.resume import ResumePoints, State
from trainer.training.train import Data, Training
from trainer.training.wishes import RunEnded

# isort: split
from transformers import HubertForCTC

STEPS, EPOCHS = 9, 3
"""Of the whole training below."""
Start = Callable[..., tuple[Bench, Training]]


class Killed(BaseException):
    """Nothing may catch it."""


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[ManifestClip]:
    return make_clips(tmp_path_factory.mktemp("clips"), 12)


@pytest.fixture
def start(tmp_path: Path, clips: list[ManifestClip]) -> Iterator[Start]:
    """A trainer come to life in a run folder of this name: again, if it was there before."""
    benches: list[Bench] = []

    def start(name: str, **more: Any) -> tuple[Bench, Training]:
        options = FinetuneConfig(
            learning_rate=3e-3, epochs=EPOCHS, patience=EPOCHS, batch_seconds=3.0, **more
        )
        head = Head(options.pooling, options.layers)
        benches.append(Bench(tmp_path / name, options, watch=("0",)))
        torch.manual_seed(random.getrandbits(32))  # whatever a new process begins with
        hubert = small_hubert(head=head)
        features = Features(Waveforms(tmp_path / "cache"), hubert)
        parts = (clips[:8], 15), (clips[8:], 30), (clips[:1], 30)
        data = Data(*(Examples(some, features, seconds) for some, seconds in parts))
        if options.augment:
            heard, changes = Waveforms(tmp_path / "cache"), options.augment

            def varied(epoch: int) -> Examples:
                return Examples(clips[:8], ChangedFeatures(heard, hubert, changes, 13, epoch), 15)

            data = replace(data, varied=varied)
        return benches[-1], Training(
            hubert, partial(small_hubert, head=head), data, benches[-1].run
        )

    yield start
    for bench in benches:
        bench.close()


@pytest.fixture
def every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Save after each step and each epoch."""
    monkeypatch.setattr(resume, "LONGEST_GAP_S", 0.0)
    monkeypatch.setattr(resume, "LARGEST_SHARE", math.inf)


@pytest.fixture
def every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resume, "LARGEST_SHARE", math.inf)


def _last_state(folder: Path) -> State:
    return resume._read(RunFolder(folder).resume_points()[0], lambda _: True)


def _metrics(folder: Path) -> list[dict[str, Any]]:
    rows = list(read_json_lines(folder / "metrics.jsonl"))
    timed = ("clips_per_s", "eta_s", "audio_s_per_s", "mfu")
    learnt = [r for r in rows if r["kind"] != "Warned"]
    return [{k: v for k, v in r.items() if k not in timed} for r in learnt]


def _assert_alike(one: Path, other: Path) -> None:
    """Weights, optimiser, random states, counters and metrics, to the last bit."""
    first, second = _last_state(one), _last_state(other)
    assert set(first.tensors) == set(second.tensors)
    assert any(name.startswith("optimizer.exp_avg_sq.") for name in first.tensors)
    for name, value in first.tensors.items():
        assert torch.equal(value, second.tensors[name]), name
    expected = {**first.values["position"], "spent": 0}
    assert {**second.values["position"], "spent": 0} == expected
    assert first.values["masks"] == second.values["masks"]
    assert first.values["numpy"] == second.values["numpy"]
    assert _metrics(one) == _metrics(other)
    best = [load_file(next(f.glob("checkpoints/epoch-*/*.safetensors"))) for f in (one, other)]
    assert all(torch.equal(value, best[1][name]) for name, value in best[0].items())


def _kill(training: Training, step: int, where: str = "_learn") -> None:
    real, count = getattr(training, where), iter(range(10_000))

    def fatal(*arguments: Any) -> Any:
        if next(count) == step:
            raise Killed
        return real(*arguments)

    setattr(training, where, fatal)


def _whole(start: Start, **more: Any) -> Path:
    bench, training = start("whole", **more)
    training.fit()
    assert training.at.step >= STEPS
    return bench.folder


@pytest.mark.parametrize("pace", ["every_step", "every_epoch"])
def test_killed_at_any_step_it_ends_with_the_same_bits(
    pace: str, start: Start, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(pace)
    whole = _whole(start)
    for step in random.sample(range(STEPS), 3):
        bench, training = start(f"killed {step}")
        _kill(training, step)
        with pytest.raises(Killed):
            training.fit()
        saved = RunFolder(bench.folder).resume_points()
        bench.close()
        again, resumed = start(f"killed {step}")
        resumed.fit()
        assert len(again.events(protocol.RunResumed)) == bool(saved), step
        _assert_alike(whole, bench.folder)


OPTIONS: list[dict[str, Any]] = [
    {"lora_rank": 2, "head_rate": 1e-2, "decay": "cosine"},
    {"pooling": "attentive", "layers": "weighted", "gradient_checkpointing": True},
    {"augment": Augmentation(speed=0.1, noise=10.0, time_mask=0.1), "label_smoothing": 0.1},
]


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize("more", OPTIONS, ids=lambda more: ", ".join(more))
def test_killed_with_options_on_it_ends_with_the_same_bits(
    more: dict[str, Any], start: Start
) -> None:
    whole = _whole(start, **more)
    bench, training = start("killed", **more)
    _kill(training, random.randrange(1, STEPS))
    with pytest.raises(Killed):
        training.fit()
    bench.close()
    start("killed", **more)[1].fit()
    _assert_alike(whole, bench.folder)


@pytest.mark.usefixtures("every_epoch")
@pytest.mark.parametrize("where", ["_save", "_choose", "_watched", "_keep_state"])
def test_killed_between_two_epochs_it_ends_with_the_same_bits(where: str, start: Start) -> None:
    whole = _whole(start)
    for _ in range(3):  # thrice at the same place, as on a machine that keeps failing
        bench, training = start("killed")
        _kill(training, 1, where)
        with suppress(Killed):
            training.fit()
        bench.close()
    _, training = start("killed")
    training.fit()
    _assert_alike(whole, bench.folder)


@pytest.mark.usefixtures("every_epoch")
def test_who_listens_anew_hears_of_the_epochs_before(start: Start) -> None:
    bench, training = start("run")
    _kill(training, 1, "_keep_state")
    with pytest.raises(Killed):
        training.fit()
    bench.close()
    bench, training = start("run")
    training.fit()
    assert [e.epoch for e in bench.events(protocol.EpochFinished)] == [1, 2, 3]
    (resumed,) = bench.events(protocol.RunResumed)
    assert resumed.epoch == 2
    assert "Resumed in epoch 2" in (bench.folder / "run.log").read_text()


def test_asked_to_leave_it_saves_the_very_step(start: Start) -> None:
    whole = _whole(start)
    bench, training = start("left")
    learn = training._learn

    def learn_and_leave(*arguments: Any) -> Any:
        if training.at.step == 4:
            bench.wishes.leave()
        return learn(*arguments)

    training._learn = learn_and_leave  # type: ignore[method-assign]
    with pytest.raises(RunEnded):
        training.fit()
    assert position_in(_last_state(bench.folder)).step == 5
    bench.close()
    _, training = start("left")
    training.fit()
    assert _metrics(whole) == _metrics(bench.folder)


def _cut(point: Path) -> None:
    point.write_bytes(point.read_bytes()[:-1000])


def _flip(point: Path) -> None:
    content = bytearray(point.read_bytes())
    content[-1000] ^= 1
    point.write_bytes(content)


def _empty(point: Path) -> None:
    point.write_bytes(b"")


@pytest.mark.usefixtures("every_step")
@pytest.mark.parametrize(("damage", "count"), [(_cut, 1), (_flip, 1), (_empty, 2)])
def test_a_damaged_state_is_passed_over_with_a_sentence(
    damage: Callable[[Path], None], count: int, start: Start
) -> None:
    whole = _whole(start)
    bench, training = start("damaged")
    _kill(training, 5)
    with pytest.raises(Killed):
        training.fit()
    bench.close()
    points = RunFolder(bench.folder).resume_points()
    assert len(points) == 2
    for point in points[:count]:
        damage(point)
    bench, training = start("damaged")
    training.fit()
    assert len(bench.events(protocol.Warned)) == count
    assert "cannot be used" in bench.events(protocol.Warned)[0].message
    assert len(bench.events(protocol.RunResumed)) == 2 - count
    _assert_alike(whole, bench.folder)


@pytest.mark.usefixtures("every_epoch")
def test_a_state_without_its_best_model_or_of_another_model_is_not_used(start: Start) -> None:
    bench, training = start("run")
    training.fit()
    (bench.folder / "checkpoints/best.json").unlink()
    bench.close()
    bench, training = start("run")
    training.fit()
    assert not bench.events(protocol.RunResumed)
    assert _metrics(bench.folder) == _metrics(_whole(start))
    other: Hubert = small_hubert(hidden_size=16)
    training.hubert = other
    assert not training._fits(_last_state(bench.folder))


def _full(*_: object, **__: object) -> None:
    raise SafetensorError("I/O error: No space left on device (os error 28)")


@pytest.mark.usefixtures("every_epoch")
def test_a_disk_full_while_saving_loses_neither_the_state_before_nor_the_run(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _whole(start)
    bench, training = start("run")
    end_epoch = Position.end_epoch

    def fill_the_disk(at: Position, is_best: bool) -> None:
        end_epoch(at, is_best)
        if at.epoch == 3:
            monkeypatch.setattr(resume, "save_file", _full)

    monkeypatch.setattr(Position, "end_epoch", fill_the_disk)
    training.fit()
    (warning,) = bench.events(protocol.Warned)
    assert "could not be saved: No space left on device" in warning.message
    assert position_in(_last_state(bench.folder)).epoch == 2
    assert _metrics(bench.folder) == _metrics(whole)
    assert not list(bench.folder.glob("checkpoints/resume/saving"))


@pytest.mark.usefixtures("every_epoch")
def test_states_make_room_for_the_best_model(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    bench, training = start("run")
    training.fit()
    save_best = choosing.save_best

    def save_where_there_is_room(*arguments: Any) -> Path:
        if RunFolder(bench.folder).resume_points():
            raise OSError(28, "No space left on device")
        return save_best(*arguments)

    monkeypatch.setattr(choosing, "save_best", save_where_there_is_room)
    training._save(EPOCHS)
    assert "made room for the best model" in bench.events(protocol.Warned)[0].message
    monkeypatch.setattr(choosing, "save_best", lambda *_: _raise(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space"):
        training._save(EPOCHS)


def _raise(error: Exception) -> None:
    raise error


def test_saving_takes_a_small_part_of_the_time(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, _ = start("run")
    now = 0.0
    monkeypatch.setattr(resume.time, "monotonic", lambda: now)
    points = ResumePoints(bench.run)
    assert points.due(epoch_over=True)
    assert not points.due(epoch_over=False)
    now = 600.0
    assert points.due(epoch_over=False)
    points._cost = 61.0
    assert not points.due(epoch_over=True)
    now = 610.0
    assert points.due(epoch_over=True)


def test_a_position_survives_json() -> None:
    at = Position(1e-5, 16.0, best=(0.5, -1.25), todo=[[3, 1], [2]], halved=True, began=(4, 9))
    values = json.loads(json.dumps({"position": asdict(at)}))
    assert position_in(State({}, values)) == at


def test_another_manifest_or_configuration_starts_over(
    tmp_path: Path, clips: list[ManifestClip]
) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.create(RunConfig("finetune"), clips)
    point = folder.resume_point(1)
    point.parent.mkdir(parents=True)
    point.write_bytes(b"state")
    folder.metrics_file.write_text("{}\n")
    with begun(folder):
        assert folder.resume_points() == [point]
        assert folder.metrics_file.exists()
    folder.manifest_file.write_text(folder.manifest_file.read_text().replace("neutral", "positive"))
    assert not folder.resume_points()
    with begun(folder):
        assert not folder.checkpoints.exists()
        assert not folder.metrics_file.exists()


# In processes of their own, killed by the operating system

PROGRAM = """
import math, os, signal, sys
import torch
import trainer.training.resume, trainer.training.train
from trainer.run import run_folder
torch.set_num_threads(1)
folder, where, call, gap = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
trainer.training.resume.LONGEST_GAP_S, trainer.training.resume.LARGEST_SHARE = gap, math.inf
owner = {"fsync": os, "step": torch.optim.AdamW}.get(where)
if owner is not None:
    real, calls = getattr(owner, where), iter(range(10**6))
    def fatal(*arguments, **named):
        if next(calls) == call:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return real(*arguments, **named)
    setattr(owner, where, fatal)
sys.exit(run_folder(__import__("pathlib").Path(folder)))
"""


def _process(folder: RunFolder, where: str = "", call: int = 0, gap: float = 1e9) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder.path), where, str(call), str(gap)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    expected = -getattr(signal, "SIGKILL", -1) if where else 0
    assert done.returncode == expected, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_process_killed_twice_leaves_the_same_model_as_one_never_killed(
    tmp_path: Path, clips: list[ManifestClip]
) -> None:
    HubertForCTC(small_config()).save_pretrained(tmp_path / "model")
    options = FinetuneConfig(
        str(tmp_path / "model"), learning_rate=3e-3, epochs=4, patience=4, batch_seconds=2.0
    )
    split = SplitConfig(test_fraction=0, dev_fraction=0.5)
    config = RunConfig("finetune", split=split, finetune=options, cache=str(tmp_path / "cache"))
    whole, killed = RunFolder(tmp_path / "whole"), RunFolder(tmp_path / "killed")
    for folder in (whole, killed):
        folder.create(config, clips)
    _process(whole)

    _process(killed, "step", random.randrange(3, 8), gap=0)
    assert killed.status() == INTERRUPTED
    _process(killed, "fsync", random.randrange(3, 9), gap=0)
    assert killed.resume_points()
    events = _process(killed)
    assert '"kind": "RunResumed"' in events
    assert killed.status() == whole.status() == FINISHED
    assert _metrics(killed.path) == _metrics(whole.path)
    assert killed.predictions_file.read_bytes() == whole.predictions_file.read_bytes()
    models = [next(f.checkpoints.glob("epoch-*/model.safetensors")) for f in (whole, killed)]
    assert models[0].read_bytes() == models[1].read_bytes()
    assert not killed.resume_folder.exists()
    assert len(list(killed.checkpoints.iterdir())) == 2, "the best and its name"

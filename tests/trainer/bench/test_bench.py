"""The benchmarks themselves, on a network and clips so small that only the wiring is measured."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.trainer.tiny import make_clips, small_hubert
from trainer.__main__ import main
from trainer.bench import command, evaluation, finetune, padding, probe
from trainer.bench.measure import Measure
from trainer.bench.workload import Workload
from trainer.contract.manifest import ManifestClip
from trainer.network.pretrained import save_hubert


@pytest.fixture
def work(tmp_path: Path) -> Workload:
    model = tmp_path / "model"
    model.mkdir()
    save_hubert(small_hubert(), model)
    clips = make_clips(tmp_path / "clips", 9)
    return Workload(tmp_path / "work", model, tuple(clips), epochs=3, batch=2)


@pytest.mark.slow
def test_both_sides_learn_from_the_same_clips_for_the_same_epochs(work: Workload) -> None:
    found = {m.name.strip(): m for m in finetune.measure(work)}
    speed, audio, later = found["fine-tuning"], found["in audio"], found["a later epoch"]
    assert speed.ratio == pytest.approx(audio.ratio)
    assert speed.met is not None
    assert audio.ours / speed.ours == pytest.approx(0.75, abs=0.05)  # the clips' mean length
    assert later.ours > found["first epoch"].ours  # which runs the convolutions
    assert found["loss curves apart"].ours < 0.5
    assert 50 < found["time in the network, later"].ours < 100


@pytest.mark.slow
def test_both_sides_evaluate_the_same_clips(work: Workload) -> None:
    found = list(evaluation.measure(work))
    assert [m.name for m in found] == ["evaluation, float32", "evaluation, int8"]
    assert all(m.against.startswith("pipeline, ") and m.met is not None for m in found)
    assert found[0].theirs == found[1].theirs


@pytest.mark.slow
def test_a_probe_is_retrained_from_what_is_kept(
    work: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"CLIPS": 300, "CHANGED": 20, "STATES": 3, "WIDTH": 8}.items():
        monkeypatch.setattr(probe, name, value)
    labels, again = probe.measure(replace(work, clips=tuple(_of_three_speakers(work))))
    assert labels.name == "probe, 20 of 300 labels changed"
    assert labels.met is not None
    assert again.theirs is not None
    assert again.ours < again.theirs  # nothing is embedded twice


def _of_three_speakers(work: Workload) -> list[ManifestClip]:
    return [replace(clip, group=str(i // 3)) for i, clip in enumerate(work.clips)]


def test_of_a_corpus_little_is_padding(work: Workload) -> None:
    (found,) = padding.measure(work)
    assert found.met
    assert found.theirs is not None
    assert found.theirs > 50


def _broken_off(work: Workload) -> Iterator[Measure]:
    yield Measure("speed", 2.0, "clips/s", 1.0, "stock", times=2.0)
    raise KeyboardInterrupt


@pytest.mark.parametrize("as_json", [True, False])
def test_broken_off_it_prints_what_was_measured(
    work: Workload,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    as_json: bool,
) -> None:
    monkeypatch.setattr(command, "prepare", lambda *_: work)
    monkeypatch.setattr(command, "PARTS", {"speed": _broken_off})
    assert main(["bench", *(["--json"] if as_json else [])]) == 130
    out = capsys.readouterr().out
    if as_json:
        told = json.loads(out)
        assert told["measures"][0]["ratio"] == 2
        assert told["measures"][0]["met"] is True
        assert told["machine"]["libraries"]["torch"]
    else:
        assert "speed, clips/s     2       1  stock  2.00 x  at least 2 x  met" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["flying"], "There is nothing called 'flying' to measure."),
        (["padding", "--model", "/no/such/model"], "There is no folder /no/such/model."),
    ],
)
def test_what_cannot_be_measured_is_said_in_one_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", *words]) == 2
    assert sentence in capsys.readouterr().err

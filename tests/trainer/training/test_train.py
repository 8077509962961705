"""The loop: it learns, it repeats itself, it stops when asked, and it survives its mishaps."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.trainer.tiny import Bench, make_clips, small_hubert
from trainer.contract.config import FinetuneConfig
from trainer.contract.errors import TrainerError
from trainer.contract.manifest import ManifestClip
from trainer.contract.protocol import (
    CheckpointSaved,
    EpochFinished,
    PredictionsUpdated,
    StepLogged,
    Warned,
)
from trainer.network.model import Hubert, draw_masks
from trainer.prediction.predict import predict
from trainer.sound.waveforms import Waveforms
from trainer.training.dataset import Examples, Features
from trainer.training.descent import schedule
from trainer.training.train import Data, Training
from trainer.training.wishes import RunEnded

CLIPS = 12
DROPOUTS = ("hidden", "attention", "activation", "feat_proj", "final")
NO_DROPOUT = {f"{name}_dropout": 0.0 for name in DROPOUTS}
Prepare = Callable[..., tuple[Bench, Training]]


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[ManifestClip]:
    return make_clips(tmp_path_factory.mktemp("clips"), CLIPS)


@pytest.fixture
def prepare(tmp_path: Path, clips: list[ManifestClip]) -> Iterator[Prepare]:
    """A bench and a training on it; options change the configuration."""
    benches: list[Bench] = []

    def make(name: str = "run", watch: tuple[str, ...] = (), **options: Any) -> Any:
        defaults = {"learning_rate": 3e-3, "epochs": 2, "batch_seconds": 3.0}
        config = FinetuneConfig(**{**defaults, **options})
        bench = Bench(tmp_path / name, config, watch=watch)
        benches.append(bench)
        hubert = small_hubert(**NO_DROPOUT)
        features = Features(Waveforms(tmp_path / "cache"), hubert)
        watched = [clip for clip in clips if clip.clip_id in watch]
        data = Data(
            Examples(clips[:8], features, 15),
            Examples(clips[8:], features, 30),
            Examples(watched, features, 30),
        )
        return bench, Training(hubert, lambda: small_hubert(**NO_DROPOUT), data, bench.run)

    yield make
    for bench in benches:
        bench.close()


def _weights(hubert: Hubert) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in hubert.network.state_dict().items()}


def _equal(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> bool:
    return all(torch.equal(value, second[name]) for name, value in first.items())


def test_the_same_seed_gives_the_same_weights_bit_for_bit(prepare: Prepare) -> None:
    first, second = (_weights(prepare(name)[1].fit()) for name in ("one", "two"))
    assert _equal(first, second)
    assert not _equal(first, _weights(small_hubert(**NO_DROPOUT)))


def test_the_frozen_convolutions_stay_as_they_were(prepare: Prepare) -> None:
    before = _weights(small_hubert(**NO_DROPOUT))
    after = _weights(prepare()[1].fit())
    frozen = [name for name in before if "feature_extractor" in name]
    assert frozen
    assert all(torch.equal(before[name], after[name]) for name in frozen)


def test_computing_layers_twice_changes_no_bit(prepare: Prepare) -> None:
    plain, sparing = (
        _weights(prepare(str(on), gradient_checkpointing=on)[1].fit()) for on in (False, True)
    )
    assert _equal(plain, sparing)


def test_with_adapters_the_encoder_changes_only_where_they_were(prepare: Prepare) -> None:
    before = _weights(small_hubert(**NO_DROPOUT))
    after = _weights(prepare(model="any", lora_rank=4, epochs=3)[1].fit())
    changed = {name for name, value in before.items() if not torch.equal(value, after[name])}
    inside = {n.rpartition(".attention.")[2] for n in changed if n.startswith("hubert.")}
    assert inside == {"q_proj.weight", "v_proj.weight"}
    assert any(n.startswith("classifier.") for n in changed)


def test_diverging_with_adapters_on_goes_back_to_the_best(prepare: Prepare) -> None:
    bench, training = prepare(model="any", lora_rank=2, epochs=3, patience=9)
    per_epoch = len(training.data.train.plan(3.0, np.random.default_rng([13, 1, 0])))
    _after(training, per_epoch + 1, lambda: _poison(training))
    hubert = training.fit()
    assert "best epoch" in bench.events(Warned)[0].message
    assert [e.epoch for e in bench.events(EpochFinished)] == [1, 2, 3]
    assert _weights(hubert).keys() == _weights(small_hubert()).keys()


def test_losses_are_those_of_a_plain_loop_over_transformers_own_forward(
    prepare: Prepare, clips: list[ManifestClip]
) -> None:
    bench, training = prepare(epochs=1)
    plan = training.data.train.plan(3.0, np.random.default_rng([13, 1, 0]))
    masks = np.random.default_rng([13, 1, 1])
    training.fit()
    told = [e.loss for e in _steps(bench.folder)]
    hubert = small_hubert(**NO_DROPOUT)
    hubert.network.train()
    learnt = [p for p in hubert.network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learnt, weight_decay=0.01)
    weights = torch.tensor([8 / 9, 8 / 9, 8 / 6])
    seen, plain = 0, []
    for numbers in plan:
        optimizer.param_groups[0]["lr"] = 3e-3 * schedule((seen + len(numbers) / 2) / 8)
        waves = [_normal(training, clips[n]) for n in numbers]
        width = max(len(w) for w in waves)
        inputs = torch.stack([torch.nn.functional.pad(w, (0, width - len(w))) for w in waves])
        attention = torch.stack([torch.arange(width) < len(w) for w in waves]).int()
        masked = draw_masks([hubert.frames(len(w)) for w in waves], hubert.network.config, masks)
        out = hubert.network(
            inputs, attention_mask=attention, mask_time_indices=torch.from_numpy(masked)
        )
        labels = torch.tensor([n % 3 for n in numbers])
        loss = torch.nn.functional.cross_entropy(out.logits, labels, weights)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learnt, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen += len(numbers)
        plain.append(loss.item())
    assert len(plain) >= 3
    assert told == pytest.approx(plain, abs=1e-4)


def _normal(training: Training, clip: ManifestClip) -> torch.Tensor:
    wave = training.data.train._features._waveforms.samples(clip) / 32768
    return torch.tensor((wave - wave.mean()) / np.sqrt(wave.var() + 1e-7), dtype=torch.float32)


def _steps(folder: Path) -> list[StepLogged]:
    from trainer.contract.protocol import decode

    told = [decode(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    return [event for event in told if isinstance(event, StepLogged)]


def test_eight_clips_are_learnt_by_heart(prepare: Prepare) -> None:
    _, training = prepare(epochs=40, patience=40)
    training.data = Data(training.data.train, training.data.train, training.data.watched)
    hubert = training.fit()
    answers = predict(hubert, training.data.train).argmax(dim=1)
    assert answers.tolist() == training.data.train.labels.tolist()


def test_every_epoch_is_told_with_its_scores_and_its_padding(prepare: Prepare) -> None:
    bench, training = prepare(watch=("0", "9"))
    training.fit()
    epochs = bench.events(EpochFinished)
    assert [e.epoch for e in epochs] == [1, 2]
    assert epochs[0].is_best
    assert all("padding" in e.detail for e in epochs)
    assert all(sum(map(sum, e.dev_confusion)) == 4 for e in epochs)
    saved = bench.events(CheckpointSaved)
    assert [s.epoch for s in saved] == [e.epoch for e in epochs if e.is_best]
    watched = bench.events(PredictionsUpdated)
    assert [w.epoch for w in watched] == [1, 2]
    assert sorted(watched[0].probabilities) == ["0", "9"]
    assert sum(watched[0].probabilities["9"]) == pytest.approx(1)
    steps = _steps(bench.folder)
    assert [s.step for s in steps] == list(range(1, len(steps) + 1))
    assert f"{steps[-1].padding:.1%} padding" == epochs[-1].detail
    assert steps[-1].step == steps[-1].steps
    assert steps[-1].eta_s == 0


def test_the_best_epoch_is_kept_and_training_ends_when_it_stays_the_best(
    prepare: Prepare,
) -> None:
    bench, training = prepare(epochs=30, patience=2, learning_rate=1e-9)
    kept: dict[int, dict[str, torch.Tensor]] = {}
    save = training._save
    training._save = lambda epoch: (kept.update({epoch: _weights(training.hubert)}), save(epoch))
    hubert = training.fit()
    epochs = bench.events(EpochFinished)
    best = max(e.epoch for e in epochs if e.is_best)
    assert len(epochs) == 30 or len(epochs) == best + 2
    assert _equal(_weights(hubert), kept[best])


def _after(training: Training, steps: int, do: Callable[[], object]) -> None:
    """Do something once, just before a step."""
    learn, count = training._learn, iter(range(10_000))

    def watched(numbers: list[int], masks: np.random.Generator) -> tuple[float, float]:
        if next(count) == steps:
            do()
        return learn(numbers, masks)

    training._learn = watched  # type: ignore[method-assign]


def test_stop_ends_at_the_next_step_and_keeps_the_best(prepare: Prepare) -> None:
    bench, training = prepare(epochs=50, patience=50)
    per_epoch = len(training.data.train.plan(3.0))
    _after(training, per_epoch + 1, bench.wishes.stop)
    hubert = training.fit()
    assert [e.epoch for e in bench.events(EpochFinished)] == [1]
    assert training.at.step <= per_epoch + 3
    assert json.loads((bench.folder / "checkpoints/best.json").read_text())["epoch"] == 1
    assert hubert is training.hubert


def test_stop_in_the_first_epoch_keeps_what_there_is_and_says_so(prepare: Prepare) -> None:
    bench, training = prepare()
    _after(training, 0, bench.wishes.stop)
    training.fit()
    assert training.at.step == 1
    assert bench.events(CheckpointSaved)
    assert "first epoch" in bench.events(Warned)[0].message


def test_cancel_ends_at_the_next_step(prepare: Prepare) -> None:
    bench, training = prepare()
    _after(training, 1, bench.wishes.cancel)
    with pytest.raises(RunEnded):
        training.fit()
    assert training.at.step == 2


def test_a_stop_before_the_first_step_has_nothing_to_keep(prepare: Prepare) -> None:
    bench, training = prepare()
    bench.wishes.stop()
    with pytest.raises(RunEnded):
        training.fit()


def _poison(training: Training) -> None:
    with torch.no_grad():
        training.hubert.network.classifier.weight.fill_(torch.nan)


def test_a_loss_that_is_no_number_rolls_back_to_the_best_and_goes_on_slower(
    prepare: Prepare,
) -> None:
    bench, training = prepare(epochs=3, patience=9)
    per_epoch = len(training.data.train.plan(3.0, np.random.default_rng([13, 1, 0])))
    _after(training, per_epoch + 1, lambda: _poison(training))
    hubert = training.fit()
    (warning,) = bench.events(Warned)
    assert "best epoch" in warning.message
    assert "1.0e-03" in warning.hint
    assert [e.epoch for e in bench.events(EpochFinished)] == [1, 2, 3]
    assert all(value.isfinite().all() for value in _weights(hubert).values())


def test_diverging_in_the_first_epoch_goes_back_to_the_start(prepare: Prepare) -> None:
    bench, training = prepare()
    _after(training, 1, lambda: _poison(training))
    training.fit()
    assert "its start" in bench.events(Warned)[0].message
    assert len(bench.events(EpochFinished)) == 2


def test_a_learning_rate_that_always_diverges_is_a_clear_failure(prepare: Prepare) -> None:
    _, training = prepare(learning_rate=1e38)
    with pytest.raises(TrainerError, match="diverged twice") as caught:
        training.fit()
    assert "learning rate" in caught.value.hint


def _fill_memory() -> None:
    raise torch.OutOfMemoryError("CUDA out of memory (simulated)")


def test_out_of_memory_halves_the_batches_once(prepare: Prepare) -> None:
    bench, training = prepare(epochs=1)
    before = len(training.data.train.plan(3.0, np.random.default_rng([13, 1, 0])))
    _after(training, 1, _fill_memory)
    training.fit()
    (warning,) = bench.events(Warned)
    assert "1.5 s" in warning.hint
    assert training.at.seen == 8
    assert training.at.step > before
    assert bench.run.facts == {"batch_seconds": 1.5}


def test_what_did_not_fit_is_not_tried_again_by_the_same_model(prepare: Prepare) -> None:
    bench, training = prepare(epochs=1)
    _after(training, 1, _fill_memory)
    training.fit()
    again, fewer, sparing = (
        prepare(epochs=1, **more)
        for more in ({}, {"batch_seconds": 1.0}, {"gradient_checkpointing": True})
    )
    assert "did not fit" in again[0].events(Warned)[0].message
    assert not again[1].at.halved, "it may still be halved once"
    assert [t.at.batch_seconds for _, t in (again, fewer, sparing)] == [1.5, 1.0, 3.0]
    (bench.run.cache / "batch_seconds_that_did_not_fit.json").write_text("rubbish")
    assert prepare(epochs=1)[1].at.batch_seconds == 3.0


def test_out_of_memory_twice_is_a_clear_failure(prepare: Prepare) -> None:
    bench, training = prepare(batch_seconds=10.0)
    training._learn = lambda *_: _fill_memory()  # type: ignore[method-assign]
    with pytest.raises(TrainerError, match="too little memory") as caught:
        training.fit()
    assert caught.value.code == "gpu_oom"
    assert len(bench.events(Warned)) == 1

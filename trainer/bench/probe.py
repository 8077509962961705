"""Retraining a probe after 100 of 5,000 labels changed, embeddings of hubert-large's size in the
real store; beside it, of the workload's own clips, what the same costs from audio."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from trainer.bench.measure import Measure
from trainer.bench.workload import Workload
from trainer.contract.config import ProbeConfig, RunConfig
from trainer.contract.errors import TrainerError
from trainer.contract.kept import EMBEDDINGS
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.features.cache import FeatureCache
from trainer.network.encoder import VERSION, Encoder
from trainer.reporter import Reporter
from trainer.run import carry_out
from trainer.sound.blob_store import BlobStore
from trainer.sound.waveforms import RATE, Waveforms
from trainer.training.wishes import Wishes

CLIPS, CHANGED, PER_RECORDING, PER_GROUP = 5_000, 100, 10, 50
STATES, WIDTH = 25, 1024
_TURNS = 3


def measure(work: Workload) -> Iterator[Measure]:
    """Seconds from the start of the run to its result, in a process that is there already."""
    folder = work.folder / "probe"
    clips, config = embedded(folder)
    warm = [
        carried_out(new_run(folder / f"warm{turn}", config, relabelled(clips, turn)))
        for turn in range(_TURNS)
    ]
    name = f"probe, {CHANGED} of {CLIPS:,} labels changed"
    yield Measure(name, min(warm), "s", at_most=3)
    config = RunConfig("probe", probe=ProbeConfig(str(work.model)), cache=str(folder / "audio"))
    audio, again = (
        carried_out(new_run(folder / turn, config, work.clips)) for turn in ("audio", "again")
    )
    yield Measure(f"probe of {len(work.clips)} clips, again", again, "s", audio, "from audio")


def embedded(folder: Path) -> tuple[list[ManifestClip], RunConfig]:
    """Clips whose embeddings are in the cache of a run with this configuration."""
    folder.mkdir(parents=True)
    clips, model = _clips(folder / "sounds"), _model_folder(folder)
    config = RunConfig("probe", probe=ProbeConfig(str(model)), cache=str(folder / "cache"))
    _fill_cache(clips, config)
    return clips, config


def carried_out(run: RunFolder) -> float:
    """Seconds. Raises TrainerError when it fails."""
    began = time.perf_counter()
    with Reporter(run, None) as reporter:
        code = carry_out(run, reporter, Wishes())
    if code:
        error = (run.read_result() or {})["error"]
        raise TrainerError(error["message"], error["hint"], error["code"])
    return time.perf_counter() - began


def new_run(path: Path, config: RunConfig, clips: Sequence[ManifestClip]) -> RunFolder:
    run = RunFolder(path)
    run.create(config, list(clips))
    return run


def _clips(folder: Path) -> list[ManifestClip]:
    """Short ones of many recordings: what they sound like is in the cache."""
    folder.mkdir()
    rng = np.random.default_rng(1)
    clips = []
    for number in range(CLIPS // PER_RECORDING):
        path = folder / f"{number}.wav"
        soundfile.write(path, 0.1 * rng.standard_normal(PER_RECORDING * RATE // 10), RATE)
        for i in range(PER_RECORDING):
            at = number * PER_RECORDING + i
            label, group = CLASSES[at % len(CLASSES)], f"g{at // PER_GROUP}"
            start = i / 10
            clips.append(ManifestClip(str(at), str(path), label, group, start, start + 0.1))
    return clips


def relabelled(clips: Sequence[ManifestClip], seed: int) -> list[ManifestClip]:
    changed = set(np.random.default_rng(seed).choice(len(clips), CHANGED, replace=False).tolist())
    return [
        replace(clip, label=CLASSES[(i + 1) % len(CLASSES)]) if i in changed else clip
        for i, clip in enumerate(clips)
    ]


def _model_folder(folder: Path) -> Path:
    """Files that an encoder is known by; nobody reads them."""
    model = folder / "model"
    model.mkdir()
    for name in ("config.json", "model.safetensors"):
        (model / name).write_text(name)
    return model


def _fill_cache(clips: Sequence[ManifestClip], config: RunConfig) -> None:
    """As embedding does: each state tells a little of the class."""
    cache, rng = Path(str(config.cache)), np.random.default_rng(2)
    waveforms = Waveforms(cache)
    waveforms.build(clips)
    store = BlobStore(cache / EMBEDDINGS)
    identity = Encoder(config.probe.model, config.seed, store, lambda *_: None)._identity()
    kept = FeatureCache(store, f"{VERSION} made {config.probe.statistics}", "<f2")
    directions = rng.standard_normal((len(CLASSES), WIDTH)) * 0.15
    with store.writing():
        store.put(f"encoder {VERSION} {identity}", b"", ["made", "0" * 64, STATES])
        for i, clip in enumerate(clips):
            states = rng.standard_normal((STATES, WIDTH), np.float32)
            states[STATES // 2] += directions[i % len(CLASSES)]
            kept.put(str(waveforms.name(clip)), states.astype(np.float16).reshape(-1))

"""Retraining a probe after 100 of 5,000 labels changed, embeddings of hubert-large's size in the
real store: from the start of the process to `result.json`, and in a process that is there already.
Beside it what the same costs from audio, with a network of 14 M parameters and fewer clips."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import soundfile

from tests.benchmarks.targets import Figure, show
from trainer.blob_store import BlobStore
from trainer.contract.config import ProbeConfig, RunConfig
from trainer.contract.kept import EMBEDDINGS
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.encoder import VERSION, Encoder
from trainer.feature_cache import FeatureCache
from trainer.reporter import Reporter
from trainer.run import carry_out
from trainer.waveforms import RATE, Waveforms
from trainer.wishes import Wishes

CLIPS, CHANGED, PER_RECORDING, PER_GROUP = 5_000, 100, 10, 50
STATES, WIDTH = 25, 1024
FROM_AUDIO, SECONDS = 60, 4.0


def main() -> int:
    """Print the table; returns the number of targets missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clips, model = _clips(folder / "audio"), _model_folder(folder)
        config = RunConfig("probe", probe=ProbeConfig(str(model)), cache=str(folder / "cache"))
        _fill_cache(clips, config)
        cold = [_cold(_run(folder / f"cold{i}", config, _relabelled(clips, i))) for i in range(3)]
        warm = [_warm(_run(folder / f"warm{i}", config, _relabelled(clips, i))) for i in range(3)]
        kept = sum(f.stat().st_size for f in (folder / "cache" / EMBEDDINGS).iterdir())
        audio, again = _from_audio(folder)
    return show(
        f"Probe of {CLIPS} clips, {STATES} states of {WIDTH}, {CHANGED} labels changed",
        [
            Figure("retrain and evaluate, warm process", min(warm), "s", at_most=3),
            Figure("retrain and evaluate, process start included", min(cold), "s", at_most=3),
            Figure("kept on disk", kept / 1e6, "MB"),
            Figure(
                f"{FROM_AUDIO} clips of {SECONDS:.0f} s from audio, 14 M parameters", audio, "s"
            ),
            Figure("the same again", again, "s"),
            Figure("from audio against again", audio / again, "times", at_least=3),
        ],
    )


def _cold(run: RunFolder) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-m", "trainer", "run", str(run.path)]
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return time.perf_counter() - began


def _warm(run: RunFolder) -> float:
    began = time.perf_counter()
    with Reporter(run, None) as reporter:
        assert carry_out(run, reporter, Wishes()) == 0
    return time.perf_counter() - began


def _run(path: Path, config: RunConfig, clips: Sequence[ManifestClip]) -> RunFolder:
    run = RunFolder(path)
    run.create(config, clips)
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


def _relabelled(clips: Sequence[ManifestClip], seed: int) -> list[ManifestClip]:
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
            states[12] += directions[i % len(CLASSES)]
            kept.put(str(waveforms.name(clip)), states.astype(np.float16).reshape(-1))


def _from_audio(folder: Path) -> tuple[float, float]:
    """A real network from audio, and again with the embeddings it left."""
    from trainer.bench.workload import MIDDLE, make_clips, random_hubert
    from trainer.pretrained import save_hubert

    model = folder / "middle"
    model.mkdir()
    save_hubert(random_hubert(MIDDLE), model)
    config = RunConfig("probe", probe=ProbeConfig(str(model)), cache=str(folder / "second"))
    clips = make_clips(folder / "sounds", [SECONDS] * FROM_AUDIO)
    first = _cold(_run(folder / "first", config, clips))
    return first, _cold(_run(folder / "again", config, clips))


if __name__ == "__main__":
    sys.exit(main())

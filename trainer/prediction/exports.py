"""Exports of a fine-tuned run, made once for each checkpoint and kept in the run's folder."""

import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
import torch

from trainer.contract.errors import TrainerError
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.network.model import Hubert
from trainer.network.pretrained import load_hubert
from trainer.prediction.onnx_export import export_network, quantize
from trainer.prediction.onnx_network import Logits, OnnxNetwork, softmax
from trainer.prediction.parity import (
    FILES,
    FP32,
    INT8,
    NO_EXPORT,
    TORCH,
    Delta,
    Parity,
    checkpoint_hash,
    choose,
    delta,
    dev_clips,
    stamp_of,
    write_parity,
)
from trainer.sound.decoding import AudioError, Pcm
from trainer.sound.waveforms import RATE, Waveforms
from trainer.training.best_model import best_folder

BENCHMARK_S = 2.0
_MOST_DEV, _COMPARED = 100, 6
_TYPICAL_S = 4.0

Answer = Callable[[Pcm], Logits]
Between = Callable[[], object]


def _nothing() -> None:
    pass


def prepare_exports(folder: RunFolder, waveforms: Waveforms, between: Between = _nothing) -> Parity:
    """Export the best checkpoint, measure what came of it, and leave both in `exports`.

    `between` is called between clips, and may raise. Raises TrainerError when there is no
    checkpoint and, with the code `export`, when the network cannot be exported; OSError when the
    disk is full.
    """
    source = best_folder(folder.checkpoints)
    hubert = load_hubert(source, str(source))
    hubert.network.eval()
    clips, heard = _heard(dev_clips(folder, _MOST_DEV), waveforms, between)
    with _aside(folder.exports) as made:
        _export(hubert, made)
        engines: dict[str, Answer] = {
            TORCH: partial(torch_logits, hubert),
            FP32: OnnxNetwork(made / FILES[FP32]).logits,
            INT8: OnnxNetwork(made / FILES[INT8]).logits,
        }
        difference = _difference(engines, heard or [_noise(1.0), _noise(_TYPICAL_S)], between)
        found = _delta(clips, heard, engines, folder.temperature(), between)
        typical = sorted(heard, key=len)[len(heard) // 2] if heard else _noise(_TYPICAL_S)
        clips_per_s = _benchmark(engines, typical, between)
        engine, reason = choose(difference, found, clips_per_s)
        parity = Parity(
            checkpoint=checkpoint_hash(source),
            stamp=stamp_of(source),
            engine=engine,
            reason=reason,
            logit_difference=difference,
            compared=min(len(heard), _COMPARED) or 2,
            dev_clips=found.clips,
            probability_change=found.probability_change,
            changed_answers=found.changed_answers,
            macro_f1=found.macro_f1,
            int8_macro_f1=found.int8_macro_f1,
            clips_per_s=clips_per_s,
            clip_seconds=len(typical) / RATE,
        )
        write_parity(made, parity)
    return parity


def _export(hubert: Hubert, made: Path) -> None:
    try:
        export_network(hubert, made / FILES[FP32])
        quantize(made / FILES[FP32], made / FILES[INT8])
    except OSError:
        raise
    except Exception as error:  # exporter and quantiser raise what comes
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise TrainerError(
            f"The network cannot be exported: {reason}", "PyTorch answers instead.", NO_EXPORT
        ) from error


@torch.no_grad()
def torch_logits(hubert: Hubert, waveform: Pcm) -> Logits:
    """What PyTorch says of one clip, shape (3,)."""
    logits: Logits = hubert.logits(hubert.features(waveform)[None])[0].double().cpu().numpy()
    return logits


@contextmanager
def _aside(exports: Path) -> Iterator[Path]:
    """A folder to fill that takes the place of `exports` when the block ends well."""
    made = exports.with_name(f".exports-{os.getpid()}.part")
    made.mkdir()
    try:
        yield made
        shutil.rmtree(exports, ignore_errors=True)
        made.replace(exports)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _heard(
    clips: Sequence[ManifestClip], waveforms: Waveforms, between: Between
) -> tuple[list[ManifestClip], list[Pcm]]:
    """Those whose audio is still there, and their samples."""
    there: list[ManifestClip] = []
    heard: list[Pcm] = []
    for clip in clips:
        between()
        try:
            heard.append(waveforms.samples(clip))
        except AudioError:
            continue
        there.append(clip)
    return there, heard


def _difference(engines: Mapping[str, Answer], heard: Sequence[Pcm], between: Between) -> float:
    """Largest between the logits of PyTorch and of the export, over clips of many lengths."""
    by_length = sorted(heard, key=len)
    places = np.linspace(0, len(by_length) - 1, min(len(by_length), _COMPARED)).round()
    found = 0.0
    for place in places.astype(int):
        between()
        apart = engines[TORCH](by_length[place]) - engines[FP32](by_length[place])
        found = max(found, float(np.abs(apart).max()))
    return found


def _delta(
    clips: Sequence[ManifestClip],
    heard: Sequence[Pcm],
    engines: Mapping[str, Answer],
    temperature: float,
    between: Between,
) -> Delta:
    rows: dict[str, list[Logits]] = {FP32: [], INT8: []}
    for waveform in heard:
        for name, answers in rows.items():
            between()
            answers.append(softmax(engines[name](waveform)))
    return delta(clips, np.array(rows[FP32]), np.array(rows[INT8]), temperature)


def _benchmark(engines: Mapping[str, Answer], waveform: Pcm, between: Between) -> dict[str, float]:
    """Clips a second of each, in turns, for two seconds."""
    spent: dict[str, list[float]] = {name: [] for name in engines}
    until = time.monotonic() + BENCHMARK_S
    while time.monotonic() < until:
        for name, answer in engines.items():
            between()
            began = time.perf_counter()
            answer(waveform)
            spent[name].append(time.perf_counter() - began)
    return {name: 1 / median(times) for name, times in spent.items()}


def _noise(seconds: float) -> Pcm:
    return np.random.default_rng(0).integers(-3000, 3000, round(seconds * RATE), dtype=np.int16)

"""Evaluation of decoded clips, float32, beside the pipeline of transformers in turns."""

import time
from collections.abc import Iterator

from trainer.bench import stock
from trainer.bench.measure import Measure
from trainer.bench.workload import Workload
from trainer.dataset import Examples, Features
from trainer.device import choose_device
from trainer.model import Hubert
from trainer.predict import predict
from trainer.pretrained import load_hubert
from trainer.waveforms import Waveforms

_TURNS = 2


def measure(work: Workload) -> Iterator[Measure]:
    """Clips a second of the quickest of some turns: another program's work slows only some."""
    hubert = load_hubert(work.model, str(work.model))
    hubert.network.to(choose_device())
    waveforms = Waveforms(work.cache)
    waveforms.build(work.clips)
    heard = work.sounds(waveforms)
    ours, theirs = [], list[dict[int, float]]()
    for _ in range(_TURNS):
        ours.append(_ours(work, hubert))
        theirs.append(stock.evaluation(work.model, heard))
    best = min(stock.BATCHES, key=lambda batch: min(turn[batch] for turn in theirs))
    seconds = min(turn[best] for turn in theirs)
    yield Measure(
        "evaluation, float32",
        len(heard) / min(ours),
        "clips/s",
        len(heard) / seconds,
        f"pipeline, {best} at a time",
        times=1.3,
    )


def _ours(work: Workload, hubert: Hubert) -> float:
    """Seconds from decoded clips to logits; nothing computed before is kept."""
    began = time.perf_counter()
    features = Features(Waveforms(work.cache), hubert, room=0)
    logits = predict(hubert, Examples(work.clips, features, work.longest))
    assert len(logits) == len(work.clips)
    return time.perf_counter() - began

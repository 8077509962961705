"""Evaluation of decoded clips by what answers fastest here, in turns with the pipeline of
transformers: on a CPU the ONNX export in 32 and in 8 bits, on a graphics card the engine."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from trainer.bench import stock
from trainer.bench.measure import Measure
from trainer.bench.workload import Workload
from trainer.device import choose_device, precision_on
from trainer.granted import usable_cores
from trainer.network.model import Hubert
from trainer.network.pretrained import load_hubert
from trainer.prediction.onnx_export import export_network, quantize
from trainer.prediction.onnx_network import OnnxNetwork
from trainer.prediction.predict import predict
from trainer.sound.waveforms import Waveforms
from trainer.training.dataset import Examples, Features

_TURNS = 2
_TIMES = {"float32": 1.3, "int8": 2.0}


def measure(work: Workload) -> Iterator[Measure]:
    """Clips a second of the quickest of some turns: another program's work slows only some."""
    waveforms = Waveforms(work.cache)
    waveforms.build(work.clips)
    heard = work.sounds(waveforms)
    sides = _sides(work, waveforms)
    ours: dict[str, list[float]] = {name: [] for name in sides}
    theirs: list[dict[int, float]] = []
    for _ in range(_TURNS):
        for name, side in sides.items():
            began = time.perf_counter()
            side()
            ours[name].append(time.perf_counter() - began)
        theirs.append(stock.evaluation(work.model, heard))
    best = min(stock.BATCHES, key=lambda batch: min(turn[batch] for turn in theirs))
    rate = len(heard) / min(turn[best] for turn in theirs)
    for name, spent in ours.items():
        yield Measure(
            f"evaluation, {name}",
            len(heard) / min(spent),
            "clips/s",
            rate,
            f"pipeline, {best} at a time",
            times=_TIMES.get(name),
        )


def _sides(work: Workload, waveforms: Waveforms) -> dict[str, Callable[[], object]]:
    """From decoded clips to logits; nothing computed before is kept."""
    hubert, device = load_hubert(work.model, str(work.model)), choose_device()
    if device.type != "cpu":
        hubert.network.to(device)
        return {
            f"on the card, {precision_on(device)}": partial(_by_engine, work, waveforms, hubert)
        }
    hubert.network.eval()
    clips = [waveforms.samples(clip, work.longest) for clip in work.clips]
    exported = {name: work.folder / f"{name}.onnx" for name in _TIMES}
    export_network(hubert, exported["float32"])
    quantize(exported["float32"], exported["int8"])
    cores = usable_cores()
    return {n: partial(OnnxNetwork(file, cores).every, clips) for n, file in exported.items()}


def _by_engine(work: Workload, waveforms: Waveforms, hubert: Hubert) -> None:
    features = Features(waveforms, hubert, room=0)
    predict(hubert, Examples(work.clips, features, work.longest))

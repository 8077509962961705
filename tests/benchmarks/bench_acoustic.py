"""Acoustic features: clips a second, first time and from the cache, beside a plain loop over the
clips with torchaudio's own MFCC and pitch on torch's default threads. Absolute rates hold for two
quiet cores; what a core's second of work gives is printed beside them."""

import tempfile
import time
from pathlib import Path

import numpy as np
import soundfile
import torch

from tests.benchmarks.targets import Figure, show
from tests.trainer.voices import RATE, voice
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.features.extraction import vectors_of
from trainer.reporter import Reporter
from trainer.sound.audio_backend import torchaudio
from trainer.training.wishes import Wishes

CLIPS, SECONDS = 240, 3.5


def main() -> int:
    """Print the table; returns the number of targets missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clips = [_clip(folder, number) for number in range(CLIPS)]
        with Reporter(RunFolder(folder), None) as reporter:
            vectors_of(clips[:4], folder / "first", reporter, Wishes())  # imports, tables
            began = time.process_time()
            cold = _rate(clips, folder, reporter)
            core = len(clips) / (time.process_time() - began)
            warm = _rate(clips, folder, reporter)
        loop = _plain_loop(clips)
    return show(
        f"Acoustic features of {CLIPS} clips of {SECONDS} s",
        [
            Figure("first time", cold, "clips/s", at_least=40),
            Figure("first time, a core's second of work", core, "clips"),
            Figure("from the cache", warm, "clips/s", at_least=1000),
            Figure("plain loop: MFCC, deltas, pitch", loop, "clips/s"),
            Figure("first time against the loop", cold / loop, "times", at_least=1),
        ],
    )


def _rate(clips: list[ManifestClip], folder: Path, reporter: Reporter) -> float:
    began = time.perf_counter()
    found, _ = vectors_of(clips, folder / "cache", reporter, Wishes())
    assert len(found) == len(clips)
    return len(clips) / (time.perf_counter() - began)


def _plain_loop(clips: list[ManifestClip]) -> float:
    """What a script does: one clip after another, mean and deviation over time."""
    mfcc = torchaudio.transforms.MFCC(RATE, n_mfcc=20, melkwargs={"n_mels": 40})
    began = time.perf_counter()
    for clip in clips:
        samples, _ = soundfile.read(clip.path, dtype="float32")
        sound = torch.from_numpy(samples)
        cepstra = mfcc(sound)
        moving = torch.cat([cepstra, torchaudio.functional.compute_deltas(cepstra)])
        pitch = torchaudio.functional.detect_pitch_frequency(sound[None], RATE)
        torch.cat([moving.mean(1), moving.std(1), pitch.mean(1), pitch.std(1)]).numpy()
    return len(clips) / (time.perf_counter() - began)


def _clip(folder: Path, number: int) -> ManifestClip:
    label = CLASSES[number % len(CLASSES)]
    path = folder / f"{number}.flac"
    sound = voice(label, 90 + number % 12 * 12, number, SECONDS - 0.2)
    soundfile.write(path, np.clip(sound, -1, 1), RATE)
    return ManifestClip(str(number), str(path), label, str(number % 12))

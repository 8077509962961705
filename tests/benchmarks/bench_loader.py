"""The way from audio files to batches: decoding into the store beside a file for each clip, and
opening a large store again. Whether the network waits for its input: see bench_finetune."""

import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import soundfile

from tests.benchmarks.targets import Figure, show
from tests.conftest import REAL_DATA
from trainer.contract.kept import AUDIO
from trainer.contract.manifest import ManifestClip
from trainer.priority import give_way
from trainer.sound.blob_store import BlobStore
from trainer.sound.decoding import read_audio, to_pcm
from trainer.sound.waveforms import RATE, Waveforms, _identity, _key

DECODED, MANY = 240, 20_000


def main() -> int:
    """Print the table; returns the number of targets missed."""
    give_way(studio=False)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return show(
            f"From files to batches, {os.cpu_count()} cores",
            [*_decoding(folder), *_opening(folder)],
        )


def _decoding(folder: Path) -> list[Figure]:
    """In turns, and the better of two each: the first reads the files from the disk."""
    clips = _clips(folder, DECODED)
    ours, apart = 0.0, 0.0
    for turn in range(2):
        build = partial(Waveforms(folder / f"ours{turn}").build, clips)
        ours = max(ours, len(clips) / _seconds(build))
        apart = max(apart, len(clips) / _seconds(partial(_file_each, clips, folder / str(turn))))
    return [
        Figure(f"decoding {len(clips)} flac clips into the store", ours, "clips/s"),
        Figure("  into a file for each clip", apart, "clips/s"),
        Figure("  the store against files", ours / apart, "x", at_least=0.9),
    ]


def _file_each(clips: list[ManifestClip], folder: Path) -> None:
    folder.mkdir()

    def decode(clip: ManifestClip) -> None:
        np.save(folder / f"{clip.clip_id}.npy", to_pcm(read_audio(Path(clip.path), rate=RATE)[0]))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(decode, clips))


def _opening(folder: Path) -> list[Figure]:
    """A store of many clips, as a run finds it whose clips were all decoded before. The clips are
    small, and all names of a few files: what is measured is the index."""
    files = [Path(clip.path) for clip in _clips(folder, 50)]
    names = folder / "many"
    names.mkdir()
    clips = []
    store = BlobStore(folder / "large" / AUDIO)
    with store.writing():
        for number in range(MANY):
            path = names / f"{number}.flac"
            path.hardlink_to(files[number % len(files)])
            clips.append(ManifestClip(str(number), str(path), None, "g"))
            content = f"{number:032x}"
            store.put(_identity(str(path)), b"", content)
            store.put(_key(content, clips[-1]), bytes(64), (32, True))
    waveforms = None

    def opened() -> None:
        nonlocal waveforms
        waveforms = Waveforms(folder / "large")
        assert waveforms.build(clips) == {}

    seconds = min(_seconds(opened) for _ in range(3))
    assert waveforms is not None
    lengths = _seconds(lambda: [waveforms.length(clip) for clip in clips])
    files_kept = len(list((folder / "large" / AUDIO).iterdir()))
    return [
        Figure(f"opening a store of {MANY:,} clips", 1000 * seconds, "ms", at_most=1500),
        Figure("  and asking for their lengths", 1000 * lengths, "ms"),
        Figure("  its files on the disk", files_kept, "", at_most=4),
    ]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _clips(folder: Path, count: int) -> list[ManifestClip]:
    """RAVDESS where it lies beside the project, else noise of 3.5 s."""
    found = sorted(REAL_DATA.glob("ravdess/*/*.flac"))[:count]
    if not found:
        sounds = folder / "sounds"
        sounds.mkdir(exist_ok=True)
        found = [sounds / f"{number}.flac" for number in range(count)]
        for number, path in enumerate(found):
            noise = np.random.default_rng(number).uniform(-0.3, 0.3, round(3.5 * RATE))
            soundfile.write(path, noise, RATE)
    return [ManifestClip(path.stem, str(path), None, "g") for path in found]

"""Small synthetic voices: a pulse train through two resonances, with a pitch for each class."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from trainer.contract import protocol
from trainer.contract.config import AcousticConfig, RunConfig, SplitConfig
from trainer.contract.labels import CLASSES, NEGATIVE, NEUTRAL, POSITIVE
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.reporter import Reporter
from trainer.run import carry_out
from trainer.training.wishes import Wishes

RATE = 16_000
SEMITONES = {NEGATIVE: 6.0, NEUTRAL: 0.0, POSITIVE: 3.0}
LIVELINESS = {NEGATIVE: 1.0, NEUTRAL: 0.3, POSITIVE: 4.0}


def voice(label: str, base_hz: float, seed: int, seconds: float = 0.8) -> np.ndarray:
    """One utterance, float32 in -1..1, with 0.1 s of near-silence on both sides."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    semitones = SEMITONES[label] + LIVELINESS[label] * np.sin(2 * np.pi * 3 * time + rng.random())
    phase = np.cumsum(base_hz * 2 ** (semitones / 12) / RATE) + rng.random()
    sound = sum(np.sin(2 * np.pi * k * phase) / k for k in range(1, 12))
    sound = 0.1 * np.asarray(sound) * np.hanning(len(time)) + 0.002 * rng.standard_normal(len(time))
    edge = 0.0005 * rng.standard_normal(RATE // 10)
    return np.concatenate([edge, sound, edge]).astype(np.float32)


def voices(folder: Path, speakers: int = 6, each: int = 6) -> list[ManifestClip]:
    """Labelled wav files of several speakers, and the manifest that names them."""
    folder.mkdir(parents=True, exist_ok=True)
    clips = []
    for speaker in range(speakers):
        for i in range(each):
            label = CLASSES[i % len(CLASSES)]
            path = folder / f"s{speaker}_{i}.wav"
            sound = voice(label, 100 + 18 * speaker, 100 * speaker + i)
            soundfile.write(path, sound, RATE)
            clips.append(ManifestClip(path.stem, str(path), label, f"voices:{speaker}"))
    return clips


def run_folder(path: Path, clips: list[ManifestClip], **changes: object) -> RunFolder:
    """A run to be carried out, quick to learn."""
    folder = RunFolder(path)
    config = RunConfig(
        **{
            "acoustic": AcousticConfig(strengths=(0.001, 0.1)),
            "split": SplitConfig(0.34, 0.25),
            "cache": str(path.parent / "cache"),
            **changes,
        }  # type: ignore[arg-type]
    )
    folder.create(config, clips)
    return folder


class Events(io.BytesIO):
    """A stream that decodes what is written to it, and may answer an event with a wish."""

    def __init__(self, wishes: Wishes, answer: Callable[[protocol.Event, Wishes], None]) -> None:
        super().__init__()
        self.all: list[protocol.Message] = []
        self._wishes, self._answer = wishes, answer

    def write(self, lines: bytes) -> int:  # type: ignore[override]
        for line in lines.decode().splitlines():
            event = protocol.decode(line)
            assert event, line
            self.all.append(event)
            self._answer(event, self._wishes)
        return len(lines)


def carried_out(
    folder: RunFolder, answer: Callable[[protocol.Event, Wishes], None] = lambda _, __: None
) -> tuple[int, list[protocol.Message]]:
    """Carry out a run in this process: the exit code and the events."""
    wishes = Wishes()
    stream = Events(wishes, answer)
    with Reporter(folder, stream, on_gone=wishes.leave) as reporter:
        code = carry_out(folder, reporter, wishes)
    return code, [event for event in stream.all if not isinstance(event, protocol.Heartbeat)]

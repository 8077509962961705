"""The practice set: synthetic clips that let everything be tried with no corpus and no network.

Deterministic by seed. The three classes overlap on purpose (a sad voice is close to a calm one, an
angry to an excited one), so that a model trained on it makes mistakes worth auditioning.
"""

import csv
import io
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np

from stremo_studio.media.voice import RATE, Prosody, Speaker, Wave, say
from trainer.contract.files import write_text_atomically
from trainer.sound.decoding import to_pcm

TABLE = "practice-set.csv"
UNLABELLED_PER_SPEAKER = 3
SPEAKERS = (
    Speaker(98, 1.06, 0.6, 0.008),
    Speaker(112, 1.00, 0.3, 0.010),
    Speaker(121, 0.97, 0.9, 0.014),
    Speaker(135, 1.02, 0.4, 0.006),
    Speaker(178, 0.88, 0.7, 0.010),
    Speaker(196, 0.85, 0.4, 0.007),
    Speaker(210, 0.87, 1.0, 0.012),
    Speaker(226, 0.82, 0.5, 0.009),
)
_EMOTIONS = {  # emotion: how it is said on average, and how many clips of it each speaker has
    "anger": (Prosody(2.6, 2.4, -2.6, 5.4, 5.0, 0.8, 0.0, -0.6), 2),
    "sadness": (Prosody(-1.4, 1.0, -2.6, 3.3, -5.0, -0.8, 0.8, -0.9), 2),
    "fear": (Prosody(3.4, 1.2, -0.4, 5.6, -2.0, -0.4, 1.2, -0.6), 1),
    "neutral": (Prosody(), 4),
    "happiness": (Prosody(2.6, 4.2, 0.8, 4.8, 2.0, 0.3, 0.1, 1.0), 3),
    "excitement": (Prosody(4.2, 4.6, 1.2, 5.6, 4.5, 0.7, 0.1, 0.8), 2),
}
CLIPS_PER_SPEAKER = sum(count for _, count in _EMOTIONS.values())
_README = """Practice set: SYNTHETIC voices

Every clip in this folder was computed by StrEmo Studio. Nobody spoke: the voices are glottal pulses
sent through formant filters, saying made-up syllables. The emotions are rules of pitch, tempo,
energy and voice quality that overlap on purpose.

Use it to try labelling, training and review. Scores on it say nothing about speech emotion.

{clips} clips, {speakers} synthetic speakers, {unlabelled} clips left without a label for you.
The labels are in {table}. Free of rights (CC0).
"""


def make_practice_set(
    folder: Path, progress: Callable[[float], None] | None = None, seed: int = 1
) -> Path:
    """Write the clips and their table into `folder`; returns the table's path.

    `progress` hears the share done (0..1). The table is written last: where it is, the set is
    whole. Raises OSError when the folder cannot be written.
    """
    rows: list[tuple[str, str, str]] = []
    for number, speaker in enumerate(SPEAKERS, start=1):
        rows += _write_speaker(folder, f"synthetic-{number:02}", speaker, seed * 1000 + number)
        if progress is not None:
            progress(number / len(SPEAKERS))
    unlabelled = UNLABELLED_PER_SPEAKER * len(SPEAKERS)
    write_text_atomically(
        folder / "README.txt",
        _README.format(clips=len(rows), speakers=len(SPEAKERS), unlabelled=unlabelled, table=TABLE),
    )
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("path", "emotion", "speaker"))
    table.writerows(rows)
    write_text_atomically(folder / TABLE, text.getvalue())
    return folder / TABLE


def _write_speaker(
    folder: Path, name: str, speaker: Speaker, seed: int
) -> list[tuple[str, str, str]]:
    """One speaker's clips in mixed order, so that no file name gives its label away."""
    random = np.random.default_rng(seed)
    emotions = [emotion for emotion, (_, count) in _EMOTIONS.items() for _ in range(count)]
    random.shuffle(emotions)
    rows = []
    for number, emotion in enumerate(emotions, start=1):
        path = f"{name}/{name}-clip-{number:02}.wav"
        prosody = _varied(_EMOTIONS[emotion][0], random)
        _write_wav(folder / path, say(speaker, prosody, random.uniform(1.5, 3.0), random))
        known = emotion if number > UNLABELLED_PER_SPEAKER else ""
        rows.append((path, known, name))
    return rows


def _varied(mean: Prosody, random: np.random.Generator) -> Prosody:
    """How it is said this time: more or less of the emotion, and a habit of the moment."""
    calm = Prosody()
    much = float(np.clip(random.normal(1.2, 0.25), 0.5, 1.7))

    def part(name: str, spread: float) -> float:
        rest = getattr(calm, name)
        return float(rest + much * (getattr(mean, name) - rest) + random.normal(0, spread))

    return Prosody(
        level=part("level", 0.6),
        spread=max(0.4, part("spread", 0.35)),
        slope=part("slope", 0.4),
        tempo=float(np.clip(part("tempo", 0.3), 2.6, 6.8)),
        energy=part("energy", 1.2),
        effort=float(np.clip(part("effort", 0.15), -1.0, 1.0)),
        breath=max(0.0, part("breath", 0.12)),
        smile=part("smile", 0.2),
    )


def _write_wav(path: Path, samples: Wave) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(to_pcm(samples.astype(np.float32)).tobytes())

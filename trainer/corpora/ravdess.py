"""RAVDESS speech (Livingstone & Russo 2018): everything stands in `03-01-EE-II-SS-RR-AA.wav`."""

import re

from trainer.corpora.named import NamedCorpus, Spoken
from trainer.corpora.rows import SpeakerFacts
from trainer.corpora.tally import Tally
from trainer.corpora.tree import AudioFile

_NAME = re.compile(r"(0[1-3])-(0[12])-(0[1-8])-(0[12])-(0[12])-(0[12])-(0[1-9]|1\d|2[0-4])")
_EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
_STATEMENTS = ("Kids are talking by the door", "Dogs are sitting by the door")


def _read_name(file: AudioFile) -> Spoken | None:
    match = _NAME.fullmatch(file.stem)
    if match is None:
        return None
    modality, channel, emotion, _, statement, _, actor = match.groups()
    skip = ""
    if channel == "02":
        skip = "sung, not spoken"
    elif modality == "02":
        skip = "video without sound"
    return Spoken(
        # the audio-visual file of a performance is the same performance: one clip of both
        name=f"03{file.stem[2:]}" if modality == "01" else file.stem,
        emotion=_EMOTIONS[int(emotion) - 1],
        speaker=SpeakerFacts(actor, "male" if int(actor) % 2 else "female", language="English"),
        transcript=_STATEMENTS[int(statement) - 1],
        skip=skip,
    )


RAVDESS = NamedCorpus(
    id="ravdess",
    title="RAVDESS",
    read_name=_read_name,
    full=Tally(files=1440, positive=192, neutral=288, negative=768, discarded=192),
    layout="Actor_01/03-01-05-01-02-01-01.wav",
)

"""SAVEE (Haq & Jackson 2009): `DC/sa01.wav`, or flat as `DC_sa01.wav`; `sa` and `su` come before
the single letters they begin with."""

import re

from trainer.corpora.named import NamedCorpus, Spoken
from trainer.corpora.rows import SpeakerFacts
from trainer.corpora.tally import Tally
from trainer.corpora.tree import AudioFile

_SPEAKERS = ("DC", "JE", "JK", "KL")
_NAME = re.compile(r"(?:(DC|JE|JK|KL)_?)?(sa|su|a|d|f|h|n)(0[1-9]|[12]\d|30)", re.I)
_EMOTIONS = {
    "a": "anger",
    "d": "disgust",
    "f": "fear",
    "h": "happiness",
    "n": "neutral",
    "sa": "sadness",
    "su": "surprise",
}


def _read_name(file: AudioFile) -> Spoken | None:
    match = _NAME.fullmatch(file.stem)
    if match is None:
        return None
    folder = file.path.replace("\\", "/").rpartition("/")[0].rpartition("/")[2]
    speaker, code = (match[1] or folder).upper(), match[2].lower()
    if speaker not in _SPEAKERS:
        return None
    return Spoken(
        name=f"{speaker}_{code}{match[3]}",
        emotion=_EMOTIONS[code],
        speaker=SpeakerFacts(speaker, "male", language="English", accent="British"),
    )


SAVEE = NamedCorpus(
    id="savee",
    title="SAVEE",
    read_name=_read_name,
    full=Tally(files=480, positive=60, neutral=120, negative=240, discarded=60),
    layout="AudioData/DC/a01.wav",
)

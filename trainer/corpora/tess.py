"""TESS (Pichora-Fuller & Dupuis 2020): `OAF_word_emotion.wav`. Folder names are inconsistent and
carry nothing that the file name does not say better."""

import re

from trainer.corpora.named import NamedCorpus, Spoken
from trainer.corpora.rows import speaker_facts
from trainer.corpora.tally import Tally
from trainer.corpora.tree import AudioFile

_NAME = re.compile(r"(OAF?|YAF)_([a-z]+)_(angry|disgust|fear|happy|ps|sad|neutral)", re.I)
_AGES = {"OAF": "64", "YAF": "26"}


def _read_name(file: AudioFile) -> Spoken | None:
    match = _NAME.fullmatch(file.stem)
    if match is None:
        return None
    found, word, emotion = match[1].upper(), match[2].lower(), match[3].lower()
    speaker = "OAF" if found == "OA" else found  # OA_bite_neutral.wav
    return Spoken(
        name=f"{speaker}_{word}_{emotion}",
        emotion=emotion,
        speaker=speaker_facts(speaker, "female", _AGES[speaker], language="English"),
        transcript=f"Say the word {word}",
        fixed="names that miss a letter" if found == "OA" else "",
    )


TESS = NamedCorpus(
    id="tess",
    title="TESS",
    read_name=_read_name,
    full=Tally(files=2800, positive=800, neutral=400, negative=1600, discarded=0),
    layout="OAF_angry/OAF_back_angry.wav",
)

"""CREMA-D (Cao et al. 2014): `AAAA_SSS_EEE_LL.wav`; the label is the intended emotion, which is
what the paper's counts use, not the crowd's vote."""

import re

from trainer.corpora.named import NamedCorpus, Spoken
from trainer.corpora.rows import speaker_facts
from trainer.corpora.tally import Tally
from trainer.corpora.tree import AudioFile

_SENTENCES = {
    "IEO": "It's eleven o'clock",
    "TIE": "That is exactly what happened",
    "IOM": "I'm on my way to the meeting",
    "IWW": "I wonder what this is about",
    "TAI": "The airplane is almost full",
    "MTI": "Maybe tomorrow it will be cold",
    "IWL": "I would like a new alarm clock",
    "ITH": "I think I have a doctor's appointment",
    "DFA": "Don't forget a jacket",
    "ITS": "I think I've seen this before",
    "TSI": "The surface is slick",
    "WSI": "We'll stop in a couple of minutes",
}
_EMOTIONS = {
    "ANG": "anger",
    "DIS": "disgust",
    "FEA": "fear",
    "HAP": "happiness",
    "NEU": "neutral",
    "SAD": "sadness",
}
_NAME = re.compile(rf"(10\d\d)_({'|'.join(_SENTENCES)})_({'|'.join(_EMOTIONS)})_(LO|MD|HI|XX?)")
_ACTRESSES = (  # VideoDemographics.csv, which re-packagings leave out
    "02 03 04 06 07 08 09 10 12 13 18 20 21 24 25 28 29 30 37 43 46 47 49 52 53 54 55 56 58 60 61 "
    "63 72 73 74 75 76 78 79 82 84 89 91"
)


def _read_name(file: AudioFile) -> Spoken | None:
    match = _NAME.fullmatch(file.stem.upper())
    if match is None:
        return None
    actor, sentence, emotion, level = match.groups()
    short = level == "X"  # 1040_ITH_SAD_X in copies from before October 2022
    gender = "female" if actor[2:] in _ACTRESSES else "male"
    return Spoken(
        name=f"{actor}_{sentence}_{emotion}_{'XX' if short else level}",
        emotion=_EMOTIONS[emotion],
        speaker=speaker_facts(actor, gender, language="English"),
        transcript=_SENTENCES[sentence],
        fixed="names with a single X" if short else "",
    )


CREMA_D = NamedCorpus(
    id="crema_d",
    title="CREMA-D",
    read_name=_read_name,
    full=Tally(files=7442, positive=1271, neutral=1087, negative=5084, discarded=0),
    layout="AudioWAV/1001_DFA_ANG_XX.wav",
    suspects=frozenset(
        {"1076_MTI_SAD_XX", "1076_MTI_NEU_XX", "1064_TIE_SAD_XX", "1064_IEO_DIS_MD"}
    ),
)

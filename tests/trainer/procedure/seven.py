"""A small but complete tree of all seven corpora, in their true layouts, with voices in them."""

from pathlib import Path

import soundfile

from tests.trainer.voices import RATE, voice
from trainer.contract.labels import NEGATIVE, NEUTRAL, POSITIVE

_HEADER = (
    "Filename,Language,Gender,Ethnicity,Accent,Age,Clip Time From,Clip Time To,Video_Id,Source,"
    "Emotion"
)


def seven_corpora(root: Path, real: Path | None = None) -> Path:
    """Write the tree; about 200 clips of half a second. `real` is a folder with real RAVDESS
    speech: half a second of one reading of each emotion by five actors takes the voices' place."""
    if real is not None and (real / "ravdess").is_dir():
        _real_ravdess(real / "ravdess", root / "RAVDESS")
    else:
        _ravdess(root / "RAVDESS")
    _crema_d(root / "CREMA-D")
    _tess(root / "TESS")
    _savee(root / "SAVEE")
    _iemocap(root / "IEMOCAP_full_release")
    _mosei(root / "CMU-MOSEI")
    _stremo(root / "StrEmo")
    return root


def _say(path: Path, label: str, speaker: int, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, voice(label, 95 + 11 * (speaker % 12), seed, 0.3), RATE)


def _ravdess(root: Path) -> None:
    classes = {"01": NEUTRAL, "03": POSITIVE, "04": NEGATIVE, "05": NEGATIVE, "08": NEGATIVE}
    for actor in range(1, 6):
        for number, (code, label) in enumerate(classes.items()):
            name = f"03-01-{code}-01-01-01-{actor:02}.wav"
            _say(root / f"Actor_{actor:02}" / name, label, actor, 10 * actor + number)


def _real_ravdess(source: Path, root: Path) -> None:
    for actor in sorted(source.glob("Actor_*"))[:5]:
        for path in actor.glob("03-01-*-01-01-01-*.flac"):
            (root / actor.name).mkdir(parents=True, exist_ok=True)
            samples, rate = soundfile.read(path)  # they begin to speak after a second
            soundfile.write(root / actor.name / path.name, samples[rate : 3 * rate // 2], rate)


def _crema_d(root: Path) -> None:
    classes = {"ANG": NEGATIVE, "SAD": NEGATIVE, "HAP": POSITIVE, "NEU": NEUTRAL}
    for actor in range(1001, 1006):
        for number, (code, label) in enumerate(classes.items()):
            path = root / "AudioWAV" / f"{actor}_DFA_{code}_XX.wav"
            _say(path, label, actor, 10 * actor + number)


def _tess(root: Path) -> None:
    classes = {"angry": NEGATIVE, "ps": POSITIVE, "neutral": NEUTRAL}
    for number, speaker in enumerate(("OAF", "YAF")):
        for word in ("back", "bar", "base"):
            for code, label in classes.items():
                _say(root / f"{speaker}_{word}_{code}.wav", label, 5 + number, len(word) + number)


def _savee(root: Path) -> None:
    classes = {"a": NEGATIVE, "sa": NEGATIVE, "h": POSITIVE, "n": NEUTRAL, "su": NEGATIVE}
    for number, speaker in enumerate(("DC", "JE", "JK", "KL")):
        for code, label in classes.items():
            for take in (1, 2):
                path = root / "AudioData" / speaker / f"{code}{take:02}.wav"
                _say(path, label, 7 + number, 10 * number + take)


def _iemocap(root: Path) -> None:
    codes = {"ang": NEGATIVE, "fru": NEGATIVE, "exc": POSITIVE, "neu": NEUTRAL, "xxx": NEGATIVE}
    for session in range(1, 6):
        dialog = f"Ses{session:02}F_impro01"
        lines = ["% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]", ""]
        for number, (code, label) in enumerate(codes.items()):
            for letter in "FM":
                turn = f"{dialog}_{letter}{number:03}"
                lines.append(f"[{number}.0 - {number}.5]\t{turn}\t{code}\t[2.5, 2.5, 2.5]")
                wav = root / f"Session{session}" / "sentences" / "wav" / dialog / f"{turn}.wav"
                _say(wav, label, 2 * session + (letter == "M"), 10 * session + number)
        evaluation = root / f"Session{session}" / "dialog" / "EmoEvaluation" / f"{dialog}.txt"
        evaluation.parent.mkdir(parents=True)
        evaluation.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _mosei(root: Path) -> None:
    rows = ["Filename,Whisper_Text,CMU_Raw_Audio,Start_Time,Stop_Time,Source,Emotion"]
    for video in range(12):
        name = f"video{video:06}"
        for number, label in enumerate((NEUTRAL, NEGATIVE, POSITIVE)):
            rows.append(f"{name}[{number}],Oh.,{name},0.0,0.4,CMU-MOSEI,{label}")
            cut = root / "Audio" / "Segmented_Audio" / "train" / f"{name}_{number}.wav"
            _say(cut, label, video, 10 * video + number)
    (root / "list.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def _stremo(root: Path) -> None:
    rows = [_HEADER]
    for video, (word, label) in enumerate(
        [("Anger", NEGATIVE), ("Happiness", POSITIVE), ("Neutral", NEUTRAL)] * 3
    ):
        name = f"vid{video:08}"
        for take in range(3):
            times = f"0:00:{3 * take:02},0:00:{3 * take + 2:02}"
            language = "" if label == POSITIVE else "English"
            rows.append(
                f"{name}_{take},{language},Female,White,,26-35,{times},{name},YouTube,{word}"
            )
            _say(root / f"{name}_{take}.wav", label, video, 10 * video + take)
    (root / "StrEmo.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")

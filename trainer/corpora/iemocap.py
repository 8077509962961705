"""IEMOCAP (Busso et al. 2008): labels stand in `Session*/dialog/EmoEvaluation/<dialog>.txt`.

The speaker is the letter of a turn's last part; the letter after the session only says who wore
the markers, and loaders that read that one mix two actors under each name.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from trainer.corpora.headers import Header, audio_findings, read_headers
from trainer.corpora.rows import (
    NEEDS_YOU,
    NOTE,
    SKIPPED,
    CorpusClip,
    CorpusError,
    CorpusScan,
    Finding,
    SpeakerFacts,
)
from trainer.corpora.tally import Tally, discarded_labels, emotion_and_class
from trainer.corpora.tree import AudioFile, Tree

CORPUS = "iemocap"
FULL = Tally(files=10039, positive=1636, neutral=1708, negative=4078, discarded=2617)

_TURN = re.compile(r"(Ses0[1-5])[FM]_(?:impro|script)0\d[ab]?(?:_\db?)?_([FM])\d{3}")
_LINE = re.compile(r"\[[\d. -]+\]\t(\S+)\t(\w{3})\t")
_WORDS = re.compile(r"(Ses\S+) \[[^\]]*\]: (.*)")
_EMOTIONS = {
    "ang": "anger",
    "sad": "sadness",
    "fru": "frustration",
    "fea": "fear",
    "dis": "disgust",
    "hap": "happiness",
    "exc": "excitement",
    "neu": "neutral",
    "sur": "surprise",
    "oth": "other",
    "xxx": "no agreement",
}
_EVALUATIONS = ("dialog", "EmoEvaluation")


def sessions(tree: Tree) -> list[Path]:
    """The session folders with evaluations, shallow ones first."""
    found = [path for path in map(Path, tree.folders) if path.parts[-2:] == _EVALUATIONS]
    return sorted((path.parents[1] for path in found), key=lambda path: (len(path.parts), path))


def turns(tree: Tree) -> list[AudioFile]:
    """The audio files that are named like turns."""
    return [file for file in tree.files if _TURN.fullmatch(file.stem)]


def scan_iemocap(tree: Tree) -> CorpusScan:
    """Every turn that was evaluated. Raises CorpusError for a place without evaluations."""
    found = sessions(tree)
    if not found:
        raise CorpusError(
            f"No Session*/dialog/EmoEvaluation lies in {tree.root}: IEMOCAP's labels are there.",
            "Choose the folder IEMOCAP_full_release of the complete release.",
        )
    met: defaultdict[str, list[str]] = defaultdict(list)
    labels: dict[str, str] = {}
    words: dict[str, str] = {}
    for session in found:
        for turn, code in _evaluations(session / "dialog" / "EmoEvaluation"):
            if not _TURN.fullmatch(turn):
                met["turns of other names"].append(turn)
            elif turn in labels:
                met["second copies"].append(turn)
            else:
                labels[turn] = code
        words |= _transcripts(session / "dialog" / "transcriptions")
    audio = _sentences(tree)
    files = [audio[turn] for turn in labels if turn in audio]
    headers = read_headers(files, f"{CORPUS}:{tree.root.resolve()}")
    clips = tuple(
        _clip(turn, code, words.get(turn), audio.get(turn), headers)
        for turn, code in labels.items()
    )
    findings = (
        *tree.findings,
        *_findings(met, found, clips),
        *audio_findings(clips, headers),
        *discarded_labels(clips),
    )
    return CorpusScan(CORPUS, str(tree.root), clips, findings)


def _evaluations(folder: Path) -> Iterator[tuple[str, str]]:
    """Turn and code of each `[start - end]` line; the lines below it are single raters'."""
    for path in sorted(folder.glob("Ses*.txt")):  # not the sub-folders: they hold raters' files
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if match := _LINE.match(line):
                yield match[1], match[2]


def _transcripts(folder: Path) -> dict[str, str]:
    words: dict[str, str] = {}
    for path in sorted(folder.glob("Ses*.txt")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if match := _WORDS.match(line):
                words[match[1]] = match[2].strip()
    return words


def _sentences(tree: Tree) -> dict[str, AudioFile]:
    """Audio by turn; `dialog/wav` holds whole dialogs, whose names no turn bears."""
    audio: dict[str, AudioFile] = {}
    for file in tree.files:
        audio.setdefault(file.stem, file)
    return audio


def _clip(
    turn: str,
    code: str,
    words: str | None,
    file: AudioFile | None,
    headers: dict[str, Header],
) -> CorpusClip:
    match = _TURN.fullmatch(turn)
    assert match is not None  # names that do not fit were left out before
    speaker = match[1] + match[2]
    source = _EMOTIONS.get(code, code)
    emotion, label = emotion_and_class(source)
    header = headers[file.path] if file else Header(problem=f"{turn}.wav is not there.")
    return CorpusClip(
        corpus=CORPUS,
        name=turn,
        source_label=source,
        emotion=emotion,
        label=label,
        group=f"{CORPUS}:{speaker}",
        speaker=SpeakerFacts(speaker, "female" if match[2] == "F" else "male", language="English"),
        path=file.path if file else None,
        end=header.duration or None,
        transcript=words,
        problem=header.problem,
    )


def _findings(
    met: dict[str, list[str]], found: list[Path], clips: tuple[CorpusClip, ...]
) -> Iterator[Finding]:
    for rule, turns in met.items():
        yield Finding(rule, SKIPPED, f"{len(turns)} turns left out: {rule}.", tuple(turns))
    there = {session.name for session in found}
    gone = [f"Session{n}" for n in range(1, 6) if f"Session{n}" not in there]
    if gone:
        message = f"{', '.join(gone)} of 5 sessions are not there, or lack dialog/EmoEvaluation."
        yield Finding("sessions missing", NEEDS_YOU, message, tuple(gone))
    silent = tuple(clip.name for clip in clips if clip.path is None)
    if silent:
        message = f"{len(silent)} of {len(clips)} turns have no audio in sentences/wav."
        yield Finding("audio missing", NOTE, message, silent)

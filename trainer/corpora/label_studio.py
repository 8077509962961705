"""Label Studio's JSON: tasks with annotations, each a list of results. Read are `labels` (a region)
and `choices` (the whole file); what other tools of it drew is counted and passed over."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from trainer.contract.foreign_text import quoted
from trainer.contract.labels import CLASSES
from trainer.corpora.answer_words import SaidWord, read_word
from trainer.corpora.foreign_file import read_json, seconds
from trainer.corpora.marked import RULES, Sound
from trainer.corpora.pasted import clock
from trainer.corpora.rows import (
    NOTE,
    SKIPPED,
    CorpusAnswer,
    CorpusClip,
    CorpusError,
    Finding,
    SpeakerFacts,
)
from trainer.corpora.rows_met import RowsMet
from trainer.corpora.sound_beside import Shelf
from trainer.corpora.table import own_name
from trainer.sound.decoding import AUDIO_SUFFIXES

_RULES = {
    "results of other kinds": (
        SKIPPED,
        "Results that are neither labels nor choices, left out: {}.",
    ),
    "several labels at once": (NOTE, "Regions with several labels, of which the first counts: {}."),
    **RULES,
}


@dataclass(slots=True)
class _Clip:
    """One span of a task while it is being read. `end` None = to the end of the recording."""

    start: float
    end: float | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    answers: list[CorpusAnswer] = field(default_factory=list)
    words: list[SaidWord] = field(default_factory=list)


def read_tasks(path: Path) -> tuple[list[CorpusClip], list[Finding], tuple[str, ...]]:
    """Clips and findings. Raises CorpusError for JSON that holds no tasks."""
    tasks = read_json(path)
    if not isinstance(tasks, list) or not all(_is_task(task) for task in tasks):
        raise CorpusError(
            f"{quoted(path.name)} holds no tasks of Label Studio.",
            "Export them there as JSON, not as JSON-MIN.",
        )
    met, shelf = RowsMet(), Shelf.of(path.parent)
    clips: list[CorpusClip] = []
    for number, task in enumerate(tasks, start=1):
        try:
            clips += _clips(task, f"task {number}", path, shelf, met)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise CorpusError(
                f"Task {number} of {quoted(path.name)} cannot be read.", "Export it again."
            ) from error
    return clips, met.findings(_RULES), ()


def _is_task(task: object) -> bool:
    return isinstance(task, dict) and isinstance(task.get("data"), dict)


def _clips(
    task: Mapping[str, Any],
    where: str,
    path: Path,
    shelf: Shelf,
    met: RowsMet,
) -> Iterator[CorpusClip]:
    data = task["data"]
    named = _named(data)
    stem = Path(named[0]).stem if named else where
    sound = shelf.sound_of(stem, named, data.get("video_id"), path.parent)
    found: dict[tuple[Any, ...], _Clip] = {}
    ids: dict[str, tuple[Any, ...]] = {}
    for facts in data.get("clips") or ():
        key = (facts["id"],)
        found[key] = _Clip(seconds(facts["start"]), seconds(facts["end"]), facts)
        ids[facts["id"]] = key
    for annotation in _annotations(task):
        voice = _voice(annotation)
        for result in annotation.get("result") or ():
            _take(result, voice, where, found, ids, met)
    for clip in found.values():
        yield _finished(clip, stem, sound, path, met)


def _annotations(task: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    some = task.get("annotations") or task.get("completions") or []
    return [one for one in some if not one.get("was_cancelled")]


def _voice(annotation: Mapping[str, Any]) -> str:
    who = annotation.get("completed_by")
    if isinstance(who, dict):
        who = who.get("email") or who.get("id")
    return f"annotator {who}" if who is None or isinstance(who, int) else str(who)


def _take(
    result: Mapping[str, Any],
    voice: str,
    where: str,
    found: dict[tuple[Any, ...], _Clip],
    ids: Mapping[str, tuple[Any, ...]],
    met: RowsMet,
) -> None:
    value = result.get("value") or {}
    words = value.get("labels") or value.get("choices")
    if result.get("type") not in ("labels", "choices") or not words:
        met.add("results of other kinds", where)
        return
    if len(words) > 1:
        met.add("several labels at once", where)
    start, end = value.get("start"), value.get("end")
    start, end = seconds(start or 0.0), None if end is None else seconds(end)
    key = ids.get(str(result.get("id", "")), (start, end))
    if start < 0:
        met.add("marks before the beginning", where)
        return
    if end is not None and end <= start:
        met.add("marks without length", where)
        return
    clip = found.setdefault(key, _Clip(start, end))
    said = read_word(str(words[0]))
    label = said.label or ("discarded" if said.source_label else None)
    clip.answers.append(CorpusAnswer(voice, label, said.emotion, said.sure))
    clip.words.append(said)


def _finished(clip: _Clip, stem: str, sound: Sound, path: Path, met: RowsMet) -> CorpusClip:
    facts, end = clip.facts, clip.end
    end = sound.header.duration or None if end is None else end
    corpus = str(facts.get("corpus") or own_name(path.parent))
    span = "" if clip.end is None else f" {clock(clip.start)}-{clock(clip.end)}"
    name = str(facts.get("name") or f"{stem}{span}")
    said = read_word(str(facts["label"])) if "label" in facts else _agreed(clip.words)
    if said.source_label is None:
        met.add("annotators who differ" if clip.answers else "clips without a label", name)
    if sound.path is None:
        met.add("audio missing", name)
    speaker = facts.get("speaker")
    missing = f"No audio of {stem} lies beside {path.name}."
    return CorpusClip(
        corpus=corpus,
        name=name,
        source_label=said.source_label,
        emotion=said.emotion,
        label=said.label if said.label in CLASSES else None,
        group=str(facts.get("group") or f"{corpus}:{sound.video_id or stem}"),
        speaker=SpeakerFacts(**{k: v for k, v in speaker.items() if k != "corpus"})
        if speaker
        else None,
        path=sound.path,
        video_id=sound.video_id,
        start=clip.start,
        end=end,
        transcript=facts.get("transcript"),
        problem=sound.header.problem if sound.path else missing,
        answers=tuple(clip.answers),
    )


def _agreed(words: Sequence[SaidWord]) -> SaidWord:
    """What all annotators say."""
    return words[0] if words and all(one == words[0] for one in words) else SaidWord()


def _named(data: Mapping[str, Any]) -> list[str]:
    """Where the task says that its sound is: a path, an address, or a file of a local storage."""
    said = [data.get("path"), data.get("audio"), *data.values()]
    paths = [_path(one) for one in said if isinstance(one, str)]
    return [one for one in dict.fromkeys(paths) if Path(one).suffix.lower() in AUDIO_SUFFIXES]


def _path(address: str) -> str:
    parts = urlsplit(address)
    if local := parse_qs(parts.query).get("d"):
        return f"/{local[0].lstrip('/')}"
    return unquote(parts.path) if parts.scheme in ("file", "http", "https", "s3", "gs") else address

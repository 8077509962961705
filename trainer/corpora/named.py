"""The way of all corpora whose labels stand in the file names: read each name, keep one copy of
each, look into the headers, and say what was odd."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from trainer.corpora.headers import Header, audio_findings, read_headers
from trainer.corpora.rows import SKIPPED, CorpusClip, CorpusError, CorpusScan, Finding, SpeakerFacts
from trainer.corpora.tally import Tally, discarded_labels, emotion_and_class
from trainer.corpora.tree import AudioFile, Tree


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one file name says. `skip` names the rule by which the file is left out."""

    name: str
    emotion: str
    speaker: SpeakerFacts
    transcript: str | None = None
    skip: str = ""


@dataclass(frozen=True, slots=True)
class NamedCorpus:
    """A corpus described by its naming rule; `full` is what the complete corpus holds."""

    id: str
    title: str
    read_name: Callable[[AudioFile], Spoken | None]
    full: Tally
    layout: str
    """How a file is named, for the user who chose the wrong folder."""


def count_matches(corpus: NamedCorpus, files: Iterable[AudioFile]) -> int:
    """How many files bear this corpus's kind of name."""
    return sum(corpus.read_name(file) is not None for file in files)


def scan_named(corpus: NamedCorpus, tree: Tree) -> CorpusScan:
    """Read the corpus from file names. Raises CorpusError when no name fits."""
    kept: dict[str, tuple[AudioFile, Spoken]] = {}
    left: defaultdict[str, list[str]] = defaultdict(list)
    for file in tree.files:
        spoken = corpus.read_name(file)
        if spoken is None:
            left["files of other names"].append(file.relative)
        elif spoken.skip:
            left[spoken.skip].append(file.relative)
        elif spoken.name in kept:
            left["second copies"].append(file.relative)
        else:
            kept[spoken.name] = file, spoken
    if not kept:
        raise CorpusError(
            f"No file in {tree.root} is named as in {corpus.title}.",
            f"Choose the folder with files like {corpus.layout}.",
        )
    files = [file for file, _ in kept.values()]
    headers = read_headers(files, f"{corpus.id}:{tree.root.resolve()}")
    clips = tuple(_clip(corpus.id, f, s, headers[f.path]) for f, s in kept.values())
    findings = [*tree.findings, *_left_out(left), *audio_findings(files, headers)]
    return CorpusScan(corpus.id, str(tree.root), clips, (*findings, *discarded_labels(clips)))


def _clip(corpus: str, file: AudioFile, spoken: Spoken, header: Header) -> CorpusClip:
    emotion, label = emotion_and_class(spoken.emotion)
    return CorpusClip(
        corpus=corpus,
        name=spoken.name,
        source_label=spoken.emotion,
        emotion=emotion,
        label=label,
        group=f"{corpus}:{spoken.speaker.name}",
        speaker=spoken.speaker,
        path=file.path,
        end=header.duration or None,
        transcript=spoken.transcript,
        problem=header.problem,
    )


def _left_out(left: dict[str, list[str]]) -> list[Finding]:
    return [
        Finding(rule, SKIPPED, f"{len(names)} files left out: {rule}.", tuple(names))
        for rule, names in left.items()
    ]

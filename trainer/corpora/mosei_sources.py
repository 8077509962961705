"""CMU-MOSEI, from whichever of its files lie there: the authors' list, or else scores, from the
most exact source: computational sequences, tables of scores, answers of single raters."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from trainer.contract.errors import TrainerError
from trainer.corpora.cmu_mosei import PUBLISHED, STRICT, is_published_list, scan_published
from trainer.corpora.mosei_kept import kept
from trainer.corpora.mosei_raw import (
    Transcripts,
    is_rater_table,
    read_raters,
    refuse_half_a_rater_table,
    transcripts_of,
)
from trainer.corpora.mosei_scores import Met, Segment, Texts, scan_segments, segment_name
from trainer.corpora.mosei_sequences import LABELS, WORDS, kind_of, read_labels, words_of
from trainer.corpora.mosei_tables import is_score_table, read_score_table, refuse_without_scores
from trainer.corpora.rows import NEEDS_YOU, NOTE, CorpusError, CorpusScan, Finding, enumerated
from trainer.corpora.sheet import read_columns
from trainer.corpora.tree import Tree


@dataclass(slots=True)
class Sources:
    """The files by what they hold, shallow ones first."""

    lists: list[Path] = field(default_factory=list)
    labels: list[Path] = field(default_factory=list)
    tables: list[Path] = field(default_factory=list)
    raters: list[Path] = field(default_factory=list)
    words: list[Path] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)
    transcripts: Transcripts | None = None
    refused: list[CorpusError] = field(default_factory=list)
    met: Met = field(default_factory=lambda: defaultdict(list))

    @property
    def scored(self) -> list[Path]:
        """What scores are taken from."""
        return self.labels[:1] or self.tables or (self.raters if self.transcripts else [])

    @property
    def are_enough(self) -> bool:
        """Whether they say which class a segment has."""
        return bool(self.lists or self.scored)

    def refusals(self, root: Path) -> Iterator[CorpusError]:
        """Why nothing can be made of these files, where nothing can."""
        yield from self.refused
        for path in (*self.words, *self.others):
            yield CorpusError(
                f"{path.name} holds no emotion scores of CMU-MOSEI.",
                "Add CMU_MOSEI_Labels.csd, or the published list of 3,071 segments.",
            )
        for path in self.raters:
            yield CorpusError(
                f"{path.name} names clips by number, and no Transcript/Segmented/Combined with "
                f"their times lies in {root}.",
                "Add that folder of the raw data.",
            )


def sources(tree: Tree) -> Sources:
    """What lies there of CMU-MOSEI."""
    found = Sources()
    found.transcripts = transcripts_of(tree, found.met)
    kinds = {LABELS: found.labels, WORDS: found.words}
    for path in tree.tables:
        columns = read_columns(path)
        try:
            if path.suffix.lower() == ".csd":
                kinds.get(kind_of(path), found.others).append(path)
            elif is_published_list(columns):
                found.lists.append(path)
            elif is_score_table(columns):
                found.tables.append(path)
            elif is_rater_table(columns):
                found.raters.append(path)
            else:
                refuse_without_scores(path, columns)
                refuse_half_a_rater_table(path, columns)
        except CorpusError as error:
            found.refused.append(error)
    return found


def scan_mosei(tree: Tree, mode: str | None = None) -> tuple[CorpusScan, list[Path]]:
    """By the authors' own list when it is there and no other mode is asked for, else by scores;
    and the further lists, of which one counts.

    Raises TrainerError when the mode asks for what is not there, CorpusError when nothing is.
    """
    found = sources(tree)
    by_list = mode == PUBLISHED or (mode is None and bool(found.lists))
    if by_list and found.lists:
        return scan_published(found.lists[0], tree.root), found.lists[1:]
    if not by_list and found.scored:
        return _scan_scores(tree, found, strict=mode == STRICT), []
    for error in found.refusals(tree.root):
        raise error
    if mode is None:
        raise CorpusError(
            f"No published list and no emotion scores of CMU-MOSEI lie in {tree.root}.",
            "Choose another folder, or the file itself.",
        )
    missing = "the authors' list" if by_list else "a file of its emotion scores"
    raise TrainerError(
        f"To clean CMU-MOSEI as `{mode}` takes {missing}, and none lies in {tree.root}.",
        "Add it, e.g. CMU_MOSEI_Labels.csd for scores, or clean in another way.",
    )


def _scan_scores(tree: Tree, found: Sources, strict: bool) -> CorpusScan:
    met, scored, words = found.met, found.scored, found.words[:1]
    texts: list[Texts] = [found.transcripts.text] if found.transcripts else []
    segments: Iterable[Segment]
    if found.labels:
        read = partial(_with_words, read_labels(scored[0], met), words)
        segments = kept([scored[0], *words], met, read)
        texts += [_texts_of_tables(found.tables)] if found.tables else []
    elif found.tables:
        rows = (one for table in scored for one in read_score_table(table, met))
        segments = _with_words(rows, words)
    else:
        assert found.transcripts is not None, "raters count only with transcripts"
        segments = _with_words(read_raters(scored, found.transcripts, met), words)
    scan = scan_segments(scored[0], _with_texts(segments, texts), met, tree.files, strict)
    return replace(scan, findings=(*_told(found), *scan.findings))


def _with_words(segments: Iterable[Segment], words: Sequence[Path]) -> Iterator[Segment]:
    """Timed words come before every other source of what is said."""
    with ExitStack() as stack:
        texts = [stack.enter_context(words_of(path)) for path in words]
        for one in segments:
            said = (text(one.video, one.start, one.end) for text in texts)
            yield replace(one, text=next(filter(None, said), one.text))


def _with_texts(segments: Iterable[Segment], texts: Sequence[Texts]) -> Iterator[Segment]:
    """What is said where nothing has said it yet, from the first that states it."""
    for one in segments:
        said = (text(one.video, one.start, one.end) for text in texts if not one.text)
        yield replace(one, text=text) if (text := next(filter(None, said), None)) else one


def _texts_of_tables(tables: Sequence[Path]) -> Texts:
    rows = (one for table in tables for one in read_score_table(table, defaultdict(list)))
    texts = {segment_name(one.video, one.start): one.text for one in rows}
    return lambda video, start, end: texts.get(segment_name(video, start))


def _told(found: Sources) -> Iterator[Finding]:
    """From where the scores are, and what was left aside."""
    used = [path.name for path in found.scored]
    yield Finding("source of the scores", NOTE, f"Scores are taken from {enumerated(used)}.")
    every = (*found.labels, *found.tables, *found.raters)
    unused = tuple(path.name for path in every if path not in found.scored)
    if unused:
        message = f"{len(unused)} more files with scores left aside: {enumerated(unused)}."
        yield Finding("scores left aside", NOTE, message, unused)
    for error in found.refused:
        yield Finding("files that cannot be used", NEEDS_YOU, f"{error.message} {error.hint}")

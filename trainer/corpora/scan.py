"""Which corpora lie at a place, and their clips: the one door to all adapters."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from trainer.corpora import cmu_mosei, iemocap, stremo
from trainer.corpora.annotated import LOG, SUFFIXES, scan_annotated_folder, scan_annotations
from trainer.corpora.crema_d import CREMA_D
from trainer.corpora.folder import scan_file, scan_folder
from trainer.corpora.mosei_sources import scan_mosei, sources
from trainer.corpora.mosei_tables import is_score_table, refuse_without_scores
from trainer.corpora.named import NamedCorpus, matching, scan_named
from trainer.corpora.ravdess import RAVDESS
from trainer.corpora.refusals import refusals
from trainer.corpora.rows import SKIPPED, CorpusError, CorpusScan, Finding, enumerated
from trainer.corpora.savee import SAVEE
from trainer.corpora.sheet import SHEET_SUFFIXES, read_columns
from trainer.corpora.stremo_columns import is_stremo
from trainer.corpora.table import has_paths, scan_table
from trainer.corpora.tally import Tally
from trainer.corpora.tess import TESS
from trainer.corpora.tree import AudioFile, Tree, audio_tree
from trainer.sound.decoding import AUDIO_SUFFIXES

FOLDER = "folder"
NAMED: dict[str, NamedCorpus] = {corpus.id: corpus for corpus in (RAVDESS, CREMA_D, TESS, SAVEE)}
TITLES = {
    stremo.CORPUS: "StrEmo",
    cmu_mosei.CORPUS: "CMU-MOSEI",
    iemocap.CORPUS: "IEMOCAP",
    **{corpus.id: corpus.title for corpus in NAMED.values()},
}
FULL: dict[str, Tally] = {
    stremo.CORPUS: stremo.FULL,
    cmu_mosei.CORPUS: cmu_mosei.FULL,
    iemocap.CORPUS: iemocap.FULL,
    **{corpus.id: corpus.full for corpus in NAMED.values()},
}
"""What the complete corpora hold: Table 2 of the paper, and what falls outside its classes."""
CORPORA = (*TITLES, FOLDER)
_SHARE = 0.05


@contextmanager
def _uncollected() -> Iterator[None]:
    """Python looks for cycles among hundreds of thousands of values that have none: a sixth of a
    scan's time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def scan(path: Path, corpus: str | None = None, mosei: str | None = None) -> CorpusScan:
    """Everything of one corpus at `path`; reads only. None = see what it is. `mosei` is the mode
    for which CMU-MOSEI is read, as in `find_corpora`.

    Raises CorpusError when nothing there can be used, and when several corpora are there.
    """
    corpus = corpus.lower().replace("-", "_") if corpus else None
    if corpus is not None and corpus not in CORPORA:
        raise CorpusError(f"There is no corpus {corpus!r}.", f"Known are {', '.join(CORPORA)}.")
    if path.is_file():
        return _scan_file(path, corpus, mosei)
    if not path.is_dir():
        raise CorpusError(f"There is nothing at {path}.", "Check the path, or plug the disk in.")
    if corpus is None and (path / LOG).is_file():
        return scan_annotations(path / LOG)  # an export of ours: its sheet tells less
    tree = audio_tree(path)
    if corpus is None:
        corpus = _only_corpus_of(tree)
    return _scan_folder(tree, corpus, mosei)


class Shelf(NamedTuple):
    """What lies at a place with several corpora."""

    scans: list[CorpusScan]
    strangers: list[AudioFile]
    """Audio that belongs to none of the corpora."""
    refused: list[CorpusError]
    """Why nothing could be made of the rest."""


@_uncollected()
def find_corpora(root: Path, mosei: str | None = None) -> Shelf:
    """Every known corpus below `root`. `mosei` is the cleaning mode for which CMU-MOSEI is read;
    None = by the published list if it is there.

    Raises CorpusError when there is neither a corpus nor audio, and when what there is of a corpus
    cannot be used.
    """
    tree = audio_tree(root)
    found = _corpora_of(tree)
    refused = list(refusals(tree, found))
    scans = []
    for corpus in found:
        try:
            scans.append(_scan_folder(tree, corpus, mosei, among_others=True))
        except CorpusError as error:
            refused.append(error)
    if not scans and refused:
        message = " ".join(dict.fromkeys(error.message for error in refused))
        raise CorpusError(message, refused[0].hint)
    ours = {clip.path for one in scans for clip in one.clips}
    dialogs = tuple(str(session.resolve()) for session in iemocap.sessions(tree))
    strangers = [
        file
        for file in tree.files
        if file.path not in ours and not file.path.startswith(dialogs) and not _is_named(file)
    ]
    if not (scans or strangers or scan_annotated_folder(tree.annotations, root)):
        raise CorpusError(f"No corpus and no audio lies in {root}.", "Choose another folder.")
    return Shelf(scans, strangers, refused)


def _scan_file(path: Path, corpus: str | None, mosei: str | None) -> CorpusScan:
    suffix = path.suffix.lower()
    if suffix in SHEET_SUFFIXES:
        columns = read_columns(path)
        scores = is_score_table(columns)
        if corpus == stremo.CORPUS or (corpus is None and is_stremo(columns) and not scores):
            return stremo.scan_stremo(path)
        refuse_without_scores(path, columns)
        if corpus == cmu_mosei.CORPUS or scores or cmu_mosei.is_published_list(columns):
            return scan_mosei(replace(audio_tree(path.parent), tables=(path,)), mosei)[0]
        return scan_table(path)
    if suffix in AUDIO_SUFFIXES:
        return scan_file(path)
    if suffix in SUFFIXES:
        return scan_annotations(path)
    if suffix == ".csd":
        tree = audio_tree(path.parent)
        beside = (table for table in tree.tables if table.suffix.lower() == ".csd")
        return scan_mosei(replace(tree, tables=tuple(beside)), mosei)[0]
    raise CorpusError(
        f"{path.name} is neither a table nor an audio file.",
        "Choose a folder, a table (CSV, xlsx, ods), annotations (TextGrid, eaf, Audacity's txt, "
        "Label Studio's json, our jsonl), or one of "
        f"{', '.join(sorted(AUDIO_SUFFIXES))}.",
    )


def _scan_folder(
    tree: Tree, corpus: str, mosei: str | None, *, among_others: bool = False
) -> CorpusScan:
    if corpus in NAMED:
        return scan_named(NAMED[corpus], tree, among_others=among_others)
    if corpus == iemocap.CORPUS:
        return iemocap.scan_iemocap(tree)
    if corpus == stremo.CORPUS:
        sheet, others = _table(tree, is_stremo, "StrEmo sheet")
        return _with_second_copies(stremo.scan_stremo(sheet), others)
    if corpus == cmu_mosei.CORPUS:
        return _with_second_copies(*scan_mosei(tree, mosei))
    top = tree.root.resolve()
    tables = [table for table in tree.tables if table.parent == top]
    if not any(map(has_paths, tables)):
        annotated = scan_annotated_folder(tree.annotations, tree.root)
        if annotated is not None:
            return annotated
    return scan_folder(tree, tables)


def _corpora_of(tree: Tree) -> list[str]:
    """Every corpus of which at least one file, sheet or session lies below."""
    found = [id_ for id_, c in NAMED.items() if any(map(c.read_name, tree.files))]
    if iemocap.sessions(tree):
        found.append(iemocap.CORPUS)
    headers = [read_columns(table) for table in tree.tables]
    if any(map(is_stremo, headers)):
        found.append(stremo.CORPUS)
    if sources(tree).are_enough:
        found.append(cmu_mosei.CORPUS)
    return [corpus for corpus in TITLES if corpus in found]


def _only_corpus_of(tree: Tree) -> str:
    """The corpus that a folder is, when it is one. A few files that happen to be named like a
    corpus's do not make one: their share decides."""
    found = _corpora_of(tree)
    for id_ in NAMED:
        if id_ in found and len(matching(NAMED[id_], tree.files)) < _SHARE * len(tree.files):
            found.remove(id_)
    if len(found) > 1:
        titles = ", ".join(TITLES[id_] for id_ in found)
        raise CorpusError(
            f"Several corpora lie in {tree.root}: {titles}.",
            "Choose the folder of one of them, or name the one you mean.",
        )
    return found[0] if found else FOLDER


def _table(
    tree: Tree, fits: Callable[[Sequence[str]], bool], title: str
) -> tuple[Path, list[Path]]:
    """The first table of a kind, and the others."""
    fitting = [table for table in tree.tables if fits(read_columns(table))]
    if not fitting:
        raise CorpusError(f"No {title} lies in {tree.root}.", "Choose the table itself.")
    return fitting[0], fitting[1:]


def _with_second_copies(found: CorpusScan, tables: Sequence[Path]) -> CorpusScan:
    if not tables:
        return found
    names = tuple(map(str, tables))
    message = f"{len(names)} tables left out, as one counts: {enumerated(names)}."
    told = Finding("second copies", SKIPPED, message, names)
    return replace(found, findings=(told, *found.findings))


def _is_named(file: AudioFile) -> bool:
    return any(corpus.read_name(file) for corpus in NAMED.values())

"""Which corpus lies at a place, and its clips: the one door to all adapters."""

from pathlib import Path

from trainer.corpora.folder import scan_file, scan_folder
from trainer.corpora.named import NamedCorpus, count_matches, scan_named
from trainer.corpora.ravdess import RAVDESS
from trainer.corpora.rows import CorpusError, CorpusScan
from trainer.corpora.sheet import SHEET_SUFFIXES, read_columns
from trainer.corpora.stremo import CORPUS as STREMO
from trainer.corpora.stremo import is_stremo, scan_stremo
from trainer.corpora.table import scan_table
from trainer.corpora.tree import Tree, audio_tree
from trainer.decoding import AUDIO_SUFFIXES

FOLDER = "folder"
NAMED: dict[str, NamedCorpus] = {corpus.id: corpus for corpus in (RAVDESS,)}
CORPORA = (STREMO, *NAMED, FOLDER)
_SHARE = 0.5
"""Part of the audio files whose names must fit before a folder is taken for a corpus."""


def scan(path: Path, corpus: str | None = None) -> CorpusScan:
    """Everything of one corpus at `path`; reads only. None = see what it is.

    Raises CorpusError when nothing there can be used.
    """
    corpus = corpus.lower().replace("-", "_") if corpus else None
    if corpus is not None and corpus not in CORPORA:
        raise CorpusError(f"There is no corpus {corpus!r}.", f"Known are {', '.join(CORPORA)}.")
    if path.is_file():
        return _scan_file(path, corpus)
    if not path.is_dir():
        raise CorpusError(f"There is nothing at {path}.", "Check the path, or plug the disk in.")
    return _scan_folder(path, corpus)


def _scan_file(path: Path, corpus: str | None) -> CorpusScan:
    suffix = path.suffix.lower()
    if suffix in SHEET_SUFFIXES:
        if corpus == STREMO or (corpus is None and is_stremo(read_columns(path))):
            return scan_stremo(path)
        return scan_table(path)
    if suffix in AUDIO_SUFFIXES:
        return scan_file(path)
    raise CorpusError(
        f"{path.name} is neither a table nor an audio file.",
        f"Choose a folder, a CSV or xlsx table, or one of {', '.join(sorted(AUDIO_SUFFIXES))}.",
    )


def _scan_folder(path: Path, corpus: str | None) -> CorpusScan:
    if corpus in (None, STREMO):
        sheets = [sheet for sheet in _sheets(path) if is_stremo(read_columns(sheet))]
        if sheets:
            return scan_stremo(sheets[0])
        if corpus == STREMO:
            raise CorpusError(f"No StrEmo sheet lies in {path}.", "Choose StrEmo.csv itself.")
    tree = audio_tree(path)
    if corpus is None:
        corpus = _named_corpus_of(tree)
    if corpus in NAMED:
        return scan_named(NAMED[corpus], tree)
    return scan_folder(tree, _sheets(path))


def _named_corpus_of(tree: Tree) -> str:
    """The corpus whose names most files bear. Raises CorpusError when there are several."""
    fits = {id_: count_matches(corpus, tree.files) for id_, corpus in NAMED.items()}
    found = [id_ for id_, number in fits.items() if number > 0.05 * len(tree.files)]
    if len(found) > 1:
        titles = ", ".join(NAMED[id_].title for id_ in found)
        raise CorpusError(
            f"Several corpora lie in {tree.root}: {titles}.", "Choose the folder of one of them."
        )
    if found and fits[found[0]] >= _SHARE * len(tree.files):
        return found[0]
    return FOLDER


def _sheets(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if p.suffix.lower() in SHEET_SUFFIXES)

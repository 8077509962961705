"""What lies in a folder of corpora, as far as one must know before reproducing the paper."""

from dataclasses import dataclass
from pathlib import Path

from trainer.corpora.mosei_sources import sources
from trainer.corpora.rows import CorpusError
from trainer.corpora.tree import audio_tree


@dataclass(frozen=True, slots=True)
class MoseiLook:
    """What there is of CMU-MOSEI: the authors' list, and emotion scores."""

    listed: bool = False
    scored: bool = False


def look_for_mosei(root: Path) -> MoseiLook:
    """Reads the folder's names and some headers: seconds for a slow disk, so not for the window's
    thread."""
    try:
        found = sources(audio_tree(root))
    except CorpusError:
        return MoseiLook()
    return MoseiLook(bool(found.lists), bool(found.scored))

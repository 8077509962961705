"""What looks like a corpus and cannot be used as it is: one sentence each, never a silent drop."""

from collections.abc import Iterator, Sequence

from trainer.corpora import cmu_mosei, iemocap
from trainer.corpora.mosei_sources import sources
from trainer.corpora.rows import CorpusError
from trainer.corpora.tree import Tree


def refusals(tree: Tree, found: Sequence[str]) -> Iterator[CorpusError]:
    """Why nothing was made of what lies there. `found` are the corpora that were found: files
    beside a CMU-MOSEI that can be used are no loss."""
    if iemocap.CORPUS not in found and (turns := iemocap.turns(tree)):
        yield CorpusError(
            f"{len(turns)} turns of IEMOCAP have no labels: no Session*/dialog/EmoEvaluation lies "
            f"in {tree.root}.",
            "Add the folders dialog/EmoEvaluation of the complete release.",
        )
    if cmu_mosei.CORPUS not in found:
        yield from sources(tree).refusals(tree.root)

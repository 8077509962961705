"""What looks like a corpus and cannot be used as it is: one sentence each, never a silent drop."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from trainer.corpora import cmu_mosei, iemocap, mosei_scores
from trainer.corpora.rows import CorpusError
from trainer.corpora.tree import Tree

_HDF5 = b"\x89HDF\r\n\x1a\n"


def refusals(
    tree: Tree, columns: Mapping[Path, Sequence[str]], found: Sequence[str]
) -> Iterator[CorpusError]:
    """Why nothing was made of what lies there. `found` are the corpora that were found: tables
    beside a CMU-MOSEI that can be used are no loss."""
    if iemocap.CORPUS not in found and (turns := iemocap.turns(tree)):
        yield CorpusError(
            f"{len(turns)} turns of IEMOCAP have no labels: no Session*/dialog/EmoEvaluation lies "
            f"in {tree.root}.",
            "Add the folders dialog/EmoEvaluation of the complete release.",
        )
    if cmu_mosei.CORPUS in found:
        return
    for table in tree.tables:
        try:
            if table.suffix.lower() == ".csd":
                refuse_sequence(table)
            mosei_scores.refuse_without_scores(table, columns[table])
        except CorpusError as error:
            yield error


def refuse_sequence(path: Path) -> None:
    """Raises CorpusError, for a computational sequence and for what only bears its name."""
    try:
        with path.open("rb") as file:
            is_one = file.read(len(_HDF5)) == _HDF5
    except OSError as error:
        raise CorpusError(
            f"{path.name} cannot be read: {error.strerror or error}.", "Check its permissions."
        ) from error
    if not is_one:
        raise CorpusError(
            f"{path.name} is no HDF5 file, as a computational sequence would be.",
            "Fetch it again: the download may have saved an error page.",
        )
    raise CorpusError(
        f"{path.name} is a computational sequence (HDF5), which is not read here.",
        "Use the published list of CMU-MOSEI or a CSV of its labels, beside the audio.",
    )

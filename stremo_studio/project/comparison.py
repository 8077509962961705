"""A run's result beside what it must be measured against: chance, what is known without listening,
and the active model.

Reads run folders only, and of the project's database what it is handed, so that it may work on any
thread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import Run
from stremo_studio.project.prediction_index import FactsOf, PredictionIndex, index_predictions
from stremo_studio.project.slices import nothing_known
from trainer.contract.errors import TrainerError
from trainer.contract.evaluation import Evaluation, Prediction, evaluation_from_json
from trainer.contract.labels import CLASSES
from trainer.contract.run_folder import RunFolder
from trainer.scores import Difference, Matrix, counted, difference, matrices, per_class, scores

SPLIT = "test"
ENOUGH_GROUPS = 10
"""Of fewer speakers or videos a bootstrap promises too much: it advises nothing then."""
_SEED = 13


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate beside the active model, on the test clips that both runs share, judged by the
    labels of the newer run."""

    active: Run
    shared: int
    groups: int
    same_test_set: bool
    active_macro_f1: float
    candidate_macro_f1: float
    difference: Difference | None
    """Of macro F1, candidate minus active, with a paired interval; None for a single group."""
    active_f1: dict[str, float]
    """By class; so is `candidate_f1`."""
    candidate_f1: dict[str, float]
    fixed: tuple[ClipId, ...]
    """Wrong by the active model, right by the candidate."""
    broke: tuple[ClipId, ...]
    """Right by the active model, wrong by the candidate."""

    @property
    def advises(self) -> bool:
        """Whether the candidate is better for all that can be known: the interval excludes a loss,
        and there are voices enough to believe it."""
        found = self.difference
        enough = self.groups >= ENOUGH_GROUPS
        return found is not None and enough and found.low >= 0 < found.centre


class Shortcut(NamedTuple):
    """The one fact that tells most of the labels without listening, and what it would score."""

    field: str
    macro_f1: float


@dataclass(frozen=True, slots=True)
class RunReport:
    """What the result card shows. `comparison` is None for the active model itself, and where no
    test clip is shared with it."""

    run: Run
    result: dict[str, Any]
    evaluation: Evaluation
    baseline: float
    comparison: Comparison | None
    active: bool = False
    shortcut: Shortcut | None = None

    @property
    def note(self) -> str:
        return str(self.result.get("note") or "")


def run_report(
    run: Run,
    folder: RunFolder,
    active: tuple[Run, RunFolder] | None,
    facts: FactsOf = nothing_known,
) -> RunReport:
    """Read a run with scores, and the active model's beside it; `facts` tells what is known of
    clips.

    Raises ValueError when the run's record holds no test scores, OSError when it is gone.
    """
    result, evaluation = _scores(folder)
    is_active = active is not None and active[0].id == run.id
    comparison, now = None, folder.read_predictions()
    if active is not None and not is_active:
        groups = _groups(folder)
        newer = run.id > active[0].id
        comparison = compare(active[0], _readable(active[1]), now, groups, newer=newer)
    baseline = majority_macro_f1(evaluation)
    shortcut = best_shortcut(index_predictions(now, facts))
    return RunReport(run, result, evaluation, baseline, comparison, is_active, shortcut)


def compare(
    active: Run,
    before: Sequence[Prediction],
    now: Sequence[Prediction],
    groups: Mapping[str, str],
    *,
    newer: bool = True,
) -> Comparison | None:
    """What the active model said before and a candidate says now of the test clips they share;
    None where there are none. `groups` by clip id; `newer`: the candidate is the newer run."""
    then = {p.clip_id: p for p in before if p.split == SPLIT}
    tested = [p for p in now if p.split == SPLIT]
    pairs = [(then[p.clip_id], p) for p in tested if p.clip_id in then]
    if not pairs:
        return None
    human = [str((one if newer else old).label) for old, one in pairs]
    told = [[one.predicted for one in side] for side in zip(*pairs, strict=True)]
    voices = [groups.get(p.clip_id, p.clip_id) for _, p in pairs]
    by_group = [matrices(human, said, voices) for said in told]
    active_macro, candidate_macro = (float(scores(m.sum(axis=0))["macro_f1"]) for m in by_group)
    ids = [ClipId(int(p.clip_id)) for _, p in pairs]
    right = [[a == b for a, b in zip(human, said, strict=True)] for said in told]
    sides = list(zip(ids, *right, strict=True))
    return Comparison(
        active,
        len(pairs),
        len(by_group[0]),
        len(pairs) == len(tested) == len(then),
        active_macro,
        candidate_macro,
        difference(by_group[0], by_group[1], "macro_f1", _SEED),
        _class_f1(by_group[0]),
        _class_f1(by_group[1]),
        tuple(clip for clip, was, is_now in sides if is_now and not was),
        tuple(clip for clip, was, is_now in sides if was and not is_now),
    )


def majority_macro_f1(evaluation: Evaluation) -> float:
    """Macro F1 of always answering the test set's largest class."""
    totals = [sum(row) for row in evaluation.confusion]
    clips = sum(totals)
    share = max(totals) / clips if clips else 0.0
    return 2 * share / (1 + share) / len(CLASSES)


def best_shortcut(index: PredictionIndex) -> Shortcut | None:
    """Answer each test clip with the commonest class among the training clips of which a fact is
    the same, for every fact; the best of them. None where no fact tells clips apart."""
    train, test = (index.select(split).rows for split in ("train", SPLIT))
    if not train.any() or not test.any():
        return None
    size, usual = len(CLASSES), np.bincount(index.human[train]).argmax()
    found = []
    for field, fact in index.facts.by_field.items():
        told = np.zeros((len(fact.values), size), dtype=np.int64)
        np.add.at(told, (fact.codes[train], index.human[train]), 1)
        if (told.sum(axis=1) > 0).sum() > 1:
            answers = np.where(told.any(axis=1), told.argmax(axis=1), usual)[fact.codes[test]]
            of_one = np.zeros(len(answers), dtype=np.int64)
            matrix = counted(of_one, index.human[test], answers).sum(axis=0)
            found.append(Shortcut(field, float(scores(matrix)["macro_f1"])))
    return max(found, key=lambda one: one.macro_f1, default=None)


def _class_f1(by_group: Matrix) -> dict[str, float]:
    _, _, f1 = per_class(by_group.sum(axis=0))
    return dict(zip(CLASSES, f1.tolist(), strict=True))


def _readable(folder: RunFolder) -> list[Prediction]:
    """The predictions of the active model; none where its folder is damaged."""
    try:
        return folder.read_predictions()
    except (OSError, ValueError, KeyError):
        return []


def _groups(folder: RunFolder) -> dict[str, str]:
    """By clip id. Raises ValueError where the manifest is gone."""
    try:
        return {clip.clip_id: clip.group for clip in folder.read_manifest()}
    except TrainerError as error:
        raise ValueError(error.message) from error


def _scores(folder: RunFolder) -> tuple[dict[str, Any], Evaluation]:
    result = folder.read_result()
    found = (result or {}).get("evaluations", {}).get(SPLIT)
    if result is None or not found:
        raise ValueError(f"{folder.path.name} has no test scores.")
    return result, evaluation_from_json(found)

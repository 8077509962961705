"""The paper's procedure from corpora on disk to tables (section 4.4), as eight stages.

Each stage leaves a record under `stages`. What costs time is kept and taken up again: header facts
of the files, decoded audio, features, and every cell of the grid.
"""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from trainer.backends.backend import Backend, Say
from trainer.contract.files import write_json, write_text_atomically
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.contract.protocol import ReportWritten, StageProgressed
from trainer.contract.resources import resource
from trainer.contract.run_folder import RunFolder
from trainer.corpora.scan import TITLES, find_corpora
from trainer.procedure import corpus_tables, score_tables
from trainer.procedure.cells import Cell, result_of, run_cells
from trainer.procedure.clips import Loaded, load
from trainer.procedure.environment import environment, write_environment
from trainer.procedure.exports import write_csv, write_latex
from trainer.procedure.grid import BALANCED, FinalCell, FoldCell, Plan, final_cells, fold_cells
from trainer.procedure.mosei import BY_DEFAULT, Cleaning, cleaned
from trainer.procedure.partition import Partition, overlap, partition, rare_classes
from trainer.procedure.report import Findings, render
from trainer.procedure.scoring import Scored, score, scored, shortcuts
from trainer.procedure.spread import spread
from trainer.procedure.stages import CellCount, Tell, nobody

_METRICS = {"weighted_f1": "weighted F1", "macro_f1": "macro F1"}


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything of one reproduction lies, below `out`."""

    out: Path

    @property
    def cells(self) -> Path:
        return self.out / "cells"

    @property
    def cache(self) -> Path:
        return self.out / "cache"

    def record(self, stage: str, facts: Any) -> None:
        write_json(self.out / "stages" / f"{stage}.json", facts)


def reproduce(
    corpora: Path,
    plan: Plan,
    out: Path,
    backend: Backend,
    say: Say,
    mosei: Cleaning = BY_DEFAULT,
    tell: Tell = nobody,
) -> Path:
    """Carry out the procedure and write the report; returns its path. `say` takes lines for
    people, `tell` what a progress bar needs.

    Raises TrainerError when no corpus is found, when the clips cannot make the folds, or when a
    cell fails. Started again, it goes on where it was.
    """
    places = Places(out)
    loaded = _loaded(corpora, mosei, places, say, tell)
    part = partition(loaded.clips, plan.preset, plan.preset.seeds[0])
    say(f"3/8 split: {len(part.learn)} clips to learn from, {len(part.test)} to test on")
    places.record("3-split", {"learn": _ids(part.learn), "test": _ids(part.test)})
    for warning in rare_classes(part.learn, plan.preset):
        say(warning)
    folds = fold_cells(part, plan)
    say(f"4/8 balance: {plan.preset.balanced}")
    places.record("4-balance", {f.cell.name: _by_split(f.cell.clips) for f in folds})

    say(f"5/8 cross-validate: {len(folds)} cells")
    _run("Cross-validate", [fold.cell for fold in folds], places, backend, say, tell)
    scores = _fold_scores(folds, plan, places)
    best = max(scores, key=lambda rate: sum(scores[rate]) / len(scores[rate]))
    places.record("5-cross-validate", {f"{rate:.0e}": values for rate, values in scores.items()})
    say(f"6/8 retrain: learning rate {best:.0e}")
    finals = final_cells(part, plan, best)
    _run("Retrain", [final.cell for final in finals], places, backend, say, tell)
    places.record("6-retrain", {final.cell.name: final.cell.address for final in finals})

    say("7/8 test")
    by_degree = _tested(finals, places)
    places.record("7-test", {d: [len(rows) for rows in seeds] for d, seeds in by_degree.items()})
    say("8/8 score")
    tell(StageProgressed("Score", 0, 0, ""))
    found = _findings(plan, loaded, part, folds, scores, finals, by_degree, places)
    report = _write(found, places)
    tell(ReportWritten(str(report)))
    return report


def _loaded(corpora: Path, mosei: Cleaning, places: Places, say: Say, tell: Tell) -> Loaded:
    say(f"1/8 load: looking for corpora in {corpora}")
    tell(StageProgressed("Load", 0, 0, ""))
    shelf = find_corpora(corpora, mosei.mode)
    loaded = load(cleaned(shelf.scans, mosei, tell), shelf.refused)
    for reason in loaded.refused:
        say(reason)
    places.record("1-load", {"corpora": loaded.audit, "refused": loaded.refused})
    counts = _by_class(loaded.clips)
    say(f"2/8 relabel: {len(loaded.clips)} usable clips, {_said(counts)}")
    places.record("2-relabel", {c: _by_class(_of(loaded.clips, c)) for c in _corpora(loaded.clips)})
    return loaded


def _run(
    stage: str, cells: Sequence[Cell], places: Places, backend: Backend, say: Say, tell: Tell
) -> None:
    count = CellCount(stage, cells, places.cells, say, tell)
    run_cells(cells, places.cells, places.cache, backend, count.say)


def _fold_scores(folds: Sequence[FoldCell], plan: Plan, places: Places) -> dict[float, list[float]]:
    scores: dict[float, list[float]] = {}
    for fold in folds:
        evaluation = _result(fold.cell, places)["evaluations"][fold.held_out]
        scores.setdefault(fold.learning_rate, []).append(evaluation[plan.preset.select_by])
    return scores


def _tested(finals: Sequence[FinalCell], places: Places) -> dict[str, list[list[Scored]]]:
    """Scored test clips by degree, one list a seed."""
    found: dict[str, list[list[Scored]]] = {}
    for final in finals:
        predictions = RunFolder(places.cells / final.cell.address).read_predictions()
        test = [clip for clip in final.cell.clips if clip.split == "test"]
        found.setdefault(final.degree, []).append(scored(test, predictions))
    return found


def _findings(
    plan: Plan,
    loaded: Loaded,
    part: Partition,
    folds: Sequence[FoldCell],
    scores: dict[float, list[float]],
    finals: Sequence[FinalCell],
    by_degree: dict[str, list[list[Scored]]],
    places: Places,
) -> Findings:
    cells = [*(fold.cell for fold in folds), *(final.cell for final in finals)]
    paper = tomllib.loads(resource("paper.toml").read_text(encoding="utf-8"))
    stremo = [clip for clip in part.test if clip.corpus == "stremo"]
    majority = Counter(clip.label for clip in part.learn).most_common(1)[0][0]
    baselines = shortcuts(stremo, loaded.cells, str(majority)) if stremo else {}
    pooled = (by_degree.get(BALANCED) or [[]])[0]
    tables = (
        corpus_tables.table1(loaded.audit, paper),
        corpus_tables.table2(loaded.clips, paper),
        corpus_tables.totals(part.learn, paper, plan.preset.seeds[0]),
        corpus_tables.table3(scores, paper, _METRICS[plan.preset.select_by]),
        score_tables.table4(by_degree.get(BALANCED, ()), paper),
        score_tables.table5(by_degree, paper),
        score_tables.table6(by_degree, paper),
        score_tables.beside(by_degree, baselines),
        score_tables.comparisons(by_degree),
        spread(by_degree),
    )
    return Findings(
        plan.preset.title,
        plan.preset.banner,
        plan.model,
        _note(finals, places),
        tables,
        score(pooled).confusion if pooled else None,
        loaded.audit,
        _proof(folds, finals, part),
        (*_missing(plan, loaded), *rare_classes(part.learn, plan.preset), *loaded.refused),
        paper["not_derivable"],
        environment(plan, loaded, cells, [_result(cell, places) for cell in cells]),
    )


def _note(finals: Sequence[FinalCell], places: Places) -> str:
    note = str(_result(finals[0].cell, places)["note"]) if finals else ""
    return note[:1].upper() + note[1:]


def _proof(
    folds: Sequence[FoldCell], finals: Sequence[FinalCell], part: Partition
) -> tuple[str, ...]:
    """One sentence for each pair of sides; in a strict preset every number is 0."""
    first_rate = [fold for fold in folds if fold.learning_rate == folds[0].learning_rate]
    said = [
        f"Fold {f.fold} and its training part: {len(f.shared_groups)} shared." for f in first_rate
    ]
    said += [
        f"Training and dev part of fold {f.fold}: {_shared(f.cell)} shared."
        for f in first_rate
        if f.held_out == "test"  # otherwise the fold itself is the dev part
    ]
    said.append(f"Training and test corpora: {len(overlap(part.learn, part.test))} shared.")
    said += [
        f"Training and dev part, {final.cell.name}: {_shared(final.cell)} shared."
        for final in finals
    ]
    return tuple(said)


def _shared(cell: Cell) -> int:
    sides = [[c for c in cell.clips if c.split == name] for name in ("train", "dev")]
    return len(overlap(*sides))


def _missing(plan: Plan, loaded: Loaded) -> tuple[str, ...]:
    present = set(_corpora(loaded.clips))
    wanted = (*plan.preset.train, *plan.preset.divided, *plan.preset.test)
    gone = [TITLES[corpus] for corpus in wanted if corpus not in present]
    if not gone:
        return ()
    return (f"Not found, or without audio: {', '.join(gone)}. The rows that need them are empty.",)


def _write(found: Findings, places: Places) -> Path:
    for table in found.tables:
        write_csv(table, places.out / "tables")
    write_latex(found.tables, places.out / "tables" / "tables.tex")
    write_environment(found.environment, places.out / "tables" / "environment.csv")
    tables = [asdict(table) for table in found.tables]
    places.record("8-score", {"tables": tables, "environment": found.environment})
    report = places.out / "report.html"
    write_text_atomically(report, render(found))
    return report


def _result(cell: Cell, places: Places) -> dict[str, Any]:
    result = result_of(cell, places.cells)
    assert result is not None, "run_cells raises for a cell without a result"
    return result


def _by_class(clips: Sequence[ManifestClip]) -> dict[str, int]:
    counts = Counter(clip.label for clip in clips)
    return {name: counts[name] for name in CLASSES}


def _by_split(clips: Sequence[ManifestClip]) -> dict[str, dict[str, int]]:
    return {s: _by_class([c for c in clips if c.split == s]) for s in ("train", "dev", "test")}


def _said(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def _corpora(clips: Sequence[ManifestClip]) -> list[str]:
    return list(dict.fromkeys(clip.corpus for clip in clips))


def _of(clips: Sequence[ManifestClip], corpus: str) -> list[ManifestClip]:
    return [clip for clip in clips if clip.corpus == corpus]


def _ids(clips: Sequence[ManifestClip]) -> list[str]:
    return [clip.clip_id for clip in clips]

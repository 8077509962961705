"""What a finished run is used for from a command line: scoring other clips, and predicting."""

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from trainer.contract.errors import TrainerError
from trainer.contract.evaluation import Evaluation, Prediction
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip, read_manifest
from trainer.prediction.finished_run import opened
from trainer.prediction.parity import NO_EXPORT
from trainer.prediction.predictions import predictions_of, score
from trainer.prediction.predictor import Predictor, exportable, measured, open_predictor
from trainer.recipes.recipe import Recipe, RunContext
from trainer.recipes.registry import make_recipe
from trainer.reporter import keep_stdout
from trainer.sound.decoding import AUDIO_SUFFIXES
from trainer.sound.waveforms import Waveforms

MANY = 50
"""Clips from which on an export that is not there yet is made before predicting."""
_AT_ONCE = 64


def evaluate_run(path: Path, manifest: Path, as_json: bool) -> int:
    """Score the run's best checkpoint on the labelled clips of a manifest file or run folder."""
    manifest = manifest / "manifest.jsonl" if manifest.is_dir() else manifest
    labelled = [clip for clip in read_manifest(manifest) if clip.label in CLASSES]
    if not labelled:
        raise TrainerError(f"{manifest} holds no labelled clip.", "Label some of its clips.")
    with _opened(path) as (run, out):
        recipe = make_recipe(run.config)
        recipe.load(run)
        clips = _readable(labelled, recipe, run)
        found = score(_predictions(clips, recipe, run), clips, run.config.seed)
        if as_json:
            answer = {"run": str(path), "manifest": str(manifest), **found.to_json()}
            answer |= {"left_out": len(labelled) - len(clips), "note": recipe.note}
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        else:
            out.write(table(found) + (f"\n{recipe.note}\n" if recipe.note else ""))
    return 0


def predict_files(path: Path, files: Sequence[Path], as_csv: bool) -> int:
    """Write the class probabilities of every audio file; unreadable ones go to stderr."""
    found = list(dict.fromkeys(_audio_files(files)))
    if not found:
        raise TrainerError(
            "There is no audio file among those named.",
            f"Known endings are {' '.join(sorted(AUDIO_SUFFIXES))}.",
        )
    clips = [ManifestClip(str(file), str(file.resolve()), None, str(file)) for file in found]
    with _opened(path) as (run, out):
        recipe = _predictor(run, len(clips))
        clips = _readable(clips, recipe, run)
        temperature = run.folder.temperature()
        rows = csv.writer(out, lineterminator="\n")
        if as_csv:
            rows.writerow(["path", "predicted", *CLASSES])
        for some in _chunks(clips):
            for row in predictions_of(some, "", recipe.probabilities(some), temperature):
                if as_csv:
                    numbers = [f"{p:.6f}" for p in row.probabilities]
                    rows.writerow([row.clip_id, row.predicted, *numbers])
                    continue
                named = dict(zip(CLASSES, row.probabilities, strict=True))
                answer = {"path": row.clip_id, "predicted": row.predicted, "probabilities": named}
                out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 0


def table(found: Evaluation) -> str:
    """An evaluation for people: the matrix, then the scores with their intervals."""
    lines = [f"{'human / model':14}" + "".join(f"{name:>10}" for name in CLASSES)]
    lines += [
        f"{name:14}" + "".join(f"{count:>10}" for count in row)
        for name, row in zip(CLASSES, found.confusion, strict=True)
    ]
    lines += ["", f"{'':14}{'precision':>10}{'recall':>10}{'F1':>10}{'clips':>10}"]
    lines += [
        f"{name:14}{s['precision']:>10.3f}{s['recall']:>10.3f}{s['f1']:>10.3f}{s['support']:>10.0f}"
        for name, s in found.per_class.items()
    ]
    lines.append("")
    for name, value in (
        ("macro F1", found.macro_f1),
        ("weighted F1", found.weighted_f1),
        ("UAR", found.uar),
        ("accuracy", found.accuracy),
    ):
        bounds = found.intervals.get(name.replace(" ", "_").lower())
        between = f"   95 % interval {bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else ""
        lines.append(f"{name:14}{value:>10.3f}{between}")
    if found.ece is not None:
        lines.append(f"{'ECE':14}{found.ece:>10.3f}   how far sureness and accuracy lie apart")
    lines.append(f"{found.clips} clips of {found.groups} groups")
    return "\n".join(lines) + "\n"


@contextmanager
def _opened(path: Path) -> Iterator[tuple[RunContext, TextIO]]:
    """A finished run, and a standard output of its own."""
    out = TextIOWrapper(keep_stdout(), encoding="utf-8", newline="")
    with opened(path, _screen()) as run:
        yield run, out
        out.flush()


def _predictor(run: RunContext, clips: int) -> Predictor:
    """What answers; for many clips it pays to make the faster one first."""
    if clips >= MANY and exportable(run) and measured(run) is None:
        from trainer.prediction.exports import prepare_exports  # noqa: PLC0415 - imports torch

        try:
            parity = prepare_exports(run.folder, Waveforms(run.cache))
            print(f"Answers come from {parity.engine}. {parity.reason}", file=sys.stderr)
        except TrainerError as error:
            if error.code != NO_EXPORT:
                raise
            print(f"{error.message} {error.hint}", file=sys.stderr)
    return open_predictor(run, clips)


def _screen() -> TextIO | None:
    """Progress only for eyes: a log of the one command would be noise."""
    return sys.stderr if sys.stderr is not None and sys.stderr.isatty() else None


def _readable(
    clips: Sequence[ManifestClip], recipe: Predictor, run: RunContext
) -> list[ManifestClip]:
    """The clips that can be heard; a line on stderr for each of the others."""
    unusable = recipe.prepare(clips, run)
    for clip in clips:
        if clip.clip_id in unusable:
            print(f"{clip.path}: {unusable[clip.clip_id]}", file=sys.stderr)
    if len(unusable) == len(clips):
        raise TrainerError("None of the clips can be heard.", "The lines above say why.")
    return [clip for clip in clips if clip.clip_id not in unusable]


def _predictions(
    clips: Sequence[ManifestClip], recipe: Recipe, run: RunContext
) -> list[Prediction]:
    stage, temperature = run.reporter.stage("Evaluate", len(clips)), run.folder.temperature()
    found: list[Prediction] = []
    for some in _chunks(clips):
        found += predictions_of(some, "", recipe.probabilities(some), temperature)
        stage.advance(len(some))
    return found


def _chunks(clips: Sequence[ManifestClip]) -> Iterator[Sequence[ManifestClip]]:
    return (clips[i : i + _AT_ONCE] for i in range(0, len(clips), _AT_ONCE))


def _audio_files(named: Sequence[Path]) -> Iterator[Path]:
    """Files as named, and the audio files under folders, in order."""
    for path in named:
        if path.is_dir():
            yield from (p for p in sorted(path.rglob("*")) if p.suffix.lower() in AUDIO_SUFFIXES)
        else:
            yield path

"""What the best checkpoint says of clips, made honest by a temperature, and how right it is.

The temperature is fitted on the dev set once it is predicted, so scores and `predictions.jsonl`
hold scaled probabilities, and the classes are those of the network itself. Training clips are
answered out of fold where the recipe is quick: what a model says of clips that it has learnt by
heart finds no wrong label among them.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from trainer.contract import protocol
from trainer.contract.evaluation import Calibration, Evaluation, Prediction
from trainer.contract.files import written_aside
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip
from trainer.evaluate import evaluate
from trainer.prediction.calibration import calibration_error, fit_temperature, reliability, scaled
from trainer.recipes.recipe import Probabilities, Recipe, RunContext, Vectors
from trainer.sampling import SplitClips, group_folds

UNLABELLED = "unlabelled"
"""Split of a prediction for a clip that the manifest names without a label."""
_SCORED = ("dev", "test")
_AT_ONCE = 64


def assess(
    data: SplitClips, only_to_predict: Sequence[ManifestClip], recipe: Recipe, run: RunContext
) -> dict[str, Any]:
    """Predict every clip, fit the temperature, score dev and test, write predictions and vectors.

    Returns `evaluations` and `calibration` of `result.json`. An evaluation of `train` is there
    only where its clips were answered out of fold.
    """
    splits = {**dict(data.items()), UNLABELLED: tuple(only_to_predict)}
    said, vectors = _heard(splits, recipe, run)
    held_out = _out_of_fold(data.train, recipe, run)
    scored = _SCORED if held_out is None else ("train", *_SCORED)
    if held_out is not None:
        said["train"] = held_out
    groups = len({clip.group for clip in data.dev})
    temperature = fit_temperature(said["dev"], _classes(data.dev), groups)
    evaluations: dict[str, Any] = {}
    unscaled: dict[str, float] = {}
    predictions: list[Prediction] = []
    for split, clips in splits.items():
        rows = predictions_of(clips, split, said[split], temperature)
        predictions += rows
        if split in scored and rows:
            evaluations[split] = score(rows, clips, run.config.seed).to_json()
            unscaled[split] = _error(said[split], _classes(clips))
            run.reporter.send(protocol.EvaluationFinished(split, evaluations[split]))
    _keep(vectors, run)
    run.folder.write_predictions(predictions)
    calibration = Calibration(temperature, len(data.dev), unscaled)
    return {"evaluations": evaluations, "calibration": calibration.to_json()}


def predictions_of(
    clips: Sequence[ManifestClip], split: str, said: Probabilities, temperature: float
) -> list[Prediction]:
    """One prediction a clip, from the network's own probabilities."""
    return [
        Prediction(clip.clip_id, split, clip.label, CLASSES[int(raw.argmax())], row.tolist())
        for clip, raw, row in zip(clips, said, scaled(said, temperature), strict=True)
    ]


def score(rows: Sequence[Prediction], clips: Sequence[ManifestClip], seed: int) -> Evaluation:
    """Scores of the predictions of labelled clips, in the same order."""
    return evaluate(
        [str(row.label) for row in rows],
        [row.predicted for row in rows],
        [clip.group for clip in clips],
        seed,
        [row.probabilities[CLASSES.index(row.predicted)] for row in rows],
    )


def _heard(
    splits: dict[str, tuple[ManifestClip, ...]], recipe: Recipe, run: RunContext
) -> tuple[dict[str, Probabilities], list[Vectors]]:
    """The network's own probabilities of each split, (clips, 3), and by parts all vectors."""
    stage = run.reporter.stage("Evaluate", sum(map(len, splits.values())))
    said: dict[str, Probabilities] = {}
    vectors: list[Vectors] = []
    for split, clips in splits.items():
        parts = [np.empty((0, len(CLASSES)))]
        for i in range(0, len(clips), _AT_ONCE):
            run.wishes.check()
            some = clips[i : i + _AT_ONCE]
            answers, heard = recipe.heard(some)
            parts.append(answers)
            vectors.append(heard.astype(np.float16))
            stage.advance(len(some))
        said[split] = np.concatenate(parts)
    return said, vectors


def _keep(vectors: Sequence[Vectors], run: RunContext) -> None:
    """Write `embeddings.npy`. A run is not lost for it."""
    try:
        with written_aside(run.folder.embeddings_file) as file:
            np.save(file, np.concatenate(vectors))
    except OSError as error:
        run.reporter.warn(
            f"The clips' embeddings could not be kept: {error.strerror or error}.",
            "Review cannot play the training clips that are most alike.",
        )


def _out_of_fold(
    clips: Sequence[ManifestClip], recipe: Recipe, run: RunContext
) -> Probabilities | None:
    """What is said of each training clip by a model that learnt from the other folds, (clips, 3).

    None where the recipe does not, or where the other folds would hold one class alone."""
    folds = group_folds(clips, run.config.folds, run.config.seed)
    said: dict[str, Sequence[float]] = {}
    for fold in folds:
        run.wishes.check()
        mine = {clip.group for clip in fold}
        others = [clip for clip in clips if clip.group not in mine]
        if len({clip.label for clip in others}) < 2:
            return None
        found = recipe.held_out(others, fold)
        if found is None:
            return None
        said |= {clip.clip_id: row for clip, row in zip(fold, found, strict=True)}
    return np.array([said[clip.clip_id] for clip in clips])


def _classes(clips: Sequence[ManifestClip]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([CLASSES.index(str(clip.label)) for clip in clips], dtype=np.int64)


def _error(said: Probabilities, classes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    right = (said.argmax(axis=1) == classes).tolist()
    return calibration_error(reliability(said.max(axis=1).tolist(), right))

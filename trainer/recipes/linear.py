"""The model of the acoustic recipe: a scaler and a linear layer, kept without pickle."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError
from safetensors.numpy import load_file, save
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from trainer.contract.errors import TrainerError
from trainer.contract.files import written_aside
from trainer.contract.labels import CLASSES
from trainer.features.cache import VERSION

OUTLIER = 4.0
"""Deviations beyond which a feature counts no more: other rooms, other microphones."""

Rows = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` (kinds, features) and `bias` (kinds,) over features scaled by `mean` and `scale`.

    A kind is an emotion within a class: sadness and anger are both negative and sound nothing
    alike. `class_of` (kinds,) is the class that each kind counts for.
    """

    mean: Rows
    scale: Rows
    weights: Rows
    bias: Rows
    class_of: Numbers

    def probabilities(self, vectors: Rows) -> Rows:
        """Shape (clips, 3) from (clips, features); 0 for a class that was never learnt."""
        logits = self.scaled(vectors) @ self.weights.T + self.bias
        grown = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = grown / grown.sum(axis=1, keepdims=True)
        answers: Rows = shares @ np.eye(len(CLASSES))[self.class_of]
        return answers

    def scaled(self, vectors: Rows) -> Rows:
        """As the model hears them, (clips, features)."""
        return scaled(vectors, self.mean, self.scale)

    def save(self, path: Path) -> None:
        """Write as safetensors, whole or not at all."""
        # safetensors 0.8 writes the memory as it lies, and scikit-learn's may lie by columns
        arrays = {name: np.ascontiguousarray(getattr(self, name)) for name in self.__slots__}
        with written_aside(path) as file:
            file.write(save(arrays | {"version": np.array([VERSION])}))


def load_linear_model(path: Path) -> LinearModel:
    """Raises TrainerError for a file that is not there, damaged, or of other features."""
    hint = "Train again."
    try:
        arrays = load_file(path)
        version = int(arrays.pop("version")[0])
        model = LinearModel(**arrays)
    except (OSError, SafetensorError, KeyError, TypeError) as error:
        raise TrainerError(f"The checkpoint {path} cannot be read: {error}.", hint) from error
    if version != VERSION:
        raise TrainerError("The checkpoint was made by another version of the trainer.", hint)
    return model


def fit_linear_model(
    vectors: Rows, kinds: Numbers, class_of: Numbers, scaler: StandardScaler, strength: float
) -> LinearModel:
    """Logistic regression over kinds, numbered 0..len(class_of) - 1, each with a clip or more.

    Clips are weighted so that every class counts the same, however many kinds it has.
    """
    classes = class_of[kinds]
    weight = (len(kinds) / np.maximum(np.bincount(classes), 1))[classes]
    fitted = LogisticRegression(C=strength, max_iter=2000)
    fitted.fit(
        scaled(vectors, scaler.mean_, scaler.scale_),
        kinds,
        sample_weight=weight / len(np.unique(classes)),
    )
    weights, bias = fitted.coef_, fitted.intercept_
    if len(bias) == 1:  # of two kinds scikit-learn keeps only the second one's
        weights = np.concatenate([np.zeros_like(weights), weights])
        bias = np.concatenate([[0.0], bias])
    return LinearModel(scaler.mean_, scaler.scale_, weights, bias, class_of)


def scaled(vectors: Rows, mean: Rows, scale: Rows) -> Rows:
    """Zero mean and unit deviation over the clips learnt from, outliers held back."""
    rows: Rows = np.clip((vectors - mean) / scale, -OUTLIER, OUTLIER)
    return rows

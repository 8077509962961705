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
from trainer.feature_cache import VERSION

OUTLIER = 4.0
"""Deviations beyond which a feature counts no more: other rooms, other microphones."""
_NEVER = -1e4

Rows = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` (3, features) and `bias` (3,) over features scaled by `mean` and `scale`."""

    mean: Rows
    scale: Rows
    weights: Rows
    bias: Rows

    def probabilities(self, vectors: Rows) -> Rows:
        """Shape (clips, 3) from (clips, features)."""
        logits = scaled(vectors, self.mean, self.scale) @ self.weights.T + self.bias
        grown = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares: Rows = grown / grown.sum(axis=1, keepdims=True)
        return shares

    def save(self, path: Path) -> None:
        """Write as safetensors, whole or not at all."""
        arrays = {name: getattr(self, name) for name in self.__slots__}
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
    vectors: Rows, labels: npt.NDArray[np.int64], scaler: StandardScaler, strength: float
) -> LinearModel:
    """Logistic regression with class weights; a class that nobody labelled is never answered."""
    rows = scaled(vectors, scaler.mean_, scaler.scale_)
    fitted = LogisticRegression(C=strength, class_weight="balanced", max_iter=2000)
    fitted.fit(rows, labels)
    coefficients, intercepts = fitted.coef_, fitted.intercept_
    if len(fitted.classes_) == 2:  # scikit-learn keeps only the second one's
        coefficients = np.concatenate([np.zeros_like(coefficients), coefficients])
        intercepts = np.concatenate([[0.0], intercepts])
    weights = np.zeros((len(CLASSES), vectors.shape[1]))
    bias = np.full(len(CLASSES), _NEVER)
    weights[fitted.classes_], bias[fitted.classes_] = coefficients, intercepts
    return LinearModel(scaler.mean_, scaler.scale_, weights, bias)


def scaled(vectors: Rows, mean: Rows, scale: Rows) -> Rows:
    """Zero mean and unit deviation over the clips learnt from, outliers held back."""
    rows: Rows = np.clip((vectors - mean) / scale, -OUTLIER, OUTLIER)
    return rows

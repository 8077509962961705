"""A run is a folder; this names its files and reads its state.

`result.json` present = over. Absent with no process = interrupted. A lock held by the trainer
for as long as it lives tells the two apart, whatever process ids have been reused.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from trainer.contract.config import RunConfig, config_from_json
from trainer.contract.errors import TrainerError
from trainer.contract.evaluation import (
    Prediction,
    calibration_from_json,
    prediction_from_json,
)
from trainer.contract.files import read_json_lines, write_json, write_json_lines
from trainer.contract.manifest import ManifestClip, read_manifest, write_manifest

NEW, RUNNING, INTERRUPTED = "new", "running", "interrupted"
FINISHED, STOPPED, CANCELLED, FAILED = "finished", "stopped", "cancelled", "failed"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Paths and records of one run."""

    path: Path

    @property
    def config_file(self) -> Path:
        return self.path / "config.json"

    @property
    def manifest_file(self) -> Path:
        return self.path / "manifest.jsonl"

    @property
    def metrics_file(self) -> Path:
        """Every `EpochFinished`, `StepLogged` and `Warned`, one JSON line each, appended."""
        return self.path / "metrics.jsonl"

    @property
    def log_file(self) -> Path:
        return self.path / "run.log"

    @property
    def checkpoints(self) -> Path:
        return self.path / "checkpoints"

    @property
    def resume_folder(self) -> Path:
        """Where an interrupted run goes on from; swept once the run is over."""
        return self.checkpoints / "resume"

    def resume_points(self) -> list[Path]:
        """Saved states of a training, newest first: only those of exactly this `config.json` and
        this `manifest.jsonl`. Empty where a run would start over."""
        if not self.resume_folder.is_dir():
            return []
        return sorted(self.resume_folder.glob(f"{self._asked()}-*.safetensors"), reverse=True)

    def resume_point(self, number: int) -> Path:
        return self.resume_folder / f"{self._asked()}-{number:06d}.safetensors"

    def _asked(self) -> str:
        """Sixteen hexadecimal digits that say what the run is asked to do."""
        digest = hashlib.sha256()
        for file in (self.config_file, self.manifest_file):
            digest.update(file.read_bytes() if file.exists() else b"")
            digest.update(b"\0")
        return digest.hexdigest()[:16]

    def hash_checkpoint(self) -> str:
        """SHA-256 of the best checkpoint's weights, hexadecimal; empty where there are none."""
        files = sorted(
            file
            for file in self.checkpoints.rglob("*.safetensors")
            if self.resume_folder not in file.parents
        )
        digest = hashlib.sha256()
        for path in files:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest() if files else ""

    def checkpoint_hash(self) -> str:
        """`hash_checkpoint` as the run wrote it down; of older runs it is read from the files."""
        return (self.read_result() or {}).get("checkpoint") or self.hash_checkpoint()

    @property
    def exports(self) -> Path:
        """The network for other programs and for fast answers; made when first asked for."""
        return self.path / "exports"

    @property
    def predictions_file(self) -> Path:
        return self.path / "predictions.jsonl"

    @property
    def embeddings_file(self) -> Path:
        """What the best checkpoint makes of each clip before it answers: a NumPy array of float16,
        (clips, width), its rows in the order of `predictions.jsonl`. Runs older than it lack it."""
        return self.path / "embeddings.npy"

    @property
    def result_file(self) -> Path:
        return self.path / "result.json"

    def create(self, config: RunConfig, clips: list[ManifestClip]) -> None:
        """Make the folder with what the run is asked to do. Raises FileExistsError if it is one."""
        if self.config_file.exists():
            raise FileExistsError(self.path)
        self.path.mkdir(parents=True, exist_ok=True)
        write_manifest(self.manifest_file, clips)
        write_json(self.config_file, config.to_json())

    def read_config(self) -> RunConfig:
        """Raises TrainerError when the folder holds no readable `config.json`."""
        try:
            return config_from_json(json.loads(self.config_file.read_text(encoding="utf-8")))
        except (FileNotFoundError, NotADirectoryError) as error:
            raise TrainerError(
                f"{self.path} is no run folder.", "Name a folder that holds config.json."
            ) from error
        except (OSError, ValueError) as error:
            raise TrainerError(
                f"{self.config_file} cannot be read: {error}.", "Start a new run."
            ) from error

    def read_manifest(self) -> list[ManifestClip]:
        return read_manifest(self.manifest_file)

    def read_predictions(self) -> list[Prediction]:
        """Raises ValueError when the file is damaged."""
        try:
            return [prediction_from_json(row) for row in read_json_lines(self.predictions_file)]
        except (KeyError, TypeError) as error:
            raise ValueError(f"{self.predictions_file.name} is damaged") from error

    def write_predictions(self, predictions: list[Prediction]) -> None:
        write_json_lines(self.predictions_file, (p.to_json() for p in predictions))

    def read_result(self) -> dict[str, Any] | None:
        """The record of a run that is over: `status`, `recipe`, `model`, `note`, `evaluations`
        by split, `calibration`, `checkpoint` (its hash), `counts`, `splits` (groups by split),
        `left_out` (reason by clip id), `error` (None or code, message, hint), `versions`,
        `device`, `started`, `seconds`, `manifest_hash`. A run that failed or was cancelled early
        lacks what it never came to. None while there is none."""
        try:
            result: dict[str, Any] = json.loads(self.result_file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return result

    def temperature(self) -> float:
        """What the logits of this run are divided by; 1 for one that was never calibrated."""
        return calibration_from_json((self.read_result() or {}).get("calibration")).temperature

    def write_result(self, result: dict[str, Any]) -> None:
        write_json(self.result_file, result)

    def lock(self) -> FileLock:
        """What the trainer holds while it works in the folder."""
        return FileLock(self.path / "run.lock")

    def is_held(self) -> bool:
        """Whether a trainer is at work here."""
        try:
            with self.lock().acquire(timeout=0):
                return False
        except Timeout:
            return True

    def status(self) -> str:
        """One of `new`, `running`, `interrupted`, `finished`, `stopped`, `cancelled`, `failed`.
        Raises ValueError when the result is damaged."""
        result = self.read_result()
        if result is not None:
            try:
                return str(result["status"])
            except (KeyError, TypeError) as error:
                raise ValueError(f"{self.result_file.name} is damaged") from error
        if self.log_file.exists():
            return RUNNING if self.is_held() else INTERRUPTED
        return NEW

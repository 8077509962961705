"""A pre-trained model's folder: one on this machine, or one fetched from the Hugging Face hub.

A model that the hub's cache already holds is taken from there without asking the network.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from huggingface_hub import HfApi, constants, errors
from huggingface_hub.utils import logging
from huggingface_hub.utils.tqdm import tqdm

from trainer.contract.errors import TrainerError

SETTINGS = ("config.json", "preprocessor_config.json")
WEIGHTS = ("*.safetensors", "*.safetensors.index.json")
OLD_WEIGHTS = ("pytorch_model*.bin", "pytorch_model.bin.index.json")
NetworkError = errors.HTTPError  # type: ignore[attr-defined]  # httpx's or httpx2's: the hub knows
LOCAL_COPY = (
    "Put a copy of the model (config.json and model.safetensors) in a folder of this machine and "
    "name that folder as the model."
)

Progress = Callable[[int, int], None]
"""Told the bytes done and in all; whatever it raises ends the download, which resumes later."""


def fetch_model(name: str, progress: Progress, also: Sequence[str] = ()) -> Path:
    """The folder of a model given as local folder or as hub id. `also` names files that it needs
    beside settings and weights, as far as it has them, and at least one.

    Raises TrainerError when it is neither here nor to be had.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    if folder.is_absolute() or name.startswith((".", "~")) or name.count("/") > 1:
        raise TrainerError(f"There is no folder {name}.", LOCAL_COPY, "no model")
    return _cached(name, also) or _download(name, progress, also)


def _cached(name: str, also: Sequence[str]) -> Path | None:
    for weights in (WEIGHTS, OLD_WEIGHTS):
        try:
            patterns = [*SETTINGS, *also, *weights]
            found = Path(
                HfApi().snapshot_download(name, local_files_only=True, allow_patterns=patterns)
            )
        except (errors.LocalEntryNotFoundError, errors.HFValidationError):
            continue
        whole = not also or any((found / file).exists() for file in also)
        if whole and (found / SETTINGS[0]).exists() and any(found.glob(weights[0])):
            return found
    return None


def _download(name: str, progress: Progress, also: Sequence[str]) -> Path:
    # xet's callbacks come from Rust and cannot end a download; plain HTTP's can, and it resumes.
    constants.HF_HUB_DISABLE_XET = True
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]  # its six warnings on the way to being offline
    try:
        hub = HfApi()
        files = hub.list_repo_files(name)
        weights = WEIGHTS if any(f.endswith(".safetensors") for f in files) else OLD_WEIGHTS
        patterns = [*SETTINGS, *also, *weights]
        return Path(
            hub.snapshot_download(name, allow_patterns=patterns, tqdm_class=_bar_telling(progress))
        )
    except (errors.HfHubHTTPError, errors.HFValidationError, OSError, NetworkError) as error:
        raise _fault(name, error) from error


def _fault(name: str, error: Exception) -> Exception:
    """The one sentence for what kept the model from coming; other faults stay what they are."""
    page = f"{constants.ENDPOINT}/{name}"
    if isinstance(error, errors.GatedRepoError):
        message = f"{name} is given only to people who have accepted its terms."
        return TrainerError(
            message, f"Accept them at {page} and run `hf auth login`. {LOCAL_COPY}", "gated model"
        )
    if isinstance(error, errors.RepositoryNotFoundError | errors.HFValidationError):
        return TrainerError(f"The hub has no public model {name!r}.", LOCAL_COPY, "no model")
    if isinstance(error, errors.HfHubHTTPError):
        status = error.response.status_code
        return TrainerError(f"The hub refused {name} (HTTP {status}).", LOCAL_COPY, "hub")
    if isinstance(error, OSError) and error.errno is not None and error.filename is not None:
        return error  # this machine's disk, not the network
    return TrainerError(
        f"{name} is not on this machine and the hub cannot be reached.", LOCAL_COPY, "offline"
    )


def _bar_telling(progress: Progress) -> type[Any]:
    """A progress bar that draws nothing: the hub counts all bytes written in one such bar."""

    class Bar(tqdm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self._counts_bytes = kwargs.get("name") == "huggingface_hub.snapshot_download"
            super().__init__(*args, **{**kwargs, "disable": True})  # type: ignore[no-untyped-call]

        def update(self, n: float | None = 1) -> None:
            self.n += n or 0
            if self._counts_bytes:
                progress(int(self.n), int(self.total or 0))

    return Bar

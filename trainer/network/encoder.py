"""An encoder by name, whose weights are read only when a clip needs them.

Which embeddings are its own is remembered by the files it was read from, so that a run whose clips
are all known needs no torch: importing it takes longer than the run.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from trainer.contract.config import TINY
from trainer.contract.manifest import ManifestClip
from trainer.features.extraction import Computed
from trainer.sound.blob_store import BlobStore
from trainer.sound.waveforms import LONGEST, Waveforms

if TYPE_CHECKING:
    from trainer.network.model import Hubert

VERSION: Final = 1
"""Counts up whenever the same weights give other embeddings, and whenever `tiny-from-scratch`
becomes another network."""


@dataclass(frozen=True, slots=True)
class EncoderFacts:
    """What is known of an encoder without reading its weights."""

    id: str
    """Names its embeddings."""
    weights: str
    """SHA-256 of its weights, as `Hubert.encoder_hash`."""
    states: int
    """Hidden states, the encoder's input included."""


class Encoder:
    """The encoder of `model`, as `FinetuneConfig.model` names it. Facts are kept in `store`."""

    def __init__(
        self, model: str, seed: int, store: BlobStore, progress: Callable[[int, int], None]
    ) -> None:
        self._model, self._seed, self._progress = model, seed, progress
        self.store = store
        self._hubert: Hubert | None = None
        self.device = "cpu"
        """What it computes on, as shown to people."""

    def facts(self) -> EncoderFacts:
        """Raises TrainerError when there is no such model."""
        key = f"encoder {VERSION} {self._identity()}"
        known = self.store.facts(key)
        if known is None:
            from trainer.features.embedding import encoder_id  # noqa: PLC0415 - imports torch

            hubert = self._loaded()
            states = int(hubert.network.config.num_hidden_layers) + 1
            known = [encoder_id(hubert), hubert.encoder_hash(), states]
            with self.store.writing() as ours:
                if ours:
                    self.store.put(key, b"", known)
        return EncoderFacts(*known)

    def embed(
        self,
        clips: Sequence[ManifestClip],
        check: Callable[[], object],
        waveforms: Waveforms,
        statistics: str,
    ) -> Computed:
        """See `trainer.features.embedding.embed`; flat. Raises AudioError, TrainerError."""
        from trainer.features.embedding import embed  # noqa: PLC0415 - imports torch
        from trainer.training.dataset import Examples, Features  # noqa: PLC0415 - imports torch

        hubert = self._loaded()
        examples = Examples(clips, Features(waveforms, hubert, room=0), LONGEST)
        for clip, row in embed(hubert, examples, statistics, check):
            yield clip, row.reshape(-1)

    def _loaded(self) -> "Hubert":
        if self._hubert is None:
            from trainer.device import (  # noqa: PLC0415 - imports torch
                choose_device,
                describe_device,
            )
            from trainer.network.pretrained import build_hubert  # noqa: PLC0415 - imports torch

            device = choose_device()
            self._hubert = build_hubert(self._model, self._seed, self._progress)
            self._hubert.network.to(device)
            self.device = describe_device(device)
        return self._hubert

    def _identity(self) -> str:
        """Of the files, by size and time of change; hashing 1.3 GB takes seconds."""
        facts: tuple[object, ...]
        if self._model == TINY:
            facts = (TINY, self._seed, _torch())
        else:
            from trainer.network.hub import (  # noqa: PLC0415 - a second that tiny need not wait
                OLD_WEIGHTS,
                SETTINGS,
                WEIGHTS,
                fetch_model,
            )

            folder = fetch_model(self._model, self._progress)
            patterns = (*SETTINGS, *WEIGHTS, *OLD_WEIGHTS)
            files = sorted({path.resolve() for p in patterns for path in folder.glob(p)})
            facts = tuple((str(file), *_times(file)) for file in files)
        return hashlib.blake2b(repr(facts).encode(), digest_size=16).hexdigest()


def _times(file: Path) -> tuple[int, int]:
    facts = file.stat()
    return facts.st_size, facts.st_mtime_ns


def _torch() -> str:
    """Its version, as its random numbers may change with it."""
    try:
        return version("torch")
    except PackageNotFoundError:  # a frozen build carries no records, and only one torch
        return ""

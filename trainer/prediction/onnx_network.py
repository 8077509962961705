"""A network exported to ONNX, answering on the CPU. Without torch: it starts in a second.

Many clips go through side by side, a thread each, and never as a padded batch: batches of eight
were slower a clip on two cores, and where the convolutions are normalised over time (group norm)
padding would change the answers. Threads that share one clip wait for each other for a tenth of
their time.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.granted import usable_cores
from trainer.sound.decoding import Pcm

Logits = npt.NDArray[np.float64]


def _nothing() -> None:
    pass


class OnnxNetwork:
    """One session; `file` is written by `trainer.prediction.onnx_export`.

    So many clips are answered `at_once` by `every`; the cores that are left help with each.
    """

    def __init__(self, file: Path, at_once: int = 1) -> None:
        self._at_once = at_once
        onnxruntime.disable_telemetry_events()  # Windows builds would report their use
        onnxruntime.set_default_logger_severity(3)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = max(1, usable_cores() - at_once + 1)
        # Threads that wait by spinning take the cores from the studio and its sound.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                str(file), options, providers=["CPUExecutionProvider"]
            )
            facts = self._session.get_modelmeta().custom_metadata_map
            self._shortest, classes = int(facts["shortest"]), facts["classes"].split(",")
        except Exception as error:  # its own classes of exceptions share no other parent
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise TrainerError(f"{file} cannot be used: {reason}", "Export it again.") from error
        if classes != list(CLASSES):
            raise TrainerError(f"{file} knows other classes.", "Export it again.")

    def logits(self, waveform: Pcm) -> Logits:
        """Of one clip at 16 kHz, shape (3,)."""
        samples = np.zeros((1, max(len(waveform), self._shortest)), dtype=np.float32)
        samples[0, : len(waveform)] = waveform.astype(np.float32) / 32768
        lengths = np.array([len(waveform)], dtype=np.int64)
        answer: Logits = self._session.run(None, {"samples": samples, "lengths": lengths})[0][0]
        return answer.astype(np.float64)

    def every(self, waveforms: Sequence[Pcm], check: Callable[[], object] = _nothing) -> Logits:
        """Logits of clips in the order given, shape (clips, 3), no clip padded for another.

        The longest goes first, so that no core is left alone with it at the end. `check` is
        called before each, and may raise.
        """
        rows = np.empty((len(waveforms), len(CLASSES)))

        def answer(number: int) -> None:
            check()
            rows[number] = self.logits(waveforms[number])

        longest_first = sorted(range(len(waveforms)), key=lambda number: -len(waveforms[number]))
        with ThreadPoolExecutor(self._at_once) as pool:
            for _ in pool.map(answer, longest_first):
                pass
        return rows


def softmax(logits: Logits) -> Logits:
    """The network's own probabilities, before any temperature, of the same shape."""
    grown = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Logits = grown / grown.sum(axis=-1, keepdims=True)
    return shares

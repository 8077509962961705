"""A network exported to ONNX, answering on the CPU. Without torch: it starts in a second.

Clips go through one by one: batches of eight were slower a clip on two cores, and where the
convolutions are normalised over time (group norm) padding would change the answers.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime

from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES
from trainer.sound.decoding import Pcm

Logits = npt.NDArray[np.float64]


class OnnxNetwork:
    """One session; `file` is written by `trainer.prediction.onnx_export`."""

    def __init__(self, file: Path) -> None:
        onnxruntime.disable_telemetry_events()  # Windows builds would report their use
        onnxruntime.set_default_logger_severity(3)
        options = onnxruntime.SessionOptions()
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

    def probabilities(self, waveform: Pcm) -> Logits:
        """The network's own, before any temperature, shape (3,)."""
        logits = self.logits(waveform)
        grown = np.exp(logits - logits.max())
        shares: Logits = grown / grown.sum()
        return shares

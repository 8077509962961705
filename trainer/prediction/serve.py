"""`stremo-trainer serve`: a finished run kept warm, which answers clip by clip.

The newest request comes first: it is the clip that somebody looks at now. The model is loaded
with the first request, dropped after a while without one, and later the process ends. Between
requests an export is made where there is none yet, so that the next answers come faster.
"""

import gc
import threading
import time
from pathlib import Path
from typing import BinaryIO

from trainer.contract import protocol
from trainer.contract.errors import TrainerError
from trainer.contract.manifest import ManifestClip
from trainer.prediction.finished_run import opened
from trainer.prediction.parity import NO_EXPORT
from trainer.prediction.predictions import predictions_of
from trainer.prediction.predictor import (
    OnnxPredictor,
    Predictor,
    exportable,
    measured,
    open_predictor,
)
from trainer.recipes.recipe import RunContext
from trainer.reporter import keep_stdout
from trainer.sound.decoding import AudioError
from trainer.sound.waveforms import Waveforms
from trainer.training.wishes import stdin_bytes

DROP_S, LEAVE_S = 120.0, 900.0
"""Seconds without a request after which the model is dropped, and after which the process ends."""
_QUIET_S = 1.0
"""Without a request, before an export is made."""
_AT_ONCE = 8


class Left(Exception):  # noqa: N818 - it is none
    """Nobody asks any more."""


class Requests:
    """What waits, newest first. Filled by a reading thread."""

    def __init__(self) -> None:
        self._waiting: list[protocol.Predict] = []
        self._changed = threading.Condition()
        self._over = False

    def read(self, stdin: BinaryIO) -> None:
        """Until its end, which is the end of the process; rubbish is skipped."""
        for line in stdin:
            command = protocol.decode(line.decode("utf-8", errors="replace"))
            with self._changed:
                if isinstance(command, protocol.Predict):
                    self._waiting.append(command)
                elif isinstance(command, protocol.Forget):
                    self._waiting = [r for r in self._waiting if r.request != command.request]
                self._changed.notify()
        with self._changed:
            self._over = True
            self._changed.notify()

    def take(self, most: int, seconds: float) -> list[protocol.Predict]:
        """At most so many, waiting for the first at most so long. Raises Left."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._over, seconds)
            if self._over:
                raise Left
            taken = self._waiting[: -most - 1 : -1]
            del self._waiting[-most:]
            return taken


class Server:
    """Answers the requests of one run on `stream`, one JSON object a line."""

    def __init__(self, run: RunContext, stream: BinaryIO, requests: Requests) -> None:
        self._run, self._stream, self._requests = run, stream, requests
        self._predictor: Predictor | None = None
        self._temperature = run.folder.temperature()
        self._may_export = exportable(run)

    def work(self, drop_s: float, leave_s: float) -> None:
        """Until nobody asks any more, or for so long nobody has."""
        asked = time.monotonic()
        while time.monotonic() < asked + leave_s:
            if self.answer(min(_QUIET_S, drop_s)):
                asked = time.monotonic()
            elif self._predictor is not None and self._may_export:
                self._export()
                asked = time.monotonic()
            elif self._predictor is not None and time.monotonic() > asked + drop_s:
                self._predictor = None
                gc.collect()

    def answer(self, seconds: float = 0.0) -> bool:
        """Answer what waits, as much as goes at once; whether there was any. Raises Left."""
        one_by_one = self._predictor is None or isinstance(self._predictor, OnnxPredictor)
        requests = self._requests.take(1 if one_by_one else _AT_ONCE, seconds)
        if requests:
            for event in self._events(requests):
                self._send(event)
        return bool(requests)

    def _events(self, requests: list[protocol.Predict]) -> list[protocol.Event]:
        clips = [
            ManifestClip(str(r.request), r.path, None, r.path, r.start, r.end) for r in requests
        ]
        try:
            predictor = self._load()
            why = predictor.prepare(clips, self._run)
            usable = [clip for clip in clips if clip.clip_id not in why]
            said = predictor.probabilities(usable)
        except (TrainerError, AudioError, OSError) as error:
            why, usable = dict.fromkeys((c.clip_id for c in clips), str(error)), []
        events: list[protocol.Event] = [
            protocol.PredictionFailed(int(clip), reason) for clip, reason in why.items()
        ]
        if usable:
            events += [
                protocol.Predicted(int(row.clip_id), row.probabilities)
                for row in predictions_of(usable, "", said, self._temperature)
            ]
        return events

    def _load(self) -> Predictor:
        if self._predictor is None:
            self._predictor = open_predictor(self._run)
            self._may_export = self._may_export and measured(self._run) is None
        return self._predictor

    def _export(self) -> None:
        """Answering what comes meanwhile, and through the export from then on."""
        self._may_export = False
        from trainer.prediction.exports import prepare_exports  # noqa: PLC0415 - imports torch

        try:
            prepare_exports(self._run.folder, Waveforms(self._run.cache), self.answer)
        except TrainerError as error:
            if error.code != NO_EXPORT:
                raise
        except OSError:
            return  # a full disk: what answered so far goes on answering
        self._predictor = None

    def _send(self, event: protocol.Event) -> None:
        try:
            self._stream.write((protocol.encode(event) + "\n").encode())
            self._stream.flush()
        except OSError as error:
            raise Left from error


def serve_run(path: Path, drop_s: float = DROP_S, leave_s: float = LEAVE_S) -> int:
    """Answer requests from stdin on stdout; returns the exit code. Raises TrainerError."""
    stream, requests = keep_stdout(), Requests()
    threading.Thread(target=requests.read, args=(stdin_bytes(),), daemon=True).start()
    try:
        with opened(path) as run:
            Server(run, stream, requests).work(drop_s, leave_s)
    except Left:
        pass
    return 0

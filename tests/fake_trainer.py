"""A real process that speaks the real protocol and follows a script, in place of the trainer.

    python tests/fake_trainer.py SCRIPT [--seconds S] run RUN_FOLDER --studio

Scripts:
  normal    S seconds of steps in three epochs, then a whole result; obeys stop and cancel
  rubbish   as `normal`, with rubbish, unknown events and half a line between the events
  stream    ten steps a second for S seconds and little else
  fails     ends with RunFailed and exit code 2, as a full disk does
  dies      kills itself with SIGKILL in the middle of its steps
  silent    says nothing and hears nothing until it is terminated
  stubborn  as `silent`, and does not care about being terminated either
"""

import argparse
import os
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from trainer.contract import protocol
from trainer.contract.evaluation import Prediction
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip, manifest_hash
from trainer.contract.run_folder import CANCELLED, FAILED, FINISHED, STOPPED, RunFolder
from trainer.evaluate import evaluate
from trainer.scores import confusion_matrix

EPOCHS = 3
STEPS_A_SECOND = 10
NOTE = "The trainer is a fake: its answers are made up from the labels."


class Ended(Exception):  # noqa: N818 - it is none
    """Cancelled, or the studio is gone (`status` None)."""

    def __init__(self, status: str | None) -> None:
        self.status = status


class FakeRun:
    """A run folder that is filled as the trainer fills it."""

    def __init__(self, script: str, seconds: float, folder: RunFolder) -> None:
        self.script, self.folder = script, folder
        self.steps = max(EPOCHS, round(seconds * STEPS_A_SECOND))
        self.step_s = seconds / self.steps
        self.woken = threading.Event()
        self.stop = self.cancel = self.gone = False

    def send(self, event: protocol.Event) -> None:
        line = protocol.encode(event) + "\n"
        if self.script == "rubbish":
            sys.stdout.write(
                'Some library prints\n{"kind": "InventedLater"}\n{"kind": "StepLo\n\x00\n'
            )
        sys.stdout.write(line)
        sys.stdout.flush()
        if isinstance(event, protocol.StepLogged | protocol.EpochFinished):
            with self.folder.metrics_file.open("a", encoding="utf-8") as file:
                file.write(line)

    def listen(self) -> None:
        for line in sys.stdin:
            command = protocol.decode(line)
            self.stop |= isinstance(command, protocol.StopAndKeepBest)
            self.cancel |= isinstance(command, protocol.Cancel)
            self.woken.set()
        self.gone = True
        self.woken.set()

    def carry_out(self) -> int:
        clips = [clip for clip in self.folder.read_manifest() if clip.label in CLASSES]
        splits = divide(clips)
        status: str | None = FINISHED
        self.send(protocol.Hello(protocol.PROTOCOL, {"python": "3"}, "fake"))
        try:
            self.train(splits)
        except Ended as ended:
            status = ended.status
        if status is None:
            return 4
        if self.script == "fails":
            return self.fail()
        if status != CANCELLED and self.stop:
            status = STOPPED
        self.finish(status, clips, splits)
        return 3 if status == CANCELLED else 0

    def train(self, splits: dict[str, list[ManifestClip]]) -> None:
        counts = {name: dict(Counter(str(c.label) for c in part)) for name, part in splits.items()}
        self.send(protocol.RunStarted("acoustic", "fake", counts, NOTE, "cpu"))
        total = sum(len(part) for part in splits.values())
        self.send(protocol.StageProgressed("Features", total, total))
        for step in range(1, self.steps + 1):
            self.one_step(step)
            if self.script == "dies" and step > self.steps // 2:
                os.kill(os.getpid(), signal.SIGKILL)
            if step % max(1, self.steps // EPOCHS) == 0 and self.script != "stream":
                self.end_epoch(round(step * EPOCHS / self.steps), splits["dev"])
                if self.stop:
                    return

    def one_step(self, step: int) -> None:
        self.woken.wait(self.step_s)
        self.woken.clear()
        if self.cancel:
            raise Ended(CANCELLED)
        if self.gone:
            raise Ended(None)
        left = (self.steps - step) * self.step_s
        self.send(protocol.StepLogged(step, self.steps, 1 / step, 1e-5, 40.0, left))
        if step % STEPS_A_SECOND == 0:
            self.send(protocol.Heartbeat(step))

    def end_epoch(self, epoch: int, dev: list[ManifestClip]) -> None:
        scored = evaluate(
            [str(c.label) for c in dev], [answer(c) for c in dev], [c.group for c in dev]
        )
        matrix = confusion_matrix([str(c.label) for c in dev], [answer(c) for c in dev]).tolist()
        self.send(
            protocol.EpochFinished(
                epoch, EPOCHS, 1 / epoch, 1.2 / epoch, scored.macro_f1 * epoch / EPOCHS,
                scored.uar * epoch / EPOCHS, matrix, True,
            )
        )  # fmt: skip
        watched = {clip.clip_id: probabilities(clip) for clip in dev[:3]}
        self.send(protocol.PredictionsUpdated(epoch, watched))
        self.send(protocol.CheckpointSaved("checkpoints/best", epoch))

    def fail(self) -> int:
        error = {"code": "disk", "message": "The disk is full.", "hint": "Free 2 GB."}
        self.folder.write_result({"status": FAILED, "recipe": "acoustic", "error": error})
        self.send(protocol.RunFailed(**error))
        return 2

    def finish(
        self, status: str, clips: list[ManifestClip], splits: dict[str, list[ManifestClip]]
    ) -> None:
        result = {
            "status": status, "recipe": "acoustic", "model": "fake", "note": NOTE, "error": None,
            "counts": {n: dict(Counter(str(c.label) for c in part)) for n, part in splits.items()},
            "splits": {n: sorted({c.group for c in part}) for n, part in splits.items()},
            "left_out": {}, "versions": {}, "device": "cpu", "started": "2026-01-01T00:00:00+00:00",
            "seconds": 1.0, "manifest_hash": manifest_hash(clips),
        }  # fmt: skip
        if status != CANCELLED:
            self.folder.write_predictions(
                [
                    Prediction(c.clip_id, name, c.label, answer(c), probabilities(c))
                    for name, part in splits.items()
                    for c in part
                ]
            )
            result["evaluations"] = {
                name: evaluate(
                    [str(c.label) for c in splits[name]],
                    [answer(c) for c in splits[name]],
                    [c.group for c in splits[name]],
                ).to_json()
                for name in ("dev", "test")
            }
            for name, evaluation in result["evaluations"].items():
                self.send(protocol.EvaluationFinished(name, evaluation))
        self.folder.write_result(result)
        self.send(protocol.RunFinished(status))


def divide(clips: list[ManifestClip]) -> dict[str, list[ManifestClip]]:
    """By groups, or by clips where there are fewer than three groups."""
    groups = sorted({clip.group for clip in clips})
    alone = len(groups) < 3
    keys = sorted(clip.clip_id for clip in clips) if alone else groups
    place = {key: ("train", "dev", "test", "train", "train")[i % 5] for i, key in enumerate(keys)}
    return {
        name: [clip for clip in clips if place[clip.clip_id if alone else clip.group] == name]
        for name in ("train", "dev", "test")
    }


def answer(clip: ManifestClip) -> str:
    """The label, except that one clip in three is taken for the next class."""
    place = CLASSES.index(str(clip.label))
    return CLASSES[(place + (sum(clip.clip_id.encode()) % 3 == 0)) % len(CLASSES)]


def probabilities(clip: ManifestClip) -> list[float]:
    return [0.7 if name == answer(clip) else 0.15 for name in CLASSES]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("script")
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("verb", choices=["run"])
    parser.add_argument("run_folder", type=Path)
    parser.add_argument("--studio", action="store_true")
    chosen = parser.parse_args()
    folder = RunFolder(chosen.run_folder)
    with folder.lock():
        folder.log_file.open("a", encoding="utf-8").write("The fake trainer has started.\n")
        if chosen.script == "stubborn":
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if chosen.script in ("silent", "stubborn"):
            time.sleep(3600)
        run = FakeRun(chosen.script, chosen.seconds, folder)
        threading.Thread(target=run.listen, daemon=True).start()
        return run.carry_out()


if __name__ == "__main__":
    sys.exit(main())

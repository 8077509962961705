"""Events reach whoever reads them, at a bearable rate, and the folder keeps all of them."""

import io
import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from trainer import reporter as reporting
from trainer.contract import protocol
from trainer.contract.files import read_json_lines
from trainer.contract.run_folder import RunFolder
from trainer.reporter import Reporter

EPOCH = protocol.EpochFinished(1, 2, 0.5, 0.6, 0.4, 0.4, [[1, 0, 0]] * 3, True, "C = 1")


def _events(stream: io.BytesIO) -> list[protocol.Message]:
    return [e for line in stream.getvalue().decode().splitlines() if (e := protocol.decode(line))]


def _step(number: int) -> protocol.StepLogged:
    return protocol.StepLogged(number, 5000, 0.5, 1e-5, 10.0)


def test_of_many_steps_few_are_sent_the_last_always_and_all_are_kept(tmp_path: Path) -> None:
    stream, folder = io.BytesIO(), RunFolder(tmp_path)
    with Reporter(folder, stream) as reporter:
        for number in range(1, 5001):
            reporter.send(_step(number))
        reporter.send(EPOCH)
    sent = [e for e in _events(stream) if not isinstance(e, protocol.Heartbeat)]
    assert sent[0] == _step(1)
    assert sent[-2:] == [_step(5000), EPOCH]
    assert len(sent) < 500
    kept = list(read_json_lines(folder.metrics_file))
    assert [row["step"] for row in kept[:-1]] == list(range(1, 5001))
    assert kept[-1]["dev_macro_f1"] == 0.4


def test_the_heart_beats_with_the_last_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "HEARTBEAT_S", 0.01)
    beaten = threading.Event()

    class Stream(io.BytesIO):
        def write(self, line: bytes) -> int:  # type: ignore[override]
            if protocol.decode(line.decode()) == protocol.Heartbeat(7):
                beaten.set()
            return len(line)

    with Reporter(RunFolder(tmp_path), Stream()) as reporter:
        reporter.send(_step(7))
        assert beaten.wait(10)


def test_progress_tells_the_time_left(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with Reporter(RunFolder(tmp_path), stream) as reporter:
        stage = reporter.stage("Features", 200)
        for _ in range(200):
            stage.advance()
    events = [e for e in _events(stream) if isinstance(e, protocol.StageProgressed)]
    assert events[0] == protocol.StageProgressed("Features", 0, 200, "clips", None)
    assert (events[-1].done, events[-1].eta_s) == (200, 0)
    assert len(events) < 20


def test_a_reader_that_is_gone_is_noticed_once_and_hurts_nobody(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    gone: list[bool] = []
    with (
        os.fdopen(writing, "wb", buffering=0) as stream,
        Reporter(RunFolder(tmp_path), stream, on_gone=lambda: gone.append(True)) as reporter,
    ):
        reporter.send(EPOCH)
        reporter.send(EPOCH)
    assert gone == [True]
    assert len(list(read_json_lines(RunFolder(tmp_path).metrics_file))) == 2


def test_a_folder_that_is_deleted_under_the_run_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "HEARTBEAT_S", 0.01)
    (tmp_path / "run").mkdir()
    stream, gone = io.BytesIO(), threading.Event()
    with Reporter(RunFolder(tmp_path / "run"), stream, on_gone=gone.set):
        shutil.rmtree(tmp_path / "run")
        assert gone.wait(10)
    assert protocol.Warned("The run folder is gone.", "Start a new run.") in _events(stream)


def test_people_read_sentences(tmp_path: Path) -> None:
    terminal = io.StringIO()
    with Reporter(RunFolder(tmp_path), None, terminal) as reporter:
        reporter.stage("Features", 10)
        reporter.send(EPOCH)
        reporter.send(protocol.RunFailed("disk", "The disk is full.", "Free 2 GB."))
    sentence = "Epoch 1/2 (C = 1): train loss 0.5000, dev loss 0.6000, dev macro F1 0.400"
    assert sentence in terminal.getvalue()
    assert terminal.getvalue().endswith("The disk is full. Free 2 GB.\n")
    assert "Features" not in terminal.getvalue()
    log = RunFolder(tmp_path).log_file.read_text()
    assert sentence in log
    assert "The disk is full. Free 2 GB." in log


def test_many_threads_never_mix_their_lines(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with Reporter(RunFolder(tmp_path), stream) as reporter:
        threads = [threading.Thread(target=_warn_often(reporter)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(_events(stream)) == len(stream.getvalue().splitlines()) >= 400


def _warn_often(reporter: Reporter) -> Callable[[], None]:
    def warn() -> None:
        for _ in range(100):
            reporter.warn("x" * 200)

    return warn


def test_going_back_takes_back_metrics_and_tells_the_rest_once_more(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    with Reporter(folder, None) as before:
        for number in range(1, 5001):
            before.send(_step(number))
        before.send(EPOCH)
        kept = before.recorded()
        before.send(_step(5001))
    stream = io.BytesIO()
    with Reporter(folder, stream) as reporter:
        reporter.rewind(kept)
        reporter.send(_step(5001))
        reporter.rewind(10 * kept)
    told = [e for e in _events(stream) if isinstance(e, protocol.StepLogged)]
    assert told[0] == _step(1)
    assert len(told) < 2 * reporting.STEPS_RETOLD
    assert EPOCH in _events(stream)
    rows = list(read_json_lines(folder.metrics_file))
    assert [row.get("step") for row in rows] == [*range(1, 5001), None, 5001]

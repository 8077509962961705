"""The whole procedure on a small but complete tree of all seven corpora, with real fine-tuning."""

import csv
import json
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import REAL_DATA
from tests.trainer.procedure.seven import seven_corpora
from trainer.backends.local import LocalProcesses
from trainer.contract.config import TINY
from trainer.contract.errors import TrainerError
from trainer.procedure.grid import Plan
from trainer.procedure.preset import Preset, load_preset
from trainer.procedure.reproduce import reproduce

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
TABLES = {f"table{number}" for number in range(1, 7)} | {
    "totals",
    "baselines",
    "paired",
    "spread",
}


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With real RAVDESS speech in it where this machine has some."""
    return seven_corpora(tmp_path_factory.mktemp("corpora"), REAL_DATA)


def _reproduce(corpora: Path, preset: Preset, out: Path) -> str:
    plan = Plan(preset, TINY, epochs=1, patience=3)
    return reproduce(corpora, plan, out, LocalProcesses(print), print).read_text(encoding="utf-8")


def _one_rate(name: str) -> Preset:
    """The preset with a third of its folds: choosing a learning rate is shown by `paper`."""
    preset = load_preset(name)
    return replace(preset, learning_rates=preset.learning_rates[:1])


def _rows(out: Path, table: str) -> list[dict[str, str]]:
    with (out / "tables" / f"{table}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _kill_at_work(corpora: Path, out: Path, after: int) -> None:
    """Start it as a person would, and kill it when some cells are done."""
    command = [sys.executable, "-m", "trainer", "reproduce", "--corpora", str(corpora)]
    command += ["--preset", "paper", "--model", TINY, "--epochs", "1", "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 200
        while len(list(out.glob("cells/*/result.json"))) < after:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)  # another process's files: there is nothing to wait on
        process.kill()


def test_killed_in_the_middle_it_goes_on_and_gives_the_identical_report(
    corpora: Path, tmp_path: Path
) -> None:
    _kill_at_work(corpora, tmp_path, after=3)
    done = {path: path.stat().st_mtime_ns for path in tmp_path.glob("cells/*/result.json")}
    report = _reproduce(corpora, load_preset("paper"), tmp_path)
    assert {path: path.stat().st_mtime_ns for path in done} == done
    cells = json.loads((tmp_path / "stages" / "6-retrain.json").read_text(encoding="utf-8"))
    assert len(list(tmp_path.glob("cells/*/result.json"))) == 15 + len(cells)
    assert len(cells) == 5
    for path in [*done][:2] + [tmp_path / "cells" / address for address in [*cells.values()][:2]]:
        shutil.rmtree(path.parent if path.name == "result.json" else path)
    assert _reproduce(corpora, load_preset("paper"), tmp_path) == report
    _check_tables(tmp_path, report)


def _check_tables(out: Path, report: str) -> None:
    assert {path.stem for path in (out / "tables").glob("*.csv")} == TABLES | {"environment"}
    environment = (out / "tables" / "environment.csv").read_text(encoding="utf-8")
    cleaning = "Cleaned as `published`, by what was heard by the authors."
    assert f'CMU-MOSEI,"{cleaning}"' in environment
    assert cleaning in report.partition("Environment, seeds and hashes")[2]
    for key in (*TABLES, "figure1", "audit"):
        assert f'id="{key}"' in report
    assert not re.search(r'(?:src|href)="?http', report)  # self-contained
    counts = {(r["row"], r["column"]): r["ours"] for r in _rows(out, "table2")}
    assert counts["StrEmo", "Positive"] == "9"
    assert counts["SAVEE", "Negative"] == "16"
    assert len([r for r in _rows(out, "table3") if r["ours"]]) == 3 * 6
    assert all(r["ours"] for table in ("table4", "table5", "table6") for r in _rows(out, table))
    assert "Random weights" in report


def test_the_strict_run_shares_no_speaker_and_has_three_seeds(
    corpora: Path, tmp_path: Path
) -> None:
    report = _reproduce(corpora, load_preset("strict"), tmp_path)
    proof = re.findall(r"(\d+) shared\.", report)
    assert len(proof) == 5 + 5 + 1 + 15
    assert set(proof) == {"0"}
    assert all(row["sd"] for row in _rows(tmp_path, "table6"))


def test_missing_corpora_leave_their_rows_empty_and_are_named(
    corpora: Path, tmp_path: Path
) -> None:
    for name in ("RAVDESS", "CREMA-D", "SAVEE"):
        shutil.copytree(corpora / name, tmp_path / "some" / name)
    report = _reproduce(tmp_path / "some", _one_rate("loco"), tmp_path / "out")
    assert "Not found, or without audio: IEMOCAP, TESS, CMU-MOSEI, StrEmo." in report
    values = {(r["row"], r["column"]): r["ours"] for r in _rows(tmp_path / "out", "table6")}
    assert values["Com-Bal", "StrEmo"] == ""
    assert values["Com-Bal", "SAVEE"]


def test_without_a_corpus_to_learn_from_it_says_so(corpora: Path, tmp_path: Path) -> None:
    shutil.copytree(corpora / "SAVEE", tmp_path / "SAVEE")
    with pytest.raises(TrainerError, match="None of the corpora to learn from was found"):
        _reproduce(tmp_path, load_preset("paper"), tmp_path / "out")

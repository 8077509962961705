"""`stremo-trainer scan`, as a terminal calls it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trainer.corpora.trees import plant, tone
from trainer.__main__ import main
from trainer.contract.manifest import read_manifest


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    plant(tmp_path, ["RAVDESS/03-01-05-01-02-01-01.wav", "RAVDESS/03-01-08-01-02-01-01.wav"])
    plant(tmp_path, ["TESS/OAF_back_ps.wav", "memo.wav"], tone(0.2))
    plant(tmp_path, ["TESS/OAF_bar_sad.wav"], b"")
    return tmp_path


def test_the_audit_counts_of_how_many_and_every_reason(
    shelf: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(shelf)]) == 0
    text = capsys.readouterr().out
    assert "2 of 1440" in text
    assert "1 of 800" in text
    assert "needs you: 1 files cannot be heard, e.g. OAF_bar_sad.wav is empty." in text
    assert "1 surprised" in text
    assert "1 audio files belong to no corpus: memo.wav" in text


def test_json_carries_the_same_facts(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(shelf), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    ravdess, tess = answer["corpora"]
    assert ravdess["counts"]["negative"] == 1
    assert ravdess["expected"]["files"] == 1440
    assert (tess["counts"]["files"], tess["with_sound"]) == (2, 1)
    assert answer["other_audio"] == ["memo.wav"]


def test_the_manifest_holds_what_can_be_trained_on(
    shelf: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out" / "manifest.jsonl"
    assert main(["scan", str(shelf), "--out", str(out)]) == 0
    assert {clip.clip_id: clip.label for clip in read_manifest(out)} == {
        "ravdess/03-01-05-01-02-01-01": "negative",
        "tess/OAF_back_ps": "positive",
    }
    assert "left out: 1 unreadable, 1 outside the classes" in capsys.readouterr().out


def test_a_folder_of_no_corpus_is_audited_as_a_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["scan", str(plant(tmp_path / "calls", ["sad/a.wav", "joy/b.wav"]))]) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert line.split() == ["calls", "2", "1", "0", "1", "0", "0"]


def test_one_corpus_can_be_asked_for(shelf: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(shelf), "--corpus", "tess", "--json"]) == 0
    assert [c["corpus"] for c in json.loads(capsys.readouterr().out)["corpora"]] == ["tess"]


@pytest.mark.parametrize("words", [["/nowhere"], [".", "--corpus", "emodb"]])
def test_what_cannot_be_scanned_is_one_line_and_exit_code_2(
    words: list[str], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "trainer", "scan", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1


def test_scanning_needs_no_torch(shelf: Path) -> None:
    program = (
        "import sys; from trainer.__main__ import main; main(sys.argv[1:]); "
        "print([m for m in ('torch', 'sklearn', 'pandas', 'openpyxl') if m in sys.modules])"
    )
    command = [sys.executable, "-c", program, "scan", str(shelf), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"

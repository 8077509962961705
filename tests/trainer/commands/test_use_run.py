"""A finished run used from the command line: scores of other clips, and predictions."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trainer.voices import carried_out, run_folder, voices
from trainer.contract.labels import CLASSES
from trainer.contract.manifest import ManifestClip, write_manifest
from trainer.contract.run_folder import RunFolder


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[ManifestClip]:
    return voices(tmp_path_factory.mktemp("voices") / "audio")


@pytest.fixture(scope="module")
def finished(clips: list[ManifestClip], tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = run_folder(tmp_path_factory.mktemp("finished") / "run", clips)
    assert carried_out(folder)[0] == 0
    return folder


def _trainer(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "trainer", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.slow
def test_evaluating_the_test_clips_again_gives_the_score_of_the_run(
    finished: RunFolder, clips: list[ManifestClip], tmp_path: Path
) -> None:
    result = finished.read_result()
    assert result
    tested = [clip for clip in clips if clip.group in result["splits"]["test"]]
    write_manifest(tmp_path / "test.jsonl", tested)
    before = sorted(path.name for path in finished.path.iterdir())
    done = _trainer("evaluate", finished.path, tmp_path / "test.jsonl", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    expected = result["evaluations"]["test"]
    assert answer["confusion"] == expected["confusion"]
    assert answer["macro_f1"] == pytest.approx(expected["macro_f1"])
    assert sorted(path.name for path in finished.path.iterdir()) == before

    shown = _trainer("evaluate", finished.path, tmp_path / "test.jsonl").stdout
    assert f"macro F1      {expected['macro_f1']:>10.3f}" in shown
    assert f"{len(tested)} clips of {len(result['splits']['test'])} groups" in shown


@pytest.mark.slow
def test_files_and_folders_are_predicted(
    finished: RunFolder, clips: list[ManifestClip], tmp_path: Path
) -> None:
    folder = Path(clips[0].path).parent
    bad = tmp_path / "bad.wav"
    bad.write_text("no sound")
    done = _trainer("predict", finished.path, folder, bad)
    assert done.returncode == 0
    assert done.stderr == f"{bad}: bad.wav is a text file, not audio.\n"
    rows = {Path(row["path"]).stem: row for row in map(json.loads, done.stdout.splitlines())}
    told = finished.read_predictions()
    assert rows.keys() == {p.clip_id for p in told}
    expected = {p.clip_id: p for p in told if p.split != "train"}  # those are told out of fold
    for name, row in ((name, rows[name]) for name in expected):
        assert row["predicted"] == expected[name].predicted
        assert list(row["probabilities"].values()) == pytest.approx(expected[name].probabilities)

    clip = next(clip for clip in clips if clip.clip_id in expected)
    done = _trainer("predict", finished.path, clip.path, "--csv")
    table = list(csv.reader(io.StringIO(done.stdout)))
    assert table[0] == ["path", "predicted", *CLASSES]
    assert table[1][:2] == [clip.path, expected[clip.clip_id].predicted]
    assert sum(map(float, table[1][2:])) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("arguments", [("evaluate", "RUN", "gone.jsonl"), ("predict", "RUN", ".")])
def test_what_cannot_be_used_is_one_line(
    arguments: tuple[str, ...], finished: RunFolder, tmp_path: Path
) -> None:
    verb, _, what = arguments
    (tmp_path / "empty").mkdir(exist_ok=True)
    what = tmp_path / "empty" if what == "." else tmp_path / what
    done = _trainer(verb, finished.path, what)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_run_without_a_model_cannot_be_used(clips: list[ManifestClip], tmp_path: Path) -> None:
    folder = run_folder(tmp_path / "run", clips)
    done = _trainer("predict", folder.path, clips[0].path)
    assert done.returncode == 2
    assert "has no model to use: it is new." in done.stderr

"""`stremo-studio agreement` and `merge`, as a script calls them."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from stremo_studio.__main__ import main
from stremo_studio.domain.annotation import BY_ADJUDICATION, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.project.annotators import choose_annotator
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.project import Project
from tests.builders import corpus_clip, import_clips

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Eight clips in two videos; Ann and =Ben differ on the fourth."""
    project = Project.create(tmp_path / "p", annotator="Ann")
    import_clips(project, (corpus_clip(n, label="neutral" if n < 4 else None) for n in range(8)))
    for name, letters in (("Ann", "--0000++"), ("=Ben", "--0+00++")):
        say(project, name, letters)
    project.close()
    return tmp_path / "p"


def say(project: Project, name: str, letters: str) -> None:
    words = {"-": "negative", "0": "neutral", "+": "positive"}
    choose_annotator(project, name)
    for number, letter in enumerate(letters, start=1):
        if letter in words:
            project.do(LabelClips((ClipId(number),), Answer(words[letter])))


def run(*arguments: object) -> int:
    return main([str(one) for one in arguments])


def test_agreement_is_printed_with_what_it_was_measured_on(folder: Path, capsys: Captured) -> None:
    assert run("agreement", folder) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Annotators: =Ben, Ann"
    assert said[1].startswith("Krippendorff's alpha: 0.82 (95 % ")
    assert said[1].endswith("on 8 clips of 2 speakers or videos")
    assert "Two annotators give the same answer 88% of the time" in said
    assert "1 disagreement, 1 of them ties; 0 settled" in said
    assert not any("nan" in line for line in said)


def test_as_json_it_has_no_number_where_there_is_none(tmp_path: Path, capsys: Captured) -> None:
    Project.create(tmp_path / "empty").close()
    assert run("agreement", tmp_path / "empty", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["alpha"] == {
        "value": None,
        "interval": None,
        "clips": 0,
        "groups": 0,
        "why_none": "no clip has answers of two annotators",
    }
    assert (found["annotators"], found["observed"]) == ([], None)


def test_as_json_it_says_all(folder: Path, capsys: Captured) -> None:
    assert run("agreement", folder, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["alpha"]["value"] == pytest.approx(1 - 2 / (166 / 15))  # apart / expected
    assert found["pairs"][0]["annotators"] == ["=Ben", "Ann"]
    assert found["pairs"][0]["agreed"] == 7
    assert (found["disagreements"], found["ties"]) == (1, 1)


def test_the_answers_are_a_sheet(folder: Path, tmp_path: Path, capsys: Captured) -> None:
    project = Project.open(folder)
    project.do(LabelClips((ClipId(4),), Answer("positive"), BY_ADJUDICATION))
    project.close()
    assert run("agreement", folder, "--csv", tmp_path / "out.csv") == 0
    assert "Wrote 8 rows" in capsys.readouterr().out
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows[3] == {
        **{"corpus": "made", "clip": "clip-003", "video_or_speaker": "made:video-000"},
        **{"start": "6.000", "end": "8.000", "label": "positive"},
        **{"Ann": "neutral", "'=Ben": "positive", "import": "neutral", "adjudicated": "positive"},
    }
    assert rows[7]["import"] == ""
    assert run("agreement", folder, "--csv", tmp_path) == 2


def test_merge_reports_writes_and_adds_nothing_twice(
    folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    shutil.copytree(folder, tmp_path / "laptop")
    laptop = Project.open(tmp_path / "laptop")
    say(laptop, "Cem", "-..+")
    laptop.close()
    assert run("merge", folder, tmp_path / "laptop", "--dry-run") == 0
    said = capsys.readouterr().out
    assert "  Cem: 2 new\n" in said
    assert "  Ann: 8 already here\n" in said
    assert said.endswith("Dry run: nothing was written.\n")
    for expected in (2, 0):
        assert run("merge", folder, tmp_path / "laptop") == 0
        assert f"Merged {expected} answers into" in capsys.readouterr().out
    project = Project.open(folder)
    assert project.clips([ClipId(4)])[0].label == "positive"
    assert project.counts("Cem").labelled == 2
    project.close()


@pytest.mark.parametrize(
    ("other", "error"), [("p", "is the project itself"), ("nothing", "holds no project")]
)
def test_what_cannot_be_merged_is_one_line(
    folder: Path, tmp_path: Path, capsys: Captured, other: str, error: str
) -> None:
    assert run("merge", folder, tmp_path / other) == 2
    said = capsys.readouterr().err
    assert error in said
    assert said.count("\n") == 1


def test_a_project_that_a_studio_holds_is_not_written(
    folder: Path, tmp_path: Path, capsys: Captured
) -> None:
    shutil.copytree(folder, tmp_path / "laptop")
    holding = Project.open(folder)
    assert run("merge", folder, tmp_path / "laptop") == 2
    assert run("merge", folder, tmp_path / "laptop", "--dry-run") == 0
    assert run("agreement", folder) == 0
    holding.close()
    assert capsys.readouterr().err.count("\n") == 1

"""The command line for scripts: what it says, what it leaves, how it fails."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from stremo_studio.__main__ import main
from stremo_studio.project.project import Project
from tests.conftest import ROOT

SHEET = """Filename,Language,Gender,Ethnicity,Accent,Age,Clip Time From,Clip Time To,Video_Id,\
Source,Emotion
-aaaaaaaaaa_1,English,Male,White,,16-25,0:00:03,0:00:09,-aaaaaaaaaa,YouTube,Anger
bbbbbbbbbbb,,Female ,,,,0:01:00,0:01:00,bbbbbbbbbbb,YouTube,Happiness
"""
Captured = pytest.CaptureFixture[str]


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "StrEmo.csv"
    path.write_text(SHEET)
    return path


def _run(*arguments: object) -> int:
    return main([str(a) for a in arguments])


def test_import_makes_the_project_and_reports(
    tmp_path: Path, sheet: Path, capsys: Captured
) -> None:
    assert _run("import", tmp_path / "p", sheet) == 0
    said = capsys.readouterr().out
    assert "stremo: 2 clips in" in said
    assert "1 negative · 0 neutral · 1 positive" in said
    assert "1 ok · 1 fixed · 0 need you · 0 already here" in said
    assert "[zero-length clips]\n    bbbbbbbbbbb\n" in said
    assert "[ids with a leading -]\n    -aaaaaaaaaa_1\n" in said
    assert "2 new clips." in said
    assert _run("import", tmp_path / "p", sheet) == 0
    assert "2 already here" in capsys.readouterr().out


def test_a_dry_run_writes_nothing(tmp_path: Path, sheet: Path, capsys: Captured) -> None:
    assert _run("import", tmp_path / "p", sheet, "--dry-run") == 0
    assert "1 ok · 1 fixed" in capsys.readouterr().out
    assert not (tmp_path / "p").exists()


def test_status_counts_for_people_and_for_programs(
    tmp_path: Path, sheet: Path, capsys: Captured
) -> None:
    _run("import", tmp_path / "p", sheet)
    capsys.readouterr()
    assert _run("status", tmp_path / "p") == 0
    assert "2 clips: 2 labelled, 0 unlabelled, 0 flagged, 2 without audio" in (
        capsys.readouterr().out
    )
    assert _run("status", tmp_path / "p", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["clips"]["by_label"] == {"negative": 1, "neutral": 0, "positive": 1}
    assert facts["runs"] == []


def test_status_and_export_work_while_a_studio_is_open(
    tmp_path: Path, sheet: Path, capsys: Captured
) -> None:
    _run("import", tmp_path / "p", sheet)
    project = Project.open(tmp_path / "p")
    assert _run("status", tmp_path / "p") == 0
    assert _run("export", tmp_path / "p", tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_text() == SHEET
    capsys.readouterr()
    assert _run("import", tmp_path / "p", sheet) == 2
    assert "is open in another studio" in capsys.readouterr().err
    project.close()


def test_export_knows_the_format_by_its_name_or_the_ending(
    tmp_path: Path, sheet: Path, capsys: Captured
) -> None:
    _run("import", tmp_path / "p", sheet)
    capsys.readouterr()
    assert _run("export", tmp_path / "p", tmp_path / "all", "--format", "all") == 0
    assert f"files to {tmp_path / 'all'}." in capsys.readouterr().out
    assert (tmp_path / "all" / "StrEmo.csv").read_text() == SHEET
    assert (tmp_path / "all" / "elan" / "youtube [-aaaaaaaaaa].eaf").is_file()
    assert _run("export", tmp_path / "p", tmp_path / "out.xlsx") == 0
    assert _run("export", tmp_path / "p", tmp_path / "out.xlsx") == 2
    assert "is there already" in capsys.readouterr().err
    assert _run("export", tmp_path / "p", tmp_path / "out.xlsx", "--overwrite") == 0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (("export", "nowhere", "out.doc"), "ends in none of .csv, .xlsx, .jsonl"),
        (("export-run", "nowhere", "1", "out"), "holds no project"),
        (("status", "nowhere"), "holds no project"),
        (("export", "nowhere", "out.csv"), "holds no project"),
        (("import", "new", "nowhere"), "nothing at"),
        (("import", "new", "StrEmo.csv", "--corpus", "klingon"), "no corpus"),
        (("import", ".", "StrEmo.csv"), "holds files but no project"),
    ],
)
def test_a_fault_is_one_line_and_exit_code_2(
    tmp_path: Path,
    sheet: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    error: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run(*arguments) == 2
    said = capsys.readouterr().err
    assert error in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == [sheet]


@pytest.mark.parametrize(
    "verb", [(), ("import",), ("status",), ("export",), ("agreement",), ("merge",)]
)
def test_everything_has_a_help(verb: tuple[str, ...], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        _run(*verb, "--help")
    assert ended.value.code == 0
    assert f"usage: stremo-studio {' '.join(verb)}".rstrip() in capsys.readouterr().out


def test_verbs_import_no_qt(tmp_path: Path, sheet: Path) -> None:
    program = (
        "import sys; from stremo_studio.__main__ import main; main(sys.argv[1:]);"
        "print([m for m in sys.modules if m.startswith(('PySide6', 'torch'))], file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, "import", str(tmp_path / "p"), str(sheet)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stderr.strip() == "[]"


@pytest.mark.parametrize(("arguments", "folder"), [((), None), (("a project",), "a project")])
def test_anything_else_opens_the_window(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], folder: str | None
) -> None:
    opened: list[Path | None] = []

    def run(project: Path | None) -> int:
        opened.append(project)
        return 7

    monkeypatch.setattr("stremo_studio.app.run", run)
    assert _run(*arguments) == 7
    assert opened == [Path(folder) if folder else None]


def test_a_frozen_build_becomes_its_own_trainer(tmp_path: Path, capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        _run("--trainer", "--help")
    assert "stremo-trainer" in capsys.readouterr().out


def test_ravdess_gives_its_720_clips(tmp_path: Path, real_data: Path, capsys: Captured) -> None:
    assert _run("import", tmp_path / "p", real_data / "ravdess", "--corpus", "ravdess") == 0
    said = capsys.readouterr().out
    assert "ravdess: 720 clips in" in said
    assert "12 groups (speakers or videos) · 384 negative · 144 neutral · 96 positive" in said
    assert "96 discarded · 0 unlabelled" in said

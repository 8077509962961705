"""Exporting a project: whole or not at all, never over what is not an export."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from stremo_studio.domain.annotation import BY_PEEK, Answer
from stremo_studio.errors import StudioError
from stremo_studio.formats.catalogue import ALL, FORMATS
from stremo_studio.project.commands import FlagClips, LabelClips, NoteClip
from stremo_studio.project.exporting import export_project, read_project
from stremo_studio.project.project import Project
from tests.builders import all_clips, corpus_clip, import_clips, project_with_clips


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "p", annotator="Ann")
    import_clips(project, (corpus_clip(n, label="neutral" if n else None) for n in range(6)))
    yield project
    project.close()


def _events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]


def test_all_writes_every_format_without_sound_and_a_manifest(
    project: Project, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    written = export_project(project, ALL, out)
    manifest = json.loads((out / "manifest.json").read_text())
    silent = [one.id for one in FORMATS if not one.has_sound]
    assert manifest["formats"] == silent
    assert not list(out.rglob("*.wav"))
    assert manifest["counts"] == {"clips": 6, "labelled": 5, "answers": 5, "recordings": 2}
    files = {p.relative_to(out).as_posix(): p for p in out.rglob("*") if p.is_file()}
    del files["manifest.json"]
    assert {one["name"] for one in manifest["files"]} == set(files)
    for one in manifest["files"]:
        data = files[one["name"]].read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (one["bytes"], one["sha256"])
    assert (written.files, written.clips) == (len(files) + 1, 6)


def test_the_revision_grows_with_each_change(project: Project) -> None:
    before = read_project(project).revision
    project.do(LabelClips((all_clips(project)[0],), Answer("positive")))
    changed = read_project(project).revision
    project.undo()
    assert before < changed < read_project(project).revision


def test_an_export_is_replaced_only_when_asked(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_project(project, "textgrid", out)
    with pytest.raises(StudioError, match="is there already"):
        export_project(project, "textgrid", out)
    export_project(project, "elan", out, overwrite=True)
    assert {p.suffix for p in out.iterdir()} == {".eaf", ".json"}
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_work_in_an_export_is_not_written_over(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_project(project, "elan", out)
    (out / "video-000.pfsx").write_text("what ELAN puts beside its documents")
    with pytest.raises(StudioError, match=r"video-000.pfsx, which no export wrote"):
        export_project(project, "elan", out, overwrite=True)
    (out / "video-000.pfsx").unlink()
    document = out / "video-000.eaf"
    document.write_text(document.read_text().replace("neutral", "positive"))
    with pytest.raises(StudioError, match=r"video-000.eaf was changed since"):
        export_project(project, "elan", out, overwrite=True)
    assert "positive" in document.read_text()


def test_a_device_is_no_place_for_an_export(project: Project) -> None:
    with pytest.raises(StudioError, match="no ordinary file"):
        export_project(project, "stremo-csv", Path("/dev/full"), overwrite=True)


def test_a_folder_that_is_no_export_is_never_touched(project: Project, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work")
    with pytest.raises(StudioError, match="no export"):
        export_project(project, ALL, mine, overwrite=True)
    with pytest.raises(StudioError, match="is a folder"):
        export_project(project, "stremo-csv", mine, overwrite=True)
    assert [p.name for p in mine.iterdir()] == ["thesis.txt"]


def test_a_file_is_replaced_only_when_asked(project: Project, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine")
    with pytest.raises(StudioError, match="is there already"):
        export_project(project, "stremo-csv", out)
    assert out.read_text() == "mine"
    export_project(project, "stremo-csv", out, overwrite=True)
    assert out.read_text().startswith("Filename,")


def test_an_export_that_fails_leaves_the_old_one(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    export_project(project, "textgrid", out)
    before = {p.name: p.read_bytes() for p in out.iterdir()}

    def full(path: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(StudioError, match="No space left"):
        export_project(project, "elan", out, overwrite=True)
    monkeypatch.undo()
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before
    assert {p.name for p in tmp_path.iterdir()} == {"p", "out"}


def test_an_unknown_format_is_one_sentence(project: Project, tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="no format 'flac'"):
        export_project(project, "flac", tmp_path / "out")


def test_the_log_tells_everything_that_was_answered(project: Project, tmp_path: Path) -> None:
    clip = all_clips(project)[1]
    project.do(LabelClips((clip,), Answer("positive")))
    project.do(LabelClips((clip,), Answer("negative", "fear", False), BY_PEEK, heard_ms=1234))
    project.do(FlagClips((clip,), True))
    project.do(NoteClip(clip, "whispered"))
    project.undo()
    export_project(project, "events", tmp_path / "events.jsonl")
    head, *rows = _events(tmp_path)
    assert (head["kind"], head["format"]) == ("project", "stremo-studio-events")
    first, row = (r for r in rows if r["kind"] == "answer" and r["voice"] == "Ann")
    assert first["before"] is None
    assert row["before"] == {"label": "positive", "emotion": None, "sure": True}
    assert row["after"] == {"label": "negative", "emotion": "fear", "sure": False}
    assert (row["source"], row["heard_ms"], row["clip"]) == ("peek", 1234, "clip-001")
    edits = [(r["field"], r["before"], r["after"]) for r in rows if r["kind"] == "edit"]
    assert edits == [("flagged", 0, 1), ("note", "", "whispered"), ("note", "whispered", "")]
    times = [row["at"] for row in rows if row["kind"] != "clip"]
    assert times == sorted(times)


def test_every_voice_goes_out_with_its_current_answer(project: Project) -> None:
    clip = all_clips(project)[1]

    def said() -> tuple[list[tuple[str, str | None]], str | None]:
        found = {one.id: one for one in read_project(project).clips}[clip]
        return [(one.annotator, one.answer.label) for one in found.opinions], found.answer.label

    assert said() == ([("import", "neutral")], "neutral")
    project.do(LabelClips((clip,), Answer("positive")))
    project.annotator = "Ben"
    project.do(LabelClips((clip,), Answer("negative")))
    both = [("import", "neutral"), ("Ann", "positive"), ("Ben", "negative")]
    assert said() == (both, "disputed")
    project.undo()
    assert said() == (both[:2], "positive")


def test_a_hidden_import_stays_at_home(project: Project) -> None:
    project.undo()
    assert read_project(project).clips == ()


def test_links_are_relative_to_where_the_files_will_lie(tmp_path: Path) -> None:
    made = project_with_clips(tmp_path / "heard", 1, audio=True)
    export_project(made, ALL, tmp_path / "out")
    made.close()
    elan = tmp_path / "out" / "elan"
    root = ElementTree.parse(elan / "video-000.eaf").getroot()
    link = root.find("HEADER/MEDIA_DESCRIPTOR")
    assert link is not None
    relative = link.attrib["RELATIVE_MEDIA_URL"]
    assert (elan / relative).resolve() == Path("/nowhere/video-000.wav")

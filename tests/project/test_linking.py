"""A local file for a recording: compared by ear, linked in one undo step, never changed."""

import hashlib
from pathlib import Path

import pytest
import soundfile

from stremo_studio.domain.source import Source
from stremo_studio.errors import StudioError
from stremo_studio.project.exporting import export_sheet
from stremo_studio.project.linking import check_file, link_file, wanted_of
from stremo_studio.project.pasting import add_pasted
from stremo_studio.project.project import Project
from stremo_studio.project.sources import sources
from tests.builders import all_clips
from tests.media.speech import speech
from trainer.corpora.links import read_links

ID = "-btTC-bepAk"
RATE = 16_000


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`whole.wav`, `late.wav` without its first 1.234 s, and `other.wav`, somebody else."""
    folder = tmp_path_factory.mktemp("copies")
    wave = speech(40.0, RATE, seed=1)
    soundfile.write(folder / "whole.wav", wave, RATE)
    soundfile.write(folder / "late.wav", wave[round(1.234 * RATE) :], RATE)
    soundfile.write(folder / "other.wav", speech(40.0, RATE, seed=2), RATE)
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project.create(tmp_path / "project")
    add_pasted(project, read_links(f"{ID} 10-12.5, 30-38"))
    return project


def _source(project: Project) -> Source:
    return sources(project)[0]


def _link(project: Project, path: Path, *, shifted: bool = True) -> None:
    check = check_file(wanted_of(project, _source(project)), path)
    link_file(project, check, shifted=shifted)


def _times(project: Project) -> list[float]:
    return [round(clip.start, 3) for clip in project.clips(all_clips(project))]


def test_the_first_file_is_linked_as_it_is_and_undone(project: Project, copies: Path) -> None:
    check = check_file(wanted_of(project, _source(project)), copies / "whole.wav")
    assert (check.compared, check.warnings, check.offset) == (False, [], "")
    link_file(project, check)
    assert _source(project).state == "ready"
    assert {clip.audio for clip in project.clips(all_clips(project))} == {"ready"}
    assert project.undo_sentence == f"Link whole.wav to {ID}"
    changes = project.undo()
    assert changes is not None
    assert changes.clips == set(all_clips(project))
    assert changes.sources == {_source(project).id}
    assert (_source(project).state, _source(project).path) == ("not_fetched", None)


def test_a_copy_that_starts_later_moves_the_clips_and_not_their_export(
    project: Project, copies: Path, tmp_path: Path
) -> None:
    _link(project, copies / "whole.wav")
    check = check_file(wanted_of(project, _source(project)), copies / "late.wav")
    assert check.offset == "This copy starts 1.234 s later."
    assert check.alignment is not None
    assert check.alignment.same_speed
    link_file(project, check)
    assert _times(project) == [8.766, 28.766]
    assert project.undo_sentence == f"Link late.wav to {ID}, 1.234 s later"
    _link(project, copies / "whole.wav")  # and back, by the way that it went
    assert _times(project) == [10, 30]
    project.undo()
    assert _times(project) == [8.766, 28.766]
    export_sheet(project, tmp_path / "out.csv")
    assert "0:00:10," in (tmp_path / "out.csv").read_text()


def test_a_copy_may_be_linked_without_its_offset(project: Project, copies: Path) -> None:
    _link(project, copies / "whole.wav")
    _link(project, copies / "late.wav", shifted=False)
    assert _times(project) == [10, 30]


def test_another_recording_is_told(project: Project, copies: Path) -> None:
    _link(project, copies / "whole.wav")
    check = check_file(wanted_of(project, _source(project)), copies / "other.wav")
    assert "does not sound like" in check.warnings[0]


def test_a_file_that_is_too_short_is_told(project: Project, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "short.wav", speech(12.0, RATE, seed=1), RATE)
    check = check_file(wanted_of(project, _source(project)), tmp_path / "short.wav")
    assert check.warnings == ["It lasts 12.0 s, but the last clip ends at 38.0 s."]


def test_what_is_no_audio_is_refused(project: Project, tmp_path: Path) -> None:
    (tmp_path / "a.mp3").write_text("<html>")
    with pytest.raises(StudioError):
        check_file(wanted_of(project, _source(project)), tmp_path / "a.mp3")


def test_files_are_never_moved_or_changed(project: Project, copies: Path) -> None:
    before = {p: hashlib.sha256(p.read_bytes()).digest() for p in copies.iterdir()}
    _link(project, copies / "whole.wav")
    _link(project, copies / "late.wav")
    assert {p: hashlib.sha256(p.read_bytes()).digest() for p in copies.iterdir()} == before

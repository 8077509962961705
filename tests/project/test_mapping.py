"""Oddities of spans: found, mended in one named step, and undone to the last digit."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import Clip
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.exporting import export_sheet
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.mapping import MoveEdges, Oddity, mend, oddities
from stremo_studio.project.pasting import add_pasted
from stremo_studio.project.project import Project
from tests.builders import all_clips
from trainer.corpora.links import read_links

ID = "-btTC-bepAk"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "project")


def _paste(project: Project, *spans: str) -> list[Clip]:
    add_pasted(project, read_links("\n".join(f"{ID} {span}" for span in spans)))
    return project.clips(all_clips(project))


def _spans(project: Project) -> list[tuple[float, float]]:
    return [(clip.start, clip.end) for clip in project.clips(all_clips(project))]


def _odd(project: Project, duration: float | None = None) -> dict[str, Oddity]:
    known = {clip.recording_id: duration for clip in project.clips(all_clips(project))}
    found = oddities(project, {k: v for k, v in known.items() if v is not None})
    return {oddity.kind: oddity for oddity in found}


def test_clips_past_the_end_are_trimmed_or_left_out(project: Project) -> None:
    _paste(project, "1-2", "8.25-20", "30-40")
    odd = _odd(project, 10.0)
    assert odd["trailing"].message == "1 clip lasts longer than the recording (10.0 s)."
    mend(project, odd["trailing"])
    mend(project, odd["beyond"])
    assert _spans(project) == [(1, 2), (8.25, 10)]
    assert project.undo_sentence == "Leave out 1 clip past the end"
    project.undo()
    project.undo()
    assert _spans(project) == [(1, 2), (8.25, 20), (30, 40)]
    assert _odd(project) == {}  # nothing is said about an end that is not known


def test_a_clip_without_length_gets_a_second(project: Project) -> None:
    (clip,) = _paste(project, "5-6")
    project.do(MoveEdges(((clip.id, 5.0, 5.0),), "Collapse"))
    odd = _odd(project, 60.0)
    assert odd["empty"].offer == "Give 1 clip 1 s"
    mend(project, odd["empty"])
    assert _spans(project) == [(5, 6)]


def test_of_two_clips_of_one_span_the_labelled_one_stays(project: Project) -> None:
    first, second = _paste(project, "5-6", "7-8")
    project.do(MoveEdges(((second.id, 5.0, 6.0),), "Move"))
    project.do(LabelClips((second.id,), Answer("positive")))
    mend(project, _odd(project)["duplicate"])
    assert all_clips(project) == [second.id]
    project.undo()
    assert all_clips(project) == [first.id, second.id]


def test_overlapping_neighbours_are_parted(project: Project) -> None:
    _paste(project, "1-4", "3.5-6", "6-7")
    mend(project, _odd(project)["overlap"])
    assert _spans(project) == [(1, 3.5), (3.5, 6), (6, 7)]
    assert project.undo_sentence == "End 1 clip where the next begins"


def test_moved_edges_are_exported_and_other_cells_stay_as_they_came(
    project: Project, tmp_path: Path
) -> None:
    sheet = tmp_path / "s.csv"
    sheet.write_text(
        "Filename,Clip Time From,Clip Time To,Video_Id,Emotion\n"
        f"{ID}_1,0:00:03,0:00:09,{ID},Anger\n{ID}_2,0:00:10,0:00:12,{ID},Anger\n"
    )
    for _ in write_import(project, plan_import(project, scan_source(sheet))):
        pass
    first = all_clips(project)[0]
    project.do(MoveEdges(((first, 3.25, 9.0),), "Move"))
    export_sheet(project, tmp_path / "out.csv")
    one, two = (line.split(",") for line in (tmp_path / "out.csv").read_text().splitlines()[1:])
    assert one[1:3] == ["0:00:03.250", "0:00:09"]
    assert two[1:3] == ["0:00:10", "0:00:12"]
    project.undo()
    export_sheet(project, tmp_path / "out.csv")
    assert "0:00:03,0:00:09" in (tmp_path / "out.csv").read_text()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    spans=st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 20)), min_size=1, max_size=6, unique=True
    ),
    duration=st.integers(1, 50),
)
def test_mending_everything_leaves_nothing_odd_and_undo_gives_everything_back(
    tmp_path_factory: pytest.TempPathFactory, spans: list[tuple[int, int]], duration: int
) -> None:
    project = Project.create(tmp_path_factory.mktemp("p") / "project")
    _paste(project, *(f"{start}-{start + length}" for start, length in spans))
    before, steps = _spans(project), 0
    while (odd := _odd(project, duration)) and steps < 12:
        mend(project, next(iter(odd.values())))
        steps += 1
    assert _odd(project, duration) == {}
    for _ in range(steps):
        project.undo()
    assert _spans(project) == before
    project.close()

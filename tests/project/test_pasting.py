"""Pasted links in a project: recordings and clips, each once, the clips one undo step."""

from pathlib import Path

import pytest

from stremo_studio.domain.worklist import Worklist
from stremo_studio.project.pasting import add_pasted
from stremo_studio.project.project import Project
from stremo_studio.project.sources import source_counts, sources
from tests.builders import all_clips, project_with_clips
from trainer.corpora.links import read_links

ID, OTHER = "-btTC-bepAk", "3vBTmyCDzeI"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project.create(tmp_path / "project")


def test_spans_become_clips_and_links_without_times_recordings(project: Project) -> None:
    added = add_pasted(project, read_links(f"{OTHER}\n{ID} 0:15.25-0:21\nyoutu.be/{ID}?t=75"))
    assert (len(added.recordings), added.clips) == (2, 2)
    assert [(s.video_id, s.clips) for s in sources(project)] == [(OTHER, 0), (ID, 2)]
    first, second = project.clips(all_clips(project))
    assert (first.start, first.end) == (15.25, 21)
    assert (second.start, second.end) == (75, 81)
    assert first.problem == "Its audio has not been fetched yet."


def test_the_same_paste_again_brings_nothing_new(project: Project) -> None:
    text = f"{OTHER}\n{ID} 0:15-0:21"
    first, again = (add_pasted(project, read_links(text)) for _ in range(2))
    assert again.recordings == first.recordings
    assert again.clips == 0
    assert len(all_clips(project)) == 1


def test_undo_takes_the_clips_and_leaves_the_recordings(project: Project) -> None:
    add_pasted(project, read_links(f"{ID} 0:15-0:21\n{OTHER} 1-2"))
    project.undo()
    assert all_clips(project) == []
    assert source_counts(project).all == 2
    project.redo()
    assert len(all_clips(project)) == 2


def test_a_video_that_a_sheet_brought_keeps_its_group(tmp_path: Path) -> None:
    project = project_with_clips(tmp_path / "project", 4)
    (group,) = {clip.group for clip in project.clips(all_clips(project))}
    with project.database.transaction():
        project.database.execute("UPDATE recording SET video_id = ?, key = ?", ID, f"youtube:{ID}")
    add_pasted(project, read_links(f"{ID} 0:15-0:21"))
    assert {clip.group for clip in project.clips(all_clips(project))} == {group}


def test_nothing_usable_adds_nothing(project: Project) -> None:
    assert add_pasted(project, read_links("https://vimeo.com/1")).recordings == ()
    assert project.clip_ids(Worklist()) == []
    assert project.undo_sentence is None

"""Recordings move between plain states, are counted and listed, and survive what may happen."""

import csv
from pathlib import Path

import pytest

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import (
    CHECKING,
    DOWNLOADING,
    NOT_FETCHED,
    READY,
    STATES,
    UNAVAILABLE,
    WAITING,
    Source,
    SourceFacts,
    SourceFilter,
)
from stremo_studio.domain.source_fault import FAULTS, NETWORK, Fault
from stremo_studio.domain.worklist import Worklist
from stremo_studio.errors import StudioError
from stremo_studio.project import sources as use
from stremo_studio.project.availability import availability_report
from stremo_studio.project.changes import Changes
from stremo_studio.project.fetch_settings import FetchSettings, fetch_settings, use_template
from stremo_studio.project.project import Project
from stremo_studio.store import sources as store
from stremo_studio.store import staging
from tests.builders import project_with_clips


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Twelve clips in three videos, none of them there."""
    return project_with_clips(tmp_path / "p")


def states(project: Project) -> list[str]:
    return [source.state for source in use.sources(project)]


def fail(project: Project, recording: RecordingId, kind: str) -> None:
    with project.database.transaction():
        store.move(project.database, [recording], UNAVAILABLE, fault=kind, said="no")


def test_a_video_of_a_sheet_waits_to_be_asked_for(project: Project) -> None:
    first = use.sources(project)[0]
    assert (first.state, first.words, first.clips) == (NOT_FETCHED, "Not fetched", 4)
    assert first.link == "https://www.youtube.com/watch?v=video-000"
    assert first.advice == "Fetch it, or link a local file."


def test_an_id_with_a_dash_in_front_is_a_full_address(project: Project) -> None:
    recording = use.add_video(project, "-btTC-bepAk")
    (source,) = use.sources(project, [recording])
    assert source.link == "https://www.youtube.com/watch?v=-btTC-bepAk"


def test_the_address_of_video_ids_is_a_setting(project: Project) -> None:
    use_template(project, "http://127.0.0.1:1/{id}?a=%s")
    assert use.sources(project)[1].link == "http://127.0.0.1:1/video-001?a=%s"
    use_template(project, "without a place for it")
    assert use.sources(project)[1].link == "https://www.youtube.com/watch?v=video-001"


def test_added_links_are_listed_without_clips_and_known_again(project: Project) -> None:
    added = use.add_link(project, "https://example.org/a.mp3")
    assert use.add_link(project, "https://example.org/a.mp3") == added
    assert use.add_video(project, "video-000") == use.source_ids(project)[0]
    (source,) = use.sources(project, [added])
    assert (source.name, source.clips) == ("https://example.org/a.mp3", 0)
    assert use.source_counts(project).all == 4


def test_what_is_asked_for_waits_and_is_announced(project: Project) -> None:
    heard: list[Changes] = []
    project.changes.subscribe(heard.append)
    ids = use.source_ids(project)
    assert use.fetch(project, ids[:2]) == ids[:2]
    assert use.fetch(project, ids[:2]) == []
    assert states(project) == [WAITING, WAITING, NOT_FETCHED]
    assert [change.sources for change in heard] == [frozenset(ids[:2])]
    assert use.fetch_all(project) == ids[2:]
    assert project.undo_sentence is not None
    assert project.undo_sentence.startswith("Import")


def test_what_is_cancelled_can_be_asked_for_again(project: Project) -> None:
    ids = use.fetch_all(project)
    assert use.cancel(project, ids[1:]) == ids[1:]
    assert states(project) == [WAITING, NOT_FETCHED, NOT_FETCHED]
    assert use.fetch_all(project) == ids[1:]


def test_failures_are_retried_by_kind(project: Project) -> None:
    a, b, c = use.fetch_all(project)
    for recording, kind in ((a, "private"), (b, "offline"), (c, "rate")):
        fail(project, recording, kind)
    counts = use.source_counts(project)
    assert counts.by_fault == {"private": 1, "offline": 1, "rate": 1}
    assert use.retry_network(project) == [c, b]
    assert use.retry_network(project) == []
    assert use.retry(project, "private") == [a]
    assert states(project) == [WAITING] * 3


def test_counts_name_every_state(project: Project) -> None:
    use.fetch(project, use.source_ids(project)[:1])
    counts = use.source_counts(project)
    assert list(counts.by_state) == list(STATES)
    assert (counts.by_state[WAITING], counts.by_state[NOT_FETCHED], counts.all) == (1, 2, 3)
    assert counts.queued == 1


def test_listing_filters_by_state_fault_and_text(project: Project) -> None:
    a, b, _ = use.source_ids(project)
    fail(project, a, "age")
    assert use.source_ids(project, SourceFilter(state=UNAVAILABLE)) == [a]
    assert use.source_ids(project, SourceFilter(fault="age")) == [a]
    assert use.source_ids(project, SourceFilter(search="VIDEO-001")) == [b]
    assert use.source_ids(project, SourceFilter(state=READY)) == []


def test_a_title_is_never_searched(project: Project, tmp_path: Path) -> None:
    a, *_ = use.source_ids(project)
    with project.database.transaction():
        store.place(project.database, a, str(tmp_path), SourceFacts(title="angry shouting"))
    assert use.sources(project)[0].facts.title == "angry shouting"
    assert use.sources(project)[0].name == "video-000"
    assert use.source_ids(project, SourceFilter(search="angry")) == []


def test_a_failure_is_told_in_plain_words_where_its_clips_are(project: Project) -> None:
    a, *_ = use.source_ids(project)
    fail(project, a, "private")
    (source,) = use.sources(project, [a])
    assert source.words == "Unavailable: the video is private"
    assert "cookies" in source.advice
    assert project.clips([project.clip_ids(Worklist())[0]])[0].problem.startswith(
        "The video is private."
    )


def test_a_placed_file_makes_its_clips_heard_whatever_was_tried(
    project: Project, tmp_path: Path
) -> None:
    a, *_ = use.source_ids(project)
    fail(project, a, "removed")
    assert project.counts().missing == 12
    heard: list[Changes] = []
    project.changes.subscribe(heard.append)
    use.place_file(project, a, tmp_path / "copy.wav")
    assert use.sources(project)[0].words == "Ready"
    assert project.counts().missing == 8
    assert len(heard[0].clips) == 4
    assert not heard[0].worklist  # no clip came or went: lists stand still
    assert use.fetch(project, [a]) == []


def test_files_that_go_and_come_back_are_noticed_when_looked_for(
    project: Project, tmp_path: Path
) -> None:
    a, *_ = use.source_ids(project)
    file = tmp_path / "copy.wav"
    file.write_bytes(b"sound")
    use.place_file(project, a, file)
    assert use.look_for_files(project) is None
    file.rename(tmp_path / "elsewhere")
    change = use.look_for_files(project)
    assert change is not None
    assert (change.sources, len(change.clips)) == (frozenset({a}), 4)
    assert states(project)[0] == NOT_FETCHED
    assert use.fetch(project, [a]) == [a]
    (tmp_path / "elsewhere").rename(file)
    assert use.look_for_files(project) is not None
    assert states(project)[0] == READY


def test_a_moved_project_takes_its_recordings_along(project: Project, tmp_path: Path) -> None:
    inside, outside, _ = use.source_ids(project)
    file = project.folder / "media" / "a.wav"
    file.parent.mkdir()
    file.write_bytes(b"sound")
    use.place_file(project, inside, file)
    use.place_file(project, outside, tmp_path / "p-other.wav")
    project.close()
    moved = Project.open(project.folder.rename(tmp_path / "moved"))
    first, second, _ = use.sources(moved)
    assert first.path == str(tmp_path / "moved" / "media" / "a.wav")
    assert second.path == str(tmp_path / "p-other.wav")
    moved.close()


def test_local_files_that_are_gone_have_no_link(tmp_path: Path) -> None:
    project = project_with_clips(tmp_path / "p", 1)
    project.database.execute("UPDATE recording SET key = 'missing:a:b', video_id = NULL")
    (source,) = use.sources(project)
    assert (source.state, source.fault) == (UNAVAILABLE, FAULTS["no_link"])
    assert use.fetch(project, [source.id]) == []


def test_the_queue_survives_a_studio_that_died(project: Project) -> None:
    ids = use.fetch_all(project)
    with project.database.transaction():
        store.move(project.database, ids[:1], DOWNLOADING)
        store.move(project.database, ids[1:2], CHECKING)
    use.pause(project)
    project.close()  # whatever happens to the process: everything was committed
    again = Project.open(project.folder)
    assert states(again) == [WAITING] * 3
    assert store.queue(again.database) == ids
    assert use.is_paused(again)
    again.close()


def test_recordings_of_an_undone_import_are_not_listed(project: Project) -> None:
    kept = use.add_video(project, "video-001")
    project.undo()
    assert use.source_ids(project) == [kept]
    project.redo()
    assert use.source_counts(project).all == 3


def test_a_sweep_keeps_recordings_that_were_added_by_hand(project: Project) -> None:
    added = use.add_video(project, "aaaaaaaaaaa")
    staging.begin(project.database, "Import what never ends", "Ann")
    project.close()
    again = Project.open(project.folder)
    assert added in use.source_ids(again)
    again.close()


def test_settings_that_make_no_sense_fall_back(project: Project) -> None:
    assert fetch_settings(project) == FetchSettings(project.folder / "media")
    project.set_setting("fetch jobs", "400")
    project.set_setting("fetch interval", "often")
    assert (fetch_settings(project).jobs, fetch_settings(project).interval_s) == (8, 5.0)


def test_the_rights_are_acknowledged_once(project: Project) -> None:
    assert not use.rights_acknowledged(project)
    use.acknowledge_rights(project)
    assert use.rights_acknowledged(project)


def test_the_report_has_a_row_for_each_recording(project: Project, tmp_path: Path) -> None:
    a, b, _ = use.source_ids(project)
    fail(project, a, "region")
    with project.database.transaction():
        facts = SourceFacts(title='=HYPERLINK("x")', duration=61.5, size=9)
        store.place(project.database, b, "/somewhere/b.webm", facts)
    assert availability_report(project, tmp_path / "out.csv") == 3
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text().splitlines()))
    assert [row["State"] for row in rows] == ["Unavailable", "Ready", "Not fetched"]
    assert rows[0]["Kind"] == "region"
    assert rows[1]["Title"] == '\'=HYPERLINK("x")'
    assert rows[1]["Duration (s)"] == "61.5"
    with pytest.raises(StudioError):
        availability_report(project, tmp_path)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_every_fault_says_what_is_wrong_and_offers_something(fault: Fault) -> None:
    assert fault.sentence[0].isupper()
    assert not fault.reason.endswith(".")
    assert fault.advice.endswith(".")
    assert fault.remedies
    assert fault.tries == 1 or "retry" in fault.remedies
    assert fault.kind not in NETWORK or fault.tries > 1


def test_a_file_is_called_by_its_name_without_its_folder() -> None:
    path = "/some/folder/talk.wav"
    of_file = Source(RecordingId(1), path, None, "", path, READY)
    assert of_file.name == "talk.wav"
    of_link = Source(RecordingId(2), "link:https://a.example/b/c", None, "", None, "waiting")
    assert of_link.name == "https://a.example/b/c"

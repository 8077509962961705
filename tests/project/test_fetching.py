"""What the downloader says becomes states, once, and never against what a person did meanwhile."""

from pathlib import Path

import pytest

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import (
    CHECKING,
    DOWNLOADING,
    NOT_FETCHED,
    READY,
    UNAVAILABLE,
    WAITING,
    Source,
    SourceFacts,
)
from stremo_studio.downloader import messages as m
from stremo_studio.project import fetching
from stremo_studio.project import sources as use
from stremo_studio.project.changes import Changes
from stremo_studio.project.fetch_settings import use_cookies, use_folder, use_jobs
from stremo_studio.project.fetching import file_stem, orders, take_events
from stremo_studio.project.project import Project
from tests.builders import project_with_clips


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return project_with_clips(tmp_path / "p")


def only(project: Project, recording: RecordingId) -> Source:
    (source,) = use.sources(project, [recording])
    return source


def test_what_waits_is_ordered_by_its_full_address(project: Project) -> None:
    added = use.add_video(project, "-btTC-bepAk")
    use.fetch_all(project)
    found = orders(project)
    assert list(found) == use.source_ids(project)
    assert found[added] == m.Fetch(
        added, "https://www.youtube.com/watch?v=-btTC-bepAk", file_stem(only(project, added))
    )
    assert list(orders(project, [added, RecordingId(999)])) == [added]


def test_a_recording_walks_through_its_states(project: Project) -> None:
    a, *_ = use.fetch_all(project)
    seen = []
    for event in (m.Started(a), m.Progressed(a, 1), m.Checking(a)):
        take_events(project, [event])
        seen.append(only(project, a).state)
    assert seen == [DOWNLOADING, DOWNLOADING, CHECKING]
    facts = SourceFacts("T", size=3, duration=9.0)
    change = take_events(project, [m.Fetched(a, "/x/a.webm", facts)])
    assert change is not None
    assert len(change.clips) == 4
    assert (only(project, a).state, only(project, a).facts) == (READY, facts)
    assert only(project, a).attempts == 1
    assert project.clips([next(iter(change.clips))])[0].path == "/x/a.webm"
    assert project.counts().missing == 8


def test_a_batch_is_one_change(project: Project) -> None:
    a, b, c = use.fetch_all(project)
    heard: list[Changes] = []
    project.changes.subscribe(heard.append)
    take_events(project, [m.Started(a), m.Started(b), m.Failed(b, "private", "no"), m.Started(c)])
    assert [change.sources for change in heard] == [frozenset({a, b, c})]
    assert len(heard[0].clips) == 4  # those of b say why now
    assert not heard[0].worklist
    assert [s.state for s in use.sources(project)] == [DOWNLOADING, UNAVAILABLE, DOWNLOADING]
    assert only(project, b).said == "no"


def test_a_delay_says_why_and_until_when(project: Project) -> None:
    a, *_ = use.fetch_all(project)
    take_events(project, [m.Delayed(a, "rate", "429", "2026-01-01T00:00:00+00:00")])
    source = only(project, a)
    assert (source.state, source.next_try) == (WAITING, "2026-01-01T00:00:00+00:00")
    assert source.words == "Waiting: the site wants fewer requests"
    take_events(project, [m.Started(a)])
    assert only(project, a).words == "Downloading"


def test_what_was_cancelled_stays_so_but_a_whole_file_is_welcome(project: Project) -> None:
    a, *_ = use.fetch_all(project)
    use.cancel(project, [a])
    assert take_events(project, [m.Started(a), m.Checking(a), m.Failed(a, "rate", "")]) is None
    assert only(project, a).state == NOT_FETCHED
    take_events(project, [m.Fetched(a, "/x", SourceFacts())])
    assert only(project, a).state == READY


def test_a_file_that_a_person_linked_meanwhile_stays(project: Project, tmp_path: Path) -> None:
    a, *_ = use.fetch_all(project)
    use.place_file(project, a, tmp_path / "mine.wav")
    assert take_events(project, [m.Fetched(a, "/x", SourceFacts()), m.Failed(a, "age", "")]) is None
    assert only(project, a).path == str(tmp_path / "mine.wav")


def test_events_about_nobody_change_nothing(project: Project) -> None:
    heard: list[Changes] = []
    project.changes.subscribe(heard.append)
    assert take_events(project, [m.Started(99), m.Fetched(99, "/x", SourceFacts())]) is None
    assert take_events(project, [m.Hello("1"), m.Idle(), m.Cancelled(1)]) is None
    assert heard == []


def test_what_a_dead_downloader_had_waits_again(project: Project) -> None:
    a, b, c = use.fetch_all(project)
    take_events(project, [m.Started(a), m.Checking(b)])
    heard: list[Changes] = []
    project.changes.subscribe(heard.append)
    fetching.give_back(project)
    fetching.give_back(project)
    assert [s.state for s in use.sources(project)] == [WAITING] * 3
    assert [change.sources for change in heard] == [frozenset({a, b})]
    assert list(orders(project)) == [a, b, c]


@pytest.mark.parametrize(
    "video_id", ["../../x", "CON", "x" * 300, "🙂", "\u202edlrow", "a/b", "", "nul.", "\ud800"]
)
def test_files_have_safe_names_whatever_the_id(video_id: str) -> None:
    source = Source(RecordingId(1), f"youtube:{video_id}", video_id, "", None, WAITING)
    stem = file_stem(source)
    assert len(stem) == 16
    assert stem.isalnum()


def test_ids_that_differ_in_case_have_names_that_do_not_only() -> None:
    stems = [
        file_stem(Source(RecordingId(1), f"youtube:{i}", i, "", None, WAITING))
        for i in ("-bTTC-bepAk", "-btTC-bepAk")
    ]
    assert [stem[8:] for stem in stems] == [" [-bTTC-bepAk]", " [-btTC-bepAk]"]
    assert stems[0].lower() != stems[1].lower()


def test_the_downloader_is_told_the_settings(project: Project, tmp_path: Path) -> None:
    use_cookies(project, "firefox")
    use_jobs(project, 4)
    use_folder(project, tmp_path / "elsewhere")
    command = " ".join(fetching.downloader_command(project))
    assert "-m stremo_studio --downloader" in command
    assert f"--folder {tmp_path}/elsewhere --jobs 4 --interval 5.0 --backoff 10.0" in command
    assert command.endswith("--browser firefox")

"""Which clips are shown, in which order."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import UNUSABLE, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.worklist import FILTERS, SORTS, Worklist
from stremo_studio.project.commands import FlagClips, LabelClips, NoteClip
from stremo_studio.project.project import Project
from tests.builders import corpus_clip, import_clips
from trainer.corpora.rows import SpeakerFacts


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Five clips: delta, Bravo, charlie (no audio), alpha, echo_1."""
    project = Project.create(tmp_path / "p", annotator="Ann")
    names = ("delta", "Bravo", "charlie", "alpha", "echo_1")
    lengths = (3.0, 1.0, 5.0, 2.0, 4.0)
    for n, (name, length) in enumerate(zip(names, lengths, strict=True)):
        clip = corpus_clip(4 * n, audio=name != "charlie")
        speaker = SpeakerFacts("nb"[n % 2])
        import_clips(project, [replace(clip, name=name, end=length, speaker=speaker)])
    project.do(LabelClips((ClipId(1),), Answer("positive")))
    project.do(LabelClips((ClipId(4),), Answer(UNUSABLE)))
    project.do(FlagClips((ClipId(2), ClipId(3)), True))
    project.do(NoteClip(ClipId(5), "100% laughter"))
    yield project
    project.close()


@pytest.mark.parametrize(
    ("show", "expected"),
    [
        ("all", [1, 2, 3, 4, 5]),
        ("unlabelled", [2, 3, 5]),
        ("labelled", [1, 4]),
        ("flagged", [2, 3]),
        ("missing", [3]),
    ],
)
def test_a_filter_shows_its_clips_and_the_count_agrees(
    project: Project, show: str, expected: list[int]
) -> None:
    assert project.clip_ids(Worklist(show=show)) == expected
    assert getattr(project.counts(), show) == len(expected)


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("added", [1, 2, 3, 4, 5]),
        ("name", [4, 2, 3, 1, 5]),
        ("corpus", [4, 2, 3, 1, 5]),
        ("speaker", [2, 4, 1, 3, 5]),
        ("label", [2, 3, 5, 1, 4]),
        ("duration", [2, 4, 1, 5, 3]),
    ],
)
def test_an_order_and_its_reverse(project: Project, sort: str, expected: list[int]) -> None:
    key = project.clip_ids(Worklist(sort=sort))
    assert key == expected
    backwards = project.clip_ids(Worklist(sort=sort, descending=True))
    assert backwards == expected[::-1]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("BRAVO", [2]),
        ("made", [1, 2, 3, 4, 5]),
        ("made alpha", [4]),
        ("laugh", [5]),
        ("100%", [5]),
        ("o_1", [5]),
        ("%", [5]),
        ("_", [5]),
        ("!", []),
        ("'; DROP TABLE clip; --", []),
        ("nothing", []),
    ],
)
def test_every_word_of_a_search_must_be_found(
    project: Project, search: str, expected: list[int]
) -> None:
    assert project.clip_ids(Worklist(search=search)) == expected


def test_a_playlist_keeps_its_order_and_its_filters(project: Project) -> None:
    playlist = tuple(ClipId(n) for n in (5, 3, 1, 2))
    assert project.clip_ids(Worklist(playlist=playlist, sort="name")) == list(playlist)
    assert project.clip_ids(Worklist(playlist=playlist, show="unlabelled")) == [5, 3, 2]
    assert project.clip_ids(Worklist(playlist=playlist, search="bravo")) == [2]
    assert project.clip_ids(Worklist(playlist=())) == []


@pytest.mark.parametrize("show", FILTERS)
@pytest.mark.parametrize("sort", SORTS)
def test_every_filter_and_order_go_together(project: Project, show: str, sort: str) -> None:
    ids = project.clip_ids(Worklist(show=show, sort=sort, search="e"))
    assert set(ids) <= set(project.clip_ids(Worklist(show=show)))


def test_clips_come_in_the_order_asked(project: Project) -> None:
    wanted = [ClipId(n) for n in (4, 1, 99, 4)]
    assert [clip.id for clip in project.clips(wanted)] == [4, 1, 4]


def test_standing_answers_are_the_newest_of_people(project: Project) -> None:
    assert [a.clip_id for a in project.standing_annotations(12)] == [4, 1]
    assert [a.clip_id for a in project.standing_annotations(1)] == [4]
    project.do(LabelClips((ClipId(1),), Answer("neutral")))
    assert [(a.clip_id, a.answer.label) for a in project.standing_annotations(12, "Ann")] == [
        (1, "neutral"),
        (4, UNUSABLE),
    ]
    project.undo()
    assert [a.clip_id for a in project.standing_annotations(12)] == [4, 1]
    assert project.standing_annotations(12, "Ben") == []
    assert project.counts().decisions == 3


def test_settings_travel_with_the_project(project: Project, tmp_path: Path) -> None:
    assert project.setting("theme", "dark") == "dark"
    project.set_setting("theme", "light")
    project.set_setting("theme", "sepia")
    looking = Project.open(tmp_path / "p", read_only=True)
    assert (looking.setting("theme"), looking.annotator) == ("sepia", "Ann")
    looking.close()

"""Agreement in a project: what counts, what is left out, which clips people disagree about."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stremo_studio.domain.agreement import NOBODY_SHARED
from stremo_studio.domain.annotation import (
    BY_ADJUDICATION,
    BY_KEY,
    BY_OPEN,
    BY_PEEK,
    BY_REVIEW,
    CANNOT_TELL,
    Answer,
)
from stremo_studio.domain.clip import ClipId
from stremo_studio.project.agreement import agreement_report, opinions_of
from stremo_studio.project.annotators import choose_annotator
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.project import Project
from tests.builders import corpus_clip, import_clips


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Eight clips in two videos; all came with the label neutral."""
    project = Project.create(tmp_path / "p", annotator="Ann")
    import_clips(project, (corpus_clip(n, audio=True, label="neutral") for n in range(8)))
    yield project
    project.close()


def say(project: Project, name: str, said: str, source: str = BY_KEY) -> None:
    """A letter a clip, from the first on; `.` is none."""
    words = {"-": "negative", "0": "neutral", "+": "positive", "?": CANNOT_TELL}
    choose_annotator(project, name)
    for number, letter in enumerate(said, start=1):
        if letter in words:
            clips = (ClipId(number),)
            project.do(LabelClips(clips, Answer(words[letter]), source))


def test_people_are_compared_and_the_import_is_one_more_of_the_pairs(project: Project) -> None:
    say(project, "Ann", "--00++0.")
    say(project, "Ben", "--0+++0.")
    report = agreement_report(project)
    assert report.annotators == ("Ann", "Ben")
    assert report.alpha.value == pytest.approx(1 - 2 / (130 / 13))  # apart / expected
    assert (report.alpha.clips, report.alpha.groups) == (7, 2)
    assert report.observed == pytest.approx(6 / 7)
    assert [(p.first, p.second, p.agreed, p.clips) for p in report.pairs] == [
        *(("Ann", "Ben", 6, 7), ("Ann", "import", 3, 7), ("Ben", "import", 2, 7)),
    ]
    assert [c.label for c in report.classes] == ["negative", "neutral", "positive"]
    assert report.cells("Ann", "Ben")["neutral", "positive"] == [4]


def test_answers_that_were_not_given_alone_are_left_out_and_counted(project: Project) -> None:
    say(project, "Ann", "--0")
    say(project, "Ben", "-")
    for source, clip in ((BY_PEEK, ".+"), (BY_OPEN, "..+"), (BY_REVIEW, "...+")):
        say(project, "Ben", clip, source)
    report = agreement_report(project)
    assert (report.alpha.clips, report.left_out) == (1, 3)
    assert report.disagreements == (2, 3)


def test_ties_come_first_and_adjudicated_clips_are_done(project: Project) -> None:
    say(project, "Ann", "+-?0")
    say(project, "Ben", "--00")
    say(project, "Cem", "-.0+")
    report = agreement_report(project)
    assert (report.disagreements, report.ties, report.adjudicated) == ((1, 3, 4), 0, 0)
    say(project, "Cem", "..+")
    say(project, "Dan", "+")
    report = agreement_report(project)
    assert (report.disagreements, report.ties) == ((1, 3, 4), 2)
    say(project, "Ann", "0", BY_ADJUDICATION)
    report = agreement_report(project)
    assert (report.disagreements, report.ties, report.adjudicated) == ((3, 4), 1, 1)
    assert [(o.annotator, o.answer.label) for o in opinions_of(project, ClipId(1))] == [
        ("import", "neutral"),
        ("Ann", "positive"),
        ("Ben", "negative"),
        ("Cem", "negative"),
        ("Dan", "positive"),
        ("adjudicated", "neutral"),
    ]


def test_one_annotator_has_nobody_to_agree_with(project: Project) -> None:
    report = agreement_report(project)
    assert (report.annotators, report.pairs, report.alpha.why) == ((), (), NOBODY_SHARED)
    say(project, "Ann", "--00")
    report = agreement_report(project)
    assert report.alpha.why == NOBODY_SHARED
    assert [(p.first, p.second) for p in report.pairs] == [("Ann", "import")]
    assert report.disagreements == ()

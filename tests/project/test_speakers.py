"""Speakers: described once for all their clips, given clips, undone, and what splits make of it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.run import Run
from stremo_studio.domain.speaker import DECLINED, FIELDS, UNKNOWN, Speaker
from stremo_studio.project.exporting import export_sheet
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from stremo_studio.project.speakers import (
    DescribeSpeaker,
    GiveToSpeaker,
    clips_beside,
    fresh_name,
    speaker_of,
    speakers_like,
    titles,
    values_like,
    what_moves,
)
from stremo_studio.store import runs, staging
from tests.builders import all_clips, corpus_clip, import_clips
from trainer.corpora.rows import CorpusClip, SpeakerFacts

SHEET = """Filename,Language,Gender,Ethnicity,Accent,Age,Clip Time From,Clip Time To,Video_Id,\
Source,Emotion
a_01,English,Female ,White,,16-25,0:00:03,0:00:09,aaaaaaaaaaa,YouTube,Anger
a_02,english,Female,White,,16-26,0:00:10,0:00:12,aaaaaaaaaaa,YouTube,Anger
b,,,,,,0:01:00,0:01:00,bbbbbbbbbbb,YouTube,Happiness
"""


def spoken(number: int, speaker: str | None) -> CorpusClip:
    """A file of one's own: its group is its speaker, or itself."""
    clip = corpus_clip(number, audio=True)
    return replace(
        clip,
        group=f"made:{speaker or clip.name}",
        speaker=SpeakerFacts(speaker, gender="female") if speaker else None,
        path=f"/nowhere/{clip.name}.wav",
        video_id=None,
    )


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Clips 1-3 are of anna, 4-5 of ben, 6-7 of nobody."""
    project = Project.create(tmp_path / "p", annotator="Ann")
    names = ["anna"] * 3 + ["ben"] * 2 + [None] * 2
    import_clips(project, (spoken(number, name) for number, name in enumerate(names)))
    yield project
    project.close()


def clip(project: Project, number: int) -> Clip:
    return project.clips([ClipId(number)])[0]


def facts(project: Project, number: int) -> Speaker:
    known = speaker_of(project, ClipId(number))
    assert known is not None
    return known.facts


def test_what_is_said_of_a_speaker_holds_for_all_their_clips(project: Project) -> None:
    anna = speaker_of(project, ClipId(1))
    assert anna is not None
    assert (anna.clips, anna.facts.described) == (3, 1)
    changes = project.do(DescribeSpeaker(anna.id, "anna", "accent", "Irish"))
    assert changes.clips == {1, 2, 3}
    assert facts(project, 3).accent == "Irish"
    assert project.undo_sentence == "Set the accent of speaker anna to Irish"
    assert not project.do(DescribeSpeaker(anna.id, "anna", "accent", "Irish")).clips
    undone = project.undo()
    assert undone is not None
    assert (undone.clips, facts(project, 2).accent) == ({1, 2, 3}, None)
    project.redo()
    project.do(DescribeSpeaker(anna.id, "anna", "accent", None))
    assert project.undo_sentence == "Clear the accent of speaker anna"
    assert facts(project, 1).accent is None


def test_a_clip_given_to_another_speaker_goes_to_their_group(project: Project) -> None:
    project.do(GiveToSpeaker((ClipId(3),), "ben"))
    assert (clip(project, 3).speaker, clip(project, 3).group) == ("ben", "made:ben")
    assert speaker_of(project, ClipId(3)) == speaker_of(project, ClipId(4))
    project.undo()
    assert (clip(project, 3).speaker, clip(project, 3).group) == ("anna", "made:anna")
    project.redo()
    assert clip(project, 3).group == "made:ben"
    assert not project.do(GiveToSpeaker((ClipId(3),), "ben")).clips


def test_a_new_speaker_is_made_with_what_is_known(project: Project, tmp_path: Path) -> None:
    name = fresh_name(project, "made", "anna")
    assert name == "anna-2"
    project.do(GiveToSpeaker((ClipId(1),), name, {"gender": "male", "age": UNKNOWN}))
    assert facts(project, 1) == Speaker("made", "anna-2", gender="male", age=UNKNOWN)
    assert facts(project, 2).gender == "female"
    project.undo()
    assert (clip(project, 1).speaker, fresh_name(project, "made", "anna")) == ("anna", "anna-3")
    staging.begin(project.database, "an import that died", "Ann")
    project.close()
    again = Project.open(tmp_path / "p")  # sweeps: a speaker that redo needs is no rubbish
    again.redo()
    assert facts(again, 1).gender == "male"
    again.close()


def test_a_file_alone_takes_its_speakers_group_and_a_video_keeps_its_own(
    project: Project,
) -> None:
    project.do(GiveToSpeaker((ClipId(6), ClipId(7)), "cleo"))
    assert {clip(project, n).group for n in (6, 7)} == {"made:cleo"}
    import_clips(project, [corpus_clip(n) for n in (8, 9)])
    project.do(GiveToSpeaker((ClipId(8),), "cleo"))
    assert (clip(project, 8).speaker, clip(project, 8).group) == ("cleo", "made:video-002")
    assert clips_beside(project, ClipId(8)) == (8, 9)
    assert what_moves(project, (ClipId(9),), "ben") == ""


def test_clips_of_two_corpora_get_a_speaker_in_each(project: Project) -> None:
    other = replace(spoken(9, None), corpus="else", group="else:clip-009")
    list(write_import(project, plan_import(project, replace(_scan(other), corpus="else"))))
    project.do(GiveToSpeaker((ClipId(1), ClipId(8)), "dora"))
    assert [clip(project, n).group for n in (1, 8)] == ["made:dora", "else:dora"]


def _scan(found: CorpusClip):  # type: ignore[no-untyped-def]
    from trainer.corpora.rows import CorpusScan

    return CorpusScan("made", "/nowhere", (found,))


def test_type_ahead_offers_the_project_then_the_vocabulary_then_no_answer(
    project: Project,
) -> None:
    anna = speaker_of(project, ClipId(1))
    assert anna is not None
    project.do(DescribeSpeaker(anna.id, "anna", "accent", "Geordie"))
    offered = values_like(project, "accent", "")
    assert offered[0] == "Geordie"
    assert offered[-2:] == [UNKNOWN, DECLINED]
    assert values_like(project, "gender", "ma") == ["male", "female"]
    assert values_like(project, "accent", "geo") == ["Geordie"]
    assert [s.facts.name for s in speakers_like(project, "made", "N")] == ["anna", "ben"]
    assert list(titles()) == list(FIELDS)
    assert titles()["gender"] == "Perceived gender"


def test_a_sheet_takes_what_was_said_and_keeps_every_other_cell(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "sheet", annotator="Ann")
    (tmp_path / "in.csv").write_text(SHEET)
    list(write_import(project, plan_import(project, scan_source(tmp_path / "in.csv"))))
    first = speaker_of(project, all_clips(project)[0])
    last = speaker_of(project, all_clips(project)[2])
    assert first is not None
    assert last is not None
    project.do(DescribeSpeaker(first.id, first.facts.name, "accent", "Welsh"))
    project.do(DescribeSpeaker(last.id, last.facts.name, "gender", "male"))
    assert _exported(project, tmp_path) == SHEET.replace("White,,16", "White,Welsh,16").replace(
        "b,,,,,", "b,,Male,,,"
    )
    project.do(GiveToSpeaker(tuple(all_clips(project)[1:2]), last.facts.name))
    moved = _exported(project, tmp_path).splitlines()
    assert moved[1].startswith("a_01,English,Female ,White,Welsh,16-25,")
    assert moved[2].startswith("a_02,,Male,,,,")
    for _ in range(3):
        project.undo()
    assert _exported(project, tmp_path) == SHEET
    project.close()


def _exported(project: Project, folder: Path) -> str:
    export_sheet(project, folder / "out.csv")
    return (folder / "out.csv").read_text()


def test_what_a_move_does_to_the_frozen_test_set_is_said_beforehand(project: Project) -> None:
    assert what_moves(project, (ClipId(3),), "ben") == (
        "1 clip will move to the split group made:ben."
    )
    run = runs.add(project.database, Run(runs.UNSAVED, "Probe 1", "runs/1", "probe", "2026-01-01"))
    folder = project.run_folder(run).path
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    result = {"status": "finished", "splits": {"test": ["made:ben"]}}
    (folder / "result.json").write_text(json.dumps(result))
    assert "1 clip will join the frozen test set of Probe 1" in (
        what_moves(project, (ClipId(3),), "ben")
    )
    assert "2 clips will leave the frozen test set of Probe 1" in (
        what_moves(project, (ClipId(4), ClipId(5)), "anna")
    )
    assert "frozen" not in what_moves(project, (ClipId(6),), "anna")

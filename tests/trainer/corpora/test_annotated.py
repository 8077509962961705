"""Annotations of other programs: what they mean, and how kindly bad ones are refused."""

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from trainer.__main__ import main
from trainer.corpora.rows import CorpusError, CorpusScan
from trainer.corpora.scan import find_corpora, scan

LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0 
xmax = 10 
tiers? <exists> 
size = {tiers} 
item []: 
    item{space}[1]:
        class = "IntervalTier" 
        name = "emotion" 
        xmin = 0 
        xmax = 10 
        intervals: size = 3 
        intervals [1]:
            xmin = 0 
            xmax = 1.5 
            text = "" 
        intervals [2]:
            xmin = 1.5 
            xmax = 4 
            text = "Happy" 
        intervals [3]:
            xmin = 4 
            xmax = 10 
            text = "boredom" 
"""  # noqa: W291 - as Praat writes it
SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
10
<exists>
1
"IntervalTier"
"emotion"
0
10
2
0
1.5
""
1.5
4
"so ""very"" sad"
"""
POINTS = SHORT.replace('"IntervalTier"', '"TextTier"').replace(
    '2\n0\n1.5\n""\n1.5\n4\n"so ""very"" sad"', '1\n2.5\n"happy"'
)
EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T00:00:00+00:00" FORMAT="2.8" VERSION="2.8">
 <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
  <MEDIA_DESCRIPTOR MEDIA_URL="file:///elsewhere/talk.wav" MIME_TYPE="audio/x-wav"
   RELATIVE_MEDIA_URL="./sound/talk%20one.wav" {origin}/>
 </HEADER>
 <TIME_ORDER>
  <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="500"/>
  <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="2000"/>
  <TIME_SLOT TIME_SLOT_ID="ts3"/>
 </TIME_ORDER>
 <TIER LINGUISTIC_TYPE_REF="u" TIER_ID="words" PARTICIPANT="Kim">
  <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
   <ANNOTATION_VALUE>well I never</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
  <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3">
   <ANNOTATION_VALUE>unaligned</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
 </TIER>
 <TIER ANNOTATOR="Ann" LINGUISTIC_TYPE_REF="e" PARENT_REF="words" TIER_ID="emo">
  <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a2" ANNOTATION_REF="a1">
   <ANNOTATION_VALUE>fear</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
 </TIER>
</ANNOTATION_DOCUMENT>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("talk.wav", "other.wav"):
        soundfile.write(folder / name, np.zeros(80_000, np.int16), 8000)
    return folder


def _spans(found: CorpusScan) -> list[tuple[float, float | None, str | None, str | None]]:
    return [(clip.start, clip.end, clip.label, clip.emotion) for clip in found.clips]


def _told(found: CorpusScan) -> dict[str, str]:
    return {finding.rule: finding.message for finding in found.findings}


def _write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def _refusal(path: Path) -> str:
    with pytest.raises(CorpusError) as refused:
        scan(path)
    assert "\n" not in refused.value.message
    return refused.value.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("space", [" ", ""])
def test_a_textgrid_is_read_in_all_its_forms(folder: Path, encoding: str, space: str) -> None:
    grid = _write(folder / "talk.TextGrid", LONG.format(tiers=1, space=space), encoding)
    found = scan(grid)
    assert _spans(found) == [(1.5, 4.0, "positive", "happiness"), (4.0, 10.0, None, None)]
    first = found.clips[0]
    assert (first.corpus, first.name, first.group) == ("mine", "talk 0:01.5-0:04", "mine:talk")
    assert first.path == str(folder / "talk.wav")
    assert [(a.voice, a.label) for a in first.answers] == [("import", "positive")]
    assert _told(found)["discarded labels"].endswith(": 1 boredom.")


def test_the_short_form_and_doubled_quotes(folder: Path) -> None:
    grid = _write(folder / "talk.TextGrid", SHORT)
    (clip,) = scan(grid).clips
    assert (clip.source_label, clip.label) == ('so "very" sad', None)


def test_points_are_told_and_left_out(folder: Path) -> None:
    grid = _write(folder / "talk.TextGrid", POINTS)
    assert "points or end before they start" in _refusal_hint(grid)


def _refusal_hint(path: Path) -> str:
    with pytest.raises(CorpusError) as refused:
        scan(path)
    assert "No clip is marked" in refused.value.message
    return refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        LONG.format(tiers=2, space=" "),
        LONG.format(tiers=1, space=" ")[:300],
        LONG.replace('"TextGrid"', '"Pitch"'),
        LONG.format(tiers="1e999", space=" "),
        "ooBinaryFile\x08TextGrid",
        "",
    ],
)
def test_a_textgrid_that_is_none_or_cut_short_is_refused(folder: Path, text: str) -> None:
    assert "is no whole TextGrid" in _refusal(_write(folder / "talk.TextGrid", text))


def test_an_elan_document_is_read_with_what_hangs_on_it(folder: Path) -> None:
    document = _write(folder / "session.eaf", EAF.format(origin=""))
    (folder / "sound").mkdir()
    (folder / "talk.wav").rename(folder / "sound" / "talk one.wav")
    found = scan(document)
    assert _spans(found) == [(0.5, 2.0, "negative", "fear")]
    (clip,) = found.clips
    assert clip.path == str(folder / "sound" / "talk one.wav")
    assert [(a.voice, a.label) for a in clip.answers] == [("Ann", "negative")]
    assert (
        _told(found)["tracks of other words"] == "Tracks of other words than labels, left out: 1."
    )


def test_a_medium_that_begins_later_moves_the_times(folder: Path) -> None:
    found = scan(_write(folder / "talk.eaf", EAF.format(origin='TIME_ORIGIN="250"')))
    assert _spans(found)[0][:2] == (0.75, 2.25)


def test_an_elan_document_beside_its_sound_is_found_by_name(folder: Path) -> None:
    (clip,) = scan(_write(folder / "talk.eaf", EAF.format(origin=""))).clips
    assert clip.path == str(folder / "talk.wav")


BOMB = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><ANNOTATION_DOCUMENT>&b;</ANNOTATION_DOCUMENT>"""
FILE = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<ANNOTATION_DOCUMENT>&a;</ANNOTATION_DOCUMENT>"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "defines entities of its own"),
        (FILE, "defines entities of its own"),
        (EAF[:700], "cut short or damaged"),
        ("<html/>", "no document of ELAN"),
        ("", "cut short or damaged"),
    ],
)
def test_hostile_xml_is_refused_in_a_sentence(folder: Path, text: str, said: str) -> None:
    assert said in _refusal(_write(folder / "talk.eaf", text))


def test_annotations_that_refer_to_each_other_in_a_circle_are_left_out(folder: Path) -> None:
    circle = EAF.format(origin="").replace('ANNOTATION_REF="a1"', 'ANNOTATION_REF="a2"')
    found = scan(_write(folder / "talk.eaf", circle.replace("well I never", "")))
    assert _spans(found) == [(0.5, 2.0, None, None)]
    assert _told(found)["tracks without labels"] == "Tracks that hold no label, left out: 1."


def test_audacity_labels_with_frequencies_and_commas(folder: Path) -> None:
    text = "1.000000\t2.500000\tsad ?\n\\\t100.0\t4000.0\n3,0\t4,25\t\n5\t5\tpoint\n-1\t2\tsad\n"
    found = scan(_write(folder / "talk.txt", text))
    assert _spans(found) == [(1.0, 2.5, "negative", "sadness"), (3.0, 4.25, None, None)]
    assert [a.sure for a in found.clips[0].answers] == [False]
    assert found.clips[1].answers == ()
    told = _told(found)
    assert "marks without length" in told
    assert (
        told["marks before the beginning"]
        == "Marks that start before their recording, left out: 1."
    )


@pytest.mark.parametrize(
    "text", ["1.0\t2.0\tsad\nonly words\n", "1.0\tnan\tsad\n", "1.0 2.0 sad\n", "a\tb\tc\n"]
)
def test_a_line_that_is_no_label_is_named(folder: Path, text: str) -> None:
    assert "is no label of Audacity" in _refusal(_write(folder / "talk.txt", text))


def test_other_encodings_are_one_sentence(folder: Path) -> None:
    assert "neither UTF-8 nor UTF-16" in _refusal(
        _write(folder / "talk.txt", "1\t2\tfröhlich\n", "latin-1")
    )
    assert "is no text file" in _refusal(_write(folder / "talk.TextGrid", SHORT, "utf-16-le"))


def test_a_huge_file_is_not_even_opened(folder: Path) -> None:
    with (folder / "talk.txt").open("wb") as file:
        file.truncate(1 << 30)
    assert "1024 MB: no annotation is that large" in _refusal(folder / "talk.txt")


def test_tracks_of_several_annotators_are_their_answers(folder: Path) -> None:
    _write(folder / "talk - Ann.txt", "1\t2\tanger\n3\t4\tcalm\n")
    _write(folder / "talk - Ben.txt", "1\t2\thappiness\n3\t4\tcalm\n")
    _write(folder / "shopping.txt", "milk\neggs\n")
    found = scan(folder)
    first, second = found.clips
    assert [(a.voice, a.emotion) for a in first.answers] == [
        ("Ann", "anger"),
        ("Ben", "happiness"),
    ]
    assert (first.label, second.label) == (None, "neutral")
    assert _told(found)["annotators who differ"] == "Clips whose annotators differ: 1."
    assert _told(found)["annotators by track"] == "Tracks taken for annotators: 2."


def test_one_damaged_file_among_many_is_told(folder: Path) -> None:
    _write(folder / "talk.TextGrid", LONG.format(tiers=1, space=" "))
    _write(folder / "other.TextGrid", SHORT[:90])
    _write(folder / "talk.txt", "1\t2\tanger\n")
    found = scan(folder)
    assert len(found.clips) == 2
    told = _told(found)
    assert told["files that cannot be read"].startswith("Files that cannot be read: 1. ")
    assert told["other annotations"] == "Files of other formats, left alone: talk.txt."


def test_transcripts_beside_sound_do_not_become_labels(folder: Path) -> None:
    """A TextGrid of words tells nothing of emotions: the folder is read as it always was."""
    (folder / "happy").mkdir()
    (folder / "talk.wav").rename(folder / "happy" / "talk.wav")
    _write(folder / "happy" / "talk.TextGrid", SHORT)
    found = scan(folder)
    assert {clip.name: clip.label for clip in found.clips} == {
        "happy/talk": "positive",
        "other": None,
    }


def test_a_pipe_named_like_annotations_is_left_alone(folder: Path) -> None:
    os.mkfifo(folder / "talk.txt")
    assert len(scan(folder).clips) == 2


def test_sound_that_is_not_there_leaves_clips_without_audio(folder: Path) -> None:
    grid = _write(folder / "lost [-aaaaaaaaaa].TextGrid", SHORT)
    (clip,) = scan(grid).clips
    assert (clip.path, clip.video_id, clip.group) == (None, "-aaaaaaaaaa", "mine:-aaaaaaaaaa")
    assert "lies beside" in clip.problem
    (folder / "talk.wav").rename(folder / "My title [-aaaaaaaaaa].wav")
    (clip,) = scan(grid).clips
    assert clip.path == str(folder / "My title [-aaaaaaaaaa].wav")


def test_marks_after_the_end_of_their_file_cannot_be_heard(folder: Path) -> None:
    found = scan(_write(folder / "talk.txt", "9\t12\tsad\n30\t31\tsad\n"))
    inside, beyond = found.clips
    assert (inside.end, inside.problem) == (10.0, "")
    assert "after the end of its file" in beyond.problem


# Label Studio


def _task(**more: Any) -> dict[str, Any]:
    return {
        "data": {"audio": "/data/upload/1/a1b2c3d4-talk.wav"},
        "annotations": [
            {
                "completed_by": {"id": 3, "email": "ann@example.org"},
                "result": [
                    {"id": "x", "type": "labels", "original_length": 10.0,
                     "value": {"start": 1.0, "end": 2.0, "labels": ["Happy", "Sad"]}},
                    {"id": "y", "type": "textarea", "value": {"text": ["hello"]}},
                ],
            },
            {"completed_by": 7, "was_cancelled": True, "result": [{"id": "z"}]},
            {"completed_by": 7, "result": [{"type": "choices", "value": {"choices": ["sad"]}}]},
        ],
    } | more  # fmt: skip


def _tasks(path: Path, *tasks: object) -> Path:
    return _write(path, json.dumps(tasks))


def test_label_studio_regions_and_choices_are_clips(folder: Path) -> None:
    found = scan(_tasks(folder / "project.json", _task()))
    region, whole = found.clips
    assert _spans(found) == [
        (1.0, 2.0, "positive", "happiness"),
        (0.0, 10.0, "negative", "sadness"),
    ]
    assert (region.name, whole.name) == ("a1b2c3d4-talk 0:01-0:02", "a1b2c3d4-talk")
    assert region.path == str(folder / "talk.wav")
    assert [clip.answers[0].voice for clip in found.clips] == ["ann@example.org", "annotator 7"]
    told = _told(found)
    assert told["results of other kinds"].endswith("left out: 1.")
    assert told["several labels at once"].endswith("first counts: 1.")


@pytest.mark.parametrize(
    "address",
    ["/data/local-files/?d={folder}/talk.wav", "file://{folder}/talk.wav", "{folder}/talk.wav",
     "s3://bucket/some/talk.wav"],
)  # fmt: skip
def test_label_studio_names_sound_in_many_ways(folder: Path, address: str) -> None:
    task = _task(data={"recording": address.format(folder=folder)})
    assert scan(_tasks(folder / "p.json", task)).clips[0].path == str(folder / "talk.wav")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[{", "no readable JSON"),
        ("[" * 100_000, "no readable JSON"),
        ('{"audio": 1}', "no tasks of Label Studio"),
        ('[{"audio": "x.wav", "label": []}]', "no tasks of Label Studio"),
        ('[{"data": {}, "annotations": [{"result": 3}]}]', "Task 1 of"),
        ('[{"data": {"clips": [{}]}}]', "Task 1 of"),
        ('[{"data": {"clips": [{"id": "a", "start": 0, "end": 1e308}]}}]', "Task 1 of"),
        (f'[{{"data": {{"clips": [{{"id": "a", "start": 0, "end": 1{"0" * 400}}}]}}}}]', "Task 1"),
    ],
)
def test_json_that_is_none_of_label_studio_is_refused(folder: Path, text: str, said: str) -> None:
    assert said in _refusal(_write(folder / "p.json", text))


# Our own log

HEAD = '{"kind": "project", "format": "stremo-studio-events", "version": 1}\n'
CLIP = (
    '{{"kind": "clip", "corpus": "a", "name": "b", "start": 0, "end": {end}, "group": "a:b", '
    '"recording": {{"path": "b.wav", "video_id": null, "shift": 0}}, "speaker": null, '
    '"transcript": null, "cells": null, "label": null}}\n'
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no log of StrEmo Studio"),
        ('{"kind": "project"}\n', "is no log of StrEmo Studio"),
        (HEAD.replace(": 1}", ": 9}"), "written by a newer StrEmo Studio"),
        (HEAD + '{"kind": "clip"', "Line 2 of"),
        (HEAD + "[]\n", "Line 2 of"),
        (HEAD + '{"kind": "answer", "corpus": "a"}\n', "Line 2 of"),
        (HEAD + '{"kind": "clip", "corpus": "a", "name": "b"}\n', "no event of a log"),
        (HEAD + CLIP.format(end="NaN"), "no event of a log"),
        (HEAD + CLIP.format(end="1e308"), "no event of a log"),
        (HEAD + CLIP.format(end="1" + "0" * 400), "no event of a log"),
    ],
)
def test_a_log_that_is_none_is_refused(folder: Path, text: str, said: str) -> None:
    assert said in _refusal(_write(folder / "events.jsonl", text))


def test_recordings_of_one_name_in_two_folders_are_two(folder: Path) -> None:
    for name, word in (("a", "anger"), ("b", "calm")):
        (folder / name).mkdir()
        soundfile.write(folder / name / "talk.wav", np.zeros(80_000, np.int16), 8000)
        _write(folder / name / "talk.txt", f"1\t2\t{word}\n")
    first, second = scan(folder).clips
    assert (first.name, second.name) == ("a/talk 0:01-0:02", "b/talk 0:01-0:02")
    assert (first.group, second.group) == ("mine:a/talk", "mine:b/talk")
    assert (first.path, second.path) == (
        str(folder / "a" / "talk.wav"),
        str(folder / "b" / "talk.wav"),
    )


def test_sound_of_an_ambiguous_name_is_not_guessed(folder: Path) -> None:
    for name in ("a", "b"):
        (folder / name).mkdir()
        (folder / ("talk.wav" if name == "a" else "other.wav")).rename(folder / name / "talk.wav")
    (folder / "marks").mkdir()
    _write(folder / "marks" / "talk.txt", "1\t2\tanger\n")
    (clip,) = scan(folder).clips
    assert clip.path is None


def test_the_trainer_audits_annotations_whose_sound_lies_elsewhere(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "marks").mkdir()
    text = EAF.format(origin="").replace("./sound/talk%20one.wav", "../talk.wav")
    _write(folder / "marks" / "talk.eaf", text)
    out = folder / "manifest.jsonl"
    assert main(["scan", str(folder / "marks"), "--out", str(out)]) == 0
    assert "1 clips, 1 with sound" in capsys.readouterr().out
    (row,) = [json.loads(line) for line in out.read_text().splitlines()]
    assert (row["label"], row["start"], row["end"]) == ("negative", 0.5, 2.0)


def test_a_mark_at_no_time_of_this_world_is_left_out(folder: Path) -> None:
    labels = _write(folder / "talk.txt", "0\t1\tangry\n1\t1e308\thappy\n2\tinf\tsad\n")
    assert [clip.end for clip in scan(labels).clips] == [1.0]


def test_words_in_a_text_file_are_no_annotations(folder: Path) -> None:
    (folder / "marks").mkdir()
    _write(folder / "marks" / "readme.txt", "milk")
    with pytest.raises(CorpusError, match="No audio lies in"):
        scan(folder / "marks")
    with pytest.raises(CorpusError, match="No corpus and no audio lies in"):
        find_corpora(folder / "marks")

"""Audacity labels: a file for each recording and annotator."""

from dataclasses import replace

from stremo_studio.domain.annotation import Answer
from stremo_studio.formats.audacity import label_text, write_audacity
from tests.formats.exported import TALK, clip, project, texts, two_annotators
from trainer.corpora.tracks import Mark


def test_a_file_for_each_recording_and_track() -> None:
    files = texts(write_audacity(two_annotators()))
    assert files["talk - Ann.txt"] == (
        "1.000000\t3.000000\tnegative\n2.000000\t4.500000\tpositive\n"
    )
    assert files["talk - clips (made).txt"].splitlines()[2] == "5.000000\t6.000000\tclip 3"
    assert files["talk - label.txt"].splitlines()[2] == "5.000000\t6.000000\tunlabelled"
    assert files["youtube [-aaaaaaaaaa] - Ben.txt"] == "0.000000\t2.000000\tneutral\n"


def test_a_word_stays_on_its_line() -> None:
    assert label_text([Mark(0, 1, "a\tb\nc")]) == "0.000000\t1.000000\ta b c\n"


def test_times_are_those_of_the_file_and_doubt_is_a_question_mark() -> None:
    late = replace(
        clip(1, 1, 2), recording=replace(TALK, shift=0.5), answer=Answer("neutral", "calm", False)
    )
    assert texts(write_audacity(project([late])))["talk - label.txt"] == (
        "1.500000\t2.500000\tcalm ?\n"
    )

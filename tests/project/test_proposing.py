"""A long clip becomes one for each sentence, in one step that can be undone."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import Clip
from stremo_studio.errors import StudioError
from stremo_studio.media.unpacking import open_sound
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from stremo_studio.project.proposing import add_proposed, find_speech
from tests.builders import all_clips

RATE = 8000
SPOKEN = [(2.0, 4.0), (8.0, 11.0), (70.0, 73.5)]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    samples = np.random.default_rng(1).normal(0, 0.0005, 80 * RATE)
    for start, end in SPOKEN:
        at = np.arange(round((end - start) * RATE)) / RATE
        voice = np.sin(2 * np.pi * 220 * at) * (0.5 + 0.5 * np.abs(np.sin(12 * at)))
        samples[round(start * RATE) : round(start * RATE) + len(at)] += 0.2 * voice
    folder = tmp_path / "talks"
    folder.mkdir()
    soundfile.write(folder / "talk.wav", samples, RATE)
    project = Project.create(tmp_path / "p", annotator="Ann")
    for _ in write_import(project, plan_import(project, scan_source(folder))):
        pass
    yield project
    project.close()


def talk(project: Project) -> Clip:
    [clip] = project.clips(all_clips(project))
    open_sound(Path(clip.path or ""), project.cache)  # as it is when it has been looked at
    return clip


def test_each_sentence_becomes_a_clip_in_place_of_the_whole(project: Project) -> None:
    whole = talk(project)
    spans = find_speech(whole, project.cache)
    assert len(add_proposed(project, whole, spans)) == len(SPOKEN)
    clips = project.clips(all_clips(project))
    assert [clip.name for clip in clips] == ["talk_001", "talk_002", "talk_003"]
    for clip, (start, end) in zip(clips, SPOKEN, strict=True):
        assert clip.start == pytest.approx(start, abs=0.25)
        assert clip.end == pytest.approx(end, abs=0.25)
        assert (clip.path, clip.group, clip.label) == (whole.path, whole.group, None)
    assert project.undo_sentence == "Cut talk into 3 clips"
    project.undo()
    assert all_clips(project) == [whole.id]
    project.redo()
    assert len(all_clips(project)) == 3


def test_a_labelled_clip_stays_beside_its_parts(project: Project) -> None:
    whole = talk(project)
    project.do(LabelClips((whole.id,), Answer("negative")))
    whole = talk(project)
    add_proposed(project, whole, find_speech(whole, project.cache))
    assert len(all_clips(project)) == 4


def test_cut_once_more_after_an_undo_no_name_is_used_twice(project: Project) -> None:
    whole = talk(project)
    spans = find_speech(whole, project.cache)
    add_proposed(project, whole, spans)
    project.undo()
    add_proposed(project, whole, spans)
    names = [clip.name for clip in project.clips(all_clips(project))]
    assert names == ["talk_004", "talk_005", "talk_006"]


def test_times_within_a_clip_count_from_the_start_of_its_recording(project: Project) -> None:
    whole = talk(project)
    add_proposed(project, whole, [(60.0, 80.0)])
    [late] = project.clips(all_clips(project))
    [(start, end)] = find_speech(late, project.cache)
    assert (start, end) == (pytest.approx(70, abs=0.25), pytest.approx(73.5, abs=0.25))


def test_a_short_clip_and_one_without_speech_are_refused_in_a_sentence(project: Project) -> None:
    whole = talk(project)
    add_proposed(project, whole, [(0.0, 9.0), (20.0, 60.0)])
    short, silent = project.clips(all_clips(project))
    with pytest.raises(StudioError, match="short enough"):
        find_speech(short, project.cache)
    with pytest.raises(StudioError, match="Nobody is heard"):
        find_speech(silent, project.cache)


def test_a_recording_that_is_still_decoded_is_waited_for(project: Project) -> None:
    [whole] = project.clips(all_clips(project))
    with pytest.raises(StudioError, match="still being decoded"):
        find_speech(whole, project.cache)

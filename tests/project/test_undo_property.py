"""N random edits and N undos give the start back, whatever restarts lie between."""

import shutil
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stremo_studio.domain.annotation import CANNOT_TELL, UNUSABLE, Answer
from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.speaker import FIELDS, KnownSpeaker, SpeakerId
from stremo_studio.project.commands import Command, FlagClips, LabelClips, NoteClip
from stremo_studio.project.project import Project
from stremo_studio.project.speakers import DescribeSpeaker, GiveToSpeaker, speaker_of
from tests.builders import all_clips, corpus_clip, import_clips
from trainer.contract.labels import CLASSES

CLIPS = 6
_ids = st.lists(st.integers(1, CLIPS).map(ClipId), min_size=1, max_size=4, unique=True).map(tuple)
_answers = st.builds(
    Answer,
    label=st.sampled_from([*CLASSES, CANNOT_TELL, UNUSABLE, None]),
    emotion=st.sampled_from([None, "anger", "calm"]),
    sure=st.booleans(),
)
_commands = st.one_of(
    st.builds(LabelClips, _ids, _answers),
    st.builds(FlagClips, _ids, st.booleans()),
    st.builds(NoteClip, st.integers(1, CLIPS).map(ClipId), st.sampled_from(["", "a", "héé"])),
    st.builds(
        DescribeSpeaker,
        st.integers(1, 2).map(SpeakerId),
        st.just("somebody"),
        st.sampled_from(FIELDS),
        st.sampled_from([None, "unknown", "x"]),
    ),
    st.builds(
        GiveToSpeaker,
        _ids,
        st.sampled_from(["speaker-000", "speaker-001", "cleo"]),
        st.sampled_from([{}, {"gender": "male", "age": None}]),
    ),
)
_moves = st.lists(st.one_of(_commands, st.sampled_from(["undo", "redo", "reopen"])), max_size=25)
_numbers = count()


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("projects")
    project = Project.create(folder / "fresh", annotator="Ann")
    import_clips(project, (corpus_clip(n, label=[None, *CLASSES][n % 4]) for n in range(CLIPS)))
    project.close()
    return folder


def _state(project: Project) -> list[tuple[Clip, KnownSpeaker | None]]:
    ids = [ClipId(n + 1) for n in range(CLIPS)]
    return [(clip, speaker_of(project, clip.id)) for clip in project.clips(ids)]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_moves)
def test_undoing_everything_gives_the_start_and_redoing_everything_the_end(
    shelf: Path, moves: list[Command | str]
) -> None:
    folder = shutil.copytree(shelf / "fresh", shelf / str(next(_numbers)))
    project = Project.open(folder)
    states, at = [_state(project)], 0  # what each step should give back, and where we are
    for move in moves:
        if move == "undo" and at > 0:
            project.undo()
            at -= 1
        elif move == "redo":
            at += project.redo() is not None
        elif move == "reopen":
            project.close()
            project = Project.open(folder)
        elif not isinstance(move, str) and project.do(move).clips:
            states[at + 1 :] = [_state(project)]
            at += 1
        assert _state(project) == states[at]
    for state in reversed(states[:at]):
        project.undo()
        assert _state(project) == state
    assert project.undo_sentence == "Import 6 clips of made"
    for state in states[1:]:
        project.redo()
        assert _state(project) == state
    assert project.redo() is None
    assert len(all_clips(project)) == CLIPS
    project.close()

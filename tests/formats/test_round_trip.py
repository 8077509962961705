"""What goes out comes back: each format is written, read again and compared."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stremo_studio.domain.annotation import (
    ADJUDICATED,
    BY_ADJUDICATION,
    BY_IMPORT,
    BY_KEY,
    BY_UNDO,
    IMPORTED,
    Annotation,
    AnnotationId,
    Answer,
)
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.consensus import Opinion, consensus
from stremo_studio.domain.exported import ExportedClip
from stremo_studio.formats.catalogue import format_named
from stremo_studio.formats.rows import ExportedProject
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.exporting import export_project, read_project
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.known_clips import current_answers, given_answers
from stremo_studio.project.project import Project
from tests.builders import all_clips, corpus_clip, import_clips
from tests.formats.exported import AT, TALK, VIDEO, project
from trainer.contract.labels import CLASSES, paper_scheme
from trainer.corpora.rows import CorpusScan
from trainer.corpora.scan import scan

FORMATS = ["events", "label-studio", "elan", "textgrid", "audacity"]
EMOTIONS = [(e.class_id or "discarded", e.id) for e in paper_scheme().emotions]
SPECIAL = ["negative", "neutral", "positive", "cannot_tell", "unusable", "discarded"]
answers = st.one_of(
    st.builds(Answer, st.sampled_from(SPECIAL), st.none(), st.booleans()),
    st.builds(lambda pair, sure: Answer(*pair, sure), st.sampled_from(EMOTIONS), st.booleans()),
    st.just(Answer(None)),
)
voices = st.sampled_from([IMPORTED, ADJUDICATED, "Ann", "Ben [2]", "ルイ"])
names = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="\ufeff"), max_size=12
).map("clip-".__add__)
milliseconds = st.integers(0, 20_000)
events = st.lists(st.tuples(voices, answers, st.booleans()), max_size=6)


@st.composite
def exported(draw: st.DrawFn, *, distinct: bool) -> ExportedProject:
    """Clips with a history: answers of several voices, some taken back."""
    spans = st.tuples(milliseconds, st.integers(1, 9_000), st.sampled_from([TALK, VIDEO]))
    placed = draw(st.lists(spans, min_size=1, max_size=6, unique=distinct))
    called = draw(st.lists(names, min_size=len(placed), max_size=len(placed), unique=True))
    clips = []
    for number, (name, (start, length, recording)) in enumerate(zip(called, placed, strict=True)):
        corpus = draw(st.sampled_from(["made", "ravdess"]))
        clip = ExportedClip(
            ClipId(number + 1), corpus, name, start / 1000, (start + length) / 1000,
            f"{corpus}:{draw(st.sampled_from(['07', '08']))}", recording,
        )  # fmt: skip
        clips.append(_answered(clip, draw(events)))
    return project(clips)


def _answered(clip: ExportedClip, said: Sequence[tuple[str, Answer, bool]]) -> ExportedClip:
    history: list[Annotation] = []
    opinions: dict[str, Opinion] = {}
    for voice, answer, undone in said:
        if voice == IMPORTED and (answer.label is None or voice in opinions):
            continue
        source = {IMPORTED: BY_IMPORT, ADJUDICATED: BY_ADJUDICATION}.get(voice, BY_KEY)
        id_ = AnnotationId(100 * clip.id + len(history))
        one = Annotation(id_, clip.id, voice, answer, source, AT, 500, voice)
        history.append(one)
        before = opinions.get(voice)
        if undone and voice != IMPORTED:
            stood = before.answer if before else Answer(None)
            stands = before.annotation_id if before else None
            back = replace(one, id=AnnotationId(id_ + 1), answer=stood, source=BY_UNDO,
                           heard_ms=None, stands=stands)  # fmt: skip
            history.append(back)
        else:
            opinions[voice] = Opinion(voice, answer, id_)
    label = consensus(opinions.values()).answer
    return replace(clip, answer=label, history=tuple(history), opinions=tuple(opinions.values()))


@pytest.mark.parametrize("format_id", FORMATS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_clips_and_answers_come_back(format_id: str, data: st.DataObject) -> None:
    # Audacity's labels may overlap, but two of one span are one
    sent = data.draw(exported(distinct=format_id == "audacity"))
    with TemporaryDirectory() as place:
        source = _written(sent, format_id, Path(place))
        assert _facts_of_scan(scan(source), exact=format_id == "events") == {
            (clip.corpus, clip.name): (
                round(clip.start * 1000), round(clip.end * 1000), clip.group,
                clip.recording.video_id,
                {one.annotator: _plain(one.answer, format_id) for one in clip.opinions},
            )
            for clip in sent.clips
        }  # fmt: skip


@pytest.mark.parametrize("format_id", ["stremo-csv", "stremo-xlsx"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_clips_and_labels_come_back_from_a_sheet(format_id: str, data: st.DataObject) -> None:
    sent = data.draw(exported(distinct=False))
    clips = {clip.name: clip for clip in sent.clips}
    with TemporaryDirectory() as place:
        _written(sent, format_id, Path(place))
        (sheet,) = Path(place).iterdir()
        found = scan(sheet, "stremo").clips
    assert len(found) == len(clips)
    for clip in found:
        before = clips[clip.name]
        assert (clip.start, clip.end) == (before.start, before.end)
        assert clip.group == f"stremo:{before.recording.video_id or before.group[-2:]}"
        label = before.answer.label
        assert clip.label == (label if label in CLASSES else None)
        if before.answer.emotion:
            assert clip.emotion == before.answer.emotion
        assert (clip.source_label is None) == (label in (None, "disputed"))


def _written(sent: ExportedProject, format_id: str, folder: Path) -> Path:
    wanted = format_named(format_id)
    assert wanted is not None
    for file in wanted.write(sent).files:
        (folder / file.name).write_bytes(file.data)
    return folder / "tasks.json" if format_id == "label-studio" else folder


def _facts_of_scan(found: CorpusScan, *, exact: bool) -> dict[tuple[str, str], object]:
    return {
        (clip.corpus, clip.name): (
            round(clip.start * 1000), round((clip.end or 0) * 1000), clip.group, clip.video_id,
            {
                one.voice: _plain(one.answer, "events" if exact else "")
                for one in current_answers(given_answers(clip))
            },
        )
        for clip in found.clips
    }  # fmt: skip


def _plain(answer: Answer, format_id: str) -> Answer:
    """In words, `neutral` is both the class and the emotion; an answer of nothing has no doubt."""
    if answer.label is None:
        return Answer(None)
    if format_id != "events" and answer.emotion == "neutral":
        return replace(answer, emotion=None)
    return answer


@pytest.mark.parametrize("format_id", FORMATS)
def test_a_project_comes_back_from_each_format(tmp_path: Path, format_id: str) -> None:
    first = Project.create(tmp_path / "first", annotator="Ann")
    import_clips(first, (corpus_clip(n, label="neutral" if n else None) for n in range(6)))
    ids = all_clips(first)
    first.do(LabelClips(tuple(ids[:3]), Answer("positive", "happiness", False)))
    first.do(LabelClips((ids[4],), Answer(None)))
    first.annotator = "Ben"
    first.do(LabelClips((ids[2],), Answer("negative")))
    first.do(LabelClips((ids[3],), Answer("cannot_tell")))
    first.undo()
    out = tmp_path / ("events.jsonl" if format_id == "events" else "out")
    export_project(first, format_id, out)
    source = out / "tasks.json" if format_id == "label-studio" else out
    second = Project.create(tmp_path / "second", annotator="Zoe")
    for _ in write_import(second, plan_import(second, scan_source(source))):
        pass
    before, after = _facts(first, format_id), _facts(second, format_id)
    assert after == before
    if format_id == "events":
        assert _log(second) == _log(first)
    again = plan_import(first, scan_source(source))
    assert (again.writes, again.already_here, again.contradicted) == (False, 6, ())
    first.close()
    second.close()


def _facts(project: Project, format_id: str) -> dict[str, object]:
    return {
        clip.name: (
            clip.corpus, clip.start, clip.end, _plain(clip.answer, format_id),
            {one.annotator: _plain(one.answer, format_id) for one in clip.opinions},
        )
        for clip in read_project(project).clips
    }  # fmt: skip


def _log(project: Project) -> list[tuple[object, ...]]:
    return [
        (one.annotator, one.voice, one.answer, one.source, one.at, one.heard_ms)
        for clip in sorted(read_project(project).clips, key=lambda clip: clip.name)
        for one in clip.history
    ]

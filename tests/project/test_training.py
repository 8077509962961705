"""From labels to a run folder: what stands in the way, what is written, what stays frozen."""

import errno
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stremo_studio.domain.annotation import CANNOT_TELL, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import Run
from stremo_studio.errors import StudioError
from stremo_studio.project.changes import Changes
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.preflight import preflight
from stremo_studio.project.project import Project
from stremo_studio.project.training import start_run
from tests.builders import corpus_clip, import_clips
from trainer.contract.config import FinetuneConfig, RunConfig, SplitConfig
from trainer.contract.run_folder import RunFolder

LABELS = ("negative", "neutral", "positive")
ACOUSTIC = RunConfig()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "p", annotator="Ann")
    yield project
    project.close()


def _fill(project: Project, count: int = 60, *, audio: bool = True) -> None:
    """Clips of all classes in every video."""
    labels = (LABELS[(n + n // 4) % 3] for n in range(count))
    import_clips(project, (corpus_clip(n, audio=audio, label=x) for n, x in enumerate(labels)))


def _label(project: Project, clip: int, label: str) -> None:
    project.do(LabelClips((ClipId(clip),), Answer(label)))


def _finish(project: Project, run: Run, test_groups: list[str]) -> None:
    splits = {"test": test_groups}
    project.run_folder(run).write_result({"status": "finished", "splits": splits})


def test_an_empty_project_says_what_it_lacks(project: Project) -> None:
    found = preflight(project, ACOUSTIC)
    assert found.blockers == ("No class has 10 clips or more: two classes need that many.",)
    assert (found.clips, found.groups, found.news) == (0, 0, "")


def test_one_class_with_enough_clips_is_not_enough(project: Project) -> None:
    clips = [
        corpus_clip(n, audio=True, label="negative" if n < 12 else "neutral") for n in range(21)
    ]
    import_clips(project, clips)
    assert preflight(project, ACOUSTIC).blockers == (
        "Only negative has 10 clips or more: two classes need that many.",
    )
    import_clips(project, [corpus_clip(21, audio=True, label="neutral")])
    assert preflight(project, ACOUSTIC).blockers == ()


def test_two_videos_cannot_be_learnt_chosen_by_and_tested_on(project: Project) -> None:
    clips = (corpus_clip(n, audio=True, label=LABELS[n % 2]) for n in range(24))
    import_clips(project, (replace(c, group=f"made:{n % 4 // 2}") for n, c in enumerate(clips)))
    blockers = preflight(project, ACOUSTIC).blockers
    assert blockers == ("The labelled clips come from 2 speakers or videos: 3 are needed.",)


def test_options_that_contradict_each_other_are_told_before_the_run(project: Project) -> None:
    _fill(project)
    options = FinetuneConfig(lora_rank=8)
    (blocker,) = preflight(project, RunConfig("finetune", finetune=options)).blockers
    assert "only random weights. Choose another model" in blocker
    assert not preflight(project, RunConfig("acoustic", finetune=options)).blockers


def test_labels_without_audio_cannot_be_learnt_from(project: Project) -> None:
    _fill(project, audio=False)
    found = preflight(project, ACOUSTIC)
    assert found.blockers == ("None of the 60 labelled clips has audio.",)
    assert found.left_out == {"audio missing": 60}
    assert "60 labelled clips left out: no audio." in found.warnings


def test_what_is_not_used_is_counted_by_reason(project: Project) -> None:
    _fill(project)
    import_clips(project, [corpus_clip(n) for n in range(60, 64)])
    _label(project, 1, CANNOT_TELL)
    found = preflight(project, ACOUSTIC)
    assert found.left_out == {"unlabelled": 4, "cannot tell": 1}
    assert found.clips == 59


def test_a_video_that_tells_the_label_is_warned_of(project: Project) -> None:
    import_clips(project, (corpus_clip(n, audio=True, label=LABELS[n // 4 % 3]) for n in range(60)))
    warnings = " ".join(preflight(project, ACOUSTIC).warnings)
    assert "The video or speaker alone predicts every label (15 with one label each)" in warnings


def test_classes_that_are_missing_rare_or_of_one_voice_are_warned_of(project: Project) -> None:
    clips = [corpus_clip(n, audio=True, label="negative") for n in range(60)]
    clips += [corpus_clip(n, audio=True, label="neutral") for n in range(60, 70)]
    import_clips(project, clips)
    project.do(LabelClips((ClipId(1),), Answer("neutral")))
    warnings = preflight(project, ACOUSTIC).warnings
    assert "No clip is positive: the model will never say positive." in warnings
    assert any(w.startswith("Negative has 59 clips and neutral 11:") for w in warnings)


def test_clips_that_overlap_or_last_too_long_are_warned_of(project: Project) -> None:
    _fill(project)
    odd = corpus_clip(1000, audio=True, label="neutral")
    hours = replace(odd, name="hours", start=10.0, end=360_000.0)
    shared = replace(odd, name="shared", start=20.0, end=22.0, label="negative")
    import_clips(project, [hours, shared])
    warnings = preflight(project, ACOUSTIC).warnings
    assert "1 clip longer than 60 s: check the times." in warnings
    assert "1 pair of overlapping clips with different labels." in warnings


def test_news_since_the_last_run_are_counted(project: Project) -> None:
    _fill(project)
    assert preflight(project, ACOUSTIC).news == "60 new"
    start_run(project, ACOUSTIC)
    assert preflight(project, ACOUSTIC).news == ""
    import_clips(project, [corpus_clip(60, audio=True, label="neutral")])
    old = project.clips([ClipId(1)])[0].label
    _label(project, 1, "positive" if old != "positive" else "negative")
    assert preflight(project, ACOUSTIC).news == "1 new, 1 fixed"


def test_a_run_is_a_folder_with_the_labels_as_they_were(project: Project) -> None:
    _fill(project)
    seen: list[Changes] = []
    project.changes.subscribe(seen.append)
    run = start_run(project, ACOUSTIC)
    folder = project.run_folder(run)
    assert (run.folder, run.name) == ("runs/0001-acoustic", "Acoustic 1")
    assert project.runs() == [run]
    assert seen == [Changes(runs=True, history=False, sentence="Start Acoustic 1")]
    clips = folder.read_manifest()
    assert len(clips) == 60
    first = project.clips([ClipId(1)])[0]
    written = clips[0]
    assert (written.clip_id, written.path, written.label) == ("1", first.path, first.label)
    assert (written.start, written.end, written.group) == (first.start, first.end, first.group)
    assert folder.read_config().cache == str(project.cache / "trainer")
    assert folder.status() == "new"


def test_the_test_set_stays_frozen_once_a_run_has_finished(project: Project) -> None:
    _fill(project)
    first = start_run(project, ACOUSTIC)
    assert project.run_folder(first).read_config().split.test_groups == ()
    second = start_run(project, ACOUSTIC)  # the first has not finished: nothing to compare with
    assert project.run_folder(second).read_config().split.test_groups == ()
    _finish(project, first, ["made:video-003", "made:video-001", "gone:video"])
    import_clips(project, [corpus_clip(n, audio=True, label="neutral") for n in range(60, 72)])
    third = start_run(project, ACOUSTIC)
    assert project.run_folder(third).read_config().split.test_groups == (
        *("made:video-001", "made:video-003"),
    )
    chosen = RunConfig(split=SplitConfig(test_groups=("made:video-009",)))
    fourth = start_run(project, chosen)
    assert project.run_folder(fourth).read_config().split.test_groups == ("made:video-009",)


def test_a_frozen_test_set_that_leaves_nothing_to_learn_from_is_drawn_anew(
    project: Project,
) -> None:
    _fill(project)
    first = start_run(project, ACOUSTIC)
    _finish(project, first, sorted({c.group for c in project.run_folder(first).read_manifest()}))
    second = start_run(project, ACOUSTIC)
    assert project.run_folder(second).read_config().split.test_groups == ()


def test_a_blocked_run_leaves_nothing_behind(project: Project) -> None:
    with pytest.raises(StudioError, match="No class has 10 clips"):
        start_run(project, ACOUSTIC)
    assert project.runs() == []
    assert not (project.folder / "runs").exists()


def test_a_full_disk_leaves_no_half_run(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: RunFolder, *_: object) -> None:
        self.path.mkdir(parents=True)
        raise OSError(errno.ENOSPC, "No space left on device")

    _fill(project)
    monkeypatch.setattr(RunFolder, "create", full)
    with pytest.raises(StudioError, match="No space left"):
        start_run(project, ACOUSTIC)
    assert project.runs() == []
    assert list((project.folder / "runs").iterdir()) == []
    monkeypatch.undo()
    assert start_run(project, ACOUSTIC).folder == "runs/0001-acoustic"


def test_a_folder_that_a_crash_left_is_not_written_over(project: Project) -> None:
    _fill(project)
    (project.folder / "runs" / "0001-acoustic").mkdir(parents=True)
    assert start_run(project, ACOUSTIC).folder == "runs/0002-acoustic"


def test_a_project_open_read_only_is_looked_at_and_starts_no_run(project: Project) -> None:
    _fill(project)
    looking = Project.open(project.folder, read_only=True)
    assert preflight(looking, ACOUSTIC).blockers == ()
    with pytest.raises(StudioError, match="read-only"):
        start_run(looking, ACOUSTIC)
    assert not (project.folder / "runs").exists()
    looking.close()

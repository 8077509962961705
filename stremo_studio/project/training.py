"""From labels to a run: what stands in the way, what one should know, and the run's folder.

Starting the trainer is somebody else's job; a run folder without a process is a run that waits.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.run import Run
from stremo_studio.errors import StudioError
from stremo_studio.project.changes import Changes
from stremo_studio.project.preflight import all_clips, can_learn_without, preflight, trainable
from stremo_studio.project.project import Project
from stremo_studio.project.review import listed_run
from stremo_studio.project.training_cache import training_cache
from stremo_studio.store import runs
from trainer.contract.config import RunConfig
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import FINISHED, STOPPED


def start_run(project: Project, config: RunConfig) -> Run:
    """Write the folder of a new run, with a snapshot of the labels, and list the run.

    Raises StudioError when the preflight names something that stands in the way, or when the
    folder cannot be written; the project is as before then.
    """
    blockers = preflight(project, config).blockers
    if blockers:
        raise StudioError(blockers[0], "See what the project needs before a run can start.")
    clips = trainable(all_clips(project))
    config = replace(config, cache=config.cache or str(training_cache(project)))
    if not config.split.test_groups:
        frozen = frozen_test_groups(project, clips)
        config = replace(config, split=replace(config.split, test_groups=frozen))
    return _add_run(project, config, [_manifest_clip(clip) for clip in clips])


def frozen_test_groups(project: Project, clips: Sequence[Clip]) -> tuple[str, ...]:
    """The test set of the newest run that has one, so that scores compare; speakers and videos
    that came later are learnt from. Empty for the first run, and when what is left outside the
    old test set could not be learnt from."""
    present = {clip.group for clip in clips}
    for test in _tests(project):
        if tested := present & test.groups:
            return tuple(sorted(tested)) if can_learn_without(clips, tested) else ()
    return ()


@dataclass(frozen=True, slots=True)
class FrozenTest:
    """The groups that a finished run was tested on."""

    run: str
    groups: frozenset[str]


def newest_test(project: Project) -> FrozenTest | None:
    """The test set that the next run takes over; None before the first."""
    return next(_tests(project), None)


def _tests(project: Project) -> Iterator[FrozenTest]:
    """Of the finished runs that had one, newest first."""
    for run in project.runs():
        result = listed_run(project, run).result or {}
        groups = frozenset(result.get("splits", {}).get("test", ()))
        if result.get("status") in (FINISHED, STOPPED) and groups:
            yield FrozenTest(run.name, groups)


def _add_run(project: Project, config: RunConfig, clips: list[ManifestClip]) -> Run:
    number = runs.next_number(project.database)
    while (project.folder / _place(number, config)).exists():  # left by a crash between two steps
        number += 1
    run = Run(
        runs.UNSAVED,
        config.name or f"{config.recipe.capitalize()} {number}",
        _place(number, config),
        config.recipe,
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    folder = project.run_folder(run)
    saved: list[Run] = []

    def write() -> None:
        folder.create(config, clips)
        saved.append(runs.add(project.database, run))

    try:
        project.write(write, Changes(runs=True, history=False, sentence=f"Start {run.name}"))
    except OSError as error:
        shutil.rmtree(folder.path, ignore_errors=True)
        reason = error.strerror or str(error)
        hint = "Free some space or check the folder's permissions, then start the run again."
        raise StudioError(f"The run folder cannot be written: {reason}.", hint) from error
    return saved[0]


def _place(number: int, config: RunConfig) -> str:
    return f"runs/{number:04}-{config.recipe}"


def _manifest_clip(clip: Clip) -> ManifestClip:
    return ManifestClip(
        clip_id=str(clip.id),
        path=clip.path or "",
        label=clip.label,
        group=clip.group,
        start=clip.start,
        end=clip.end,
        corpus=clip.corpus,
        speaker=clip.speaker,
        emotion=clip.emotion,
    )

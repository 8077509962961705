"""The active model: the run that answers for the project, until a person promotes another.

No score promotes anything. Where nobody has promoted a run, the first that finished is active, so
that there is a model as soon as there is any; a later one, however good, waits to be chosen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from stremo_studio.domain.run import Run, RunId
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.project.review import ListedRun, listed_run
from stremo_studio.store import project_settings
from stremo_studio.store.history import Edit, set_setting
from trainer.contract.run_folder import FINISHED, STOPPED

_ACTIVE, _DECLINED = "model.active", "model.declined"
_USABLE = (FINISHED, STOPPED)


@dataclass(frozen=True, slots=True)
class PromoteRun:
    """Make a run the active model. The one before stays as it is, and can be promoted again."""

    kind: ClassVar[str] = "promote"
    run_id: RunId
    name: str

    @property
    def sentence(self) -> str:
        return f"Promote {self.name}"

    def apply(self, edit: Edit) -> Changes:
        return Changes(model=set_setting(edit, _ACTIVE, str(self.run_id)))


@dataclass(frozen=True, slots=True)
class KeepActive:
    """Decide against a run, so that it asks no more."""

    kind: ClassVar[str] = "keep"
    run_id: RunId
    name: str

    @property
    def sentence(self) -> str:
        return f"Keep the active model, not {self.name}"

    def apply(self, edit: Edit) -> Changes:
        declined = project_settings.read(edit.database, _DECLINED, "").split()
        ids = " ".join(dict.fromkeys([*declined, str(self.run_id)]))
        return Changes(model=set_setting(edit, _DECLINED, ids))


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What people decided; read with the project, then of use on any thread."""

    promoted: RunId | None
    declined: frozenset[RunId]


def model_choice(project: Project) -> ModelChoice:
    promoted = project.setting(_ACTIVE)
    return ModelChoice(
        RunId(int(promoted)) if promoted else None,
        frozenset(RunId(int(one)) for one in project.setting(_DECLINED).split()),
    )


def active_run(project: Project, runs: Sequence[Run], choice: ModelChoice) -> Run | None:
    """The active one of `runs`, newest first; None where none has a model. Reads folders only."""
    promoted = [run for run in runs if run.id == choice.promoted]
    oldest_first = [*promoted, *reversed(runs)]
    return next((r for r in oldest_first if listed_run(project, r).status in _USABLE), None)


def now_active(project: Project) -> Run | None:
    """The run whose model answers now."""
    return active_run(project, project.runs(), model_choice(project))


def with_active(listed: Sequence[ListedRun], choice: ModelChoice) -> list[ListedRun]:
    """The list, newest first, with the active one marked."""
    usable = [one.run.id for one in listed if one.status in _USABLE]
    active = choice.promoted if choice.promoted in usable else next(reversed(usable), None)
    return [replace(one, active=one.run.id == active) for one in listed]

"""The open project: everything a person can do to it goes through here.

One connection, used by the thread that opened it. Every change is a command in one transaction;
what changed is published after the commit, never before.
"""

import getpass
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from stremo_studio.domain.annotation import Annotation
from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.run import Run
from stremo_studio.domain.worklist import Counts, Worklist
from stremo_studio.errors import StudioError
from stremo_studio.project import folder as place
from stremo_studio.project.changes import ChangeFeed, Changes
from stremo_studio.project.commands import Command
from stremo_studio.store import (
    annotations,
    clips,
    history,
    opinions,
    project_settings,
    runs,
    sources,
    staging,
)
from stremo_studio.store.database import Database
from stremo_studio.store.history import Edit
from trainer.contract.labels import CLASSES
from trainer.contract.run_folder import RunFolder


class Project:
    """A folder with `project.db`, its runs and its caches. Make one with `create` or `open`."""

    def __init__(self, folder: Path, database: Database, lock: FileLock | None) -> None:
        self.folder = folder
        self.changes = ChangeFeed()
        self.database = database
        self.annotator = self.setting("annotator") or _login()
        self.last_saved = history.last_at(database)
        self._lock = lock
        self._history = history.load(database)
        self._missing: int | None = None

    @classmethod
    def create(cls, folder: Path, annotator: str | None = None) -> "Project":
        """Start a project in a new or existing folder, and open it.

        Raises StudioError when the folder holds a project already or cannot be written.
        """
        place.make(folder)
        project = cls._open_for_writing(folder)
        if annotator:
            project.set_setting("annotator", annotator)
            project.annotator = annotator
        return project

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False) -> "Project":
        """Open a project. Raises ProjectLockedError while another studio holds it, StudioError
        when it is not there, cannot be written or was made by a newer studio."""
        if not place.holds_project(folder):
            raise StudioError(f"{folder} holds no project.", "Choose a folder with project.db.")
        if read_only:
            file = place.database_file(folder.resolve())
            return cls(folder.resolve(), Database.open(file, read_only=True), None)
        return cls._open_for_writing(folder)

    @classmethod
    def _open_for_writing(cls, folder: Path) -> "Project":
        folder = folder.resolve()
        lock = place.lock(folder)
        try:
            database = Database.open(place.database_file(folder))
            staging.sweep(database)
            sources.requeue(database)
            _follow_folder(database, folder)
            return cls(folder, database, lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Let go of the file and the lock. Everything was saved when it was done."""
        self.database.close()
        if self._lock is not None:
            self._lock.release()

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def read_only(self) -> bool:
        return self.database.read_only

    @property
    def cache(self) -> Path:
        """Decoded audio, peaks and features: may be deleted at any time."""
        return self.folder / "cache"

    # What can be done

    def do(self, command: Command) -> Changes:
        """Apply a command in one transaction, then tell everybody what changed.

        A command that changes nothing leaves no step in the history. Raises StudioError when
        the project cannot be written; nothing is changed then.
        """
        return self._step(command.kind, command.sentence, command.apply)

    def undo(self) -> Changes | None:
        """Take back the last step; None where there is none. An answer belongs to its annotator:
        raises StudioError when the last step is one that another gave."""
        return self._take_back("undo", self._history.undo)

    def redo(self) -> Changes | None:
        """Do the last undone step again; None where there is none."""
        return self._take_back("redo", self._history.redo)

    @property
    def undo_sentence(self) -> str | None:
        """What `undo` would take back, e.g. "Label clip 12 positive"."""
        return self._sentence(self._history.undo)

    @property
    def redo_sentence(self) -> str | None:
        return self._sentence(self._history.redo)

    def set_setting(self, key: str, value: str) -> None:
        self.write(
            lambda: project_settings.write(self.database, key, value),
            Changes(history=False, settings=True),
        )

    def write(self, change: Callable[[], object], changes: Changes) -> None:
        """Change something that is no step of the history, then publish `changes`."""
        with self.database.transaction():
            change()
        self.announce(changes)

    def announce(self, changes: Changes) -> None:
        """Tell everybody what was just committed."""
        if changes.worklist or (changes.clips and changes.sources):
            self._missing = None
        self.last_saved = datetime.now(UTC)
        self.changes.publish(changes)

    def save_copy(self, folder: Path) -> None:
        """Write the project into another folder, also when its own is gone from the disk."""
        place.make(folder)
        self.database.copy_to(place.database_file(folder))

    # What can be asked

    def clip_ids(self, worklist: Worklist) -> list[ClipId]:
        return clips.ids(self.database, worklist)

    def clips(self, clip_ids: Sequence[ClipId], eye: str | None = None) -> list[Clip]:
        """In the order asked, with the consensus of all, or one annotator's own answers."""
        return clips.read(self.database, clip_ids, eye)

    def counts(self, eye: str | None = None) -> Counts:
        """By the consensus of all, or by one annotator's own answers."""
        by_consensus = clips.count_by_label(self.database)
        everything = sum(by_consensus.values())
        if eye is None:
            by_label = {label: n for label, n in by_consensus.items() if label is not None}
        else:
            by_label = opinions.count_by_label(self.database, eye)
        labelled = sum(by_label.values())
        if self._missing is None or self.read_only:  # it joins: kept until clips come or go
            self._missing = clips.count_missing(self.database)
        return Counts(
            all=everything,
            unlabelled=everything - labelled,
            labelled=labelled,
            flagged=clips.count_flagged(self.database),
            missing=self._missing,
            by_label=dict.fromkeys(CLASSES, 0) | by_label,
            decisions=annotations.decisions(self.database),
        )

    def annotations(self, clip_id: ClipId) -> list[Annotation]:
        """Every answer the clip was given, oldest first."""
        return annotations.of_clip(self.database, clip_id)

    def standing_annotations(self, limit: int, voice: str | None = None) -> list[Annotation]:
        """The last answers of people that still stand, newest first; of one annotator, or all."""
        return annotations.standing(self.database, limit, voice)

    def setting(self, key: str, default: str = "") -> str:
        return project_settings.read(self.database, key, default)

    def runs(self) -> list[Run]:
        """Newest first."""
        return runs.newest_first(self.database)

    def run_folder(self, run: Run) -> RunFolder:
        return RunFolder(self.folder / run.folder)

    # How a step is taken

    def _step(
        self, kind: str, sentence: str, apply: Callable[[Edit], Changes], undoes: int | None = None
    ) -> Changes:
        with self.database.transaction():
            edit = history.begin(self.database, kind, sentence, self.annotator, undoes)
            changes = apply(edit)
            seen = changes.clips or changes.sources or changes.worklist or changes.model
            changed = bool(seen or undoes)
            if not changed:
                history.forget(edit)
        if not changed:
            return Changes(history=False)
        self._history.add(edit.command_id, undoes)
        said = f"{kind.capitalize()}: {sentence}" if undoes else sentence
        changes = replace(changes, sentence=said)
        self.announce(changes)
        return changes

    def _take_back(self, kind: str, stack: list[int]) -> Changes | None:
        if not stack:
            return None
        target = stack[-1]
        owner = history.owner(self.database, target)
        if owner not in (None, self.annotator):
            raise StudioError(
                f"The step to {kind} is an answer of {owner}, and you are {self.annotator}.",
                f"Only {owner} takes it back: choose who annotates first.",
            )

        def apply(edit: Edit) -> Changes:
            taken = history.take_back(edit, target)
            return Changes(
                taken.clips, taken.came_or_went, sources=taken.recordings, model=taken.settings
            )

        return self._step(kind, history.sentence(self.database, target), apply, undoes=target)

    def _sentence(self, stack: list[int]) -> str | None:
        if not stack:
            return None
        owner = history.owner(self.database, stack[-1])
        own = owner in (None, self.annotator)  # what another answered may be hidden from this one
        return history.sentence(self.database, stack[-1]) if own else f"an answer of {owner}"


def _follow_folder(database: Database, folder: Path) -> None:
    """A project that was moved takes the recordings inside it along."""
    was = project_settings.read(database, "folder", "")
    if was == str(folder):
        return
    with database.transaction():
        if was and not Path(was).exists():  # a copy beside the original keeps to the original's
            sources.move_files(database, was + os.sep, str(folder) + os.sep)
        project_settings.write(database, "folder", str(folder))


def _login() -> str:
    """Name of whoever sits at the machine; a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "annotator"

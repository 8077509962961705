"""Writing a whole project in a format of `stremo_studio/formats`, or in all of them.

Everything is read at one moment, then written. A file, and a folder too (`export_place.py`),
appears whole or not at all, and replaces what is there only when that was asked for.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.exported import ExportedClip
from stremo_studio.domain.wording import counted
from stremo_studio.errors import StudioError
from stremo_studio.formats.catalogue import ALL, FORMATS, Format, format_named
from stremo_studio.formats.rows import ExportedProject, ExportedRun
from stremo_studio.formats.sheet import COLUMNS
from stremo_studio.project.active_model import now_active
from stremo_studio.project.export_place import (
    filled_aside,
    kindly_written,
    require_free,
    require_untouched,
)
from stremo_studio.project.importing import columns_key
from stremo_studio.project.project import Project
from stremo_studio.project.review import predictions
from stremo_studio.store import export, history
from trainer.contract.evaluation import Prediction
from trainer.contract.files import written_aside
from trainer.corpora.headers import read_header
from trainer.corpora.tree import one_file

_STREMO = "stremo"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written. `place` is the file or folder."""

    place: Path
    files: int
    clips: int
    notes: tuple[str, ...] = ()
    """What had to stay behind, in sentences."""

    @property
    def sentence(self) -> str:
        """`Wrote 12 clips`, or how many files a folder got."""
        several = self.files > 1
        return f"Wrote {counted(self.files, 'file') if several else counted(self.clips, 'clip')}"


def export_project(project: Project, name: str, out: Path, *, overwrite: bool = False) -> Exported:
    """Write everything in the format `name`, or in `ALL` without sound. Raises StudioError where
    there is no such format, where `out` is taken, and where it cannot be written."""
    wanted = format_named(name)
    if wanted is None and name != ALL:
        known = ", ".join([*(one.id for one in FORMATS), ALL])
        raise StudioError(f"There is no format {name!r}.", f"Known are {known}.")
    out = out.expanduser().absolute()
    require_free(out, overwrite=overwrite, folder=wanted is None or not wanted.file)
    rows = read_project(project)
    with kindly_written(out):
        if wanted is not None and wanted.file:
            return _write_file(rows, wanted, out)
        several = [one for one in FORMATS if not one.has_sound] if wanted is None else [wanted]
        return _write_folder(rows, several, out)


def export_sheet(project: Project, path: Path) -> int:
    """Write all clips as StrEmo's CSV, over what is there; returns how many rows."""
    return export_project(project, "stremo-csv", path, overwrite=True).clips


def export_folder(name: str, folder: Path, out: Path) -> Exported:
    """As `export_project`, over an older export, with a connection of its own: for any thread."""
    with closing(Project.open(folder, read_only=True)) as project:
        return export_project(project, name, out, overwrite=True)


def read_project(project: Project) -> ExportedProject:
    """Everything of the project at one moment."""
    with project.database.snapshot():
        clips = tuple(export.clips(project.database))
        edits = tuple(export.edits(project.database))
        revision = history.revision(project.database)
        saved = history.last_at(project.database)
        run, notes = _active_run(project)
    return ExportedProject(
        name=project.name,
        revision=revision,
        saved=saved.isoformat(timespec="milliseconds") if saved else "",
        clips=tuple(_with_lengths(clips)),
        edits=edits,
        columns=tuple(_columns(project, clips)),
        run=run,
        notes=notes,
    )


def _active_run(project: Project) -> tuple[ExportedRun | None, tuple[str, ...]]:
    """What the active model said, and what to say where that cannot be read: labels are never held
    back by a damaged run."""
    run = now_active(project)
    if run is None:
        return None, ()
    folder = project.run_folder(run)
    result, notes = folder.read_result() or {}, list[str]()
    said: dict[ClipId, Prediction] = {}
    try:
        said = {ClipId(int(one.clip_id)): one for one in predictions(project, run)}
    except (OSError, ValueError) as error:
        notes.append(f"What {run.name} said is left out, as it cannot be read: {error}.")
    splits = {g: name for name, groups in result.get("splits", {}).items() for g in groups}
    return ExportedRun(run.name, folder.checkpoint_hash()[:12], said, splits), tuple(notes)


def _with_lengths(clips: Sequence[ExportedClip]) -> Iterator[ExportedClip]:
    """The clips with how long their recordings are, read from the files' headers."""
    known = {}
    for clip in clips:
        recording = clip.recording
        if recording.path is None:
            yield clip
            continue
        if recording.id not in known:
            known[recording.id] = replace(recording, duration=_length(recording.path))
        yield replace(clip, recording=known[recording.id])


def _length(path: str) -> float | None:
    try:
        return read_header(one_file(Path(path))).duration or None
    except OSError:
        return None


def _columns(project: Project, clips: Sequence[ExportedClip]) -> Sequence[str]:
    """The StrEmo sheet's header as it was imported, else the released one's; then whatever other
    columns the sheets of the project have."""
    stored = {
        corpus: json.loads(project.setting(columns_key(corpus), "[]"))
        for corpus in sorted({clip.corpus for clip in clips})
    }
    first = stored.pop(_STREMO, []) or COLUMNS
    return list(dict.fromkeys([*first, *COLUMNS, *(c for more in stored.values() for c in more)]))


def _write_file(rows: ExportedProject, wanted: Format, out: Path) -> Exported:
    parcel = wanted.write(replace(rows, place=out.parent))
    (file,) = parcel.files
    with written_aside(out) as opened:
        opened.write(file.data)
    return Exported(out, 1, len(rows.clips), (*rows.notes, *parcel.notes))


def _write_folder(rows: ExportedProject, wanted: Sequence[Format], out: Path) -> Exported:
    require_untouched(out)
    with filled_aside(out, _facts(rows, wanted)) as written:
        written.notes += rows.notes
        for one in wanted:
            prefix = "" if one.file or len(wanted) == 1 else one.id
            parcel = one.write(replace(rows, place=out / prefix))
            for file in parcel.files:
                written.add(file, prefix)
            written.notes += [f"{one.title}: {note}" for note in parcel.notes]
    return Exported(out, len(written.files) + 1, len(rows.clips), tuple(written.notes))


def _facts(rows: ExportedProject, wanted: Sequence[Format]) -> dict[str, Any]:
    return {
        "project": rows.name,
        "revision": rows.revision,
        "saved": rows.saved,
        "formats": [one.id for one in wanted],
        "counts": {
            "clips": len(rows.clips),
            "labelled": sum(clip.answer.label is not None for clip in rows.clips),
            "answers": sum(len(clip.history) for clip in rows.clips),
            "recordings": len({clip.recording.id for clip in rows.clips}),
        },
    }

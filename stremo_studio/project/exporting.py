"""Writing a whole project in a format of `stremo_studio/formats`, or in all of them.

A file, and a folder too, appears whole or not at all: it is filled aside and moved in. What is
there already is replaced only when that was asked for, and a folder only when it is an export.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.exported import ExportedClip
from stremo_studio.domain.wording import counted
from stremo_studio.errors import StudioError
from stremo_studio.formats.catalogue import ALL, FORMATS, Format, format_named
from stremo_studio.formats.rows import ExportedProject, ExportedRun, File
from stremo_studio.formats.sheet import COLUMNS
from stremo_studio.project.active_model import now_active
from stremo_studio.project.importing import columns_key
from stremo_studio.project.project import Project
from stremo_studio.project.review import predictions
from stremo_studio.store import export, history
from trainer.contract.files import write_json, written_aside
from trainer.corpora.headers import read_header
from trainer.corpora.tree import one_file

MANIFEST = "manifest.json"
_MANIFEST_FORMAT = "stremo-studio-export"
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


@dataclass(slots=True)
class _Written:
    """The files of one export so far, as its manifest will list them."""

    folder: Path
    files: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, prefix: str, file: File) -> None:
        path = self.folder / prefix / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
        digest = hashlib.sha256(file.data).hexdigest()
        name = f"{prefix}/{file.name}" if prefix else file.name
        self.files.append({"name": name, "bytes": len(file.data), "sha256": digest})


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
    try:
        if wanted is not None and wanted.file:
            return _write_file(rows, wanted, out)
        several = [one for one in FORMATS if not one.has_sound] if wanted is None else [wanted]
        return _write_folder(rows, several, out)
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "Choose another folder, or free some space."
        raise StudioError(f"{out} cannot be written: {reason}.", hint) from error


def export_sheet(project: Project, path: Path) -> int:
    """Write all clips as StrEmo's CSV, over what is there; returns how many rows."""
    return export_project(project, "stremo-csv", path, overwrite=True).clips


def export_folder(folder: Path, name: str, out: Path) -> Exported:
    """As `export_project`, over an older export, with a connection of its own: for any thread."""
    with closing(Project.open(folder, read_only=True)) as project:
        return export_project(project, name, out, overwrite=True)


def would_replace(out: Path) -> bool:
    """Whether something lies there that writing would take the place of."""
    return out.exists() and not (out.is_dir() and not any(out.iterdir()))


def require_free(out: Path, *, overwrite: bool, folder: bool) -> None:
    """Raises StudioError where something of the user's would be lost."""
    if not would_replace(out) and not (out.is_dir() and not folder):
        return
    if folder and not is_export(out):
        raise StudioError(f"{out} is there and is no export.", "Name a new folder.")
    if not folder and not out.is_file():
        raise StudioError(f"{out} is a folder.", "Name a file.")
    if not overwrite:
        raise StudioError(f"{out} is there already.", "Name another, or add --overwrite.")


def is_export(folder: Path) -> bool:
    """Whether a folder was written by an export, and may be replaced by one."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and manifest.get("format") == _MANIFEST_FORMAT


def read_project(project: Project) -> ExportedProject:
    """Everything of the project at one moment."""
    with project.database.snapshot():
        clips = tuple(export.clips(project.database))
        edits = tuple(export.edits(project.database))
        revision = history.revision(project.database)
        saved = history.last_at(project.database)
        run = _active_run(project)
    return ExportedProject(
        name=project.name,
        revision=revision,
        saved=saved.isoformat(timespec="milliseconds") if saved else "",
        clips=tuple(_with_lengths(clips)),
        edits=edits,
        columns=tuple(_columns(project, clips)),
        run=run,
    )


def _active_run(project: Project) -> ExportedRun | None:
    run = now_active(project)
    if run is None:
        return None
    result = project.run_folder(run).read_result() or {}
    said = {ClipId(int(one.clip_id)): one for one in predictions(project, run)}
    splits = {g: name for name, groups in result.get("splits", {}).items() for g in groups}
    return ExportedRun(run.name, str(result.get("manifest_hash", ""))[:12], said, splits)


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
    return Exported(out, 1, len(rows.clips), tuple(parcel.notes))


def _write_folder(rows: ExportedProject, wanted: Sequence[Format], out: Path) -> Exported:
    aside = out.with_name(f".{out.name}.part")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    written = _Written(aside)
    try:
        for one in wanted:
            prefix = "" if one.file or len(wanted) == 1 else one.id
            parcel = one.write(replace(rows, place=out / prefix))
            for file in parcel.files:
                written.add(prefix, file)
            written.notes += [f"{one.title}: {note}" for note in parcel.notes]
        write_json(aside / MANIFEST, _manifest(rows, wanted, written))
        _move_in(aside, out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Exported(out, len(written.files) + 1, len(rows.clips), tuple(written.notes))


def _move_in(aside: Path, out: Path) -> None:
    """The old export goes only after the new one has its name."""
    old = out.with_name(f".{out.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    aside.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def _manifest(rows: ExportedProject, wanted: Sequence[Format], written: _Written) -> dict[str, Any]:
    return {
        "format": _MANIFEST_FORMAT,
        "version": 1,
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
        "left_out": written.notes,
        "files": written.files,
    }

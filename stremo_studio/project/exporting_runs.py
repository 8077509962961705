"""What a run said, written as tables and pictures: one folder for each run."""

from contextlib import closing
from pathlib import Path

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import Run
from stremo_studio.domain.wording import counted
from stremo_studio.errors import StudioError
from stremo_studio.formats.rows import File
from stremo_studio.formats.run_tables import (
    JudgedClip,
    confusion,
    confusion_csv,
    confusion_svg,
    predictions_csv,
)
from stremo_studio.project.active_model import now_active
from stremo_studio.project.export_place import (
    filled_aside,
    kindly_written,
    require_free,
    require_untouched,
)
from stremo_studio.project.exporting import Exported
from stremo_studio.project.project import Project
from stremo_studio.project.review import GONE, ListedRun, listed_run, predictions
from stremo_studio.store import history
from trainer.contract.manifest import SPLITS

ACTIVE = "active"
_DIGITS = 12


def run_named(project: Project, wanted: str) -> Run:
    """The run of that name, folder or number; `active` for the model that answers now. Raises
    StudioError where none is, or several are, called so."""
    if wanted == ACTIVE:
        active = now_active(project)
        if active is None:
            raise StudioError("No run has a model yet.", "Train first.")
        return active
    runs = project.runs()
    found = [run for run in runs if wanted in _names(run)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{run.name} ({Path(run.folder).name})" for run in runs) or "none yet"
    if found:
        raise StudioError(f"Several runs are called {wanted!r}.", f"Name a folder: {known}.")
    raise StudioError(f"There is no run {wanted!r}.", f"Runs of this project: {known}.")


def export_run(project: Project, run: Run, out: Path, *, overwrite: bool = False) -> Exported:
    """`predictions.csv`, and for each split its matrix as CSV and SVG. Raises StudioError for a run
    that has said nothing yet, and as `export_project` does."""
    out = out.expanduser().absolute()
    require_free(out, overwrite=overwrite, folder=True)
    listed = listed_run(project, run)
    hint = "Restore its folder, or name another run."
    if listed.status == GONE:
        raise StudioError(f"The run {run.name} cannot be read.", hint)
    try:
        judged = _judged(project, listed)
        model = project.run_folder(run).checkpoint_hash()[:_DIGITS]
    except (OSError, ValueError) as error:
        raise StudioError(f"What {run.name} said cannot be read: {error}.", hint) from error
    if not judged:
        hint = "Wait until it is evaluated, or name another."
        raise StudioError(f"The run {run.name} has said nothing of any clip.", hint)
    facts = {
        "project": project.name,
        "revision": history.revision(project.database),
        "run": run.name,
        "folder": run.folder,
        "model": model,
        "note": listed.note,
        "counts": {"clips": len(judged)},
    }
    with kindly_written(out):
        require_untouched(out)
        with filled_aside(out, facts) as written:
            table = predictions_csv(judged, run.name, model)
            written.add(File("predictions.csv", table.encode()))
            for split in SPLITS:
                counts = confusion(judged, split)
                if any(map(any, counts)):
                    written.add(File(f"confusion-{split}.csv", confusion_csv(counts).encode()))
                    drawn = confusion_svg(counts, *_titles(listed, split, counts))
                    written.add(File(f"confusion-{split}.svg", drawn.encode()))
    return Exported(out, len(written.files) + 1, len(judged))


def export_active(folder: Path, out: Path) -> Exported:
    """What the active model said, over an older export, with a connection of its own."""
    with closing(Project.open(folder, read_only=True)) as project:
        return export_run(project, run_named(project, ACTIVE), out, overwrite=True)


def _judged(project: Project, listed: ListedRun) -> list[JudgedClip]:
    """Every clip that the run spoke of, hidden ones too. Of the train set, most runs can only say
    what they have learnt; some kept each clip out of the model that answered it."""
    said = {ClipId(int(one.clip_id)): one for one in predictions(project, listed.run)}
    learnt = {"train"} if not listed.held_out else set[str]()
    return [
        JudgedClip(clip, said[clip.id], said[clip.id].split in learnt)
        for clip in project.clips(list(said))
    ]


def _titles(listed: ListedRun, split: str, counts: list[list[int]]) -> tuple[str, str]:
    clips = counted(sum(map(sum, counts)), "clip")
    scored = listed.evaluation(split)
    if scored is None:
        return listed.run.name, f"{split}: {clips}"
    low, high = scored.intervals.get("macro_f1", (None, None))
    within = f" [{low:.2f}, {high:.2f}]" if low is not None and high is not None else ""
    return listed.run.name, f"{split}: {clips}, macro F1 {scored.macro_f1:.2f}{within}"


def _names(run: Run) -> set[str]:
    folder = Path(run.folder).name
    number = folder.partition("-")[0]
    return {run.name, run.folder, folder, number, number.lstrip("0")}

"""`stremo-studio export | export-run`: what other programs read, of the project or of one run."""

import argparse
from contextlib import closing
from pathlib import Path

from stremo_studio.errors import StudioError
from stremo_studio.formats.catalogue import ALL, FORMATS, format_of_suffix
from stremo_studio.project.exporting import export_project
from stremo_studio.project.exporting_runs import export_run, run_named
from stremo_studio.project.project import Project


def add_verbs(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Give the parser the verbs; each sets `do` to what carries it out."""
    one = verbs.add_parser(
        "export",
        help="write all clips as a sheet, or in another format",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Write the clips of PROJECT to OUT. Without --format, the ending of OUT says "
        "which:\n.csv has the columns of StrEmo.csv, and cells that came from a sheet and were "
        "not edited\ncome back as they were.\n\n"
        + "\n".join(f"  {f.id:<13} {f.file or 'a folder':<13} {f.carries}" for f in FORMATS)
        + f"\n  {ALL:<13} {'a folder':<13} All of these but the one with sound.",
    )
    one.add_argument("project", type=Path, metavar="PROJECT")
    one.add_argument("out", type=Path, metavar="OUT", help="file or folder to write")
    one.add_argument("--format", metavar="NAME", help="one of the above")
    one.add_argument("--overwrite", action="store_true", help="replace what is there")
    one.set_defaults(do=_export)

    two = verbs.add_parser(
        "export-run",
        help="write what a run said: a table of clips, confusion matrices",
        description="Write predictions.csv (probabilities, split, whether the clip was seen in "
        "training, the label then and now) and the confusion matrix of each split as CSV and SVG "
        "into the folder OUT. RUN is a name, a number, a folder, or `active`.",
    )
    two.add_argument("project", type=Path, metavar="PROJECT")
    two.add_argument("run", metavar="RUN")
    two.add_argument("out", type=Path, metavar="OUT", help="folder to write")
    two.add_argument("--overwrite", action="store_true", help="replace an older export there")
    two.set_defaults(do=_export_run)


def _export(chosen: argparse.Namespace) -> None:
    name = chosen.format or _by_suffix(chosen.out)
    with closing(Project.open(chosen.project, read_only=True)) as project:
        written = export_project(project, name, chosen.out, overwrite=chosen.overwrite)
    print(f"{written.sentence} to {chosen.out}.")
    for note in written.notes:
        print(f"  {note}")


def _export_run(chosen: argparse.Namespace) -> None:
    with closing(Project.open(chosen.project, read_only=True)) as project:
        run = run_named(project, chosen.run)
        written = export_run(project, run, chosen.out, overwrite=chosen.overwrite)
    print(f"{written.sentence} of {run.name} to {chosen.out}.")


def _by_suffix(out: Path) -> str:
    found = format_of_suffix(out.suffix)
    if found is None:
        known = ", ".join(one.suffix for one in FORMATS if one.suffix)
        raise StudioError(f"{out.name} ends in none of {known}.", "Name a format with --format.")
    return found.id

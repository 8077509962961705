"""`stremo-studio import | status | export …`: the project without a window, for scripts. No Qt.

Exit codes: 0 done, 1 done but not all recordings could be fetched, 2 wrong arguments or something
outside is wrong (one line on stderr).
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from stremo_studio import cli_annotators, cli_export, cli_sources
from stremo_studio.domain.wording import counted
from stremo_studio.errors import StudioError
from stremo_studio.project.active_model import model_choice, with_active
from stremo_studio.project.folder import holds_project
from stremo_studio.project.importing import ImportPlan, plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from stremo_studio.project.review import ListedRun, listed_runs
from trainer.corpora.rows import CorpusScan, Finding
from trainer.corpora.tally import tally

_ROWS_SHOWN = 20


def add_verbs(parser: argparse.ArgumentParser) -> None:
    """Give a parser the verbs; each sets `do` to what carries it out."""
    verbs = parser.add_subparsers(title="verbs for scripts", metavar="VERB", prog=parser.prog)
    one = verbs.add_parser(
        "import",
        help="bring clips into a project and report on them",
        description="Report on the clips at each SOURCE and bring them into PROJECT, which is made "
        "when it does not exist. Sources are only read. Importing twice adds nothing.",
    )
    one.add_argument("project", type=Path, metavar="PROJECT", help="folder of the project")
    one.add_argument("sources", type=Path, nargs="+", metavar="SOURCE", help="sheet or folder")
    one.add_argument("--corpus", metavar="NAME", help="e.g. ravdess; otherwise it is recognised")
    one.add_argument("--dry-run", action="store_true", help="report only, write nothing")
    one.add_argument("--all-rows", action="store_true", help="name every row of every finding")
    one.set_defaults(do=_import)

    two = verbs.add_parser(
        "status",
        help="count a project's clips and list its runs",
        description="Count the clips of PROJECT and list its runs. Works while a studio is open.",
    )
    two.add_argument("project", type=Path, metavar="PROJECT")
    two.add_argument("--json", action="store_true", help="as one JSON object")
    two.set_defaults(do=_status)

    cli_export.add_verbs(verbs)
    cli_sources.add_verbs(verbs)
    cli_annotators.add_verbs(verbs)


def carry_out(chosen: argparse.Namespace) -> int:
    """Do what the parsed verb says; returns the exit code."""
    try:
        code = chosen.do(chosen)
        sys.stdout.flush()
    except StudioError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read the output has seen enough, e.g. `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return int(code or 0)


def _import(chosen: argparse.Namespace) -> None:
    scans = [scan_source(source, chosen.corpus) for source in chosen.sources]
    with _project_for_import(chosen.project, chosen.dry_run) as project:
        for scan in scans:
            plan = plan_import(project, scan)
            _print_report(plan, sys.maxsize if chosen.all_rows else _ROWS_SHOWN)
            if project and not chosen.dry_run:
                for _ in write_import(project, plan):
                    pass
                print(f"Imported into {project.folder}: {_written(plan)}.")
            else:
                print("Dry run: nothing was written.")


@contextmanager
def _project_for_import(folder: Path, dry_run: bool) -> Iterator[Project | None]:
    """The project, made where there is none; a dry run makes nothing and locks nobody out."""
    if holds_project(folder):
        project = Project.open(folder, read_only=dry_run)
    elif dry_run:
        yield None
        return
    elif folder.is_dir() and any(folder.iterdir()):
        raise StudioError(f"{folder} holds files but no project.", "Name a new folder for it.")
    else:
        project = Project.create(folder)
    with closing(project):
        yield project


def _print_report(plan: ImportPlan, rows_shown: int) -> None:
    scan: CorpusScan = plan.scan
    groups = len({clip.group for clip in scan.clips})
    counts = tally(scan.clips)
    print(f"{scan.corpus}: {counted(len(scan.clips), 'clip')} in {scan.root}")
    print(
        f"  {counted(groups, 'group')} (speakers or videos) · {counts.negative} negative · "
        f"{counts.neutral} neutral · {counts.positive} positive · "
        f"{counts.discarded} discarded · {counts.unlabelled} unlabelled"
    )
    print(
        f"  {plan.ok} ok · {plan.fixed} fixed · {plan.needs_you} need you"
        f" · {plan.already_here} already here"
    )
    for finding in plan.findings:
        print(f"  {finding.severity}: {finding.message} [{finding.rule}]")
        _print_rows(finding, rows_shown)


def _print_rows(finding: Finding, rows_shown: int) -> None:
    if not finding.rows:
        return
    rest = len(finding.rows) - rows_shown
    more = f" and {rest} more (--all-rows)" if rest > 0 else ""
    print(f"    {', '.join(finding.rows[:rows_shown])}{more}")


def _written(plan: ImportPlan) -> str:
    parts = [counted(len(plan.new), "new clip")]
    if plan.restored:
        parts.append(f"{counted(len(plan.restored), 'clip')} shown again")
    if plan.relinked:
        parts.append(f"audio found for {counted(len(plan.relinked), 'clip')}")
    if plan.answered:
        parts.append(f"new answers to {counted(len(plan.answered), 'clip')}")
    return ", ".join(parts)


def _status(chosen: argparse.Namespace) -> None:
    with closing(Project.open(chosen.project, read_only=True)) as project:
        facts = _facts(project)
    if chosen.json:
        print(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    clips = facts["clips"]
    print(f"{facts['project']} ({facts['folder']})")
    print(
        f"  {counted(clips['all'], 'clip')}: {clips['labelled']} labelled, "
        f"{clips['unlabelled']} unlabelled, {clips['flagged']} flagged, "
        f"{clips['missing']} without audio"
    )
    labels = ", ".join(f"{n} {label.replace('_', ' ')}" for label, n in clips["by_label"].items())
    print(f"  {labels}")
    print(f"  {counted(facts['decisions'], 'decision')}, {counted(len(facts['runs']), 'run')}")
    for run in facts["runs"]:
        result = _score(run)
        reason = f": {run['error']}" if run["error"] else ""
        active = ", the active model" if run["active"] else ""
        print(f"    {run['name']} ({run['started']}): {run['status']}{active}{result}{reason}")


def _score(run: dict[str, Any]) -> str:
    if run["macro_f1"] is None:
        return ""
    interval = run["macro_f1_interval"]
    within = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
    return f", macro F1 {run['macro_f1']:.3f}{within} on {run['test_clips']} test clips"


def _facts(project: Project) -> dict[str, Any]:
    counts, choice = project.counts(), model_choice(project)
    return {
        "project": project.name,
        "folder": str(project.folder),
        "clips": {
            "all": counts.all,
            "labelled": counts.labelled,
            "unlabelled": counts.unlabelled,
            "flagged": counts.flagged,
            "missing": counts.missing,
            "by_label": counts.by_label,
        },
        "decisions": counts.decisions,
        "runs": [_run_facts(one) for one in with_active(listed_runs(project), choice)],
    }


def _run_facts(listed: ListedRun) -> dict[str, Any]:
    evaluation = listed.evaluation("test")
    return {
        "name": listed.run.name,
        "folder": listed.run.folder,
        "recipe": listed.run.recipe,
        "started": listed.run.started,
        "status": listed.status,
        "active": listed.active,
        "error": listed.error,
        "note": listed.note,
        "test_clips": evaluation.clips if evaluation else None,
        "macro_f1": evaluation.macro_f1 if evaluation else None,
        "macro_f1_interval": evaluation.intervals.get("macro_f1") if evaluation else None,
        "uar": evaluation.uar if evaluation else None,
    }

"""`stremo-studio agreement | merge`: several annotators of one project, for scripts. No Qt."""

import argparse
import json
from contextlib import closing
from pathlib import Path
from typing import Any

from stremo_studio.domain.agreement import Coefficient
from stremo_studio.domain.annotation import ADJUDICATED
from stremo_studio.domain.wording import counted
from stremo_studio.project.agreement import AgreementReport, agreement_report, export_answers
from stremo_studio.project.merging import WORDS, MergePlan, merge, plan_merge
from stremo_studio.project.project import Project


def add_verbs(verbs: Any) -> None:
    """Give the studio's parser the two verbs; each sets `do`."""
    one = verbs.add_parser(
        "agreement",
        help="how far annotators agree, beyond chance",
        description="Krippendorff's alpha, Fleiss' and Cohen's kappa of the annotators of PROJECT, "
        "on answers given alone, with 95 % intervals over whole videos or speakers. Works while a "
        "studio is open.",
    )
    one.add_argument("project", type=Path, metavar="PROJECT")
    one.add_argument("--json", action="store_true", help="as one JSON object")
    one.add_argument(
        "--csv", type=Path, metavar="OUT.csv", help="write a row for each clip, a column for each "
        "annotator",
    )  # fmt: skip
    one.set_defaults(do=_agreement)
    two = verbs.add_parser(
        "merge",
        help="take over the answers of another copy of a project",
        description="Bring what annotators answered in OTHER, a copy of PROJECT or a project of "
        "the same corpus, into PROJECT, as one step that can be undone. Each annotator's newest "
        "answer to a clip wins; merging twice adds nothing. OTHER is only read.",
    )
    two.add_argument("project", type=Path, metavar="PROJECT")
    two.add_argument("other", type=Path, metavar="OTHER")
    two.add_argument("--dry-run", action="store_true", help="report only, write nothing")
    two.set_defaults(do=_merge)


def _agreement(chosen: argparse.Namespace) -> None:
    with closing(Project.open(chosen.project, read_only=True)) as project:
        if chosen.csv:
            rows = export_answers(project, chosen.csv)
            print(f"Wrote {counted(rows, 'row')} to {chosen.csv}.")
            return
        report = agreement_report(project)
    if chosen.json:
        print(json.dumps(_facts(report), ensure_ascii=False, indent=1))
    else:
        _print_report(report)


def _print_report(report: AgreementReport) -> None:
    print(f"Annotators: {', '.join(report.annotators) or 'none yet'}")
    print(f"Krippendorff's alpha: {report.alpha.words}")
    if len(report.annotators) > 2:
        print(f"Fleiss' kappa: {report.fleiss.words}")
    if report.alpha.clips:
        print(f"Two annotators give the same answer {report.observed:.0%} of the time")
    for pair in report.pairs:
        same = f", {pair.agreed / pair.clips:.0%} the same" if pair.clips else ""
        print(f"  {pair.first}, {pair.second}: kappa {pair.kappa.words}{same}")
    for one in report.classes:
        name = one.label.replace("_", " ")
        print(
            f"  {name}: given {counted(one.answers, 'time')}, shared {one.share:.0%}, "
            f"alpha {one.alpha.words}"
        )
    number = counted(len(report.disagreements), "disagreement")
    print(f"{number}, {report.ties} of them ties; {report.adjudicated} settled")
    if report.left_out:
        print(f"{counted(report.left_out, 'answer')} left out: not given alone")


def _facts(report: AgreementReport) -> dict[str, Any]:
    return {
        "annotators": list(report.annotators),
        "alpha": _coefficient(report.alpha),
        "fleiss_kappa": _coefficient(report.fleiss),
        "observed": report.observed if report.alpha.clips else None,
        "pairs": [
            {"annotators": [p.first, p.second], "agreed": p.agreed, "kappa": _coefficient(p.kappa)}
            for p in report.pairs
        ],
        "answers": [
            {
                "label": c.label,
                "given": c.answers,
                "shared": c.share,
                "alpha": _coefficient(c.alpha),
            }
            for c in report.classes
        ],
        "disagreements": len(report.disagreements),
        "ties": report.ties,
        "adjudicated": report.adjudicated,
        "left_out": report.left_out,
    }


def _coefficient(found: Coefficient) -> dict[str, Any]:
    return {
        "value": found.value,
        "interval": list(found.interval) if found.interval else None,
        "clips": found.clips,
        "groups": found.groups,
        "why_none": found.why or None,
    }


def _merge(chosen: argparse.Namespace) -> None:
    with (
        closing(Project.open(chosen.other, read_only=True)) as other,
        closing(Project.open(chosen.project, read_only=chosen.dry_run)) as project,
    ):
        plan = plan_merge(project, other)
        _print_plan(plan)
        if chosen.dry_run:
            print("Dry run: nothing was written.")
        else:
            merge(project, plan)
            print(f"Merged {counted(len(plan.answers), 'answer')} into {project.folder}.")


def _print_plan(plan: MergePlan) -> None:
    if not plan.counts:
        print(f"Nobody has answered in {plan.name}.")
    for voice, counts in sorted(plan.counts.items()):
        name = "settled" if voice == ADJUDICATED else voice
        parts = [f"{counts[kind]:,} {words}" for kind, words in WORDS.items() if counts[kind]]
        print(f"  {name}: {', '.join(parts)}")

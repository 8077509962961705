"""Entry point of `stremo-studio`: a window, a verb for scripts, or (`--trainer`) the trainer,
which is how a frozen build starts its own child process. Nothing heavy is imported to decide."""

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PROGRAM = "stremo-studio"
VERBS = ("import", "status", "export")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--trainer"]:
        # By name, because the studio never imports the trainer: here it becomes the trainer.
        return int(import_module("trainer.__main__").main(given[1:]))
    parser = _parser()
    if given[:1] and given[0] in (*VERBS, "-h", "--help"):
        from stremo_studio import cli  # noqa: PLC0415 - a window is up sooner without it

        cli.add_verbs(parser)
        return cli.carry_out(parser.parse_args(given))
    parser.add_argument("project", type=Path, nargs="?", metavar="PROJECT")
    folder = parser.parse_args(given).project
    from stremo_studio.app import run  # noqa: PLC0415 - Qt

    return run(folder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [PROJECT] | {PROGRAM} {{{','.join(VERBS)}}} ...",
        description="Label, train and audition speech emotion. Opens a window, with PROJECT in it "
        "when a project's folder is named.",
    )
    parser.add_argument("--version", action="version", version=f"StrEmo Studio {_version()}")
    return parser


def _version() -> str:
    try:
        return version(PROGRAM)
    except PackageNotFoundError:
        return "from its sources"


if __name__ == "__main__":
    raise SystemExit(main())

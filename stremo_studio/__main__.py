"""Entry point of `stremo-studio`: a window, a verb for scripts, or a child process of its own
(`--trainer` in a frozen build, `--downloader` always). Nothing heavy is imported to decide."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PROGRAM = "stremo-studio"
VERBS = ("import", "status", "export", "export-run", "sources", "fetch", "agreement", "merge")
DEMO_FOLDER = Path("demo-out")


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["--trainer"]:
        # By name, because the studio never imports the trainer: here it becomes the trainer.
        return int(import_module("trainer.__main__").main(given[1:]))
    if given[:1] == ["--downloader"]:
        return int(import_module("stremo_studio.downloader.process").main(given[1:]))
    parser = _parser()
    if given[:1] and given[0] in (*VERBS, "-h", "--help"):
        from stremo_studio import cli  # noqa: PLC0415 - a window is up sooner without it

        cli.add_verbs(parser)
        return cli.carry_out(parser.parse_args(given))
    parser.add_argument("project", type=Path, nargs="?", metavar="PROJECT")
    parser.add_argument(
        "--headless-demo",
        type=Path,
        metavar="DIR",
        help="play the whole loop on the practice set without a display, into DIR",
    )
    chosen = parser.parse_args(given)
    demo = chosen.headless_demo
    if demo is None and chosen.project is None and not has_display():
        demo = DEMO_FOLDER
        print(f"There is no display: the demo plays by itself, into {demo}/.", flush=True)
    if demo is not None:
        from stremo_studio.ui.demo import run_demo  # noqa: PLC0415 - Qt

        return run_demo(demo)
    from stremo_studio.app import run  # noqa: PLC0415 - Qt

    return run(chosen.project)


def has_display() -> bool:
    """Whether a window could be shown. Only Linux and its like can be without a display."""
    named = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return sys.platform in ("win32", "darwin") or any(os.environ.get(n) for n in named)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        usage=f"{PROGRAM} [PROJECT] | {PROGRAM} --headless-demo DIR | "
        f"{PROGRAM} {{{','.join(VERBS)}}} ...",
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

"""The five things one can ask for: set up, run, test, check, measure."""

import os
import subprocess
import sys
import time

import system_packages
from environment import ROOT, Environment
from progress import SetupError, say

USAGE = """usage: python3 packaging/bootstrap.py TASK [-- ARGUMENTS]

  setup   make .venv and install what is missing
  run     set up if needed, then start the studio (without a display: the headless demo)
  test    set up if needed, then run every test
  check   format, lint, types, architecture
  bench   measure speed against the targets; arguments choose benchmarks by name"""

CHECKS = (
    ("ruff", "format", "--check", "--quiet", "."),
    ("ruff", "check", "--quiet", "."),
    ("mypy",),
    ("mypy", "packaging/tasks.py"),
    ("pytest", "-q", "tests/test_architecture.py"),
)
PROGRAMS = {"run": "stremo_studio", "test": "pytest", "bench": "tests.benchmarks"}


def main(arguments: list[str]) -> int:
    """Run one task; returns its exit code."""
    task, *rest = [word for word in arguments if word != "--"] or [""]
    if task not in (*PROGRAMS, "setup", "check"):
        asked_for_help = task in ("-h", "--help")
        print(USAGE, file=sys.stdout if asked_for_help else sys.stderr)
        return 0 if asked_for_help else 2
    try:
        environment = prepare(task)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted: the same command goes on from here.", file=sys.stderr)
        return 130
    os.chdir(ROOT)
    if task == "setup":
        say("Ready: `make run` starts the studio.")
        return 0
    if task == "check":
        return check(environment)
    return become(environment, PROGRAMS[task], rest)


def prepare(task: str) -> Environment:
    """The environment, fresh; raises SetupError when the task could not work."""
    needed, wanted = system_packages.missing_for_programs()
    if task == "test" and os.environ.get("CI"):
        wanted += system_packages.missing_for_tests()
    environment = Environment()
    is_ready = environment.is_ready()
    if not is_ready:
        say("Setting up StrEmo Studio")
    system_packages.provide(needed, wanted)
    if not is_ready:
        environment.set_up()
    return environment


def check(environment: Environment) -> int:
    """Every check, even after one that failed, so that one look shows all there is to mend."""
    failed = []
    for words in CHECKS:
        began = time.monotonic()
        code = subprocess.call([str(environment.python), "-m", *words], env=surroundings())
        outcome = "ok" if code == 0 else "FAILED"
        say(f"{outcome}  {' '.join(words)}  {time.monotonic() - began:.1f} s")
        failed += [words[0]] if code else []
    return 1 if failed else 0


def become(environment: Environment, module: str, arguments: list[str]) -> int:
    """Run a module in this process's place, so that signals and exit codes are its own."""
    command = [str(environment.python), "-m", module, *arguments]
    if os.name == "posix":
        os.execve(command[0], command, surroundings())
    return subprocess.call(command, env=surroundings())


def surroundings() -> dict[str, str]:
    """This checkout's sources first, whatever else an environment has installed."""
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}

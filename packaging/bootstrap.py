"""Sets StrEmo Studio up and runs it: python3 packaging/bootstrap.py setup|run|test|check|bench.

Standard library only. This one file also parses on a Python that is too old, to say so kindly;
the work is in `tasks.py` beside it.
"""

import subprocess
import sys

NEEDED = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
IS_NEW_ENOUGH = f"import sys; raise SystemExit(sys.version_info < {NEEDED})"


def main(arguments):
    """Run one task; returns its exit code."""
    if sys.version_info < NEEDED:
        return with_a_newer_python(arguments)
    import tasks  # noqa: PLC0415 - written for the newer Python only

    return tasks.main(arguments)


def with_a_newer_python(arguments):
    """Hand over to a newer Python of this machine, or say in one sentence that there is none."""
    for name in NEWER:
        if is_new_enough(name):
            return subprocess.call([name, __file__, *arguments])
    print(
        "StrEmo Studio needs Python 3.11 or newer, and this is Python {}.{}: install a newer one "
        "(on Debian or Ubuntu: sudo apt-get install python3 python3-venv) and run the same command "
        "with it.".format(*sys.version_info[:2]),
        file=sys.stderr,
    )
    return 1


def is_new_enough(python):
    """Whether this command starts a Python that will do."""
    try:
        return subprocess.call([python, "-c", IS_NEW_ENOUGH], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

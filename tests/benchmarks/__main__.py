"""Every benchmark in a process of its own, one after another: `make bench ARGS="waveform label"`.

A benchmark is a module `bench_*.py` with a `main()` that prints its table and returns how many
targets it missed (see `targets.py`)."""

import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def main(words: list[str]) -> int:
    """Run the benchmarks whose names hold one of the words, or all; 1 when a target is missed."""
    names = [path.stem for path in sorted(HERE.glob("bench_*.py"))]
    chosen = [name for name in names if not words or any(word in name for word in words)]
    if not chosen:
        print(f"No benchmark is called {' or '.join(words)}; there are: {', '.join(names)}")
        return 2
    outcomes = {name: run(name) for name in chosen}
    print("\nSummary")
    width = max(map(len, chosen))
    for name, (code, seconds) in outcomes.items():
        verdict = "MISSED or broken, see above" if code else "every target met"
        print(f"  {name:<{width}}  {seconds:6.1f} s  {verdict}")
    return 1 if any(code for code, _ in outcomes.values()) else 0


def run(name: str) -> tuple[int, float]:
    """Exit code (0: every target met) and seconds taken by one benchmark."""
    program = f"from tests.benchmarks.{name} import main; raise SystemExit(main())"
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        "QT_QPA_PLATFORM": "offscreen",
        "HF_HUB_OFFLINE": "1",
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # people start a program that is compiled
    began = time.monotonic()
    code = subprocess.call([sys.executable, "-c", program], cwd=ROOT, env=environment)
    return code, time.monotonic() - began


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

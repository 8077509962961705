"""Retraining a probe: what `stremo-trainer bench probe` measures, and beside it the same with the
start of the process, and what is kept on the disk."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.benchmarks.targets import Figure, show
from trainer.bench.probe import (
    CHANGED,
    CLIPS,
    STATES,
    WIDTH,
    carried_out,
    embedded,
    new_run,
    relabelled,
)
from trainer.bench.workload import MIDDLE, make_clips, random_hubert
from trainer.contract.config import ProbeConfig, RunConfig
from trainer.contract.kept import EMBEDDINGS
from trainer.contract.run_folder import RunFolder
from trainer.network.pretrained import save_hubert

FROM_AUDIO, SECONDS = 60, 4.0


def main() -> int:
    """Print the table; returns the number of targets missed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "probe"
        clips, config = embedded(folder)
        runs = {
            how: [new_run(folder / f"{how}{i}", config, relabelled(clips, i)) for i in range(3)]
            for how in ("cold", "warm")
        }
        cold, warm = [_cold(run) for run in runs["cold"]], [carried_out(r) for r in runs["warm"]]
        kept = sum(f.stat().st_size for f in (folder / "cache" / EMBEDDINGS).iterdir())
        audio, again = _from_audio(folder)
    return show(
        f"Probe of {CLIPS} clips, {STATES} states of {WIDTH}, {CHANGED} labels changed",
        [
            Figure("retrain and evaluate, warm process", min(warm), "s", at_most=3),
            Figure("retrain and evaluate, process start included", min(cold), "s", at_most=3),
            Figure("kept on disk", kept / 1e6, "MB"),
            Figure(
                f"{FROM_AUDIO} clips of {SECONDS:.0f} s from audio, 15 M parameters", audio, "s"
            ),
            Figure("the same again", again, "s"),
            Figure("from audio against again", audio / again, "times", at_least=3),
        ],
    )


def _cold(run: RunFolder) -> float:
    began = time.perf_counter()
    command = [sys.executable, "-m", "trainer", "run", str(run.path)]
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    return time.perf_counter() - began


def _from_audio(folder: Path) -> tuple[float, float]:
    """A real network from audio, and again with the embeddings it left."""
    model = folder / "middle"
    model.mkdir()
    save_hubert(random_hubert(MIDDLE), model)
    config = RunConfig("probe", probe=ProbeConfig(str(model)), cache=str(folder / "second"))
    clips = make_clips(folder / "sounds", [SECONDS] * FROM_AUDIO)
    first = _cold(new_run(folder / "first", config, clips))
    return first, _cold(new_run(folder / "again", config, clips))


if __name__ == "__main__":
    sys.exit(main())

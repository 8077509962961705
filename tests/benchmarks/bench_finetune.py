"""Fine-tuning and evaluation beside Hugging Face's `Trainer` and pipeline, and padding: what
`stremo-trainer bench` prints, of RAVDESS where it lies beside the project. Its clips are of about
one length, which is the harder case; else they are noise with the lengths of CMU-MOSEI.
`STREMO_BENCH_CLIPS` and `STREMO_BENCH_EPOCHS` make it shorter.
"""

import os
import tempfile
from dataclasses import replace
from pathlib import Path

from tests.conftest import REAL_DATA
from trainer.contract.manifest import ManifestClip
from trainer.priority import give_way

CLIPS = int(os.environ.get("STREMO_BENCH_CLIPS", "32"))
EPOCHS = int(os.environ.get("STREMO_BENCH_EPOCHS", "10"))


def main() -> int:
    """Print the table; returns the number of targets missed."""
    give_way(studio=False)  # for both sides, and before torch is there
    from trainer.bench.command import run
    from trainer.bench.machine import describe_machine, in_words
    from trainer.bench.measure import table
    from trainer.bench.workload import prepare

    with tempfile.TemporaryDirectory() as name:
        work = prepare(Path(name), None, quick=False)
        real = _ravdess()
        work = replace(work, epochs=EPOCHS, clips=real or work.clips[:CLIPS])
        described = work.in_words()
        measures = list(run(("finetune", "padding", "evaluation"), work))
    print(f"\n{in_words(describe_machine())}")
    print(f"{'RAVDESS' if real else 'Noise'}: {described}\n")
    print(table(measures), flush=True)
    return sum(measure.met is False for measure in measures)


def _ravdess() -> tuple[ManifestClip, ...]:
    """Every emotion, actor and sentence, as far as so few clips reach."""
    from trainer.corpora.manifest_clip import manifest_clip
    from trainer.corpora.scan import find_corpora

    if not (REAL_DATA / "ravdess").is_dir():
        return ()
    (scan,) = find_corpora(REAL_DATA / "ravdess").scans
    usable = [manifest_clip(clip) for clip in scan.clips if clip.label and clip.path]
    step = len(usable) / CLIPS
    return tuple(usable[int(i * step)] for i in range(CLIPS))

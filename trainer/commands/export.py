"""`stremo-trainer export`: a fine-tuned run as files that other programs use, with a model card."""

import shutil
import sys
from pathlib import Path
from typing import Any

from trainer.contract.errors import TrainerError
from trainer.contract.evaluation import Evaluation, evaluation_from_json
from trainer.contract.files import write_text_atomically
from trainer.contract.labels import CLASSES
from trainer.contract.run_folder import RunFolder
from trainer.prediction.exports import prepare_exports
from trainer.prediction.finished_run import opened
from trainer.prediction.parity import FILES, FP32, INT8, RECORD, Parity, read_parity
from trainer.sound.waveforms import Waveforms
from trainer.training.best_model import best_folder

CARD = "README.md"
_LIMITS = """\
## Limits

Scores hold for speakers, languages and recordings like those above, and for acted emotion where
the data were acted. Three classes do not describe a person's feelings: do not use this to judge,
hire, grade or watch people.

## Licence

The weights follow the licence of the model they began from and of the recordings they learnt
from; StrEmo Studio adds no terms. Ask before passing them on.
"""


def export_run(path: Path, out: Path) -> int:
    """Fill `out`, which must be empty or new: ONNX in 32 and 8 bits, safetensors, card."""
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise TrainerError(f"{out} is not an empty folder.", "Name a new one.")
    screen = sys.stderr if sys.stderr is not None else None
    with opened(path, screen) as run:
        if run.config.recipe != "finetune":
            raise TrainerError(
                f"The run in {path} holds no network of its own: its recipe is "
                f"{run.config.recipe}.",
                "Export a fine-tuned run; others predict through `stremo-trainer predict`.",
            )
        model = best_folder(run.folder.checkpoints)
        parity = read_parity(run.folder.exports, model)
        if parity is None or not _has_both(run.folder):
            parity = prepare_exports(run.folder, Waveforms(run.cache))
        out.mkdir(parents=True, exist_ok=True)
        for file in (FILES[FP32], FILES[INT8], RECORD):
            shutil.copyfile(run.folder.exports / file, out / file)
        for found in model.iterdir():
            shutil.copyfile(found, out / found.name)
        result = run.folder.read_result() or {}
        write_text_atomically(out / CARD, card(result, parity, run.folder.temperature()))
    print(f"{out}: {', '.join(sorted(file.name for file in out.iterdir()))}")
    print(f"Answers here come from {parity.engine}. {parity.reason}")
    return 0


def card(result: dict[str, Any], parity: Parity, temperature: float) -> str:
    """The model card, Markdown: data, splits, scores with intervals, limits, licence."""
    counts, splits = result.get("counts", {}), result.get("splits", {})
    scores = {n: evaluation_from_json(e) for n, e in result.get("evaluations", {}).items()}
    note = f"\n> {result['note']}\n" if result.get("note") else ""
    return f"""# Speech emotion: {", ".join(CLASSES)}

A fine-tuned {result.get("model", "HuBERT")}, trained with StrEmo Studio.
{note}
## Use

`model.onnx` and `model-int8.onnx` take `samples`, float32 (clips, samples), mono at 16 kHz in
-1..1, padded to the longest clip and to what the file's metadata calls `shortest`, and `lengths`,
int64 (clips,), in samples. They give `logits` (clips, 3) in the order {", ".join(CLASSES)}.
Normalisation is inside. Divide the logits by the temperature {temperature:.4g} before the softmax:
it was fitted on the dev set. Models with group norm need clips of equal length in a batch.
`model.safetensors` with its two JSON files is what transformers reads.

## Data

| split | {" | ".join(CLASSES)} | speakers or videos |
|---|{"---|" * (len(CLASSES) + 1)}
{_rows(counts, splits)}

No speaker or video stands in two splits. {len(result.get("left_out", {}))} clips were left out.
Manifest {str(result.get("manifest_hash", ""))[:12]}, started {result.get("started", "?")}.

## Scores

Brackets: 95 % intervals from a bootstrap over speakers or videos.

| split | macro F1 | weighted F1 | UAR | ECE | clips |
|---|---|---|---|---|---|
{"".join(_scores(name, found) for name, found in scores.items())}
## Export

ONNX differs from PyTorch by at most {parity.logit_difference:.1g} in a logit ({parity.compared}
clips). In 8 bits, on {parity.dev_clips} dev clips: macro F1 {parity.int8_macro_f1:.3f} instead of
{parity.macro_f1:.3f}, {parity.changed_answers} other answers, no probability moved by more than
{parity.probability_change:.3f}. {parity.reason}

{_LIMITS}"""


def _has_both(folder: RunFolder) -> bool:
    return all((folder.exports / file).is_file() for file in FILES.values())


def _rows(counts: dict[str, dict[str, int]], splits: dict[str, list[str]]) -> str:
    return "\n".join(
        f"| {name} | {' | '.join(str(some.get(label, 0)) for label in CLASSES)} | "
        f"{len(splits.get(name, []))} |"
        for name, some in counts.items()
    )


def _scores(name: str, found: Evaluation) -> str:
    cells = [
        f"{value:.3f}" + (f" [{bounds[0]:.3f}, {bounds[1]:.3f}]" if bounds else "")
        for value, bounds in (
            (found.macro_f1, found.intervals.get("macro_f1")),
            (found.weighted_f1, found.intervals.get("weighted_f1")),
            (found.uar, found.intervals.get("uar")),
        )
    ]
    cells += ["" if found.ece is None else f"{found.ece:.3f}", str(found.clips)]
    return f"| {name} | {' | '.join(cells)} |\n"

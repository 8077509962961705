"""The trainer's command line. It imports next to nothing: each verb fetches what it needs."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from trainer.backends import options
from trainer.contract.errors import TrainerError
from trainer.priority import give_way

EPILOG = """\
exit codes: 0 finished, or stopped with the best kept; 1 a bug in the trainer; 2 something it
cannot work with (one line on stderr says what, and what to do); 3 cancelled; 4 interrupted, to be
run again"""

_WHISPER = "the Whisper that hears (openai/whisper-small)"


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; returns the exit code."""
    chosen = _parser().parse_args(arguments)
    give_way(studio=getattr(chosen, "studio", False))
    try:
        return _VERBS[chosen.verb](chosen)
    except TrainerError as error:
        print(f"{error.message} {error.hint}".strip(), file=sys.stderr)
        return 2
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        return 130


def _run(chosen: argparse.Namespace) -> int:
    from trainer.run import run_folder  # noqa: PLC0415 - numpy; `--help` needs none

    return run_folder(chosen.run_folder, studio=chosen.studio)


def _scan(chosen: argparse.Namespace) -> int:
    from trainer.commands.scan import scan_corpora  # noqa: PLC0415 - as above
    from trainer.procedure.mosei import Cleaning  # noqa: PLC0415 - soundfile

    cleaning = Cleaning(chosen.mosei, chosen.transcripts, may_hear=False)
    return scan_corpora(chosen.root, chosen.corpus, chosen.json, chosen.out, cleaning)


def _cells(chosen: argparse.Namespace) -> int:
    from trainer.backends import command, worker  # noqa: PLC0415 - numpy

    if chosen.on is None:
        return worker.work_through(chosen.run_folders)
    backend = options.backend(chosen, command.logs_beside(chosen.run_folders))
    return command.carry_out_all(chosen.run_folders, backend, options.say)


def _reproduce(chosen: argparse.Namespace) -> int:
    from trainer.procedure import command  # noqa: PLC0415 - scikit-learn
    from trainer.procedure.mosei import Cleaning  # noqa: PLC0415 - as above

    if chosen.studio:
        command.leave_with_the_studio()
    cleaning = Cleaning(chosen.mosei, chosen.transcripts, chosen.whisper)
    asked = command.Asked(chosen.corpora, chosen.preset, chosen.model, chosen.out, chosen.epochs)
    backend = options.backend(chosen, chosen.out / "slurm")
    return command.reproduce_paper(asked, cleaning, backend, chosen.studio)


def _transcribe(chosen: argparse.Namespace) -> int:
    from trainer.commands.transcribe import transcribe_clips  # noqa: PLC0415 - torch

    return transcribe_clips(chosen.manifest, chosen.out, chosen.whisper)


def _cache(chosen: argparse.Namespace) -> int:
    from trainer.commands.cache import show_cache  # noqa: PLC0415 - the hub's client

    return show_cache(chosen.cache, chosen.clear, chosen.json)


def _evaluate(chosen: argparse.Namespace) -> int:
    from trainer.commands.use_run import evaluate_run  # noqa: PLC0415 - numpy

    return evaluate_run(chosen.run_folder, chosen.manifest, chosen.json)


def _predict(chosen: argparse.Namespace) -> int:
    from trainer.commands.use_run import predict_files  # noqa: PLC0415 - numpy

    return predict_files(chosen.run_folder, chosen.files, chosen.csv)


def _export(chosen: argparse.Namespace) -> int:
    from trainer.commands.export import export_run  # noqa: PLC0415 - torch

    return export_run(chosen.run_folder, chosen.out)


def _serve(chosen: argparse.Namespace) -> int:
    from trainer.prediction.serve import serve_run  # noqa: PLC0415 - numpy

    return serve_run(chosen.run_folder, chosen.drop_after, chosen.leave_after)


def _bench(chosen: argparse.Namespace) -> int:
    try:
        from trainer.bench.command import bench  # noqa: PLC0415 - torch
    except ModuleNotFoundError as error:
        raise TrainerError(
            f"There is nothing to measure with: {error.name} is not installed.",
            "Install the trainer with all it requires: pip install stremo-studio.",
        ) from error
    return bench(chosen.parts, chosen.model, chosen.quick, chosen.json)


_VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "scan": _scan,
    "cells": _cells,
    "reproduce": _reproduce,
    "transcribe": _transcribe,
    "cache": _cache,
    "evaluate": _evaluate,
    "predict": _predict,
    "export": _export,
    "serve": _serve,
    "bench": _bench,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stremo-trainer",
        description="Train, evaluate and use speech emotion models without a window.",
        epilog=EPILOG,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    run = verbs.add_parser(
        "run",
        help="train and evaluate what a run folder asks for",
        description="Train and evaluate what RUN_FOLDER asks for (config.json, manifest.jsonl). "
        "Events go to standard output as JSON lines, unless that is a terminal; progress for "
        "people goes to standard error. An interrupted folder may be run again.",
        epilog=EPILOG,
    )
    run.add_argument("run_folder", type=Path, metavar="RUN_FOLDER")
    run.add_argument(
        "--studio",
        action="store_true",
        help="started by the studio: its going away ends the run; stderr goes to run.log",
    )
    _add_finished(verbs)
    _add_scan(verbs)
    _add_procedure(verbs)
    _add_cache(verbs)
    _add_bench(verbs)
    return parser


def _add_finished(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    evaluate = verbs.add_parser(
        "evaluate",
        help="score a finished run on the clips of another manifest",
        description="Score the best checkpoint of RUN_FOLDER on the labelled clips of MANIFEST: "
        "a table for people, or JSON.",
    )
    evaluate.add_argument("run_folder", type=Path, metavar="RUN_FOLDER")
    evaluate.add_argument("manifest", type=Path, metavar="MANIFEST")
    evaluate.add_argument("--json", action="store_true", help="print JSON instead of the table")
    predict = verbs.add_parser(
        "predict",
        help="class probabilities of audio files",
        description="Class probabilities of audio files, and of all audio files under folders, "
        "from the best checkpoint of RUN_FOLDER: one JSON line a file, or CSV.",
    )
    predict.add_argument("run_folder", type=Path, metavar="RUN_FOLDER")
    predict.add_argument("files", type=Path, nargs="+", metavar="FILE_OR_FOLDER")
    predict.add_argument("--csv", action="store_true", help="print CSV instead of JSON lines")
    export = verbs.add_parser(
        "export",
        help="a fine-tuned run as ONNX and safetensors, with a model card",
        description="Write the best model of RUN_FOLDER to DIR: ONNX in 32 and in 8 bits, how much "
        "they differ, safetensors, and a model card with data, splits, scores and limits.",
    )
    export.add_argument("run_folder", type=Path, metavar="RUN_FOLDER")
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    serve = verbs.add_parser(
        "serve",
        help="answer prediction requests on standard input, the newest first",
        description="Keep RUN_FOLDER's model warm. Requests and answers are JSON lines: see "
        "trainer/contract/protocol.py. The end of standard input ends it.",
    )
    serve.add_argument("run_folder", type=Path, metavar="RUN_FOLDER")
    serve.add_argument("--drop-after", type=float, default=120.0, help="free the memory (s)")
    serve.add_argument("--leave-after", type=float, default=900.0, help="end the process (s)")


def _add_scan(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    scan = verbs.add_parser(
        "scan",
        help="what corpora lie under a folder, and what is wrong with them",
        description="Find the corpora under ROOT (StrEmo, CMU-MOSEI, IEMOCAP, RAVDESS, CREMA-D, "
        "TESS, SAVEE, or any folder or table of audio) and print an audit: counts by class, of "
        "how many, and every oddity by name. Only reads.",
    )
    scan.add_argument("root", type=Path, metavar="ROOT")
    scan.add_argument("--corpus", metavar="NAME", help="look for this corpus only")
    scan.add_argument("--json", action="store_true", help="print JSON instead of the audit")
    scan.add_argument("--out", type=Path, metavar="MANIFEST", help="write the usable clips there")
    _add_mosei(scan)


def _add_mosei(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--mosei",
        choices=("published", "paper", "strict"),
        help="which segments of CMU-MOSEI count: those of the authors' list (the default where it "
        "lies), or those whose scores and transcript follow the authors' rule or the paper's words",
    )
    verb.add_argument(
        "--transcripts", type=Path, metavar="CSV", help="ready ones, instead of Whisper"
    )


def _add_cache(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    cache = verbs.add_parser(
        "cache",
        help="how much decoded audio and the like take on the disk",
        description="Show what is kept because it takes time to make: decoded audio and features "
        "of DIR, or else what is kept for this user, e.g. transcripts. Nothing of it is needed: "
        "it is made again.",
    )
    cache.add_argument(
        "--cache", type=Path, metavar="DIR", help="a project, a reproduction, a run or its cache"
    )
    cache.add_argument("--clear", action="store_true", help="remove it; asks nothing")
    cache.add_argument("--json", action="store_true", help="print JSON instead of the table")


def _add_procedure(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    cells = verbs.add_parser(
        "cells",
        help="several run folders, here or on a cluster",
        description="Train and evaluate what each RUN_FOLDER asks for. Without --on one after the "
        "other in this process, passing over what is over or taken; the end of standard input "
        "ends it. With --on side by side, watched from here.",
    )
    cells.add_argument("run_folders", type=Path, nargs="+", metavar="RUN_FOLDER")
    options.add_options(cells)
    reproduce = verbs.add_parser(
        "reproduce",
        help="the paper's tables and figure from the corpora on disk",
        description="Carry out the paper's procedure on the corpora under ROOT and write "
        "DIR/report.html with CSV and LaTeX tables. May be stopped at any time; started again, "
        "it goes on where it was.",
    )
    reproduce.add_argument("--corpora", type=Path, required=True, metavar="ROOT")
    reproduce.add_argument(
        "--preset", default="paper", help="paper, paper-unbalanced, strict or loco"
    )
    reproduce.add_argument("--model", metavar="ID_OR_FOLDER", help="instead of the preset's")
    reproduce.add_argument("--out", type=Path, required=True, metavar="DIR")
    reproduce.add_argument("--epochs", type=int, default=10, help="at most so many (10)")
    _add_mosei(reproduce)
    reproduce.add_argument("--whisper", metavar="ID_OR_FOLDER", help=_WHISPER)
    reproduce.add_argument(
        "--studio", action="store_true", help="started by the studio: its going away ends this"
    )
    options.add_options(reproduce, default="local")
    transcribe = verbs.add_parser(
        "transcribe",
        help="what is said in the clips of a manifest",
        description="Hear the clips of MANIFEST with Whisper and write a table of clip id, name "
        "and text. What was heard once is kept: started again, it goes on where it was.",
    )
    transcribe.add_argument("manifest", type=Path, metavar="MANIFEST")
    transcribe.add_argument("--out", type=Path, required=True, metavar="CSV")
    transcribe.add_argument("--whisper", metavar="ID_OR_FOLDER", help=_WHISPER)


def _add_bench(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    bench = verbs.add_parser(
        "bench",
        help="how fast this machine is, beside Hugging Face's Trainer and pipeline",
        description="Measure training and evaluation on this machine with synthetic clips as long "
        "as real ones, beside the stock recipes of transformers: a table, or JSON. Ctrl+C prints "
        "what was measured so far.",
    )
    bench.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help="finetune, padding, evaluation, probe (all)",
    )
    bench.add_argument(
        "--model",
        metavar="ID_OR_FOLDER",
        help="a HuBERT; otherwise one of random weights, 15 M parameters, on a card 316 M",
    )
    bench.add_argument("--quick", action="store_true", help="fewer clips and epochs: rougher")
    bench.add_argument("--json", action="store_true", help="print JSON instead of the table")


if __name__ == "__main__":
    sys.exit(main())

"""Everything a run left in its folder, read for the screen: works on any thread."""

from dataclasses import dataclass, replace

from stremo_studio.domain.run import Run
from stremo_studio.project.comparison import RunReport, run_report
from stremo_studio.project.prediction_index import FactsOf
from stremo_studio.ui.key_text import with_keys
from stremo_studio.ui.run_ending import RunEnding, ending_of_folder, interrupted
from stremo_studio.ui.train.progress import RunProgress, after
from trainer.contract import protocol
from trainer.contract.errors import TrainerError
from trainer.contract.run_folder import FAILED, INTERRUPTED, NEW, RunFolder

_AGAIN = "Start a new run with {window.retrain}."


@dataclass(frozen=True, slots=True)
class RunRecord:
    """`ending` is None for a run at work, `report` for a run without scores."""

    run: Run
    folder: RunFolder
    progress: RunProgress
    ending: RunEnding | None
    report: RunReport | None
    watched: tuple[str, ...]


def read_record(
    run: Run,
    folder: RunFolder,
    status: str,
    active: tuple[Run, RunFolder] | None,
    facts: FactsOf,
) -> RunRecord:
    """`status` as the run list has it; `active` is the model to compare with; `facts` tells what
    is known of clips."""
    try:
        watched = folder.read_config().watch
    except TrainerError as error:
        unreadable = RunEnding(FAILED, error.message, with_keys(_AGAIN))
        return RunRecord(run, folder, RunProgress(), unreadable, None, ())
    ending = ending_of_folder(folder)
    if ending is None and status in (INTERRUPTED, NEW):
        ending = interrupted(folder)
    report = None
    if ending is not None and ending.has_scores:
        try:
            report = run_report(run, folder, active, facts)
        except (OSError, ValueError, KeyError) as error:
            hint = with_keys(f"Its folder was changed by hand or damaged. {_AGAIN}")
            ending = RunEnding(ending.status, f"The result cannot be read: {error}.", hint)
    progress = _with_result(_measured(folder), report)
    if report is not None:
        told = {p.clip_id: p.probabilities for p in folder.read_predictions()}
        progress = replace(progress, watched={i: told[i] for i in watched if i in told})
    return RunRecord(run, folder, progress, ending, report, watched)


def _measured(folder: RunFolder) -> RunProgress:
    """The steps and epochs in `metrics.jsonl`; a damaged line is passed over."""
    try:
        text = folder.metrics_file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return RunProgress()
    events = [protocol.decode(line) for line in text.splitlines()]
    return after(RunProgress(), [e for e in events if isinstance(e, protocol.Event)])


def _with_result(progress: RunProgress, report: RunReport | None) -> RunProgress:
    if report is None:
        return progress
    result = report.result
    return replace(
        progress,
        model=str(result.get("model") or ""),
        device=str(result.get("device") or ""),
        counts=result.get("counts") or {},
        recipe=str(result.get("recipe") or ""),
    )

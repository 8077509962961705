"""What trainer and studio say to each other: one JSON object a line.

Events (trainer -> studio, on stdout) are facts in the past tense; commands (studio -> trainer,
on stdin) are imperatives. An unknown kind decodes to None, so that an old studio and a new
trainer can talk. Losing an event loses nothing: the run folder is the record.

The studio starts `run RUN_FOLDER --studio`. With that flag the end of stdin means that the studio
is gone: the trainer finishes the step and exits with code 4, leaving the folder interrupted.
Without it (a terminal, cron, `</dev/null`) the end of stdin means nothing. A closed stdout and
SIGTERM mean in both cases what the end of stdin means with the flag.
"""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

PROTOCOL = 1


@dataclass(frozen=True, slots=True)
class Hello:
    """First event of every process."""

    protocol: int
    versions: dict[str, str]
    device: str
    """The machine; what the model computes on is known only in `RunStarted`."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    recipe: str
    model: str
    """What is trained, as shown to people, e.g. `facebook/hubert-large-ls960-ft`."""
    counts: dict[str, dict[str, int]]
    """Clips per split and class: `{"train": {"negative": 12, ...}, ...}`."""
    note: str = ""
    """What must stand wherever the scores appear, e.g. that the weights are random."""
    device: str = ""
    """What the model computes on, e.g. `cpu`."""


@dataclass(frozen=True, slots=True)
class StageProgressed:
    """A stage such as `Decode`, `Features`, `Train`, `Evaluate`; `total` 0 = not yet known."""

    stage: str
    done: int
    total: int
    unit: str = "clips"
    eta_s: float | None = None


@dataclass(frozen=True, slots=True)
class StepLogged:
    step: int
    steps: int
    loss: float
    learning_rate: float
    clips_per_s: float
    eta_s: float | None = None
    padding: float | None = None
    """Part of what this epoch computes on that is padding, 0..1."""
    audio_s_per_s: float | None = None
    """Seconds of audio a second, padding not counted."""
    mfu: float | None = None
    """Part of the card's peak that goes into them, 0..1; None where no peak is known."""


@dataclass(frozen=True, slots=True)
class EpochFinished:
    """Scores on the dev set after one epoch (acoustic: one regularisation strength)."""

    epoch: int
    epochs: int
    train_loss: float
    dev_loss: float
    dev_macro_f1: float
    dev_uar: float
    dev_confusion: list[list[int]]
    """Rows human, columns model, in the order of the label scheme."""
    is_best: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class RunResumed:
    """An interrupted training goes on; the steps and epochs before it are sent once more."""

    epoch: int
    """The epoch it goes on in, counted from 1; one more than the last when only the evaluation
    is missing."""
    step: int
    """The last step that was not lost."""


@dataclass(frozen=True, slots=True)
class PredictionsUpdated:
    """Class probabilities of the watched clips after an epoch."""

    epoch: int
    probabilities: dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class CheckpointSaved:
    path: str
    epoch: int


@dataclass(frozen=True, slots=True)
class EvaluationFinished:
    """An evaluation as in `result.json`: see `trainer.contract.evaluation`."""

    split: str
    evaluation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RunFinished:
    status: str
    """`finished`, `stopped` (stop and keep best) or `cancelled`."""


@dataclass(frozen=True, slots=True)
class RunFailed:
    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ReportWritten:
    """The paper's procedure is over; where its report lies."""

    path: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something a person should know that does not end the run, e.g. clips left out."""

    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Once a second from a thread of its own; `step` tells alive from stuck."""

    step: int


@dataclass(frozen=True, slots=True)
class Predicted:
    """Of `serve`: the answer to the `Predict` of the same number."""

    request: int
    probabilities: list[float]
    """By class, scaled by the run's temperature."""


@dataclass(frozen=True, slots=True)
class PredictionFailed:
    request: int
    message: str


@dataclass(frozen=True, slots=True)
class StopAndKeepBest:
    """Finish the step, restore the best checkpoint, evaluate it, end as `stopped`."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Finish the step and end as `cancelled`, without an evaluation."""


@dataclass(frozen=True, slots=True)
class Predict:
    """To `serve`: what does the run say of this clip? Numbers are the asker's, each used once."""

    request: int
    path: str
    start: float = 0.0
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Forget:
    """To `serve`: no answer is wanted any more; one under way may still come."""

    request: int


Event = (
    Hello
    | RunStarted
    | RunResumed
    | StageProgressed
    | StepLogged
    | EpochFinished
    | PredictionsUpdated
    | CheckpointSaved
    | EvaluationFinished
    | RunFinished
    | RunFailed
    | ReportWritten
    | Warned
    | Heartbeat
    | Predicted
    | PredictionFailed
)
Command = StopAndKeepBest | Cancel | Predict | Forget
Message = Event | Command

_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in Message.__args__}


def encode(message: Message) -> str:
    """One line of JSON without the line end."""
    return json.dumps({"kind": type(message).__name__, **asdict(message)}, ensure_ascii=False)


def decode(line: str) -> Message | None:
    """The message of a line; None for rubbish, an unknown kind or missing fields."""
    try:
        raw = json.loads(line)
    except ValueError:
        return None
    kind = _KINDS.get(raw.get("kind", "")) if isinstance(raw, dict) else None
    if kind is None:
        return None
    known = {f.name for f in fields(kind)}
    try:
        message: Message = kind(**{k: v for k, v in raw.items() if k in known})
    except TypeError:
        return None
    return message

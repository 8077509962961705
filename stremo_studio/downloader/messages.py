"""What studio and downloader say to each other: one JSON object a line, as with the trainer.

Commands come on the downloader's stdin, events go to its stdout; an unknown kind decodes to None.
The end of stdin means that the studio is gone or wants a pause: the downloader ends at once, and
what it has of each file so far stays for the next time.
"""

import json
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from stremo_studio.domain.source import SourceFacts


@dataclass(frozen=True, slots=True)
class Fetch:
    """Fetch the audio of one recording. `name` is the file's, without a suffix."""

    id: int
    link: str
    name: str
    confirmed: bool = False
    """Also when it is very long."""


@dataclass(frozen=True, slots=True)
class Cancel:
    id: int


@dataclass(frozen=True, slots=True)
class Inspect:
    """Look what a link is, without fetching it."""

    link: str


@dataclass(frozen=True, slots=True)
class Hello:
    """First event. `hint` is one line for a person, e.g. that yt-dlp is old; mostly empty."""

    ytdlp: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    id: int


@dataclass(frozen=True, slots=True)
class Progressed:
    """Bytes so far; about five a second for each recording."""

    id: int
    done: int
    total: int | None = None
    bytes_per_s: float | None = None
    eta_s: float | None = None


@dataclass(frozen=True, slots=True)
class Checking:
    id: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """The whole file lies at `path`, and it can be decoded to its end."""

    id: int
    path: str
    facts: SourceFacts


@dataclass(frozen=True, slots=True)
class Delayed:
    """It did not work; another try is made at `until` (UTC, ISO 8601) without being asked."""

    id: int
    fault: str
    said: str
    until: str


@dataclass(frozen=True, slots=True)
class Failed:
    """It did not work and is not tried again unless a person asks."""

    id: int
    fault: str
    said: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One recording of a list."""

    link: str
    video_id: str = ""
    """Only of YouTube."""
    duration: float | None = None


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a link is: a list with its entries, one recording (one entry), or a fault."""

    link: str
    is_list: bool = False
    entries: tuple[Entry, ...] = ()
    fault: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Idle:
    """Nothing is left to do for now."""

    fetched: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class Stopped:
    """The downloader cannot go on at all, e.g. because it has no yt-dlp."""

    message: str
    hint: str = field(default="")


Event = (
    Hello | Started | Progressed | Checking | Fetched | Delayed | Failed | Cancelled | Inspected
    | Idle | Stopped
)  # fmt: skip
Command = Fetch | Cancel | Inspect
Message = Event | Command
_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in Message.__args__}
_NESTED: dict[str, Any] = {"facts": SourceFacts, "entries": Entry}


def encode(message: Message) -> bytes:
    """One line of JSON with its line end. Lone surrogates of a stranger's title stay escaped."""
    return (json.dumps({"kind": type(message).__name__, **asdict(message)}) + "\n").encode()


def decode(line: bytes) -> Message | None:
    """The message of a line; None for rubbish, an unknown kind or missing fields."""
    try:
        raw = json.loads(line)
        kind = _KINDS[raw["kind"]]
        known = {f.name for f in fields(kind)}
        message: Message = kind(**{k: _value(k, v) for k, v in raw.items() if k in known})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return message


def _value(name: str, value: Any) -> Any:
    kind = _NESTED.get(name)
    if kind is None:
        return value
    known = {f.name for f in fields(kind)}
    if isinstance(value, list):
        return tuple(kind(**{k: v for k, v in row.items() if k in known}) for row in value)
    return kind(**{k: v for k, v in value.items() if k in known})

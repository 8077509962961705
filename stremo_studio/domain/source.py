"""Where a recording's audio comes from, and how far it has got.

A recording that was found on the disk is `ready`; one that is known by a link has to be fetched.
Why it cannot be had is a fault: see `domain/source_fault.py`.
"""

from dataclasses import dataclass, field
from pathlib import PurePath

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source_fault import Fault

NOT_FETCHED, WAITING, DOWNLOADING, CHECKING, READY, UNAVAILABLE = (
    "not_fetched",
    "waiting",
    "downloading",
    "checking",
    "ready",
    "unavailable",
)
STATES = (NOT_FETCHED, WAITING, DOWNLOADING, CHECKING, READY, UNAVAILABLE)
QUEUED = (WAITING, DOWNLOADING, CHECKING)
"""Somebody asked for these, and they are not there yet."""

WORDS = {
    NOT_FETCHED: "Not fetched",
    WAITING: "Waiting",
    DOWNLOADING: "Downloading",
    CHECKING: "Checking the sound",
    READY: "Ready",
    UNAVAILABLE: "Unavailable",
}
YOUTUBE = "https://www.youtube.com/watch?v={id}"


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What the site said of a recording. The title biases whoever labels: show it elsewhere."""

    title: str = ""
    channel: str = ""
    uploaded: str = ""
    """The day, `2023-05-31`; empty where the site does not say."""
    licence: str = ""
    duration: float | None = None
    """Seconds as decoded here."""
    format: str = ""
    """Codec and container, e.g. `opus in webm`."""
    size: int | None = None
    """Bytes of the file."""
    sha256: str = ""
    fetched_at: str = ""
    """UTC, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Source:
    """One recording with the state of its audio."""

    id: RecordingId
    key: str
    video_id: str | None
    link: str
    """Where it is fetched from; empty when only a file can help."""
    path: str | None
    state: str
    fault: Fault | None = None
    """Why it is unavailable, or why it waits for another try."""
    said: str = ""
    """The last complaint in the words of the downloader, for the curious."""
    attempts: int = 0
    next_try: str = ""
    """UTC, ISO 8601; empty when it waits for its turn only."""
    clips: int = 0
    """How many visible clips it has."""
    confirmed: bool = False
    """A person wants it although it is very long or live."""
    facts: SourceFacts = field(default_factory=SourceFacts)

    @property
    def words(self) -> str:
        """The state in plain words, e.g. `Unavailable: the video is private`."""
        if self.fault is None:
            return WORDS[self.state]
        return f"{WORDS[self.state]}: {self.fault.reason}"

    @property
    def advice(self) -> str:
        """What a person can do about it; empty where nothing is to be done."""
        if self.fault is not None:
            return self.fault.advice
        return "Fetch it, or link a local file." if self.state == NOT_FETCHED else ""

    @property
    def name(self) -> str:
        """What to call it while labelling: never the title; a file without its folder."""
        if self.video_id:
            return self.video_id
        if self.key.startswith(("link:", "missing:")):
            return self.key.partition(":")[2]
        return PurePath(self.key).name


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """How many recordings are in each state (every state has an entry), and of the unavailable
    ones how many for which kind of fault (only kinds that occur)."""

    by_state: dict[str, int]
    by_fault: dict[str, int]

    @property
    def all(self) -> int:
        return sum(self.by_state.values())

    @property
    def queued(self) -> int:
        return sum(self.by_state[state] for state in QUEUED)


@dataclass(frozen=True, slots=True)
class SourceFilter:
    """Which recordings to list. `search` looks in id, link and path, never in the title."""

    state: str | None = None
    fault: str | None = None
    search: str = ""


EVERYTHING = SourceFilter()


def source_link(video_id: str | None, link: str, template: str = YOUTUBE) -> str:
    """The address to fetch from. Always a full URL: an id may begin with `-`."""
    return link or (template.replace("{id}", video_id) if video_id else "")

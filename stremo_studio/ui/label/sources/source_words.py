"""How recordings and their downloads are put into words."""

from stremo_studio.domain.source import (
    CHECKING,
    DOWNLOADING,
    NOT_FETCHED,
    READY,
    UNAVAILABLE,
    WAITING,
    Source,
    SourceCounts,
)
from stremo_studio.domain.wording import counted
from stremo_studio.downloader.messages import Progressed
from stremo_studio.ui.words import seconds_words
from trainer.contract.foreign_text import shown

NAMES = {
    NOT_FETCHED: "Not fetched",
    WAITING: "Waiting",
    DOWNLOADING: "Downloading",
    CHECKING: "Checking",
    READY: "Ready",
    UNAVAILABLE: "Unavailable",
}
_KILO = 1000.0


def share_of(progress: Progressed) -> float | None:
    """How much of a download is there, 0 to 1; None where its size is not known."""
    return min(1.0, progress.done / progress.total) if progress.total else None


def state_words(source: Source, progress: Progressed | None = None) -> str:
    """`Downloading 3.2 of 8.1 MB · 1.2 MB/s · 0:04 left`, or the state and why it is so."""
    if source.state == DOWNLOADING and progress is not None:
        return f"Downloading {progress_words(progress)}"
    if source.state == WAITING and source.next_try and source.fault is not None:
        return f"Waiting to try again: {source.fault.reason}"
    return source.words


def progress_words(progress: Progressed) -> str:
    """`3.2 of 8.1 MB · 1.2 MB/s · 0:04 left`; what is not known is left out."""
    if progress.total:
        size = size_words(progress.total)
        unit = size.split()[-1]
        parts = [f"{size_words(progress.done, unit).split()[0]} of {size}"]
    else:
        parts = [size_words(progress.done)]
    if progress.bytes_per_s:
        parts.append(f"{size_words(round(progress.bytes_per_s))}/s")
    if progress.eta_s is not None:
        minutes, seconds = divmod(round(progress.eta_s), 60)
        parts.append(f"{minutes}:{seconds:02} left")
    return " · ".join(parts)


def size_words(size: int, unit: str = "") -> str:
    """`812 kB`, `3.2 MB`; in the unit given, if there is one."""
    for number, name in ((3, "GB"), (2, "MB")):
        if unit == name or (not unit and size >= 0.9995 * _KILO**number):
            return f"{size / _KILO**number:.1f} {name}"
    return f"{round(size / _KILO)} kB"


def facts_words(source: Source, *, title: bool = False) -> str:
    """What the site said: length, upload day, channel and licence. The title only if asked for:
    it tells what to hear before it is heard."""
    facts = source.facts
    told = [
        shown(facts.title, 120) if title and facts.title else "",
        seconds_words(facts.duration) if facts.duration else "",
        facts.format,
        size_words(facts.size) if facts.size else "",
        f"uploaded {facts.uploaded}" if facts.uploaded else "",
        f"by {shown(facts.channel)}" if title and facts.channel else "",
        facts.licence,
    ]
    return " · ".join(part for part in told if part)


def totals_words(counts: SourceCounts) -> str:
    """All recordings and how many there are in each state; always in sight."""
    parts = [counted(counts.all, "recording")]
    parts += [
        f"{number:,} {NAMES[state].lower()}" for state, number in counts.by_state.items() if number
    ]
    return " · ".join(parts)

"""The video that a link names, in each form that YouTube has given its links, and its time."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from trainer.contract.foreign_text import quoted
from trainer.corpora.clip_times import seconds

_HOSTS = ("youtube.com", "youtu.be", "youtube-nocookie.com")
_PATHS = ("shorts", "embed", "v", "e", "vi")
VIDEO_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_LIST = re.compile(r"[A-Za-z0-9_-]{2,64}")
_MARKED = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PastedSpan:
    """A video, or a span of it in seconds. `start` None: all of it; `end` None: only the start
    was given."""

    video_id: str
    start: float | None = None
    end: float | None = None


class UnusableError(Exception):
    """What was pasted names no video; the message says why in one sentence."""


def video_id(cell: str) -> str | None:
    """The id in a link or a bare id, None for anything else. Names no time and no playlist."""
    cell = cell.strip()
    if VIDEO_ID.fullmatch(cell):
        return cell
    try:
        span, _ = read_link(cell)
    except UnusableError:
        return None
    return span.video_id if span else None


def read_link(link: str) -> tuple[PastedSpan | None, str | None]:
    """The video of a link, with its time if it has one; or the playlist that it is."""
    try:
        parts = urlsplit(link if "://" in link else f"https://{link}")
        host = (parts.hostname or "").lower()
    except ValueError as error:
        raise UnusableError(f"{quoted(link)} is no link.") from error
    if not any(host == known or host.endswith(f".{known}") for known in _HOSTS):
        raise UnusableError(f"{quoted(link)} is no YouTube link.")
    query = parse_qs(parts.query)
    path = [part for part in parts.path.split("/") if part]
    if path[:1] == ["attribution_link"] and (inner := query.get("u", [""])[0]).startswith("/watch"):
        return read_link(f"https://www.youtube.com{inner}")
    playlist = query.get("list", [""])[0]
    wanted = _named_video(host, path, query)
    if wanted is None:
        if path[:1] in (["playlist"], ["watch"]) and _LIST.fullmatch(playlist):
            return None, playlist
        raise UnusableError(_no_video(link, path))
    if not VIDEO_ID.fullmatch(wanted):
        raise UnusableError(
            f"{quoted(link)} names the video {quoted(wanted, 24)} of {len(wanted)} characters; "
            "the id of a video has 11."
        )
    start, end = _marked_span(query, parts.fragment, link)
    return PastedSpan(wanted, start, end), None


def _named_video(host: str, path: list[str], query: dict[str, list[str]]) -> str | None:
    if host.endswith("youtu.be"):
        return path[0] if path else None
    if path[:1] == ["watch"]:
        return query["v"][0].strip() if "v" in query else (path[1] if len(path) > 1 else None)
    if len(path) > 1 and path[0] in _PATHS and path[1] != "videoseries":
        return path[1]
    return None


def _no_video(link: str, path: list[str]) -> str:
    if "live" in path:
        known = path[-1] if VIDEO_ID.fullmatch(path[-1]) else None
        after = f"https://youtu.be/{known}" if known else "the link of its recording"
        return f"{quoted(link)} is a live stream: when it is over, paste {after}."
    if path[:1] == ["clip"]:
        return f"{quoted(link)} is a shared clip that does not name its video: open it there."
    if path and (path[0].startswith("@") or path[0] in ("channel", "c", "user")):
        return f"{quoted(link)} is a channel, not a video."
    return f"{quoted(link)} is no video."


def _marked_span(
    query: dict[str, list[str]], fragment: str, link: str
) -> tuple[float | None, float | None]:
    """Times within a link: `t=75`, `t=1m15s`, `start=75&end=81`, `#t=75`."""
    fragments = parse_qs(fragment)
    start = next(
        (v[0] for q in (query, fragments) for k in ("t", "start", "time_continue")
         if (v := q.get(k))), None,
    )  # fmt: skip
    end = query.get("end", [None])[0]
    span = [_marked(part, link) if part else None for part in (start, end)]
    if span[1] is not None:
        span[0] = span[0] or 0.0
    elif span[0] == 0.0:
        span[0] = None  # `t=0` is what a player writes for no time at all
    return span[0], span[1]


def _marked(text: str, link: str) -> float:
    found = _MARKED.fullmatch(text)
    if found is None or not any(found.groups()):
        clock = seconds(text) if re.fullmatch(r"[\d:.]+", text) else None
        if clock is None:
            raise UnusableError(f"The time {quoted(text, 24)} of {quoted(link)} is none.")
        return clock
    hours, minutes, rest = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + rest

"""From what yt-dlp says and raises to a kind of fault, by one table read from top to bottom.

yt-dlp has no codes for most of it: its words are those of the sites, in English. The order counts:
"Private video. Sign in ..." is private before it is anything about signing in.
"""

import errno
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from stremo_studio.domain import source_fault as kinds

_WORDS: tuple[tuple[str, str], ...] = (
    (r"no space left|disk quota exceeded|file too large|errno 28\b|errno 122\b", kinds.FULL),
    (r"read-only file system|unable to open for writing", kinds.UNWRITABLE),
    (r"cookies? database|decrypt with dpapi|extract cookies|cookies? file", kinds.COOKIES_UNREAD),
    (r"unsupported browser|unsupported keyring", kinds.COOKIES_UNREAD),
    (r"confirm you.re not a bot|captcha|unusual traffic|verify you are human", kinds.BOT),
    (r"private video|video is private|is a private|granted access", kinds.PRIVATE),
    (r"confirm your age|age.?restricted|inappropriate for some users", kinds.AGE),
    (r"members.only|join this channel|available to this channel's members", kinds.MEMBERS),
    (r"requires payment|payment to watch|purchase|rental|premium members|subscri", kinds.MEMBERS),
    (r"in your country|geo.?restrict|from your location|in your region", kinds.REGION),
    (r"rate.limit|too many requests|try again later", kinds.RATE),
    (r"drm protect|is drm|drm-protected|drm site", kinds.DRM),
    (r"premieres? (in|will begin)|live event will begin|will begin (in|shortly)", kinds.UPCOMING),
    (r"not yet (started|aired|premiered)|upcoming|scheduled to", kinds.UPCOMING),
    (r"live stream recording is not available|live event has ended", kinds.REMOVED),
    (r"video unavailable|(has been|was) removed|no longer available|terminated", kinds.REMOVED),
    (r"does not exist|not found|deleted|video is (not available|unavailable)", kinds.REMOVED),
    (r"incomplete (youtube|id)|truncated\b.*\bid|incomplete \S+ id", kinds.REMOVED),
    (r"not made this video available|content is(n't| not) available", kinds.REMOVED),
    (r"log ?in|sign in|registered users|account|cookies", kinds.REFUSED),
    (r"no supported javascript runtime|js runtime|challenge solver", kinds.NO_JAVASCRIPT),
    (r"redirect loop|too many redirects|infinite loop|redirected too many", kinds.REDIRECTS),
    (r"unsupported url|is not a valid url|no video(s)? (found|in)|not a video", kinds.NOT_VIDEO),
    (r"no (video|audio) formats|requested format is not available", kinds.OUTDATED),
    (r"unable to (extract|parse|decode)|failed to (extract|parse)|extractor error", kinds.OUTDATED),
    (r"timed? ?out|name resolution|getaddrinfo|name or service not known", kinds.OFFLINE),
    (r"nodename nor servname|network is unreachable|no route to host", kinds.OFFLINE),
    (r"connection (refused|aborted)|failed to resolve|proxy", kinds.OFFLINE),
    (r"certificate|ssl", kinds.OFFLINE),
    (r"bytes read|more expected|content too short|incompleteread|connection reset", kinds.BROKEN),
    (r"remote end closed|downloaded file is empty|any data blocks|giving up after", kinds.BROKEN),
)  # fmt: skip
_TABLE = tuple((re.compile(words), kind) for words, kind in _WORDS)
_BY_STATUS = {
    401: kinds.REFUSED,
    402: kinds.MEMBERS,
    403: kinds.REFUSED,
    404: kinds.REMOVED,
    407: kinds.OFFLINE,
    410: kinds.REMOVED,
    416: kinds.BROKEN,
    429: kinds.RATE,
    451: kinds.REGION,
    511: kinds.OFFLINE,
}
_BY_ERRNO = {
    errno.ENOSPC: kinds.FULL,
    errno.EDQUOT: kinds.FULL,
    errno.EFBIG: kinds.FULL,
    errno.EACCES: kinds.UNWRITABLE,
    errno.EPERM: kinds.UNWRITABLE,
    errno.EROFS: kinds.UNWRITABLE,
}
_STATUS = re.compile(r"http error (\d{3})")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_BUG = re.compile(r"; please report this issue on.*", re.DOTALL)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Complaint:
    """The kind of fault, in whose words, and for how many seconds the site wants to be left
    alone (None where it does not say)."""

    kind: str
    said: str
    retry_after: float | None = None


class FetchError(Exception):
    """A fault that is known by its kind already."""

    def __init__(self, kind: str, said: str) -> None:
        super().__init__(said)
        self.complaint = Complaint(kind, said)


def complaint_of(error: BaseException) -> Complaint:
    """What an exception means, yt-dlp's own and any other's."""
    if isinstance(error, FetchError):
        return error.complaint
    said = plain(str(error) or type(error).__name__)
    causes = list(_causes(error))
    if any(getattr(cause, "redirect_loop", False) for cause in causes):
        return Complaint(kinds.REDIRECTS, said)
    for cause in causes:
        if isinstance(cause, OSError) and cause.errno in _BY_ERRNO:
            return Complaint(_BY_ERRNO[cause.errno], said)
    kind = kind_of_words(said)
    response = next((c.response for c in causes if hasattr(c, "response")), None)
    wait = _retry_after(response) if kind in (kinds.RATE, kinds.SERVER) else None
    return Complaint(kind, said, wait)


def kind_of_words(said: str) -> str:
    """The kind of fault in a sentence of yt-dlp."""
    text = _COLOURS.sub("", said).lower().replace("’", "'")
    status = _STATUS.search(text)
    for words, kind in _TABLE:
        if words.search(text) and not (status and kind in (kinds.REMOVED, kinds.REFUSED)):
            return kind
    if status:
        number = int(status[1])
        return _BY_STATUS.get(number, kinds.SERVER if number >= 500 else kinds.REFUSED)
    return kinds.UNKNOWN


def plain(said: str) -> str:
    """One line without colours, `ERROR:` and the plea for a bug report."""
    text = _BUG.sub("", _COLOURS.sub("", said)).removeprefix("ERROR: ")
    return " ".join(text.split())[:_LONGEST]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and everything it came from, as yt-dlp and Python chain them."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        found = waiting.pop()
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        info = getattr(found, "exc_info", None)
        waiting += [getattr(found, "cause", None), found.__cause__, found.__context__]
        if isinstance(info, tuple):
            waiting += info[1:2]


def _retry_after(response: object) -> float | None:
    """Seconds, of a number or a date; None for a site that names neither."""
    headers = getattr(response, "headers", None)
    value = headers.get("Retry-After") if headers is not None else None
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())

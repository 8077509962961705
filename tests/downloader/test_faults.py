"""What yt-dlp says is told apart by one table. The sentences are its own, as people reported them
and as its sources have them; what varies (ids, hosts) is made up."""

import errno
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from stremo_studio.domain.source_fault import FAULTS
from stremo_studio.downloader.faults import (
    Complaint,
    FetchError,
    complaint_of,
    kind_of_words,
    plain,
)

HINT = (
    " Use --cookies-from-browser or --cookies for the authentication. See  https://github.com/"
    "yt-dlp/yt-dlp/wiki/FAQ#how-do-i-pass-cookies-to-yt-dlp  for how to manually pass cookies."
)
SAID = [
    ("private", "[youtube] a: Private video. Sign in if you've been granted access to this video."
     + HINT),
    ("private", "[youtube] a: This video is private"),
    ("private", "[vimeo] 1: This video is private. If the owner of this video has granted you "
     "access, please sign in."),
    ("removed", "[youtube] a: Video unavailable"),
    ("removed", "[youtube] a: Video unavailable. This video has been removed by the uploader"),
    ("removed", "[youtube] a: This video has been removed for violating YouTube's Terms"),
    ("removed", "[youtube] a: Video unavailable. This video is no longer available because the "
     "YouTube account associated with this video has been terminated."),
    ("removed", "[youtube] a: Video unavailable. This video contains content from X, who has "
     "blocked it on copyright grounds"),
    ("removed", "[generic] x: Unable to download webpage: HTTP Error 404: Not Found (caused by "
     "<HTTPError 404: Not Found>)"),
    ("removed", "[generic] x: Unable to download webpage: HTTP Error 410: Gone"),
    ("removed", "[youtube:truncated_id] abc: Incomplete YouTube ID abc. URL https://www.youtube."
     "com/watch?v=abc looks truncated."),
    ("age", "[youtube] a: Sign in to confirm your age. This video may be inappropriate for some "
     "users." + HINT),
    ("age", "[youtube] a: This video is age-restricted and only available on YouTube"),
    ("bot", "[youtube] a: Sign in to confirm you’re not a bot." + HINT),
    ("bot", "[youtube] a: Sign in to confirm you're not a bot. This helps protect our community."),
    ("bot", "[youtube] a: Video unavailable. YouTube is requiring a captcha challenge before "
     "playback"),
    ("region", "[youtube] a: Video unavailable. The uploader has not made this video available in "
     "your country"),
    ("region", "[x] a: This video is not available from your location due to geo restriction"),
    ("region", "[x] a: Unable to download webpage: HTTP Error 451: Unavailable For Legal Reasons"),
    ("members", "[youtube] a: Join this channel to get access to members-only content like this "
     "video, and other exclusive perks."),
    ("members", "[youtube] a: This video is available to this channel's members on level: X"),
    ("members", "[youtube] a: This video requires payment to watch"),
    ("rate", "[youtube] a: Video unavailable. This content isn't available, try again later. The "
     "current session has been rate-limited by YouTube for up to an hour."),
    ("rate", "unable to download video data: HTTP Error 429: Too Many Requests"),
    ("refused", "unable to download video data: HTTP Error 403: Forbidden"),
    ("refused", "[x] a: This video is only available for registered users." + HINT),
    ("drm", "[x] a: This video is DRM protected"),
    ("drm", "[DRM] The requested site is known to use DRM protection. It will NOT be supported."),
    ("upcoming", "[youtube] a: Premieres in 3 hours"),
    ("upcoming", "[youtube] a: This live event will begin in 2 days."),
    ("removed", "[youtube] a: This live stream recording is not available."),
    ("offline", "[youtube] a: Unable to download API page: [Errno -3] Temporary failure in name "
     "resolution (caused by TransportError('[Errno -3] Temporary failure in name resolution'))"),
    ("offline", "[youtube] a: Unable to download webpage: <urlopen error [Errno 11001] "
     "getaddrinfo failed>"),
    ("offline", "[generic] x: Unable to download webpage: [Errno 111] Connection refused"),
    ("offline", "[youtube] a: Unable to download webpage: [SSL: CERTIFICATE_VERIFY_FAILED] "
     "certificate verify failed: unable to get local issuer certificate"),
    ("offline", "[youtube] a: Unable to download webpage: The read operation timed out"),
    ("offline", "[x] a: Unable to download webpage: HTTP Error 511: Network Authentication"),
    ("server", "[generic] x: Unable to download webpage: HTTP Error 500: Internal Server Error"),
    ("server", "[generic] x: Unable to download webpage: HTTP Error 503: Service Unavailable"),
    ("redirects", "[generic] x: Unable to download webpage: HTTP Error 302: Found (redirect loop "
     "detected)"),
    ("full", "unable to write data: [Errno 28] No space left on device"),
    ("unwritable", "unable to open for writing: [Errno 13] Permission denied: 'x.part'"),
    ("broken", "Did not get any data blocks"),
    ("broken", "The downloaded file is empty"),
    ("broken", "unable to download video data: 5 bytes read, 10 more expected"),
    ("broken", "[download] Got error: Remote end closed connection without response. Giving up "
     "after 1 retries"),
    ("not_video", "Unsupported URL: https://example.org/"),
    ("not_video", "[generic] 'abc' is not a valid URL. Set --default-search"),
    ("outdated", "[youtube] a: Unable to extract initial player response; please report this issue "
     "on  https://github.com/yt-dlp/yt-dlp/issues?q= , filling out the template."),
    ("outdated", "[youtube] a: Requested format is not available. Use --list-formats for a list of "
     "available formats"),
    ("outdated", "[x] a: No video formats found!; please report this issue on  https://github.com"),
    ("no_javascript", "No supported JavaScript runtime could be found. YouTube extraction without "
     "a JS runtime has been deprecated, and some formats may be missing."),
    ("cookies", "could not find firefox cookies database in '~/.mozilla/firefox'"),
    ("cookies", "Failed to decrypt with DPAPI. See  https://github.com/yt-dlp/yt-dlp/issues/10927"),
    ("cookies", "Could not copy Chrome cookie database. See  https://github.com/yt-dlp/"),
    ("unknown", "An error nobody has ever seen"),
]  # fmt: skip


class _HttpError(Exception):
    def __init__(self, status: int, headers: dict[str, str], redirect_loop: bool = False) -> None:
        super().__init__(f"HTTP Error {status}: {'Found' if status == 302 else 'No'}")
        self.status, self.redirect_loop = status, redirect_loop
        self.response = type("Response", (), {"headers": headers})()


class _DownloadError(Exception):
    """As yt-dlp chains them: the cause stands in `exc_info`."""

    def __init__(self, said: str, cause: BaseException) -> None:
        super().__init__(said)
        self.exc_info = (type(cause), cause, None)


@pytest.mark.parametrize(("kind", "said"), SAID, ids=range(len(SAID)))
def test_every_sentence_has_its_kind(kind: str, said: str) -> None:
    assert kind_of_words(f"\x1b[0;31mERROR:\x1b[0m {said}") == kind
    assert kind in FAULTS


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7.0), ("0.5", 0.5), ("-3", 0.0), ("soon", None), ("", None)]
)
def test_retry_after_is_taken_in_seconds(header: str, seconds: float | None) -> None:
    error = _DownloadError("HTTP Error 429: Too Many", _HttpError(429, {"Retry-After": header}))
    assert complaint_of(error) == Complaint("rate", "HTTP Error 429: Too Many", seconds)


def test_retry_after_is_taken_as_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    complaint = complaint_of(
        _DownloadError("HTTP Error 503: x", _HttpError(503, {"Retry-After": later}))
    )
    assert complaint.kind == "server"
    assert complaint.retry_after is not None
    assert 55 < complaint.retry_after <= 60


def test_a_full_disk_is_seen_behind_other_words() -> None:
    cause = OSError(errno.ENOSPC, "Kein Speicherplatz")
    assert complaint_of(_DownloadError("Something else", cause)).kind == "full"


def test_a_circle_of_redirects_is_seen_without_words() -> None:
    error = _DownloadError("no", _HttpError(302, {}, redirect_loop=True))
    assert complaint_of(error).kind == "redirects"


def test_causes_that_name_each_other_end() -> None:
    first, second = RuntimeError("a"), RuntimeError("b")
    first.__cause__, second.__context__ = second, first
    assert complaint_of(first).kind == "unknown"


def test_a_known_fault_keeps_its_kind() -> None:
    assert complaint_of(FetchError("too_long", "13 hours")) == Complaint("too_long", "13 hours")


def test_what_was_said_is_one_plain_line() -> None:
    said = "\x1b[0;31mERROR:\x1b[0m [a] b:  Unable\nto x; please report this issue on  https://y"
    assert plain(said) == "[a] b: Unable to x"
    assert len(plain("x" * 10_000)) == 500

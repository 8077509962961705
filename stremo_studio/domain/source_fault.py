"""Why audio cannot be fetched: a table of kinds, each with plain words and what to do.

`stremo_studio/downloader/faults.py` tells the kind from what the downloader met.
"""

from dataclasses import dataclass

RETRY, LINK_FILE, COOKIES, UPDATE, FREE_SPACE, CONFIRM, OPEN_LINK, INSTALL_JS = (
    "retry",
    "link_file",
    "cookies",
    "update",
    "free_space",
    "confirm",
    "open_link",
    "install_js",
)
"""What can be offered. `confirm`: fetch it all the same; `open_link`: look at it in the browser."""

RECORDING, SITE, EVERYTHING = "recording", "site", "everything"
NO_LINK = "no_link"
PRIVATE, REMOVED, AGE, REGION, MEMBERS = "private", "removed", "age", "region", "members"
BOT, RATE, REFUSED, COOKIES_UNREAD = "bot", "rate", "refused", "cookies"
OFFLINE, SERVER, BROKEN, REDIRECTS = "offline", "server", "broken", "redirects"
FULL, UNWRITABLE = "full", "unwritable"
NOT_VIDEO, NOT_AUDIO, NO_SOUND, PLAYLIST = "not_video", "not_audio", "no_sound", "playlist"
LIVE, UPCOMING, TOO_LONG, DRM = "live", "upcoming", "too_long", "drm"
OUTDATED, NO_JAVASCRIPT, UNKNOWN = "outdated", "no_javascript", "unknown"


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind. `reason` goes on after "Unavailable: "."""

    kind: str
    reason: str
    advice: str
    remedies: tuple[str, ...]
    tries: int = 1
    """How often it is tried by itself before a person has to ask again."""
    scope: str = RECORDING
    """Whom it concerns: with a whole site (or everything) the others wait or fail with it."""
    network: bool = False
    """One of those that `Retry all network errors` takes."""

    @property
    def sentence(self) -> str:
        return f"{self.reason[0].upper()}{self.reason[1:]}."


_SIGNED_IN = (COOKIES, LINK_FILE, RETRY)
_COPY_OR_LATER = (LINK_FILE, OPEN_LINK, RETRY)

_ALL = (
    Fault(
        NO_LINK,
        "its file is missing and no link is known",
        "Link a local file.",
        (LINK_FILE,),
    ),
    Fault(
        PRIVATE,
        "the video is private",
        "If you may watch it, use your browser's cookies; otherwise link a local copy.",
        _SIGNED_IN,
    ),
    Fault(
        REMOVED,
        "the video was removed or never existed",
        "Check the link, or link a local copy.",
        (LINK_FILE, OPEN_LINK, RETRY),
    ),
    Fault(
        AGE,
        "the site wants proof of age",
        "Sign in with your browser, then use its cookies.",
        _SIGNED_IN,
    ),
    Fault(
        REGION,
        "the video is blocked in this country",
        "Link a local copy made where it can be seen.",
        _COPY_OR_LATER,
    ),
    Fault(
        MEMBERS,
        "only members or buyers can watch it",
        "If you are one, use your browser's cookies.",
        _SIGNED_IN,
    ),
    Fault(
        BOT,
        "the site asks for proof that you are no robot",
        "Sign in with your browser, then use its cookies; or wait some hours and retry.",
        _SIGNED_IN,
        tries=2,
        scope=SITE,
    ),
    Fault(
        RATE,
        "the site wants fewer requests",
        "Wait an hour, then retry. Fewer downloads at once help.",
        (RETRY, COOKIES, LINK_FILE),
        tries=5,
        scope=SITE,
        network=True,
    ),
    Fault(
        REFUSED,
        "the site refused the request",
        "Retry later, or use your browser's cookies.",
        (RETRY, COOKIES, LINK_FILE),
        tries=2,
    ),
    Fault(
        COOKIES_UNREAD,
        "the browser's cookies could not be read",
        "Close the browser and retry, or choose another browser.",
        (COOKIES, RETRY),
        scope=EVERYTHING,
    ),
    Fault(
        OFFLINE,
        "there is no connection to the site",
        "Check the network, then retry.",
        (RETRY, LINK_FILE),
        tries=3,
        scope=SITE,
        network=True,
    ),
    Fault(
        SERVER,
        "the site has a fault of its own",
        "Retry later.",
        (RETRY, LINK_FILE),
        tries=3,
        network=True,
    ),
    Fault(
        BROKEN,
        "the download arrived damaged or cut short",
        "Retry; if it stays so, link a local copy.",
        (RETRY, LINK_FILE),
        tries=3,
        network=True,
    ),
    Fault(
        REDIRECTS,
        "the address leads round in a circle",
        "Check the link in a browser.",
        _COPY_OR_LATER,
    ),
    Fault(
        FULL,
        "the disk is full",
        "Free some space, then retry.",
        (FREE_SPACE, RETRY),
        scope=EVERYTHING,
    ),
    Fault(
        UNWRITABLE,
        "the media folder cannot be written",
        "Check its permissions, then retry.",
        (RETRY,),
        scope=EVERYTHING,
    ),
    Fault(
        NOT_VIDEO,
        "the address gave a web page without audio",
        "Check the link in a browser; a sign-in page of the network answers so too.",
        _COPY_OR_LATER,
    ),
    Fault(
        NOT_AUDIO,
        "what arrived is no audio that can be read",
        "Retry, or link a local copy.",
        _COPY_OR_LATER,
    ),
    Fault(
        NO_SOUND,
        "the video has no sound",
        "Link a copy that has.",
        (LINK_FILE, OPEN_LINK),
    ),
    Fault(
        PLAYLIST,
        "the link is a list of several recordings",
        "Import its entries, or paste the one you want.",
        (CONFIRM, OPEN_LINK),
    ),
    Fault(
        LIVE,
        "it is a live stream that has not ended",
        "Fetch it when the stream is over.",
        (RETRY, LINK_FILE),
    ),
    Fault(
        UPCOMING,
        "it has not been shown yet",
        "Fetch it after its premiere.",
        (RETRY, OPEN_LINK),
    ),
    Fault(
        TOO_LONG,
        "it lasts over 12 hours",
        "Fetch it all the same, or link a local copy.",
        (CONFIRM, LINK_FILE),
    ),
    Fault(
        DRM,
        "the site protects it against copying",
        "Choose another source.",
        (OPEN_LINK,),
    ),
    Fault(
        OUTDATED,
        "the site has changed and yt-dlp does not know it any more",
        "Update yt-dlp, then retry.",
        (UPDATE, RETRY, LINK_FILE),
    ),
    Fault(
        NO_JAVASCRIPT,
        "the site needs a JavaScript program that is not installed",
        "Install Deno (deno.com), then retry.",
        (INSTALL_JS, RETRY, LINK_FILE),
        scope=SITE,
    ),
    Fault(
        UNKNOWN,
        "it could not be fetched",
        "Retry, look at the link in a browser, or link a local copy.",
        _COPY_OR_LATER,
        tries=2,
    ),
)
FAULTS: dict[str, Fault] = {fault.kind: fault for fault in _ALL}
NETWORK = tuple(fault.kind for fault in _ALL if fault.network)


def fault_of(kind: str) -> Fault | None:
    """The fault of a kind; `unknown` for one that a newer studio wrote, None for none."""
    return FAULTS.get(kind, FAULTS[UNKNOWN]) if kind else None

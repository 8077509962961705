"""yt-dlp, as a library: look what a link is, and get its best audio track whole.

One `Site` for each worker thread. Nothing is post-processed, so ffmpeg is not needed: our decoders
read what the sites have. Sections are never asked for: yt-dlp cuts them up to ten seconds off.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from yt_dlp import YoutubeDL
from yt_dlp.utils import DownloadCancelled

from stremo_studio.domain import source_fault as kinds
from stremo_studio.domain.source import SourceFacts
from stremo_studio.downloader.faults import FetchError
from stremo_studio.downloader.messages import Entry

LONGEST_S = 12 * 3600.0
_FORMATS = "bestaudio[protocol^=http][protocol!*=dash]/bestaudio/best[acodec!=none]/best"
_JAVASCRIPT = ("deno", "node", "bun", "quickjs")
_TIMEOUT_S = 20
_MOST_ENTRIES = 5_000
_PATH = "stremo_path"
_LISTS = ("playlist", "multi_video")
_LINKS = ("url", "url_transparent")

Report = Callable[[dict[str, Any]], None]
Info = dict[str, Any]


class Cancelled(DownloadCancelled):  # type: ignore[misc]  # yt-dlp has no types
    """Raised in a report: nobody wants this download any more."""


class _Log:
    """What yt-dlp prints. Warnings go to stderr; errors are raised anyway."""

    def __init__(self, warn: Callable[[str], None]) -> None:
        self._warn = warn

    def debug(self, _: str) -> None:
        pass

    def error(self, text: str) -> None:
        pass

    def warning(self, text: str) -> None:
        self._warn(text)


class Site:
    """`browser` lends its cookies; `request_pause_s` lies between the requests of one look."""

    def __init__(self, browser: str, request_pause_s: float, warn: Callable[[str], None]) -> None:
        self._options: dict[str, Any] = {
            "format": _FORMATS,
            "noplaylist": True,
            "extract_flat": "in_playlist",  # of a list the names only: it may have thousands
            "continuedl": True,
            "overwrites": False,
            "nopart": False,
            "updatetime": False,
            "cachedir": False,
            "fixup": "never",
            "socket_timeout": _TIMEOUT_S,
            "retries": 1,
            "fragment_retries": 3,
            "extractor_retries": 1,
            "sleep_interval_requests": request_pause_s,
            "color": "no_color",
            "noprogress": True,
            "quiet": True,
            "logger": _Log(warn),
            "js_runtimes": {name: {} for name in _JAVASCRIPT},
        }
        if browser:
            self._options["cookiesfrombrowser"] = (browser, None, None, None)
        self._ydl = _Ydl(self._options)

    def look(self, link: str, wait_for_turn: Callable[[], None]) -> Info:
        """What the site says of a recording, with the chosen track; `wait_for_turn` is called
        before its first request. Raises what yt-dlp raises, and FetchError for a list."""
        self._ydl.wait_for_turn = wait_for_turn
        info: Info | None = self._ydl.extract_info(link, download=False)
        if info and info.get("_type") in _LISTS:
            entries = [entry for entry in info.get("entries") or () if entry]
            if len(entries) != 1:
                raise FetchError(kinds.PLAYLIST, f"A list of {len(entries)} recordings.")
            info = entries[0]
            if info.get("_type") in _LINKS:
                info = self._ydl.extract_info(info["url"], download=False)
        if not info:
            raise FetchError(kinds.UNKNOWN, "yt-dlp found nothing.")
        return info

    def entries(self, link: str) -> tuple[bool, tuple[Entry, ...]]:
        """Whether a link is a list, and its recordings (the link itself when it is one)."""
        options = {**self._options, "noplaylist": False, "playlistend": _MOST_ENTRIES}
        with YoutubeDL(options) as ydl:
            info: Info = ydl.extract_info(link, download=False) or {}
        if info.get("_type") not in _LISTS:
            return False, (replace(_entry(info, link), link=link),)
        return True, tuple(_entry(one, link) for one in info.get("entries") or () if one)

    def download(self, info: Info, parts: Path, report: Report) -> Path:
        """The whole track as a file in `parts`; what lies there already is not fetched again.

        The name tells the format: the rest of one is never glued to the beginning of another.
        """
        track = re.sub(r"[^\w-]", "_", f"{info.get('format_id') or 0}.{info.get('ext') or ''}")
        path = parts / f"track-{track[:60]}"
        info[_PATH] = str(path)
        self._ydl.report = report
        self._ydl.process_info(info)
        if not path.is_file():
            raise FetchError(kinds.UNKNOWN, "yt-dlp left no file.")
        return path


class _Ydl(YoutubeDL):  # type: ignore[misc] # yt-dlp has no types
    """yt-dlp that writes where it is told: titles, `%` and `$` of a folder play no part."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__(options)
        self.report: Report = _nothing
        self.wait_for_turn: Callable[[], None] | None = None
        self.add_progress_hook(self._on_progress)

    def urlopen(self, request: Any) -> Any:
        """One request of yt-dlp's."""
        wait, self.wait_for_turn = self.wait_for_turn, None
        if wait is not None:
            wait()
        return super().urlopen(request)

    def prepare_filename(self, info: Info, *_: Any, **__: Any) -> str:
        """The part file; for names of a description and the like, which are never written."""
        return str(info.get(_PATH) or "track")

    def _on_progress(self, progress: dict[str, Any]) -> None:
        self.report(progress)


def _nothing(_: dict[str, Any]) -> None:
    """Nobody listens."""


def refuse_unfit(info: Info, confirmed: bool, free: int) -> None:
    """Raise FetchError for what should not be fetched, or not without a person's word."""
    status = info.get("live_status")
    if info.get("is_live") or status == "is_live":
        raise FetchError(kinds.LIVE, "The stream is live now.")
    if status == "is_upcoming":
        raise FetchError(kinds.UPCOMING, "The stream has not begun.")
    if info.get("acodec") == "none":
        raise FetchError(kinds.NO_SOUND, "No format has a sound track.")
    duration = info.get("duration") or 0
    if duration > LONGEST_S and not confirmed:
        raise FetchError(kinds.TOO_LONG, f"It lasts {duration / 3600:.1f} hours.")
    size = int(info.get("filesize") or info.get("filesize_approx") or 0)
    if size > free:
        raise FetchError(kinds.FULL, f"It needs {size >> 20} MB, and {free >> 20} MB are free.")


def facts_of(info: Info, duration: float, size: int, sha256: str, suffix: str) -> SourceFacts:
    """What is kept of what the site said."""
    day = str(info.get("upload_date") or "")
    codec = str(info.get("acodec") or "").split(".")[0]
    named = codec if codec not in ("", "none", "unknown") else suffix
    return SourceFacts(
        title=str(info.get("title") or ""),
        channel=str(info.get("channel") or info.get("uploader") or ""),
        uploaded=f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 else "",
        licence=str(info.get("license") or ""),
        duration=round(duration, 3),
        format=f"{named} in {suffix}",
        size=size,
        sha256=sha256,
        fetched_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _entry(info: Info, page: str) -> Entry:
    """What a list (or a link to one recording) on `page` names; without a page of its own, what
    it names is the file itself."""
    is_youtube = str(info.get("ie_key") or info.get("extractor_key") or "").lower() == "youtube"
    named = info.get("url") if info.get("_type") in _LINKS else info.get("webpage_url")
    link = named if named and named != page else info.get("url") or page
    video_id = str(info.get("id") or "") if is_youtube else ""
    return Entry(str(link), video_id, info.get("duration"))

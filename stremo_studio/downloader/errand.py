"""One recording from its link to its place: look, refuse, download, check, move in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from stremo_studio.domain import source_fault as kinds
from stremo_studio.domain.source import SourceFacts
from stremo_studio.downloader.checking import checked_duration, suffix_of
from stremo_studio.downloader.faults import FetchError
from stremo_studio.downloader.messages import Checking, Event, Fetch, Progressed
from stremo_studio.downloader.shelf import Shelf, sha256_of
from stremo_studio.downloader.site import Cancelled, Site, facts_of, refuse_unfit

_REPORT_S = 0.2
_MOST_RESTARTS = 5
_SPARE_BYTES = 64 << 20
"""Left free on the disk, for the project itself."""


@dataclass(slots=True)
class Errand:
    """`is_unwanted` is asked all the time: once it says so, `Cancelled` is raised."""

    wanted: Fetch
    shelf: Shelf
    send: Callable[[Event], None]
    is_unwanted: Callable[[], bool]
    wait_for_turn: Callable[[], None]
    _next_report: float = 0.0
    _bytes: int = 0
    _restarts: int = 0

    def run(self, site: Site) -> tuple[Path, SourceFacts]:
        """The file in its place. Raises what yt-dlp raises, FetchError, OSError, Cancelled."""
        info = site.look(self.wanted.link, self.wait_for_turn)
        self._stop_if_unwanted()
        refuse_unfit(info, self.wanted.confirmed, self.shelf.free() - _SPARE_BYTES)
        part = self._download(site, info)
        self._stop_if_unwanted()
        self.send(Checking(self.wanted.id))
        return self._place(part, info)

    def _download(self, site: Site, info: dict[str, Any]) -> Path:
        try:
            return site.download(info, self.shelf.parts(self.wanted.name), self._report)
        except Exception as error:
            if "HTTP Error 416" in str(error):  # the part is longer than what the site has now
                self.shelf.start_over(self.wanted.name)
            raise

    def _place(self, part: Path, info: dict[str, Any]) -> tuple[Path, SourceFacts]:
        try:
            duration = checked_duration(part, info.get("duration"))
        except FetchError as error:
            if error.complaint.kind in (kinds.BROKEN, kinds.NOT_AUDIO):
                self.shelf.start_over(self.wanted.name)
            raise
        self._stop_if_unwanted()
        suffix = suffix_of(part) or _plain_suffix(str(info.get("ext") or ""))
        facts = facts_of(info, duration, part.stat().st_size, sha256_of(part), suffix)
        return self.shelf.place(part, self.wanted.name, suffix, facts), facts

    def _report(self, progress: dict[str, Any]) -> None:
        self._stop_if_unwanted()
        done = int(progress.get("downloaded_bytes") or 0)
        self._restarts += done < self._bytes
        self._bytes = done
        if self._restarts > _MOST_RESTARTS:
            # yt-dlp (2026.10.26) never gives up on a chunked download that a server cuts short
            # and will not go on with
            raise FetchError(kinds.BROKEN, "The download starts over again and again.")
        now = monotonic()
        if progress.get("status") != "downloading" or now < self._next_report:
            return
        self._next_report = now + _REPORT_S
        total = progress.get("total_bytes") or progress.get("total_bytes_estimate")
        self.send(
            Progressed(
                self.wanted.id,
                done,
                int(total) if total else None,
                progress.get("speed"),
                progress.get("eta"),
            )
        )

    def _stop_if_unwanted(self) -> None:
        if self.is_unwanted():
            raise Cancelled("Nobody wants it any more.")


def _plain_suffix(ext: str) -> str:
    return ext if ext.isascii() and ext.isalnum() and len(ext) <= 5 else "audio"

"""A web server on 127.0.0.1 that serves sound the way the web does: well, slowly, cut short, not
at all. It writes down every request, so that tests can tell what was asked for, and how often."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

TYPES = {".wav": "audio/wav", ".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".flac": "audio/flac",
         ".m4a": "audio/mp4", ".webm": "audio/webm", ".opus": "audio/ogg"}  # fmt: skip
_BLOCK = 1 << 16
_PAGE = """<!DOCTYPE html><html><head><title>{title}</title></head><body>
<audio><source src="/media/{name}" type="{type}"></audio></body></html>"""


@dataclass(slots=True)
class Media:
    """One file and how it is served. `fails` counts down: so many requests get `status`."""

    path: Path | None = None
    body: bytes | None = None
    ranges: bool = True
    status: int = 200
    reason: str | None = None
    """What stands beside the status, which yt-dlp repeats."""
    fails: int = 1 << 30
    headers: dict[str, str] = field(default_factory=dict)
    type: str | None = None
    announce: int | None = None
    """A false Content-Length."""
    cut_at: int | None = None
    """The connection is closed after so many bytes of the file."""
    cuts: int = 1 << 30
    bytes_per_s: float | None = None
    title: str = "A title that says: anger!"

    @property
    def size(self) -> int:
        if self.body is not None:
            return len(self.body)
        return self.path.stat().st_size if self.path else 0

    def read(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to before `end`, a block at a time."""
        if self.body is not None:
            yield from (self.body[at : min(end, at + _BLOCK)] for at in range(start, end, _BLOCK))
        elif self.path is not None:
            with self.path.open("rb") as file:
                file.seek(start)
                while start < end and (block := file.read(min(_BLOCK, end - start))):
                    start += len(block)
                    yield block


@dataclass(frozen=True, slots=True)
class Request:
    at: float
    path: str
    start: int
    """First byte asked for; -1 without a range."""
    status: int
    sent: int
    """Bytes of the body that were written before the client or the server hung up."""
    ended: float


class Loopback:
    """`media` maps names (`abc.wav`) to what is served under `/media/<name>`; a watch page for
    video `abc` names the first medium whose stem is `abc`. `pages` maps paths to HTML."""

    def __init__(self) -> None:
        self.media: dict[str, Media] = {}
        self.pages: dict[str, str] = {}
        self.log: list[Request] = []
        self._lock = threading.Lock()
        loopback = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                loopback.answer(self)

            do_HEAD = do_GET  # noqa: N815 - http.server's name

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def template(self) -> str:
        return f"{self.address}/watch?v={{id}}"

    def url(self, name: str) -> str:
        return f"{self.address}/media/{name}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def downloads(self, name: str) -> list[Request]:
        """Requests for a file; for one that is linked directly, the look at it too."""
        with self._lock:
            return [r for r in self.log if r.path == f"/media/{name}"]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        at, parts = time.monotonic(), urlsplit(request.path)
        start, end = _range(request.headers.get("Range"))
        status, sent = 404, 0
        try:
            if parts.path in self.pages:
                html = {"Content-Type": "text/html"}
                status, sent = 200, _send(request, 200, self.pages[parts.path].encode(), html)
            elif parts.path == "/watch":
                status, sent = self._watch(request, parse_qs(parts.query)["v"][0])
            elif (media := self.media.get(parts.path.removeprefix("/media/"))) is not None:
                status, sent = self._serve(request, media, parts.path, start, end)
            else:
                sent = _send(request, 404, b"Not here.", {"Content-Type": "text/plain"})
        except OSError:  # the client hung up
            status, sent, request.close_connection = 0, 0, True
        with self._lock:
            self.log.append(Request(at, request.path, start, status, sent, time.monotonic()))

    def _watch(self, request: BaseHTTPRequestHandler, video_id: str) -> tuple[int, int]:
        name = next((n for n in self.media if Path(n).stem == video_id), None)
        if name is None:
            return 404, _send(request, 404, b"No such video.", {"Content-Type": "text/plain"})
        media = self.media[name]
        if media.status != 200:
            return media.status, _send(request, media.status, b"", media.headers, media.reason)
        page = _PAGE.format(title=media.title, name=name, type=TYPES.get(Path(name).suffix, ""))
        return 200, _send(request, 200, page.encode(), {"Content-Type": "text/html"})

    def _serve(
        self, request: BaseHTTPRequestHandler, media: Media, path: str, start: int, end: int | None
    ) -> tuple[int, int]:
        if media.status != 200 and media.fails > 0:
            media.fails -= 1
            return media.status, _send(request, media.status, b"", media.headers, media.reason)
        first, last = 0, media.size
        partial = media.ranges and start >= 0
        if partial:
            first, last = start, min(media.size, media.size if end is None else end + 1)
            if first >= media.size:
                headers = {"Content-Range": f"bytes */{media.size}"}
                return 416, _send(request, 416, b"", headers)
        request.send_response(206 if partial else 200)
        request.send_header("Content-Type", media.type or TYPES.get(Path(path).suffix, ""))
        if partial:
            request.send_header("Content-Range", f"bytes {first}-{last - 1}/{media.size}")
        if media.ranges:
            request.send_header("Accept-Ranges", "bytes")
        length = last - first if media.announce is None else media.announce
        request.send_header("Content-Length", str(length))
        request.end_headers()
        sent = self._send_body(request, media, first, last) if request.command == "GET" else 0
        if sent != length:
            request.close_connection = True
        return 206 if partial else 200, sent

    def _send_body(
        self, request: BaseHTTPRequestHandler, media: Media, first: int, last: int
    ) -> int:
        stop = last
        if media.cut_at is not None and media.cuts > 0 and first < media.cut_at < last:
            media.cuts -= 1
            stop = media.cut_at
        sent = 0
        for block in media.read(first, stop):
            size = 8192 if media.bytes_per_s else _BLOCK
            for at in range(0, len(block), size):
                piece = block[at : at + size]
                try:
                    request.wfile.write(piece)
                except OSError:
                    return sent
                sent += len(piece)
                if media.bytes_per_s:
                    time.sleep(len(piece) / media.bytes_per_s)  # a slow line, not a wait
        return sent


@contextmanager
def serving() -> Iterator[Loopback]:
    loopback = Loopback()
    try:
        yield loopback
    finally:
        loopback.close()


def _send(
    request: BaseHTTPRequestHandler,
    status: int,
    body: bytes,
    headers: dict[str, str],
    reason: str | None = None,
) -> int:
    request.send_response(status, reason)
    for name, value in headers.items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    if request.command == "GET":
        request.wfile.write(body)
    return len(body)


def _range(value: str | None) -> tuple[int, int | None]:
    if not value or not value.startswith("bytes="):
        return -1, None
    start, _, end = value.removeprefix("bytes=").partition("-")
    return int(start), int(end) if end else None

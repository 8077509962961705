"""The loopback server as a process of its own, for measuring: `python -m tests.downloader.serve`.

    serve SOUND COUNT    COUNT videos `vid00000000`, ... of the file SOUND; `vidlong` of three hours

Prints its address; when its stdin ends, its log as JSON lines.
"""

import json
import os
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from tests.downloader.loopback import Media, serving

LONG = "vid-3-hours"
_RATE, _HOURS = 16_000, 3


def main(sound: Path, count: int) -> None:
    if hasattr(os, "nice"):
        os.nice(10)  # a site is another machine: it takes no core from what is measured
    with serving() as server:
        for number in range(count):
            server.media[f"vid{number:08}.wav"] = Media(sound)
        server.media[f"{LONG}.wav"] = Media(sparse_wav(sound.with_name("sparse.wav")))
        print(server.address, flush=True)
        with suppress(KeyboardInterrupt):
            sys.stdin.read()
        for request in server.log:
            print(json.dumps(asdict(request)))


def sparse_wav(path: Path) -> Path:
    """Three hours of silence that take no room on the disk."""
    size = _HOURS * 3600 * _RATE * 2
    number = {n: v.to_bytes(n, "little") for n, v in ((2, 1), (4, 16))}
    form = number[2] * 2 + _RATE.to_bytes(4, "little") + (2 * _RATE).to_bytes(4, "little")
    head = b"RIFF" + (36 + size).to_bytes(4, "little") + b"WAVEfmt " + number[4] + form
    head += (2).to_bytes(2, "little") + (16).to_bytes(2, "little")
    head += b"data" + size.to_bytes(4, "little")
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + size)
    return path


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

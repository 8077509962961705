"""A downloader process to talk to, as the studio would."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stremo_studio.downloader import messages
from tests.conftest import ROOT


class Conversation:
    """A running downloader, and all the events it has sent."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.events: list[messages.Event] = []

    def say(self, *commands: messages.Command) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"".join(map(messages.encode, commands)))
        self.process.stdin.flush()

    def listen(self) -> Iterator[messages.Event]:
        """Events as they come, until its stdout ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            event = messages.decode(line)
            assert isinstance(event, messages.Event), line
            self.events.append(event)
            yield event

    def outcomes(self, count: int) -> dict[int, messages.Event]:
        """The last word about each of so many recordings."""
        last: dict[int, messages.Event] = {}
        for event in self.listen():
            if isinstance(event, messages.Fetched | messages.Failed | messages.Cancelled):
                assert event.id not in last, f"{event} after {last[event.id]}"
                last[event.id] = event
            if len(last) == count:
                break
        return last


@contextmanager
def downloader(
    folder: Path, *options: str, jobs: int = 2, interval: float = 0.0, backoff: float = 0.02
) -> Iterator[Conversation]:
    """A downloader that is in a hurry. Killed at the end."""
    command = [sys.executable, "-m", "stremo_studio", "--downloader", "--folder", str(folder)]
    command += ["--jobs", str(jobs), "--interval", str(interval), "--backoff", str(backoff)]
    pipe = subprocess.PIPE
    log = folder.with_name(folder.name + ".log")
    with (
        log.open("ab") as said,
        subprocess.Popen(
            [*command, *options], stdin=pipe, stdout=pipe, stderr=said, cwd=ROOT
        ) as process,
    ):
        try:
            yield Conversation(process)
        finally:
            process.kill()

"""Messages come back as they were sent, and what is not understood is no message."""

import pytest

from stremo_studio.domain.source import SourceFacts
from stremo_studio.downloader import messages as m

SENT = [
    m.Fetch(1, "https://a/?v=-x", "name", True),
    m.Cancel(2),
    m.Inspect("https://a"),
    m.Hello("2026.10.26", "old"),
    m.Started(1),
    m.Progressed(1, 5, 10, 2.5, 2.0),
    m.Checking(1),
    m.Fetched(1, "/a/😀.webm", SourceFacts("\ud800 ‮title", duration=1.5)),
    m.Delayed(1, "rate", "429", "2026-01-01T00:00:00+00:00"),
    m.Failed(1, "private", "no"),
    m.Cancelled(1),
    m.Inspected("https://a", True, (m.Entry("https://b", "abc", None),)),
    m.Idle(1, 2),
    m.Stopped("no", "yes"),
]


@pytest.mark.parametrize("message", SENT, ids=lambda message: type(message).__name__)
def test_a_message_comes_back_as_it_was(message: m.Message) -> None:
    line = m.encode(message)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert m.decode(line) == message


@pytest.mark.parametrize(
    "line", [b"", b"rubbish", b"[]", b"7", b'{"kind": "Nobody"}', b'{"kind": "Fetch"}', b"\xff",
             b'{"kind": "Fetched", "id": 1, "path": "x", "facts": 7}'],
)  # fmt: skip
def test_rubbish_is_no_message(line: bytes) -> None:
    assert m.decode(line) is None


def test_fields_of_a_newer_downloader_are_left_out() -> None:
    assert m.decode(b'{"kind": "Started", "id": 3, "mood": "good"}') == m.Started(3)

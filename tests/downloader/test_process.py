"""The real downloader with the real yt-dlp, fetching from a web server on this machine."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import codecpod
import numpy as np
import pytest
import soundfile

from stremo_studio.downloader import messages
from tests.downloader.conversation import downloader
from tests.downloader.loopback import Loopback, Media, serving
from trainer.decoding import read_audio

RATE = 16_000
WEBM = Path(__file__).parent / "sounds" / "voice.webm"
SOUND = np.sin(np.arange(3 * RATE) / 20 * (1 + np.arange(3 * RATE) / RATE)) * 0.3


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class World:
    """What became of each name that was fetched in one go."""

    server: Loopback
    folder: Path
    ids: dict[str, int]
    last: dict[int, messages.Event]
    events: list[messages.Event]

    def outcome(self, name: str) -> messages.Event:
        return self.last[self.ids[name]]

    def fetched(self, name: str) -> messages.Fetched:
        event = self.outcome(name)
        assert isinstance(event, messages.Fetched), event
        return event

    def kind(self, name: str) -> str:
        event = self.outcome(name)
        return event.fault if isinstance(event, messages.Failed) else type(event).__name__


def sounds(folder: Path) -> dict[str, Path]:
    """One sound in every format."""
    samples = SOUND.astype(np.float32)
    wav, flac, ogg, mp3 = (folder / f"sound.{x}" for x in ("wav", "flac", "ogg", "mp3"))
    for path in (wav, flac, ogg, mp3):
        soundfile.write(path, samples, RATE)
    m4a = folder / "sound.m4a"
    codecpod.save(m4a, samples, RATE, codecpod.Aac(48_000))
    return {p.suffix[1:]: p for p in (wav, flac, ogg, mp3, m4a)} | {"webm": WEBM}


def media(server: Loopback, files: dict[str, Path]) -> dict[str, Media]:
    wav = files["wav"]
    formats = {f"{name}.{name}": Media(path) for name, path in files.items()}
    return formats | {
        "-aaaaaaaaaa.wav": Media(wav, title="../../x: CON"),
        "bbbbbbbbbbb.webm": Media(WEBM, title="🙂 \u202egnihsals " + "long " * 80),
        "noranges.wav": Media(wav, ranges=False),
        "slow.wav": Media(wav, bytes_per_s=200_000),
        "text.wav": Media(wav, type="text/plain"),
        "html-named.wav": Media(wav, type="text/html"),
        "once-429.wav": Media(wav, status=429, fails=1, headers={"Retry-After": "1"}),
        "twice-500.wav": Media(wav, status=500, fails=2),
        "resumed.wav": Media(wav, cut_at=40_000, cuts=3),
        "403.wav": Media(status=403),
        "404.wav": Media(status=404),
        "410.wav": Media(status=410),
        "451.wav": Media(status=451),
        "500.wav": Media(status=500),
        "loop.wav": Media(status=302, headers={"Location": server.url("loop.wav")}),
        "page.wav": Media(body=b"<html><body>Sign in to this network</body></html>"),
        "site.html": Media(body=b"<html><body>Nothing here</body></html>", type="text/html"),
        "empty.wav": Media(body=b""),
        "cut.wav": Media(wav, cut_at=40_000, ranges=False),
        "liar.wav": Media(wav, announce=1_000_000, ranges=False),
        "short.wav": Media(body=wav.read_bytes()[:40_000]),
        "short.m4a": Media(body=files["m4a"].read_bytes()[:5_000]),
        "short.webm": Media(body=WEBM.read_bytes()[:3_000]),
        "noise.mp3": Media(body=bytes(range(256)) * 100),
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    base = tmp_path_factory.mktemp("world")
    with serving() as server, downloader(base / "media", jobs=4) as talk:
        server.media = media(server, sounds(base))
        links = {name: server.url(name) for name in server.media}
        for name in ON_PAGES:
            links[name] = server.template.replace("{id}", Path(name).stem)
        links["offline"] = f"http://127.0.0.1:{free_port()}/a.wav"
        links["nothing"] = "no address at all"
        ids = {name: number for number, name in enumerate(links)}
        talk.say(*(messages.Fetch(ids[n], link, f"n{ids[n]}") for n, link in links.items()))
        last = talk.until_idle()
        yield World(server, base / "media", ids, last, talk.events)


FETCHED = (
    "wav.wav", "flac.flac", "ogg.ogg", "mp3.mp3", "m4a.m4a", "webm.webm", "-aaaaaaaaaa.wav",
    "bbbbbbbbbbb.webm", "noranges.wav", "slow.wav", "text.wav", "html-named.wav", "once-429.wav",
    "twice-500.wav", "resumed.wav",
)  # fmt: skip
ON_PAGES = (*FETCHED[:10], "resumed.wav", "cut.wav")
"""Linked by a page about them, as videos are; the others directly."""
FAILED = {
    "403.wav": "refused",
    "404.wav": "removed",
    "410.wav": "removed",
    "451.wav": "region",
    "500.wav": "server",
    "loop.wav": "redirects",
    "page.wav": "not_audio",
    "site.html": "not_video",
    "empty.wav": "broken",
    "cut.wav": "broken",
    "liar.wav": "broken",
    "short.wav": "broken",
    "short.m4a": "not_audio",
    "short.webm": "broken",
    "noise.mp3": "not_audio",
    "offline": "offline",
    "nothing": "not_video",
}


@pytest.mark.parametrize("name", FETCHED)
def test_whole_sound_lands_in_its_place(world: World, name: str) -> None:
    event = world.fetched(name)
    path = Path(event.path)
    assert path.parent == world.folder
    assert path.stem == f"n{event.id}"
    served = world.server.media[name].path
    assert served is not None
    assert path.read_bytes() == served.read_bytes()
    assert event.facts.size == served.stat().st_size
    assert event.facts.duration == pytest.approx(4 if "webm" in name else 3, abs=0.1)


@pytest.mark.parametrize(("name", "kind"), FAILED.items())
def test_everything_else_ends_as_what_it_is(world: World, name: str, kind: str) -> None:
    assert world.kind(name) == kind
    assert not list(world.folder.glob(f"n{world.ids[name]}.*"))


def test_nothing_else_lies_in_the_folder(world: World) -> None:
    files = {p.name for p in world.folder.iterdir() if p.is_file()}
    fetched = [e for e in world.last.values() if isinstance(e, messages.Fetched)]
    expected = {Path(e.path).name for e in fetched} | {f"n{e.id}.json" for e in fetched}
    assert files == expected
    assert {world.ids[name] for name in FETCHED} == {e.id for e in fetched}


def test_lossless_sound_is_the_source_sample_for_sample(world: World) -> None:
    samples, rate = read_audio(Path(world.fetched("noranges.wav").path))
    served = world.server.media["noranges.wav"].path
    assert served is not None
    source, _ = soundfile.read(served, dtype="float32")
    assert rate == RATE
    assert np.array_equal(samples, source)


def test_titles_are_kept_as_facts_and_name_nothing(world: World) -> None:
    assert world.fetched("bbbbbbbbbbb.webm").facts.title.startswith("🙂 \u202egnihsals long")
    record = json.loads((world.folder / f"n{world.ids['-aaaaaaaaaa.wav']}.json").read_text())
    assert record["facts"]["title"].startswith("../../x: CON")
    assert record["facts"]["fetched_at"]


def test_a_file_cut_short_is_gone_on_with_where_it_was(world: World) -> None:
    starts = [request.start for request in world.server.downloads("resumed.wav")]
    assert starts == [-1, 40_000]


def test_a_sound_is_downloaded_once(world: World) -> None:
    for name in ("wav.wav", "webm.webm", "noranges.wav"):
        assert len(world.server.downloads(name)) == 1


def test_faults_for_good_are_met_once(world: World) -> None:
    assert sum(r.path == "/media/404.wav" for r in world.server.log) == 1


def test_every_try_is_told(world: World) -> None:
    delays = [e for e in world.events if isinstance(e, messages.Delayed)]
    told = [e.fault for e in delays if e.id == world.ids["twice-500.wav"]]
    assert told == ["server", "server"]
    assert all(e.until > "2026" and e.said for e in delays)


def test_the_first_word_names_the_version(world: World) -> None:
    hello = world.events[0]
    assert isinstance(hello, messages.Hello)
    assert hello.ytdlp.startswith("20")
    assert isinstance(world.events[-1], messages.Idle)
    assert world.events[-1].fetched == len(FETCHED)

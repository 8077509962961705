"""The real downloader with the real yt-dlp, fetching from a web server on this machine."""

import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import codecpod
import numpy as np
import psutil
import pytest
import soundfile

from stremo_studio.downloader import messages
from tests.downloader.conversation import Conversation, downloader
from tests.downloader.loopback import Loopback, Media, Request, serving
from trainer.sound.decoding import read_audio

RATE = 16_000
WEBM = Path(__file__).parent / "sounds" / "voice.webm"
LIST = """<html><title>All of them</title><body><audio src="/media/wav.wav"></audio>
<audio src="/media/mp3.mp3"></audio></body></html>"""
LONG = """<html><head><script type="application/ld+json">{"@context": "https://schema.org",
"@type": "VideoObject", "name": "Long", "description": "x", "duration": "PT13H",
"uploadDate": "2023-05-31", "contentUrl": "{link}"}</script></head><body></body></html>"""
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
    log: list[Request]
    talk: Conversation

    def downloads(self, name: str) -> list[Request]:
        """Requests for a file while all were fetched."""
        return [request for request in self.log if request.path == f"/media/{name}"]

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
        server.pages = {"/list": LIST, "/long": LONG.replace("{link}", server.url("text.wav"))}
        links["list"], links["long"] = f"{server.address}/list", f"{server.address}/long"
        links["offline"] = f"http://127.0.0.1:{free_port()}/a.wav"
        links["nothing"] = "no address at all"
        ids = {name: number for number, name in enumerate(links)}
        talk.say(*(messages.Fetch(ids[n], link, f"n{ids[n]}") for n, link in links.items()))
        last = talk.outcomes(len(links))
        yield World(server, base / "media", ids, last, list(talk.events), list(server.log), talk)


@pytest.fixture
def talk(world: World) -> Conversation:
    """The downloader of that world, which has nothing to do any more."""
    return world.talk


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
    "list": "playlist",
    "long": "too_long",
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
    assert {name for name in files if not name.startswith("full")} == expected
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
    starts = [request.start for request in world.downloads("resumed.wav")]
    assert starts == [-1, 40_000]


def test_a_sound_is_downloaded_once(world: World) -> None:
    for name in ("wav.wav", "webm.webm", "noranges.wav"):
        assert len(world.downloads(name)) == 1


def test_faults_for_good_are_met_once(world: World) -> None:
    assert len(world.downloads("404.wav")) == 1


def test_what_a_link_is_can_be_asked_without_fetching(world: World, talk: Conversation) -> None:
    links = [f"{world.server.address}/list", world.server.url("wav.wav"), "nothing at all"]
    answers: dict[str, messages.Inspected] = {}
    talk.say(*map(messages.Inspect, links))
    for event in talk.listen():
        if isinstance(event, messages.Inspected):
            answers[event.link] = event
        if len(answers) == len(links):
            break
    listed, one, nothing = (answers[link] for link in links)
    media = f"{world.server.address}/media"
    assert listed.is_list
    assert [entry.link for entry in listed.entries] == [f"{media}/wav.wav", f"{media}/mp3.mp3"]
    assert (one.is_list, [entry.link for entry in one.entries]) == (False, [links[1]])
    assert nothing.fault == "not_video"


def test_it_says_when_nothing_is_left(world: World, talk: Conversation) -> None:
    talk.say(messages.Fetch(800, "nothing", "n800"))
    for event in talk.listen():
        if isinstance(event, messages.Idle) and event.failed > len(FAILED):
            break
    assert event.fetched >= len(FETCHED)


def test_a_full_disk_ends_the_queue_and_is_gone_on_with(world: World, talk: Conversation) -> None:
    process = psutil.Process(talk.process.pid)
    if not hasattr(process, "rlimit"):
        pytest.skip("no limits on the size of files here")
    process.rlimit(psutil.RLIMIT_FSIZE, (60_000, psutil.RLIM_INFINITY))
    before = len(world.server.log)
    fetches = [
        messages.Fetch(number, world.server.template.replace("{id}", name), f"full{number}")
        for number, name in ((901, "wav"), (902, "slow"))
    ]
    talk.say(*fetches)
    last = talk.outcomes(2)
    assert {e.fault for e in last.values() if isinstance(e, messages.Failed)} == {"full"}
    process.rlimit(psutil.RLIMIT_FSIZE, (psutil.RLIM_INFINITY, psutil.RLIM_INFINITY))
    talk.say(*fetches)
    again = talk.outcomes(2)
    assert all(isinstance(e, messages.Fetched) for e in again.values())
    resumed = [r.start for r in world.server.log[before:] if r.path == "/media/wav.wav"]
    assert resumed[-1] > 0


def test_every_try_is_told(world: World) -> None:
    delays = [e for e in world.events if isinstance(e, messages.Delayed)]
    told = [e.fault for e in delays if e.id == world.ids["twice-500.wav"]]
    assert told == ["server", "server"]
    assert all(e.until > "2026" and e.said for e in delays)


def test_the_first_word_names_the_version(world: World) -> None:
    hello = world.events[0]
    assert isinstance(hello, messages.Hello)
    assert hello.ytdlp.startswith("20")

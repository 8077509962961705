"""Pasted links: what people paste is read, and what cannot be used says why, line by line."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.contract.foreign_text import shown
from trainer.corpora.links import read_links
from trainer.corpora.pasted import clips_of, clock
from trainer.corpora.video_link import PastedSpan, video_id

ID = "-btTC-bepAk"
ids = st.text("abcXYZ019-_", min_size=10, max_size=10).map("7{}".format)
instants = st.integers(0, 3 * 3_600_000).map(lambda ms: ms / 1000)
spans = st.tuples(instants, instants).filter(lambda s: s[0] < s[1])


@pytest.mark.parametrize(
    "link",
    [
        ID,
        f"  {ID}  ",
        f"https://youtu.be/{ID}",
        f"youtu.be/{ID}?si=abc",
        f"https://www.youtube.com/watch?v={ID}&list=PLabcdef&index=3",
        f"https://m.youtube.com/watch?app=desktop&v={ID}",
        f"https://music.youtube.com/watch?v={ID}&list=RDAMVM{ID}",
        f"www.youtube.com/embed/{ID}",
        f"https://www.youtube-nocookie.com/embed/{ID}?rel=0",
        f"https://youtube.com/shorts/{ID}?feature=share",
        f"http://www.youtube.com/v/{ID}",
        f"https://www.youtube.com/attribution_link?a=x&u=%2Fwatch%3Fv%3D{ID}",
        f"<https://youtu.be/{ID}>",
        f"A title of 12 words (https://youtu.be/{ID}), seen 3 times.",
        f"3. {ID}",
        f"https://youtu.be/{ID}?t=0",
    ],
)
def test_every_kind_of_link_names_its_video(link: str) -> None:
    assert read_links(link).spans == (PastedSpan(ID),)
    assert read_links(link).refusals == ()


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        (f"https://youtu.be/{ID}?t=75", 75, None),
        (f"https://www.youtube.com/watch?v={ID}&t=1m15s", 75, None),
        (f"https://www.youtube.com/watch?v={ID}&t=1h1m1.5s", 3661.5, None),
        (f"https://www.youtube.com/watch?v={ID}#t=75s", 75, None),
        (f"https://www.youtube.com/watch?v={ID}&t=1:15", 75, None),
        (f"https://www.youtube.com/embed/{ID}?start=75&end=81", 75, 81),
        (f"{ID} 1:15", 75, None),
        (f"{ID} 0:15-0:21", 15, 21),
        (f"{ID} 0:15 – 0:21.250", 15, 21.25),
        (f"{ID} from 0:15 to 0:21", 15, 21),
        (f"{ID}, 75, 81", 75, 81),
        (f"{ID}\t75\t81", 75, 81),
        (f"{ID};0:01:15;0:01:21", 75, 81),
        (f"A talk at 1:15-1:21 https://youtu.be/{ID} 1:15-1:21", 75, 81),
    ],
)
def test_times_are_read_wherever_they_stand(line: str, start: float, end: float | None) -> None:
    if line.startswith("A talk"):
        assert "before any link" in read_links(line).refusals[0].message
    else:
        assert read_links(line).spans == (PastedSpan(ID, start, end),)


def test_a_line_may_hold_several_videos_and_several_spans() -> None:
    other = "3vBTmyCDzeI"
    found = read_links(f"{ID} 0:15-0:21, 0:30-0:36; {other} youtu.be/{ID}?t=9")
    assert found.spans == (
        PastedSpan(ID, 15, 21),
        PastedSpan(ID, 30, 36),
        PastedSpan(other),
        PastedSpan(ID, 9),
    )
    assert found.video_ids == (ID, other)


def test_what_stands_twice_is_there_once() -> None:
    assert read_links(f"{ID} 0:15-0:21\n\n# seen\n{ID}, 15, 21\n").spans == (
        PastedSpan(ID, 15, 21),
    )


def test_a_playlist_is_told_from_a_video_of_it() -> None:
    found = read_links("https://www.youtube.com/playlist?list=PL0123456789\n")
    assert (found.playlists, found.spans) == (("PL0123456789",), ())


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("https://youtu.be/abc", "“abc” of 3 characters; the id of a video has 11"),
        (f"{ID}x 0:15", "has 12 characters; the id of a video has 11"),
        ("interesting", "looks like a word"),
        (f"{ID} 1:75", "“1:75” is no time: minutes and seconds go from 0 to 59"),
        (f"https://youtu.be/{ID} 0:15:61", "“0:15:61” is no time"),
        (f"https://youtu.be/{ID}?t=soon", "The time “soon” of"),
        (f"{ID} 0:21-0:15", "does not end after it starts"),
        (f"{ID}, 75, 75", "does not end after it starts"),
        ("0:15-0:21", "before any link or id"),
        (f"https://www.youtube.com/live/{ID}?feature=share", f"paste https://youtu.be/{ID}"),
        ("https://www.youtube.com/@bbc/live", "is a live stream"),
        ("https://www.youtube.com/@bbc", "is a channel"),
        ("https://youtube.com/clip/UgkxAbc", "does not name its video"),
        ("https://www.youtube.com/", "is no video"),
        ("https://www.youtube.com/results?search_query=anger", "is no video"),
        ("https://vimeo.com/12345", "is no YouTube link"),
        ("https://notyoutube.com/watch?v=" + ID, "is no YouTube link"),
        ("https://[", "is no link"),
        ("../../x", "is no link, no id and no time"),
        ("CON", "is no link"),
        ("😀😀", "is no link"),
        (f"{ID} 12e400", "is no link, no id and no time"),
    ],
)
def test_a_line_that_cannot_be_used_says_why_in_one_sentence(line: str, sentence: str) -> None:
    found = read_links(f"3vBTmyCDzeI\n{line}")
    (refusal,) = found.refusals
    assert refusal.line == 2
    assert sentence in _plain(refusal.message)
    assert refusal.message.endswith(".")
    assert found.video_ids == ("3vBTmyCDzeI",)


@given(ids, spans)
def test_every_span_written_as_people_do_is_read_back(
    video: str, span: tuple[float, float]
) -> None:
    start, end = span
    wanted = (PastedSpan(video, start, end),)
    for line in (
        f"{video} {clock(start)}-{clock(end)}",
        f"{video}, {start:.3f}, {end:.3f}",
        f"https://www.youtube.com/embed/{video}?start={start:.3f}&end={end:.3f}",
    ):
        assert read_links(line).spans == wanted


@given(st.text(max_size=300))
@settings(max_examples=300)
def test_any_text_gives_videos_or_a_reason_for_each_line(text: str) -> None:
    found = read_links(text)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{11}", span.video_id) for span in found.spans)
    assert all(span.end is None or (span.start or 0) < span.end for span in found.spans)
    lines = [refusal.line for refusal in found.refusals]
    assert lines == sorted(set(lines))
    if text.strip() and not any(c in text for c in "#/"):
        assert found.spans or found.refusals or not re.search(r"\w", text)


@given(
    st.lists(st.sampled_from([ID, "0:15", "-", "1:75", "youtu.be/", "?t=", ",", " ", "\n", "8"]))
)
def test_pieces_of_links_in_any_order_never_break_it(parts: list[str]) -> None:
    found = read_links("".join(parts))
    clips = clips_of(found).clips
    assert len({clip.name for clip in clips}) == len(clips)
    assert all(clip.end is None or clip.end > clip.start >= 0 for clip in clips)


@given(st.text(min_size=1, max_size=400))
def test_what_is_shown_of_foreign_text_stays_on_its_line_and_in_its_place(text: str) -> None:
    safe = shown(text)
    assert safe[0] == "\u2068"
    assert safe[-1] == "\u2069"
    assert not re.search("[\u202a-\u202e\u2066-\u2069\n\r\u2028]", safe[1:-1])
    assert len(safe) <= 62


def test_a_start_without_an_end_is_six_seconds_and_said_so() -> None:
    found = clips_of(read_links(f"https://youtu.be/{ID}?t=75\n{ID}\nCON"))
    (timed,) = found.clips  # a video without times is a recording, and no clip yet
    assert (timed.name, timed.start, timed.end) == (f"{ID} 1:15-1:21", 75, 81)
    assert {f.rule for f in found.findings} == {
        "starts without an end",
        "lines that cannot be used",
    }


@given(ids)
def test_a_cell_may_hold_a_link_in_place_of_an_id(video: str) -> None:
    assert video_id(f" https://www.youtube.com/watch?v={video}&t=4 ") == video
    assert video_id(video) == video
    assert video_id(f"{video}?") is None


def _plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")

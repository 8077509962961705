"""Links and ids of videos as people paste them, with or without times.

A line may hold several links, bare ids and spans; words around a link are its title and are passed
over. Bare ids count only in a line without such words: any word of eleven letters could be one.
Each line that gives nothing says so in one sentence; nothing is fetched here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from trainer.contract.foreign_text import quoted
from trainer.corpora.clip_times import seconds
from trainer.corpora.video_link import VIDEO_ID, PastedSpan, UnusableError, read_link

_NEARLY = re.compile(r"[A-Za-z0-9_-]{9,13}")
_WORDS = re.compile(r"[A-Z]?[a-z]+(?:[-_][A-Z]?[a-z]+)*|[A-Z]+")
_LINK = re.compile(
    r"(?:https?://|(?<![\w.@/-])(?:[\w-]+\.)*(?:youtube(?:-nocookie)?\.com|youtu\.be)/)[^\s<>\"]+",
    re.IGNORECASE,
)
_CLOCK = r"\d+(?:\.\d+)?(?::\d+(?:\.\d+)?){0,2}"
_DASH = r"(?:-|–|—|−|→|->|to|bis|until)"
_TIME = re.compile(rf"({_CLOCK})s?(?:\s*{_DASH}\s*({_CLOCK})s?)?(?=[\s,;|)\]]|$)", re.IGNORECASE)
_WORD = re.compile(r"[^\s,;|]+")
_NUMBERED = re.compile(r"\s*\d{1,4}[.)]\s+")
_BETWEEN = re.compile(r"[\s,;|()\[\]<>\"]+|(?:from|at|[-–—•*@])(?=\s)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why something of a line cannot be used, as a sentence. Lines count from 1."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What a text holds; the same span is there once, in the order pasted."""

    spans: tuple[PastedSpan, ...]
    playlists: tuple[str, ...]
    """Ids of playlists whose own link was pasted: whether to take all of one is for a person."""
    refusals: tuple[Refusal, ...]

    @property
    def video_ids(self) -> tuple[str, ...]:
        """The videos, each once."""
        return tuple(dict.fromkeys(span.video_id for span in self.spans))


@dataclass(slots=True)
class _Line:
    """One line being read: what it names so far, and the times that wait for their partner."""

    spans: list[PastedSpan] = field(default_factory=list)
    playlists: list[str] = field(default_factory=list)
    video: PastedSpan | None = None
    lone: float | None = None
    timed: bool = False

    def name(self, video: PastedSpan) -> None:
        """Another video begins: the one before is complete."""
        self.close()
        self.video, self.timed = video, False

    def take(self, start: float, end: float | None) -> None:
        """A time or a span after a video; two lone times are a span."""
        if self.video is None:
            raise UnusableError("A time stands here before any link or id.")
        if end is None and self.lone is None:
            self.lone = start
            return
        if end is None:
            start, end = self.lone or 0.0, start
        elif self.lone is not None:
            self._add(self.lone, None)
        self.lone = None
        self._add(start, end)

    def close(self) -> None:
        """Nothing more comes for this video."""
        if self.video is None:
            return
        if self.lone is not None:
            self._add(self.lone, None)
        elif not self.timed:
            self._add(self.video.start, self.video.end)
        self.video = self.lone = None

    def _add(self, start: float | None, end: float | None) -> None:
        assert self.video is not None
        if start is not None and end is not None and end <= start:
            raise UnusableError(
                f"The span {start:g} to {end:g} s of {self.video.video_id} does not end after it "
                "starts."
            )
        self.timed = True
        self.spans.append(PastedSpan(self.video.video_id, start, end))


def read_links(text: str) -> Pasted:
    """Everything that the lines name. Never raises: what cannot be used is a refusal."""
    spans: dict[PastedSpan, None] = {}
    playlists: dict[str, None] = {}
    refusals: list[Refusal] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith(("#", "//")):
            continue
        found = _Line()
        try:
            for piece in _pieces(line):
                _take(piece, found)
            found.close()
        except UnusableError as error:
            refusals.append(Refusal(number, str(error)))
            continue
        spans.update(dict.fromkeys(found.spans))
        playlists.update(dict.fromkeys(found.playlists))
    return Pasted(tuple(spans), tuple(playlists), tuple(refusals))


def _pieces(line: str) -> list[str]:
    """Links, ids and times of a line, in order. Raises UnusableError when a word is none of
    them and no link tells that the words are a title."""
    words = list(_words(line))
    links = [word for word in words if _LINK.fullmatch(word)]
    others = [w for w in words if not (_LINK.fullmatch(w) or _TIME.fullmatch(w) or _is_id(w))]
    if not others:
        return words
    if not links:
        raise UnusableError(_no_id(others[0]))
    return [word for word in words if word in links or (":" in word and _TIME.fullmatch(word))]


def _words(line: str) -> Iterator[str]:
    numbered = _NUMBERED.match(line)
    at = numbered.end() if numbered else 0
    while at < len(line):
        if between := _BETWEEN.match(line, at):
            at = between.end()
            continue
        word = _WORD.match(line, at)
        assert word is not None  # what is no word was passed over
        if not _is_id(word[0]):
            word = _LINK.match(line, at) or _TIME.match(line, at) or word
        yield word[0]
        at = word.end()


def _is_id(word: str) -> bool:
    """An id, and no word of a title that happens to have eleven letters."""
    return bool(VIDEO_ID.fullmatch(word)) and not _WORDS.fullmatch(word)


def _take(piece: str, line: _Line) -> None:
    if _LINK.match(piece):
        span, playlist = read_link(piece.rstrip(".,;:!?)]}'\"»”"))
        if span is not None:
            line.name(span)
        elif playlist is not None:
            line.playlists.append(playlist)
    elif _is_id(piece):  # eleven figures, too: no time is that long
        line.name(PastedSpan(piece))
    elif time := _TIME.fullmatch(piece):
        start, end = (_clock(part) if part else None for part in time.groups())
        assert start is not None
        line.take(start, end)


def _no_id(word: str) -> str:
    if VIDEO_ID.fullmatch(word):
        return f"{quoted(word)} looks like a word, not like the id of a video: paste its link."
    if re.fullmatch(r"[\d:.]+s?", word):
        return f"{quoted(word)} is no time."
    if _NEARLY.fullmatch(word):
        return f"{quoted(word)} has {len(word)} characters; the id of a video has 11."
    return f"{quoted(word)} is no link, no id and no time."


def _clock(text: str) -> float:
    found = seconds(text)
    if found is None:
        raise UnusableError(
            f"{quoted(text)} is no time: minutes and seconds go from 0 to 59, as in 1:15."
        )
    return found

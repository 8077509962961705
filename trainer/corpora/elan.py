"""ELAN's EAF: tiers of annotations on time slots, and of annotations that hang on others."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from trainer.contract.foreign_text import quoted
from trainer.corpora.foreign_file import read_xml
from trainer.corpora.marked import MarkedFile
from trainer.corpora.rows import CorpusError
from trainer.corpora.tracks import ANNOTATOR, Mark, Track, TrackName, read_track_name

_Times = dict[str, tuple[float, float]]


def read_elan(path: Path) -> MarkedFile:
    """All tiers, in seconds of the sound. Raises CorpusError for what is no EAF."""
    root = read_xml(path)
    if root.tag != "ANNOTATION_DOCUMENT":
        raise CorpusError(f"{quoted(path.name)} is no document of ELAN.", "Choose an .eaf file.")
    media = root.findall("HEADER/MEDIA_DESCRIPTOR")
    # a medium may begin later than the document's time: its second 0 is then TIME_ORIGIN
    origin = _milliseconds(media[0].get("TIME_ORIGIN")) or 0 if media else 0
    slots = {
        slot.get("TIME_SLOT_ID", ""): at
        for slot in root.iterfind("TIME_ORDER/TIME_SLOT")
        if (at := _milliseconds(slot.get("TIME_VALUE"))) is not None
    }
    times = _times(root, slots, origin)
    tracks, named = [], set()
    for tier in root.iterfind("TIER"):
        name = _name(tier)
        tracks.append(Track(name, tuple(_marks(tier, times))))
        if tier.get("ANNOTATOR"):
            named.add(str(name))
    video = root.findtext("HEADER/PROPERTY[@NAME='video_id']")
    return MarkedFile(
        path, path.stem, tuple(tracks), _sounds(media, path.parent), video, frozenset(named)
    )


def _name(tier: Element) -> TrackName:
    name = read_track_name(tier.get("TIER_ID", ""))
    annotator = tier.get("ANNOTATOR", "").strip()
    if name.kind == ANNOTATOR and annotator:
        return TrackName(ANNOTATOR, annotator, name.lane)
    return name


def _marks(tier: Element, times: _Times) -> list[Mark]:
    marks = []
    for one in tier.iterfind("ANNOTATION/*"):
        span = times.get(one.get("ANNOTATION_ID", ""))
        if span is not None:
            marks.append(Mark(*span, one.findtext("ANNOTATION_VALUE") or ""))
    return sorted(marks, key=lambda mark: (mark.start, mark.end))


def _times(root: Element, slots: Mapping[str, int], origin: int) -> _Times:
    """The span of each annotation; one that hangs on another has that one's. Those without a time
    are left out."""
    times: _Times = {}
    for one in root.iterfind("TIER/ANNOTATION/ALIGNABLE_ANNOTATION"):
        ends = [slots.get(one.get(f"TIME_SLOT_REF{n}", "")) for n in (1, 2)]
        if ends[0] is not None and ends[1] is not None:
            span = (ends[0] + origin) / 1000, (ends[1] + origin) / 1000
            times[one.get("ANNOTATION_ID", "")] = span
    hanging = {
        one.get("ANNOTATION_ID", ""): one.get("ANNOTATION_REF", "")
        for one in root.iterfind("TIER/ANNOTATION/REF_ANNOTATION")
    }
    for name in hanging:
        above, seen = name, set[str]()
        while above in hanging and above not in seen:
            seen.add(above)
            above = hanging[above]
        if above in times:
            times[name] = times[above]
    return times


def _milliseconds(text: str | None) -> int | None:
    try:
        return int(text) if text else None
    except ValueError:
        return None


def _sounds(media: list[Element], folder: Path) -> tuple[str, ...]:
    """Where the sound may lie: beside the document as linked, then where it lay at first."""
    found = []
    for one in media:
        if relative := one.get("RELATIVE_MEDIA_URL"):
            path = unquote(urlsplit(relative).path if "://" in relative else relative)
            found.append(str(folder / path))
        if absolute := one.get("MEDIA_URL"):
            found.append(unquote(urlsplit(absolute).path))
    return tuple(found)

"""ELAN's EAF 3.0, one file for each recording: a tier for each track, a controlled vocabulary of
answers, and the sound linked both as an absolute and as a relative path.

Times are whole milliseconds, as ELAN keeps them. Not carried: speakers, transcripts, notes and
when an answer was given.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from stremo_studio.domain.annotation import ADJUDICATED, IMPORTED
from stremo_studio.domain.exported import ExportedRecording
from stremo_studio.formats.rows import (
    ExportedProject,
    File,
    Parcel,
    by_recording,
    milliseconds,
    placeable,
)
from stremo_studio.formats.rows import stems as stems_of
from stremo_studio.formats.tracks import tracks
from trainer.contract.labels import paper_scheme
from trainer.corpora.answer_words import BESIDE_THE_CLASSES, UNLABELLED
from trainer.corpora.tracks import ANNOTATOR, LABEL, Track

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_LANGUAGE = "und"
_ANSWERS, _NAMES = "answers", "names"
_MIME = {".wav": "audio/x-wav", ".mp3": "audio/mpeg", ".mp4": "video/mp4", ".m4a": "audio/mp4"}


def write_elan(project: ExportedProject) -> Parcel:
    """An `.eaf` for each recording."""
    clips, notes = placeable(project.clips)
    recordings = by_recording(clips)
    stems = stems_of(recording for recording, _ in recordings)

    def files() -> Iterator[File]:
        for recording, inside in recordings:
            root = _document(recording, tracks(inside), project)
            ElementTree.indent(root)
            data = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
            yield File(f"{stems[recording.id]}.eaf", data + b"\n")

    return Parcel(files(), notes)


def _document(
    recording: ExportedRecording, tiers: Sequence[Track], project: ExportedProject
) -> ElementTree.Element:
    root = ElementTree.Element(
        "ANNOTATION_DOCUMENT",
        {
            "AUTHOR": "",
            "DATE": project.saved or "1970-01-01T00:00:00Z",
            "FORMAT": "3.0",
            "VERSION": "3.0",
            "xmlns:xsi": _INSTANCE,
            "xsi:noNamespaceSchemaLocation": _SCHEMA,
        },
    )
    vocabulary = _vocabulary(tiers)
    _add_header(root, recording, project.place, sum(len(tier.marks) for tier in tiers))
    _add_tiers(root, tiers, vocabulary)
    for name in (_ANSWERS, _NAMES):
        kind = {"LINGUISTIC_TYPE_ID": name, "TIME_ALIGNABLE": "true", "GRAPHIC_REFERENCES": "false"}
        if name == _ANSWERS:
            kind["CONTROLLED_VOCABULARY_REF"] = _ANSWERS
        ElementTree.SubElement(root, "LINGUISTIC_TYPE", kind)
    ElementTree.SubElement(
        root,
        "LANGUAGE",
        {
            "LANG_ID": _LANGUAGE,
            "LANG_DEF": "http://cdb.iso.org/lg/CDB-00130975-001",
            "LANG_LABEL": "undetermined (und)",
        },
    )
    _add_vocabulary(root, vocabulary)
    return root


def _add_header(
    root: ElementTree.Element, recording: ExportedRecording, place: Path, annotations: int
) -> None:
    header = ElementTree.SubElement(
        root, "HEADER", {"MEDIA_FILE": "", "TIME_UNITS": "milliseconds"}
    )
    if recording.path is not None:
        path = Path(recording.path)
        ElementTree.SubElement(
            header,
            "MEDIA_DESCRIPTOR",
            {
                "MEDIA_URL": path.as_uri(),
                "RELATIVE_MEDIA_URL": _relative(path, place),
                "MIME_TYPE": _MIME.get(path.suffix.lower(), "unknown"),
            },
        )
    if recording.video_id:
        ElementTree.SubElement(header, "PROPERTY", {"NAME": "video_id"}).text = _fit(
            recording.video_id
        )
    last = ElementTree.SubElement(header, "PROPERTY", {"NAME": "lastUsedAnnotationId"})
    last.text = str(annotations)


def _relative(path: Path, place: Path) -> str:
    """As ELAN writes it; the absolute one where there is none, e.g. on another drive."""
    try:
        relative = Path(os.path.relpath(path, place)).as_posix()
    except ValueError:
        return path.as_uri()
    return quote(relative if relative.startswith(".") else f"./{relative}")


def _add_tiers(
    root: ElementTree.Element, tiers: Sequence[Track], vocabulary: Mapping[str, str]
) -> None:
    slots = ElementTree.SubElement(root, "TIME_ORDER")
    number = 0
    for tier in tiers:
        says = tier.name.kind in (LABEL, ANNOTATOR)
        facts = {"TIER_ID": _fit(str(tier.name))}
        facts["LINGUISTIC_TYPE_REF"] = _ANSWERS if says else _NAMES
        if tier.name.kind == ANNOTATOR and tier.name.of not in (IMPORTED, ADJUDICATED):
            facts["ANNOTATOR"] = _fit(tier.name.of)
        here = ElementTree.SubElement(root, "TIER", facts)
        for mark in tier.marks:
            number += 1
            marked = {"ANNOTATION_ID": f"a{number}"}
            for end, at in enumerate((mark.start, mark.end), start=1):
                slot = f"ts{2 * number - 2 + end}"
                value = {"TIME_SLOT_ID": slot, "TIME_VALUE": str(milliseconds(at))}
                ElementTree.SubElement(slots, "TIME_SLOT", value)
                marked[f"TIME_SLOT_REF{end}"] = slot
            if says:
                marked["CVE_REF"] = vocabulary[mark.text]
            outer = ElementTree.SubElement(here, "ANNOTATION")
            inner = ElementTree.SubElement(outer, "ALIGNABLE_ANNOTATION", marked)
            ElementTree.SubElement(inner, "ANNOTATION_VALUE").text = _fit(mark.text)


def _vocabulary(tiers: Sequence[Track]) -> dict[str, str]:
    """Ids of all words of the scheme, and of those that were used beside them."""
    scheme = paper_scheme()
    words = [c.id for c in scheme.classes] + [e.id for e in scheme.emotions]
    used = [m.text for t in tiers if t.name.kind in (LABEL, ANNOTATOR) for m in t.marks]
    every = dict.fromkeys([*words, *BESIDE_THE_CLASSES, UNLABELLED, *used])
    return {word: f"cve{number}" for number, word in enumerate(every)}


def _add_vocabulary(root: ElementTree.Element, vocabulary: Mapping[str, str]) -> None:
    answers = ElementTree.SubElement(root, "CONTROLLED_VOCABULARY", {"CV_ID": _ANSWERS})
    ElementTree.SubElement(answers, "DESCRIPTION", {"LANG_REF": _LANGUAGE})
    for word, entry in vocabulary.items():
        one = ElementTree.SubElement(answers, "CV_ENTRY_ML", {"CVE_ID": entry})
        value = ElementTree.SubElement(one, "CVE_VALUE", {"DESCRIPTION": "", "LANG_REF": _LANGUAGE})
        value.text = _fit(word)


def _fit(text: str) -> str:
    """Without the control characters that XML knows no way to write."""
    return "".join(c for c in text if c >= " " or c in "\t\n")

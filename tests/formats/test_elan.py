"""ELAN: whole milliseconds, a vocabulary for every answer, links both ways."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stremo_studio.formats.elan import write_elan
from tests.formats.exported import TALK, clip, project, texts, two_annotators


def _document(name: str = "talk.eaf") -> ElementTree.Element:
    return ElementTree.fromstring(texts(write_elan(two_annotators()))[name])


def test_the_sound_is_linked_absolutely_and_relatively() -> None:
    media = _document().find("HEADER/MEDIA_DESCRIPTOR")
    assert media is not None
    assert media.attrib == {
        "MEDIA_URL": "file:///sound/talk.wav",
        "RELATIVE_MEDIA_URL": "../sound/talk.wav",
        "MIME_TYPE": "audio/x-wav",
    }
    video = _document("youtube [-aaaaaaaaaa].eaf")
    assert video.find("HEADER/MEDIA_DESCRIPTOR") is None
    assert video.findtext("HEADER/PROPERTY[@NAME='video_id']") == "-aaaaaaaaaa"


def test_parts_stand_in_the_order_of_the_schema() -> None:
    order = ["HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE", "LANGUAGE", "CONTROLLED_VOCABULARY"]
    assert list(dict.fromkeys(part.tag for part in _document())) == order


def test_each_annotator_has_a_tier_of_words_from_the_vocabulary() -> None:
    root = _document()
    tiers = {tier.get("TIER_ID"): tier for tier in root.iter("TIER")}
    assert tiers["Ann"].get("ANNOTATOR") == "Ann"
    words = {e.get("CVE_ID"): e.findtext("CVE_VALUE") for e in root.iter("CV_ENTRY_ML")}
    said = [
        (one.findtext("ANNOTATION_VALUE"), words[one.get("CVE_REF")])
        for one in tiers["Ann"].iter("ALIGNABLE_ANNOTATION")
    ]
    assert said == [("negative", "negative")]
    assert [v.text for v in tiers["clips (made) [2]"].iter("ANNOTATION_VALUE")] == ["clip 2"]


def test_times_are_slots_of_whole_milliseconds() -> None:
    made = project([clip(1, 1 / 3, 2 / 3, ("Ann", "neutral"))])
    root = ElementTree.fromstring(texts(write_elan(made))["talk.eaf"])
    values = {s.get("TIME_SLOT_ID"): s.get("TIME_VALUE") for s in root.iter("TIME_SLOT")}
    for one in root.iter("ALIGNABLE_ANNOTATION"):
        assert values[one.get("TIME_SLOT_REF1")] == "333"
        assert values[one.get("TIME_SLOT_REF2")] == "667"
    ids = [one.get("ANNOTATION_ID") for one in root.iter("ALIGNABLE_ANNOTATION")]
    assert len(set(ids)) == len(ids) == 4
    assert root.findtext("HEADER/PROPERTY[@NAME='lastUsedAnnotationId']") == "4"


def test_control_characters_do_not_break_the_document() -> None:
    odd = replace(clip(1, 0, 1), name="a\x00<b>&")
    name = ElementTree.fromstring(texts(write_elan(project([odd])))["talk.eaf"])
    assert "a<b>&" in [v.text for v in name.iter("ANNOTATION_VALUE")]


def test_a_path_with_spaces_becomes_an_address() -> None:
    recording = replace(TALK, path="/my sound/ä.wav")
    made = project([clip(1, 0, 1, recording=recording)], Path("/my sound/out"))
    (text,) = texts(write_elan(made)).values()
    assert 'MEDIA_URL="file:///my%20sound/%C3%A4.wav"' in text
    assert 'RELATIVE_MEDIA_URL="../%C3%A4.wav"' in text


def test_pympi_reads_it(tmp_path: Path) -> None:
    pympi = pytest.importorskip("pympi")
    for name, text in texts(write_elan(two_annotators())).items():
        (tmp_path / name).write_text(text)
    document = pympi.Elan.Eaf(str(tmp_path / "talk.eaf"))
    assert [one[:3] for one in document.get_annotation_data_for_tier("Ann")] == [
        (1000, 3000, "negative")
    ]
    words = document.get_cv_entries("answers").values()
    assert "cannot_tell" in [word for entry in words for word, *_ in entry[0]]

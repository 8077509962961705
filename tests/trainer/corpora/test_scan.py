"""Telling corpora apart, one or several at a place."""

import gc
import os
from pathlib import Path

import pytest

from tests.trainer.corpora.trees import finding, plant, tone
from trainer.corpora.rows import KNOWN, CorpusError
from trainer.corpora.scan import CORPORA, FULL, find_corpora, scan

STREMO = "Filename,Clip Time From,Clip Time To,Video_Id,Emotion\na_1,0:00:01,0:00:02,a,Anger\n"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    plant(tmp_path, ["RAVDESS/Actor_01/03-01-05-01-02-01-01.wav", "x/SAVEE/DC/a01.wav"])
    plant(tmp_path, ["CREMA-D/AudioWAV/1001_DFA_ANG_XX.wav", "TESS/OAF_back_ps.wav"], tone(0.2))
    plant(tmp_path, ["ami/meeting.wav"])
    (tmp_path / "StrEmo").mkdir()
    (tmp_path / "StrEmo" / "StrEmo.csv").write_text(STREMO)
    return tmp_path


def test_every_corpus_below_a_root_is_found(shelf: Path) -> None:
    scans, strangers, _ = find_corpora(shelf)
    assert {s.corpus: len(s.clips) for s in scans} == {
        "stremo": 1,
        "ravdess": 1,
        "crema_d": 1,
        "tess": 1,
        "savee": 1,
    }
    assert [file.relative for file in strangers] == ["ami/meeting.wav"]


def test_files_of_one_corpus_are_no_oddity_of_another(shelf: Path) -> None:
    assert not [f for s in find_corpora(shelf)[0] for f in s.findings if f.severity == "skipped"]


def test_one_of_several_must_be_chosen(shelf: Path) -> None:
    with pytest.raises(CorpusError, match="StrEmo, RAVDESS, CREMA-D, TESS, SAVEE"):
        scan(shelf)
    assert len(scan(shelf, "CREMA-D").clips) == 1


def test_a_root_with_nothing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No corpus"):
        find_corpora(tmp_path)


def test_a_name_that_begins_with_dots_has_no_suffix(tmp_path: Path) -> None:
    plant(tmp_path, [".wav", "..wav", "anger/.hidden.wav", "anger/a.b.WAV"])
    assert [clip.name for clip in scan(tmp_path).clips] == ["anger/.hidden", "anger/a.b"]


def test_the_garbage_collector_is_left_as_it_was(shelf: Path, tmp_path: Path) -> None:
    find_corpora(shelf)
    with pytest.raises(CorpusError):
        scan(tmp_path / "nothing")
    assert gc.isenabled()
    gc.disable()
    try:
        find_corpora(shelf)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_the_real_shelf(real_data: Path) -> None:
    scans, strangers, _ = find_corpora(real_data / "originals")
    assert {s.corpus: len(s.clips) for s in scans} == {"ravdess": 17, "crema_d": 10, "tess": 3}
    assert strangers == []


def test_every_corpus_knows_what_it_should_hold() -> None:
    assert set(FULL) == set(KNOWN) == set(CORPORA) - {"folder"}


def test_pipes_named_like_audio_or_tables_are_left_alone_and_told(tmp_path: Path) -> None:
    plant(tmp_path, ["anger/a.wav"])
    for name in ("anger/pipe.wav", "pipe.csv"):
        os.mkfifo(tmp_path / name)
    found = scan(tmp_path)
    assert [clip.name for clip in found.clips] == ["anger/a"]
    assert len(finding(found, "pipes and devices named like files").rows) == 2

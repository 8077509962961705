"""CREMA-D: every real file name, and the spots on them."""

import csv
from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.trainer.corpora.trees import finding, plant, rules, tone
from trainer.corpora.crema_d import CREMA_D
from trainer.corpora.scan import scan
from trainer.corpora.tally import Tally, tally


@pytest.mark.slow
def test_g1_every_real_name_gives_the_papers_row(tmp_path: Path, real_data: Path) -> None:
    with (real_data / "listings" / "cremad_files.csv").open() as file:
        plant(tmp_path, (row["path"] for row in csv.DictReader(file)))
    found = scan(tmp_path)
    assert found.corpus == "crema_d"
    assert tally(found.clips) == CREMA_D.full == Tally(7442, 1271, 1087, 5084, 0)
    assert len({clip.group for clip in found.clips}) == 91


def test_gender_agrees_with_the_published_demographics(tmp_path: Path, real_data: Path) -> None:
    with (real_data / "listings" / "cremad_VideoDemographics.csv").open() as file:
        sexes = {row["ActorID"]: row["Sex"].lower() for row in csv.DictReader(file)}
    clips = scan(plant(tmp_path, (f"{actor}_DFA_ANG_XX.wav" for actor in sexes))).clips
    assert {c.speaker.name: c.speaker.gender for c in clips if c.speaker} == sexes


def test_real_originals_are_read(real_data: Path) -> None:
    found = scan(real_data / "originals" / "CREMA-D")
    assert tally(found.clips) == Tally(10, 1, 1, 8, 0)
    assert all(clip.end and not clip.problem for clip in found.clips)


def test_the_name_with_a_single_x_is_the_same_clip(tmp_path: Path) -> None:
    found = scan(plant(tmp_path, ["Crema/1040_ITH_SAD_X.wav", "old/a/1040_ITH_SAD_XX.wav"]))
    assert [clip.name for clip in found.clips] == ["1040_ITH_SAD_XX"]
    assert {"names with a single X", "second copies"} <= rules(found)


def test_wav_is_taken_where_mp3_lies_beside_it(tmp_path: Path) -> None:
    plant(tmp_path, ["AudioMP3/1001_DFA_ANG_XX.mp3", "AudioWAV/1001_DFA_ANG_XX.wav"])
    (clip,) = scan(tmp_path).clips
    assert str(clip.path).endswith(".wav")


def test_a_clone_without_lfs_says_so(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 82260\n"
    plant(tmp_path, ["1001_DFA_ANG_XX.wav", "1001_DFA_NEU_XX.wav"], pointer)
    found = finding(scan(tmp_path), "unreadable audio")
    assert len(found.rows) == 2
    assert "Git-LFS pointer" in found.message


@pytest.mark.parametrize(("peak", "silent"), [(0.0, True), (0.2, False)])
def test_the_reported_silent_clip_is_judged_by_its_level(
    tmp_path: Path, peak: float, silent: bool
) -> None:
    soundfile.write(tmp_path / "1076_MTI_SAD_XX.wav", np.full(4000, peak), 16_000)
    assert ("silent clips" in rules(scan(tmp_path))) == silent


def test_equal_files_with_contradictory_labels_are_named_and_kept(tmp_path: Path) -> None:
    plant(tmp_path, ["1006_TIE_HAP_XX.wav", "1006_TIE_NEU_XX.wav"])
    plant(tmp_path, ["1007_TIE_SAD_LO.wav", "1007_TIE_SAD_HI.wav"], tone(0.2))
    plant(tmp_path, ["1008_TIE_SAD_XX.wav"], tone(0.3))
    found = scan(tmp_path)
    torn = finding(found, "identical files with contradictory labels")
    assert set(torn.rows) == {"1006_TIE_HAP_XX", "1006_TIE_NEU_XX"}
    assert set(finding(found, "identical files").rows) == {"1007_TIE_SAD_LO", "1007_TIE_SAD_HI"}
    assert len(found.clips) == 5

"""TESS: every real file name, and the spots on them."""

import csv
from pathlib import Path

import pytest

from tests.trainer.corpora.trees import finding, plant, tone
from trainer.corpora.scan import scan
from trainer.corpora.tally import Tally, tally
from trainer.corpora.tess import TESS


@pytest.mark.slow
def test_g1_every_real_name_gives_the_papers_row(tmp_path: Path, real_data: Path) -> None:
    with (real_data / "listings" / "tess_files.csv").open() as file:
        plant(tmp_path, (row["path"] for row in csv.DictReader(file)))
    found = scan(tmp_path)
    assert found.corpus == "tess"
    assert tally(found.clips) == TESS.full == Tally(2800, 800, 400, 1600, 0)
    assert {clip.group for clip in found.clips} == {"tess:OAF", "tess:YAF"}
    assert finding(found, "names that miss a letter").rows == ("OAF_bite_neutral",)


def test_the_file_name_counts_and_not_the_folder(tmp_path: Path) -> None:
    plant(tmp_path, ["OAF_Pleasant_surprise/YAF_dog_sad.WAV", "x/OAF_food_PS.wav"])
    sad, surprised = scan(tmp_path).clips
    assert (sad.label, sad.group) == ("negative", "tess:YAF")
    assert (surprised.emotion, surprised.label) == ("pleasant surprise", "positive")
    assert surprised.transcript == "Say the word food"


def test_the_nested_second_copy_of_the_kaggle_archive_is_left_out(tmp_path: Path) -> None:
    top = "TESS Toronto emotional speech set data"
    name = "OAF_angry/OAF_back_angry.wav"
    found = scan(plant(tmp_path, [f"{top}/{name}", f"{top}/{top}/{name}"]))
    assert len(found.clips) == 1
    assert finding(found, "second copies").rows == (f"{top}/{top}/{name}",)


def test_the_one_file_at_96_khz_is_named(tmp_path: Path) -> None:
    plant(tmp_path, ["OAF_back_fear.wav", "OAF_bar_fear.wav"], tone(rate=24_414))
    plant(tmp_path, ["OAF_food_fear.wav"], tone(rate=96_000))
    found = scan(tmp_path)
    assert finding(found, "several sample rates").rows == ("OAF_food_fear",)
    assert "24414 Hz" in finding(found, "several sample rates").message

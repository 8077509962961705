"""SAVEE, from its naming rule, in both layouts."""

from itertools import product
from pathlib import Path

import pytest

from tests.trainer.corpora.trees import plant
from trainer.corpora.savee import SAVEE
from trainer.corpora.scan import scan
from trainer.corpora.tally import Tally, tally


def _codes() -> list[str]:
    codes = [f"{code}{n:02}" for code in ("a", "d", "f", "h", "sa", "su") for n in range(1, 16)]
    return codes + [f"n{n:02}" for n in range(1, 31)]


@pytest.mark.parametrize("layout", ["AudioData/{}/{}.wav", "ALL/{}_{}.wav", "{}{}.WAV"])
def test_g1_the_whole_corpus_gives_the_papers_row(tmp_path: Path, layout: str) -> None:
    speakers = ("DC", "JE", "JK", "KL")
    plant(tmp_path, (layout.format(who, code) for who, code in product(speakers, _codes())))
    found = scan(tmp_path)
    assert found.corpus == "savee"
    assert tally(found.clips) == SAVEE.full == Tally(480, 60, 120, 240, 60)
    assert {clip.group for clip in found.clips} == {f"savee:{who}" for who in speakers}


def test_sa_and_su_are_not_taken_for_single_letters(tmp_path: Path) -> None:
    plant(tmp_path, ["KL/sa01.wav", "KL/su01.wav", "KL/a01.wav"])
    emotions = {clip.name: clip.emotion for clip in scan(tmp_path).clips}
    assert emotions == {"KL_sa01": "sadness", "KL_su01": "surprise", "KL_a01": "anger"}


def test_a_bare_code_outside_a_speakers_folder_is_no_savee(tmp_path: Path) -> None:
    assert scan(plant(tmp_path, ["music/a01.wav"])).corpus != "savee"

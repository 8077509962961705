"""CMU-MOSEI by the published list."""

from pathlib import Path

import pytest

from tests.trainer.corpora.trees import finding, plant, tone
from trainer.corpora.cmu_mosei import FULL
from trainer.corpora.scan import scan
from trainer.corpora.tally import tally

LIST = """Filename,Whisper_Text,CMU_Raw_Audio,Start_Time,Stop_Time,Source,Emotion
-3nNcZdcdvU[1],"Well,
then.",-3nNcZdcdvU,1.5,3.25,CMU-MOSEI,positive
102858[19],No.,102858,-0.4,2.0,CMU-MOSEI,neutral
_dI--eQ6qVU[0],Oh.,_dI--eQ6qVU,0.5,1.0,CMU-MOSEI,negative
gone4567890[7],Hm.,gone4567890,0.5,1.0,CMU-MOSEI,negative
"""


@pytest.fixture
def mosei(tmp_path: Path) -> Path:
    (tmp_path / "list.csv").write_text(LIST)
    full = [f"Audio/Full/WAV_16000/{video}.wav" for video in ("-3nNcZdcdvU", "102858")]
    plant(tmp_path, full, tone(5.0))
    return plant(tmp_path, ["Audio/Segmented_Audio/train/_dI--eQ6qVU_0.wav"], tone(0.5))


def test_g2_the_published_list_gives_the_papers_row(real_data: Path) -> None:
    path = real_data / "stremo" / "CMU-MOSEI_Processed_Subset_with_Whisper.csv"
    found = scan(path)
    assert tally(found.clips) == FULL
    assert len({clip.group for clip in found.clips}) == 1448


def test_whole_videos_are_spans_and_cuts_are_whole_files(mosei: Path) -> None:
    found = scan(mosei)
    assert found.corpus == "cmu_mosei"
    spans = {clip.name: (clip.start, clip.end, clip.video_id) for clip in found.clips}
    assert spans["-3nNcZdcdvU[1]"] == (1.5, 3.25, "-3nNcZdcdvU")
    assert spans["_dI--eQ6qVU[0]"] == (0.0, pytest.approx(0.5), None)
    assert finding(found, "audio missing").rows == ("gone4567890[7]",)


def test_a_negative_start_is_cut_to_zero_and_numeric_ids_stay_text(mosei: Path) -> None:
    clip = next(clip for clip in scan(mosei).clips if clip.name == "102858[19]")
    assert (clip.start, clip.group) == (0.0, "cmu_mosei:102858")


def test_multi_line_cells_are_one_row(mosei: Path) -> None:
    found = scan(mosei)
    assert found.clips[0].transcript == "Well,\nthen."
    assert len(found.clips) == 4

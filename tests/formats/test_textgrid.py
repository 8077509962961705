"""TextGrids: tiers tile the recording, and quotes are doubled as Praat wants them."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stremo_studio.formats.textgrid import tiled, write_textgrid
from tests.formats.exported import project, texts, two_annotators
from trainer.corpora.tracks import Mark

cuts = st.lists(st.floats(0, 100, allow_subnormal=False), unique=True, max_size=20).map(sorted)


@given(cuts)
def test_intervals_tile_the_recording(at: list[float]) -> None:
    marks = [Mark(a, b, "x") for a, b in zip(at[::2], at[1::2], strict=False)]
    whole = tiled(marks, 120.0)
    assert [one for one in whole if one.text] == marks
    assert (whole[0].start, whole[-1].end) == (0, 120.0)
    assert all(a.end == b.start for a, b in pairwise(whole))
    assert all(one.start < one.end for one in whole)


def test_a_grid_for_each_recording() -> None:
    files = texts(write_textgrid(two_annotators()))
    assert list(files) == ["talk.TextGrid", "youtube [-aaaaaaaaaa].TextGrid"]
    grid = files["talk.TextGrid"]
    assert grid.startswith('File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\n')
    assert "xmax = 10.0\ntiers? <exists>\nsize = 9\nitem []:\n    item [1]:\n" in grid
    assert '        name = "Ben"\n' in grid
    assert (
        "        intervals [2]:\n            xmin = 1.0\n            xmax = 3.0\n"
        '            text = "neutral"\n' in grid
    )
    assert "xmax = 2.0\n" in files["youtube [-aaaaaaaaaa].TextGrid"]


def test_a_clip_without_length_is_told_and_left_out() -> None:
    clips = list(two_annotators().clips)
    clips[0] = type(clips[0])(**{n: getattr(clips[0], n) for n in clips[0].__slots__} | {"end": 1})
    parcel = write_textgrid(project(clips))
    assert parcel.notes == ["1 clip left out: without a place in the file."]
    assert "clip 1" not in texts(parcel)["talk.TextGrid"]


def test_praatio_reads_it(tmp_path: Path) -> None:
    textgrid = pytest.importorskip("praatio.textgrid")
    for name, text in texts(write_textgrid(two_annotators())).items():
        (tmp_path / name).write_text(text)
    grid = textgrid.openTextgrid(str(tmp_path / "talk.TextGrid"), includeEmptyIntervals=False)
    assert grid.maxTimestamp == 10.0
    assert [tuple(one) for one in grid.getTier("Ben").entries] == [(1.0, 3.0, "neutral")]

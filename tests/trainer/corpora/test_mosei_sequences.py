"""CMU-MOSEI by its computational sequences, in files as the SDK writes them."""

import json
from pathlib import Path

import h5py
import numpy as np
import platformdirs
import pytest

from tests.trainer.corpora.sequences import write_labels, write_words
from tests.trainer.corpora.trees import finding, plant, rules, tone
from trainer.corpora.cmu_mosei import PAPER, PUBLISHED
from trainer.corpora.rows import CorpusError
from trainer.corpora.scan import find_corpora, scan

LABELS, WORDS = "CMU_MOSEI_Labels.csd", "CMU_MOSEI_TimestampedWords.csd"
NOTHING = (0.0,) * 7
HAPPY = (2.0, 3.0, 0, 0, 0, 0, 0)
AFRAID = (-1.0, 0, 0, 0, 0, 0, 8 / 3)
SURPRISED = (0.0, 0, 0, 0, 2.0, 0, 0)
LISTED = "Filename,Whisper_Text,CMU_Raw_Audio,Start_Time,Stop_Time,Source,Emotion\n"


@pytest.fixture
def mosei(tmp_path: Path) -> Path:
    """Rows out of order, an early start, a score too high, and a row that is no measurement."""
    videos = {
        "-a_bcdefghi": [(4.0, 6.0, AFRAID), (0.5, 2.0, HAPPY), (2.0, 4.0, SURPRISED)],
        "102858": [(-0.25, 1.0, NOTHING), (1.0, 2.0, (0, 4.33, 0, 0, 0, 0, 0))],
        "_9": [(3.0, 2.0, NOTHING), (0.0, 1.0, (0, float("nan"), 0, 0, 0, 0, 0))],
    }
    words = [(0.0, 0.5, "well"), (0.5, 1.0, "so"), (1.0, 1.5, "sp"), (1.5, 2.2, "happy")]
    write_labels(tmp_path / LABELS, videos)
    write_words(tmp_path / WORDS, {"-a_bcdefghi": words, "102858": [(0.2, 0.9, "no")]})
    full = "Raw/Audio/Full/WAV_16000/-a_bcdefghi.wav"
    plant(tmp_path, [full], tone(6.0))
    return plant(tmp_path, ["Audio/Segmented_Audio/dev/102858_1.wav"], tone(1.0))


def test_segments_are_rows_of_videos_in_whatever_order(mosei: Path) -> None:
    found = scan(mosei)
    assert [(c.name, c.start, c.end, c.label) for c in found.clips] == [
        ("-a_bcdefghi[0]", 4.0, 6.0, "negative"),
        ("-a_bcdefghi[1]", 0.5, 2.0, "positive"),
        ("-a_bcdefghi[2]", 2.0, 4.0, "neutral"),
        ("102858[0]", 0.0, 1.0, "neutral"),
        ("102858[1]", 0.0, 1.0, "positive"),
    ]
    assert {c.group for c in found.clips} == {"cmu_mosei:-a_bcdefghi", "cmu_mosei:102858"}


def test_what_is_said_are_the_words_that_overlap_the_segment(mosei: Path) -> None:
    assert {c.name: c.transcript for c in scan(mosei).clips} == {
        "-a_bcdefghi[0]": None,
        "-a_bcdefghi[1]": "so happy",  # `well` only touches it, and `sp` is a pause
        "-a_bcdefghi[2]": "happy",  # the neighbour's last word
        "102858[0]": "no",
        "102858[1]": None,
    }


def test_audio_is_the_whole_video_or_the_row_cut_from_it(mosei: Path) -> None:
    paths = {c.name: Path(c.path).name for c in scan(mosei).clips if c.path}
    assert paths["-a_bcdefghi[2]"] == "-a_bcdefghi.wav"
    assert paths["102858[1]"] == "102858_1.wav"
    assert "102858[0]" not in paths


def test_odd_rows_are_told_by_name(mosei: Path) -> None:
    found = scan(mosei)
    assert finding(found, "segments that start before their video").rows == ("102858[0]",)
    assert finding(found, "scores above 3").rows == ("102858[1]",)
    assert finding(found, "out of range").rows == ("_9[0]", "_9[1]")
    assert finding(found, "nothing is stated to compare with").rows == (
        "-a_bcdefghi[0]",
        "102858[1]",
    )


def test_the_rows_are_those_of_the_published_list(mosei: Path) -> None:
    (mosei / "list.csv").write_text(LISTED + "102858[1],Yes.,102858,1.0,2.0,CMU-MOSEI,positive\n")
    listed, by_scores = (find_corpora(mosei, mode).scans[0] for mode in (PUBLISHED, PAPER))
    (clip,) = listed.clips
    assert clip.path == next(c.path for c in by_scores.clips if c.name == clip.name)


@pytest.mark.parametrize("root", ["All Labels", "glove_vectors"])
def test_the_name_of_the_root_does_not_matter(tmp_path: Path, root: str) -> None:
    path = write_labels(tmp_path / "any.csd", {"v": [(0, 1, HAPPY)]}, root=root)
    assert scan(path).clips[0].label == "positive"


def test_dimensions_are_read_by_their_names(tmp_path: Path) -> None:
    turned = ("fear", "disgust", "surprise", "anger", "sadness", "happiness", "sentiment")
    path = write_labels(tmp_path / LABELS, {"v": [(0, 1, (3, 0, 0, 0, 0, 0, 0))]}, turned)
    assert scan(path).clips[0].source_label == "fear 3.00"
    plain = write_labels(tmp_path / "plain.csd", {"v": [(0, 1, AFRAID)]}, None)
    (tmp_path / LABELS).unlink()
    assert scan(plain).clips[0].source_label == "fear 2.67"


def test_a_text_comes_from_the_raw_transcripts_where_the_words_are_missing(mosei: Path) -> None:
    (mosei / WORDS).unlink()
    lines = mosei / "Raw" / "Transcript" / "Segmented" / "Combined"
    lines.mkdir(parents=True)
    (lines / "-a_bcdefghi.txt").write_text("-a_bcdefghi___7___2.0004___3.9999___oh____well\n")
    texts = {c.name: c.transcript for c in scan(mosei).clips}
    assert texts["-a_bcdefghi[2]"] == "oh____well"
    assert texts["-a_bcdefghi[1]"] is None


def test_features_of_the_face_are_no_labels(mosei: Path) -> None:
    write_labels(mosei / "CMU_MOSEI_VisualFacet42.csd", {"v": [(0, 1, (0.5,) * 35)]}, None)
    assert len(scan(mosei).clips) == 5


def test_tables_of_scores_beside_are_left_aside_and_told(mosei: Path) -> None:
    header = "video,start,end,happy,sad,anger,surprise,disgust,fear,text\n"
    (mosei / "scores.csv").write_text(header + "-a_bcdefghi,4.0,6.0,0,0,0,0,0,0,quiet\n")
    found = scan(mosei)
    assert finding(found, "scores left aside").rows == ("scores.csv",)
    assert found.clips[0].transcript == "quiet"
    assert found.clips[0].label == "negative"


def _sentiment(path: Path) -> None:
    write_labels(path, {"v": [(0, 1, (1.0,))]}, ["sentiment"])


def _six_without_names(path: Path) -> None:
    write_labels(path, {"v": [(0, 1, (1.0,) * 6)]}, None)


def _other_layout(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["v/features"] = np.zeros((2, 7))


def _no_intervals(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["All Labels/data/v/features"] = np.zeros((2, 7))


def _flat(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["All Labels/data/v/features"] = np.zeros(7)
        file["All Labels/data/v/intervals"] = np.zeros(2)


def _no_video(path: Path) -> None:
    write_labels(path, {})


def _cut_short(path: Path) -> None:
    write_labels(path, {"v": [(0, 1, HAPPY)]})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def _error_page(path: Path) -> None:
    path.write_text("<html>404</html>")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_sentiment, "it says sentiment"),
        (_six_without_names, "of its 6 numbers a row it says nothing"),
        (_other_layout, "is HDF5, but no computational sequence"),
        (_no_intervals, "holds no features and intervals of video 'v'"),
        (_flat, r"has features \(7,\) and intervals \(2,\)"),
        (_no_video, "holds no video"),
        (_cut_short, "is damaged or incomplete"),
        (_error_page, "is no HDF5 file"),
    ],
)
def test_files_that_are_no_labels_are_refused_in_a_sentence(
    make: object, words: str, tmp_path: Path
) -> None:
    assert callable(make)
    make(tmp_path / LABELS)
    with pytest.raises(CorpusError, match=words) as caught:
        find_corpora(tmp_path)
    assert caught.value.message.startswith(LABELS)
    assert caught.value.hint


def test_words_alone_have_no_scores(tmp_path: Path) -> None:
    write_words(tmp_path / WORDS, {"v": [(0, 1, "so")]})
    with pytest.raises(CorpusError, match="holds no emotion scores") as caught:
        find_corpora(tmp_path)
    assert LABELS in caught.value.hint


def test_what_was_read_once_is_kept_until_the_files_change(mosei: Path) -> None:
    first = scan(mosei)
    assert scan(mosei) == first
    (cache,) = (Path(platformdirs.user_cache_dir("stremo-studio", False)) / "segments").iterdir()
    kept = json.loads(cache.read_text())
    kept["segments"][0][0] = "from the cache"
    cache.write_text(json.dumps(kept))
    assert scan(mosei).clips[0].name == "from the cache"
    write_words(mosei / WORDS, {"102858": [(0.2, 0.9, "yes")]})
    assert [clip.transcript for clip in scan(mosei).clips] == [None, None, None, "yes", None]
    cache.write_text("{")
    assert len(scan(mosei).clips) == 5


def test_damaged_words_are_told_and_stop_nothing(mosei: Path) -> None:
    _error_page(mosei / WORDS)
    found = scan(mosei)
    assert len(found.clips) == 5
    assert "is no HDF5 file" in finding(found, "files that cannot be used").message
    assert "nothing is stated to compare with" in rules(found)


def test_labels_that_break_off_leave_the_other_corpora(tmp_path: Path) -> None:
    write_labels(tmp_path / LABELS, {"a": [(0, 1, HAPPY)], "b": [(0, 1, HAPPY)]})
    with h5py.File(tmp_path / LABELS, "a") as file:
        del file["All Labels/data/b/intervals"]
    plant(tmp_path, ["RAVDESS/03-01-05-01-02-01-01.wav"])
    shelf = find_corpora(tmp_path)
    assert [s.corpus for s in shelf.scans] == ["ravdess"]
    assert "of video 'b'" in shelf.refused[0].message

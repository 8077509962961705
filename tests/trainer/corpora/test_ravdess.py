"""RAVDESS: real files, and the whole corpus from its naming rule."""

import time
from itertools import product
from pathlib import Path

import pytest

from tests.trainer.corpora.trees import finding, plant, rules, tone
from trainer.corpora.ravdess import RAVDESS
from trainer.corpora.scan import scan
from trainer.corpora.tally import Tally, tally


def _all_names() -> list[str]:
    names = []
    for actor, emotion, level, say, again in product(
        range(1, 25), range(1, 9), (1, 2), (1, 2), (1, 2)
    ):
        if not (emotion == 1 and level == 2):
            stem = f"03-01-{emotion:02}-{level:02}-{say:02}-{again:02}-{actor:02}"
            names.append(f"Actor_{actor:02}/{stem}.wav")
    return names


def test_g1_the_whole_corpus_gives_the_papers_row(tmp_path: Path) -> None:
    found = scan(plant(tmp_path, _all_names()))
    assert found.corpus == "ravdess"
    assert tally(found.clips) == RAVDESS.full == Tally(1440, 192, 288, 768, 192)
    assert len({clip.group for clip in found.clips}) == 24
    assert "192 surprised" in finding(found, "discarded labels").message


def test_the_twelve_real_actors(real_data: Path) -> None:
    started = time.process_time()  # what other programs do at the moment must not count
    found = scan(real_data / "ravdess")
    assert time.process_time() - started < 3
    assert tally(found.clips) == Tally(720, 96, 144, 384, 96)
    assert len({clip.group for clip in found.clips}) == 12
    assert all(2.9 < (clip.end or 0) < 5.3 for clip in found.clips)


def test_real_originals_tell_their_stereo_files(real_data: Path) -> None:
    found = scan(real_data / "originals" / "RAVDESS")
    assert len(finding(found, "several channels").rows) == 3


def test_a_name_gives_label_speaker_gender_and_words(tmp_path: Path) -> None:
    (clip,) = scan(plant(tmp_path, ["Actor_08/03-01-02-01-02-01-08.FLAC"])).clips
    assert (clip.source_label, clip.emotion, clip.label) == ("calm", "calm", "neutral")
    assert clip.group == "ravdess:08"
    assert clip.speaker
    assert clip.speaker.gender == "female"
    assert clip.transcript == "Dogs are sitting by the door"
    assert clip.end == pytest.approx(0.1)


def test_a_nested_second_copy_and_litter_are_left_out_and_counted(tmp_path: Path) -> None:
    name = "03-01-05-01-02-01-01.wav"
    plant(tmp_path, [f"Actor_01/{name}", f"again/Actor_01/{name}", f"__MACOSX/{name}"])
    plant(tmp_path, [f"Actor_01/._{name}"], b"\x00\x05\x16\x07")
    found = scan(tmp_path)
    assert [clip.path for clip in found.clips] == [str(tmp_path / "Actor_01" / name)]
    assert finding(found, "second copies").rows == (f"again/Actor_01/{name}",)


def test_song_and_silent_video_are_left_out_by_name(tmp_path: Path) -> None:
    plant(tmp_path, ["03-01-05-01-02-01-01.wav", "03-02-05-01-02-01-01.wav"])
    plant(tmp_path, ["02-01-05-01-02-01-02.mp4", "notes.wav"])
    found = scan(tmp_path)
    assert len(found.clips) == 1
    assert {"sung, not spoken", "video without sound", "files of other names"} <= rules(found)


def test_the_audio_visual_file_of_a_clip_is_not_a_second_clip(tmp_path: Path) -> None:
    found = scan(plant(tmp_path, ["03-01-05-01-02-01-01.wav", "01-01-05-01-02-01-01.mp4"]))
    assert [clip.name for clip in found.clips] == ["03-01-05-01-02-01-01"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 9\n", "Git-LFS"),
        (b"no sound here\n", "text file"),
        (b"", "empty"),
        (tone(1.0)[:4000], "cut short"),
        (tone(0.0), "holds no sound"),
    ],
)
def test_a_bad_file_is_a_row_with_its_reason(tmp_path: Path, content: bytes, word: str) -> None:
    plant(tmp_path, ["03-01-05-01-02-01-02.wav"])
    found = scan(plant(tmp_path, ["03-01-05-01-02-01-01.wav"], content))
    bad = next(clip for clip in found.clips if clip.name.endswith("01"))
    assert word in bad.problem
    assert bad.label == "negative"
    assert finding(found, "unreadable audio").rows == ("03-01-05-01-02-01-01",)


def test_half_a_flac_is_cut_short(tmp_path: Path) -> None:
    content = tone(2.0, 16_000, kind="FLAC")
    (clip,) = scan(
        plant(tmp_path, ["03-01-05-01-02-01-01.flac"], content[: len(content) // 2])
    ).clips
    assert "cut short" in clip.problem

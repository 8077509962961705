"""The data set with sound: clips are cut to the sample, splits keep groups together."""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stremo_studio.domain.exported import ExportedRecording
from stremo_studio.domain.recording import RecordingId
from stremo_studio.formats.audiofolder import write_audiofolder
from stremo_studio.formats.catalogue import FORMATS
from stremo_studio.formats.rows import ExportedRun, File
from tests.formats.exported import VIDEO, clip, project

RATE = 8000


@pytest.fixture
def talk(tmp_path: Path) -> ExportedRecording:
    path = tmp_path / "talk.wav"
    samples = (np.arange(4 * RATE) % 2000).astype(np.int16)
    soundfile.write(path, samples, RATE, subtype="PCM_16")
    return ExportedRecording(RecordingId(1), str(path), str(path), duration=4.0, licence="CC BY")


def _write(*clips: object, run: ExportedRun | None = None) -> tuple[dict[str, File], list[str]]:
    parcel = write_audiofolder(replace(project(clips), run=run))  # type: ignore[arg-type]
    files = {file.name: file for file in parcel.files}
    return files, parcel.notes


def _rows(file: File) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.data.decode().splitlines()]


def test_clips_are_cut_to_the_sample(talk: ExportedRecording) -> None:
    files, notes = _write(clip(1, 0.5, 1.5, ("Ann", "neutral"), recording=talk))
    samples, rate = soundfile.read(io.BytesIO(files["train/made clip 1.wav"].data), dtype="int16")
    assert rate == RATE
    expected = (np.arange(4 * RATE) % 2000)[RATE // 2 : 3 * RATE // 2]
    assert np.array_equal(samples, expected)
    (row,) = _rows(files["train/metadata.jsonl"])
    assert (row["file_name"], row["label"], row["licence"]) == (
        *("made clip 1.wav", "neutral", "CC BY"),
    )
    assert notes == []


def test_a_clip_whose_annotators_differ_has_neither_label_nor_emotion(
    talk: ExportedRecording,
) -> None:
    tie = clip(1, 0.5, 1.5, ("Ann", "neutral"), ("Ben", "negative"), recording=talk)
    files, _ = _write(tie)
    (row,) = _rows(files["train/metadata.jsonl"])
    assert tie.answer.label == "disputed"
    assert (row["label"], row["emotion"]) == (None, None)


def test_splits_are_folders_and_no_group_is_in_two(talk: ExportedRecording) -> None:
    clips = [replace(clip(n, n / 2, n / 2 + 0.4, ("Ann", "neutral"), recording=talk),
                     group=f"made:{n % 3}") for n in range(6)]  # fmt: skip
    run = ExportedRun("Probe 1", "abc", {}, {"made:0": "test", "made:1": "dev"})
    files, _ = _write(*clips, run=run)
    groups = {
        split: {row["group"] for row in _rows(files[f"{split}/metadata.jsonl"])}
        for split in ("train", "validation", "test")
    }
    assert groups == {"train": {"made:2"}, "validation": {"made:1"}, "test": {"made:0"}}


def test_clips_without_sound_are_told_and_left_out(talk: ExportedRecording) -> None:
    beyond = clip(2, 30.0, 31.0, recording=talk)
    files, notes = _write(clip(1, 0, 1, recording=talk), beyond, clip(3, 0, 1, recording=VIDEO))
    assert [name for name in files if name.endswith(".wav")] == ["train/made clip 1.wav"]
    assert notes == ["2 clips left out: no sound."]


def test_the_card_names_the_classes_in_order_and_warns(talk: ExportedRecording) -> None:
    files, _ = _write(clip(1, 0, 1, ("Ann", "positive"), recording=talk))
    _, header, text = files["README.md"].data.decode().split("---\n", 2)
    features = json.loads(header)["dataset_info"]["features"]
    assert features[1]["dtype"]["class_label"]["names"] == {
        "0": "negative", "1": "neutral", "2": "positive",
    }  # fmt: skip
    (row,) = _rows(files["train/metadata.jsonl"])
    assert [one["name"] for one in features] == ["audio", *list(row)[1:]]
    assert "YouTube's terms do not allow passing them on" in text
    assert "No run has drawn splits yet" in text


def test_only_this_format_has_sound() -> None:
    assert [one.id for one in FORMATS if one.has_sound] == ["audiofolder"]

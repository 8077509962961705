"""The practice set is reproducible, honest about what it is, and neither trivial nor noise."""

import csv
import hashlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from stremo_studio.practice import (
    CLIPS_PER_SPEAKER,
    SPEAKERS,
    UNLABELLED_PER_SPEAKER,
    make_practice_set,
)
from trainer.contract.labels import CLASSES, paper_scheme


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_practice_set(tmp_path_factory.mktemp("made") / "practice-set")


def rows(table: Path) -> list[dict[str, str]]:
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_listed_clip_is_there_and_sounds(table: Path) -> None:
    assert len(rows(table)) == len(SPEAKERS) * CLIPS_PER_SPEAKER == 112
    assert len(list(table.parent.rglob("*.wav"))) == 112
    for row in rows(table):
        samples, rate = soundfile.read(table.parent / row["path"])
        assert rate == 16000
        assert 1.5 <= len(samples) / rate <= 3.0
        assert 0.05 < np.abs(samples).max() < 0.99
        assert np.sqrt(np.mean(samples**2)) > 0.01


def test_every_speaker_has_every_class_and_a_part_left_to_label(table: Path) -> None:
    for speaker in {row["speaker"] for row in rows(table)}:
        theirs = [row for row in rows(table) if row["speaker"] == speaker]
        labels = Counter(
            paper_scheme().class_of(row["emotion"]) for row in theirs if row["emotion"]
        )
        assert set(labels) == set(CLASSES)
        assert sum(not row["emotion"] for row in theirs) == UNLABELLED_PER_SPEAKER


def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(
    table: Path, tmp_path: Path
) -> None:
    heard: list[float] = []
    again = make_practice_set(tmp_path / "again", heard.append)
    other = make_practice_set(tmp_path / "other", seed=2)
    assert digest(again.parent) == digest(table.parent)
    assert digest(other.parent) != digest(table.parent)
    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def digest(folder: Path) -> str:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()


def test_it_says_that_it_is_synthetic_wherever_it_is_seen(table: Path) -> None:
    assert "SYNTHETIC" in (table.parent / "README.txt").read_text()
    assert "Scores on it say nothing" in (table.parent / "README.txt").read_text()
    assert all("synthetic" in row["path"] and "synthetic" in row["speaker"] for row in rows(table))


def test_no_file_name_gives_a_label_away(table: Path) -> None:
    emotions = {row["emotion"] for row in rows(table)} - {""}
    assert not any(emotion in row["path"] for row in rows(table) for emotion in emotions)
    by_number = {row["path"][-6:-4]: set() for row in rows(table)}
    for row in rows(table):
        by_number[row["path"][-6:-4]].add(row["emotion"])
    assert all(len(found) > 1 for number, found in by_number.items() if number > "03")


def test_speakers_differ_in_pitch_as_women_and_men_do(table: Path) -> None:
    low = [loudest_period(table.parent / r["path"]) for r in rows(table) if "-01" in r["speaker"]]
    high = [loudest_period(table.parent / r["path"]) for r in rows(table) if "-08" in r["speaker"]]
    assert np.median(low) < 150 < np.median(high)


def loudest_period(path: Path) -> float:
    """Pitch in Hz of the loudest 64 ms, by autocorrelation."""
    samples, rate = soundfile.read(path)
    middle = int(np.argmax(np.convolve(samples**2, np.ones(1024), "same")))
    frame = samples[max(0, middle - 512) : middle + 512]
    likeness = np.correlate(frame, frame, "full")[len(frame) - 1 :]
    first, last = rate // 500, rate // 70
    return float(rate / (first + int(np.argmax(likeness[first:last]))))


@pytest.mark.slow
def test_a_model_learns_most_of_it_and_not_all(table: Path) -> None:
    """By unseen speakers, so that the matrix has cells worth auditioning."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import f1_score
    from sklearn.model_selection import GroupKFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    from trainer.features.functionals import features

    labelled = [row for row in rows(table) if row["emotion"]]
    paths = [table.parent / row["path"] for row in labelled]
    x = np.stack([features(soundfile.read(path, dtype="float32")[0]) for path in paths])
    y = [paper_scheme().class_of(row["emotion"]) for row in labelled]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    groups = [row["speaker"] for row in labelled]
    guessed = cross_val_predict(model, x, y, groups=groups, cv=GroupKFold(4))
    assert 0.6 < f1_score(y, guessed, average="macro") < 0.97

"""What a model takes for alike, read from a run's folder without torch."""

from pathlib import Path

import numpy as np
import pytest

from stremo_studio.domain.clip import ClipId
from stremo_studio.project.neighbours import Embeddings, read_embeddings
from trainer.contract.evaluation import Prediction
from trainer.contract.run_folder import RunFolder


def said(count: int) -> list[Prediction]:
    return [Prediction(str(n), "train", "neutral", "neutral", [0, 1, 0]) for n in range(count)]


def kept(folder: Path, vectors: np.ndarray) -> RunFolder:
    run = RunFolder(folder)
    np.save(run.embeddings_file, vectors.astype(np.float16))
    return run


def read(folder: Path, vectors: np.ndarray) -> Embeddings:
    found = read_embeddings(kept(folder, vectors), said(len(vectors)))
    assert found is not None
    return found


def test_the_nearest_are_those_of_the_smallest_angle_whatever_their_length(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    vectors = rng.normal(size=(9000, 12)) * rng.uniform(0.1, 30, (9000, 1))
    found = read(tmp_path, vectors)
    among = [ClipId(n) for n in range(0, 9000, 2)]
    for clip in (0, 7, 8888):
        near = found.nearest(ClipId(clip), among, 3)
        rows = vectors.astype(np.float16).astype(float)
        units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        cosines = {n: float(units[n] @ units[clip]) for n in among if n != clip}
        truth = sorted(cosines, key=cosines.__getitem__, reverse=True)[:3]
        assert [one.clip_id for one in near] == truth
        assert [one.similarity for one in near] == pytest.approx(
            [cosines[ClipId(n)] for n in truth], abs=1e-4
        )


def test_a_clip_is_not_its_own_neighbour_and_an_unknown_one_has_none(tmp_path: Path) -> None:
    found = read(tmp_path, np.eye(4))
    assert len(found.nearest(ClipId(1), [ClipId(n) for n in range(4)], 9)) == 3
    assert found.nearest(ClipId(99), [ClipId(1)], 3) == []
    assert found.nearest(ClipId(1), [ClipId(1), ClipId(99)], 3) == []


def test_rows_without_a_direction_are_alike_to_nothing(tmp_path: Path) -> None:
    found = read(tmp_path, np.array([[1.0, 1], [0, 0], [np.inf, 0], [1, 0.9]]))
    near = found.nearest(ClipId(0), [ClipId(n) for n in range(4)], 3)
    assert [one.clip_id for one in near] == [3, 1, 2]
    assert near[1].similarity == near[2].similarity == 0


def test_older_damaged_and_foreign_files_give_none(tmp_path: Path) -> None:
    run = RunFolder(tmp_path)
    assert read_embeddings(run, said(3)) is None
    run.embeddings_file.write_bytes(b"no array")
    assert read_embeddings(run, said(3)) is None
    assert read_embeddings(kept(tmp_path, np.eye(4)), said(3)) is None
    run.embeddings_file.write_bytes(run.embeddings_file.read_bytes()[:40])
    assert read_embeddings(run, said(4)) is None

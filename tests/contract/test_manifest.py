"""The manifest: one clip a line, and nothing in it is guessed."""

from dataclasses import replace
from pathlib import Path

import pytest

from trainer.contract.errors import TrainerError
from trainer.contract.manifest import ManifestClip, manifest_hash, read_manifest, write_manifest

CLIP = ManifestClip("1", "päth/«a».wav", None, "x:1")


def test_a_newer_writers_field_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "manifest.jsonl"
    write_manifest(path, [CLIP])
    path.write_text(path.read_text(encoding="utf-8").replace("{", '{"later": 1, '), "utf-8")
    assert read_manifest(path) == [CLIP]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('{"clip_id": "1", "path": "a", "label": null}\n', "Line 1 of manifest.jsonl is no clip"),
        ('{"clip_id": "1", "path": "a", "label": null, "group": "g"}\n' * 2, "twice"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, lines: str, words: str) -> None:
    path = tmp_path / "manifest.jsonl"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(TrainerError, match=words):
        read_manifest(path)


def test_a_missing_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="There is no manifest"):
        read_manifest(tmp_path / "manifest.jsonl")


def test_the_hash_knows_every_field_and_the_order() -> None:
    other = replace(CLIP, clip_id="2")
    hashes = {
        manifest_hash(clips)
        for clips in ([CLIP], [other], [CLIP, other], [other, CLIP], [replace(CLIP, end=1.0)])
    }
    assert len(hashes) == 5

"""The cache of header facts: a second scan opens only what has changed."""

import os
from pathlib import Path

import pytest

from tests.trainer.corpora.trees import plant, tone
from trainer.corpora import headers
from trainer.corpora.scan import scan


def test_a_second_scan_opens_only_what_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, ["a.wav", "b.wav"])
    opened: list[str] = []
    probe = headers.probe
    monkeypatch.setattr(headers, "probe", lambda path: (opened.append(path.name), probe(path))[1])
    first = scan(tmp_path)
    plant(tmp_path, ["b.wav"], tone(2.0))
    second = scan(tmp_path)
    assert opened == ["a.wav", "b.wav", "b.wav"]
    assert [clip.end for clip in first.clips] == pytest.approx([0.1, 0.1])
    assert [clip.end for clip in second.clips] == pytest.approx([0.1, 2.0])


@pytest.mark.parametrize("rubbish", ["", "{", "[]", '{"version": 1}', '{"version": 0, "files": 1}'])
def test_a_damaged_cache_costs_nothing_but_time(tmp_path: Path, home: Path, rubbish: str) -> None:
    plant(tmp_path, ["a.wav"])
    before = scan(tmp_path)
    (cache,) = home.rglob("headers/*.json")
    cache.write_text(rubbish)
    assert scan(tmp_path) == before


@pytest.mark.skipif(os.name == "nt", reason="a file in place of the folder behaves otherwise")
def test_a_cache_folder_that_cannot_be_made_costs_nothing_but_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(tmp_path, ["a.wav"])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a.wav"))
    assert len(scan(tmp_path).clips) == 1

"""Hearing clips with a real, if very small, Whisper, and keeping what was heard."""

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch

from tests.trainer.tiny_whisper import save_tiny_whisper, tones
from trainer.__main__ import main
from trainer.contract.errors import TrainerError
from trainer.contract.manifest import ManifestClip, write_manifest
from trainer.transcripts import transcribe as module
from trainer.transcripts.cleaning import read_transcripts
from trainer.transcripts.transcribe import Heard, Pace, transcribe
from trainer.transcripts.whisper import Whisper

LOW, HIGH = 220, 2200


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_whisper(tmp_path_factory.mktemp("models") / "tiny")


def _unheard(*_: object) -> None: ...


def _hear(clips: list[ManifestClip], whisper: Path) -> Heard:
    return transcribe(clips, str(whisper), _unheard, _unheard)


def _no_model(*_: object) -> Whisper:
    raise AssertionError("everything is known already")


def test_each_clip_says_its_word(whisper: Path, tmp_path: Path) -> None:
    clips = tones(tmp_path, [LOW, HIGH, HIGH, LOW, LOW])
    assert list(_said(clips, whisper)) == ["so low", "so high", "so high", "so low", "so low"]


def _said(clips: list[ManifestClip], whisper: Path) -> list[str]:
    texts = _hear(clips, whisper).texts
    return [texts[clip.clip_id] for clip in clips]


def test_what_was_heard_once_is_not_heard_again(
    whisper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = tones(tmp_path, [LOW, HIGH])
    first = _hear(clips, whisper)
    monkeypatch.setattr(module, "Whisper", _no_model)
    assert _hear(clips, whisper) == first


def test_the_same_sound_elsewhere_is_known_and_another_sound_is_not(
    whisper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clip,) = tones(tmp_path / "here", [LOW])
    _hear([clip], whisper)
    (copy,) = tones(tmp_path / "there", [LOW])
    with monkeypatch.context() as patched:
        patched.setattr(Whisper, "hear", _no_model)
        assert _said([copy], whisper) == ["so low"]
    tones(tmp_path / "there", [HIGH])
    assert _said([copy], whisper) == ["so high"]


def test_a_span_is_heard_and_not_its_recording(whisper: Path, tmp_path: Path) -> None:
    (whole,) = tones(tmp_path, [LOW], seconds=5.0)
    cut = ManifestClip("t/cut", whole.path, None, "g", start=1.0, end=1.5)
    texts = _hear([whole, cut], whisper).texts
    assert texts["t/cut"] == "so low"
    assert len(texts["t/0"]) > len("so low")  # window after window


def test_clips_without_sound_are_told_and_stop_nothing(whisper: Path, tmp_path: Path) -> None:
    clips = tones(tmp_path, [LOW, HIGH, LOW])
    Path(clips[0].path).unlink()
    Path(clips[1].path).write_bytes(b"version https://git-lfs.github.com/spec/v1")
    heard = _hear(clips, whisper)
    assert heard.texts == {"t/2": "so low"}
    assert set(heard.unusable) == {"t/0", "t/1"}
    assert "Git-LFS" in heard.unusable["t/1"]


def test_an_interruption_loses_no_batch_that_was_heard(
    whisper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = tones(tmp_path, [LOW, HIGH] * 4)
    heard: list[int] = []

    def interrupt(done: int, _total: int, _left: float | None) -> None:
        if done >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transcribe(clips, str(whisper), interrupt, _unheard)
    listen = Whisper.hear

    def count(model: Whisper, sounds: list[module.Samples]) -> list[str]:
        heard.append(len(sounds))
        return listen(model, sounds)

    monkeypatch.setattr(Whisper, "hear", count)
    assert _said(clips, whisper) == ["so low", "so high"] * 4
    assert 0 < sum(heard) <= 8 - 3


def test_half_a_line_that_a_crash_left_costs_one_clip(whisper: Path, tmp_path: Path) -> None:
    clips = tones(tmp_path, [LOW, HIGH])
    _hear(clips, whisper)
    (kept,) = module.cache_folder().iterdir()
    lines = kept.read_bytes().rstrip().split(b"\n")
    kept.write_bytes(b"\n".join(lines)[: -len(lines[-1]) // 2])
    assert _said(clips, whisper) == ["so low", "so high"]
    assert _said(clips, whisper) == ["so low", "so high"]


def test_another_model_of_the_same_name_has_transcripts_of_its_own(
    whisper: Path, tmp_path: Path
) -> None:
    clips = tones(tmp_path, [LOW])
    other = save_tiny_whisper(tmp_path / "other" / "tiny", steps=1)
    assert (
        _hear(clips, whisper).model.split("weights")[1]
        != (_hear(clips, other).model.split("weights")[1])
    )
    assert len(list(module.cache_folder().iterdir())) == 2


def test_a_card_without_enough_memory_hears_fewer_at_once(
    whisper: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen = Whisper.hear

    def small_card(model: Whisper, sounds: list[module.Samples]) -> list[str]:
        if len(sounds) > 2:
            raise torch.OutOfMemoryError
        return listen(model, sounds)

    monkeypatch.setattr(Whisper, "hear", small_card)
    clips = tones(tmp_path, [LOW] * 9)
    assert _said(clips, whisper) == ["so low"] * 9

    monkeypatch.setattr(Whisper, "hear", lambda *_: small_card(*_[:1], [1, 2, 3]))  # type: ignore[list-item]
    with pytest.raises(TrainerError, match="memory is too small"):
        _hear(tones(tmp_path / "more", [HIGH]), whisper)


def test_batches_grow_while_they_are_quick_and_shrink_when_they_are_slow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [0.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    pace, sizes = Pace(), []
    for spent in (0.1, 0.2, 0.4, 1.0, 3.0, 3.0, 9.0, 9.0):
        pace.begin()
        clock[0] += spent
        pace.end()
        sizes.append(pace.size)
    assert sizes == [2, 4, 8, 8, 4, 2, 1, 1]


@pytest.mark.parametrize("broken", ["kind", "tokenizer", "weights", "config"])
def test_a_folder_that_holds_no_whole_whisper_is_one_sentence(
    whisper: Path, tmp_path: Path, broken: str
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in whisper.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    match broken:
        case "kind":
            (folder / "config.json").write_text('{"model_type": "hubert"}')
        case "tokenizer":
            for name in ("tokenizer.json", "vocab.json"):
                (folder / name).unlink()
        case "weights":
            (folder / "model.safetensors").write_bytes(b"half")
        case "config":
            (folder / "config.json").unlink()
    with pytest.raises(TrainerError, match="no Whisper to be used") as caught:
        _hear(tones(tmp_path, [LOW]), folder)
    assert "\n" not in caught.value.message
    assert "--transcripts" in caught.value.hint


def test_offline_says_where_to_put_a_copy(tmp_path: Path) -> None:
    with pytest.raises(TrainerError, match="hub cannot be reached") as caught:
        transcribe(tones(tmp_path, [LOW]), "openai/whisper-small", _unheard, _unheard)
    assert "name it with --whisper" in caught.value.hint


def test_the_verb_writes_a_table_that_reproduce_takes(
    whisper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clips = tones(tmp_path, [LOW, HIGH])
    manifest, out = tmp_path / "m.jsonl", tmp_path / "out" / "t.csv"
    write_manifest(manifest, [*clips, ManifestClip("t/9", "/nowhere.wav", None, "g", corpus="t")])
    words = ["transcribe", str(manifest), "--out", str(out), "--whisper", str(whisper)]
    assert main(words) == 0
    told = capsys.readouterr()
    assert "t/9: nowhere.wav is not there." in told.err
    assert "Whisper: 3 of 3 clips" in told.err
    assert told.out.startswith("Wrote 2 transcripts")
    assert "1 could not be heard" in told.out
    assert read_transcripts(out) == {"0": "so low", "1": "so high"}
    with out.open(newline="") as file:
        assert [row["clip_id"] for row in csv.DictReader(file)] == ["t/0", "t/1"]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_at_work_it_goes_on_where_it_was(whisper: Path, tmp_path: Path) -> None:
    manifest = tmp_path / "m.jsonl"
    write_manifest(manifest, tones(tmp_path / "clips", [LOW, HIGH] * 300))
    words = ["transcribe", str(manifest), "--out", str(tmp_path / "t.csv")]
    command = [sys.executable, "-m", "trainer", *words, "--whisper", str(whisper)]
    child = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while _kept() < 20:
        assert child.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)  # another process's file: there is nothing to wait on
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    kept = _kept()
    assert kept < 600
    assert not (tmp_path / "t.csv").exists()
    assert main([*words, "--whisper", str(whisper)]) == 0
    assert _kept() in (600, 601)  # none but the line that was being written is heard twice
    assert list(read_transcripts(tmp_path / "t.csv").values()) == ["so low", "so high"] * 300


def _kept() -> int:
    files = list(module.cache_folder().glob("*.jsonl"))
    return sum(file.read_bytes().count(b'"text"') for file in files)

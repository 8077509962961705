"""CMU-MOSEI by its scores and by what a real, if very small, Whisper hears in it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile

from tests.trainer.corpora.sequences import write_labels, write_words
from tests.trainer.corpora.trees import finding, plant
from tests.trainer.corpora.trees import tone as any_sound
from tests.trainer.tiny_whisper import RATE, save_tiny_whisper, tone
from trainer.__main__ import main
from trainer.contract.errors import TrainerError
from trainer.contract.manifest import read_manifest
from trainer.corpora.rows import CorpusScan
from trainer.corpora.scan import find_corpora
from trainer.procedure.mosei import CLEANING, Cleaning, cleaned

HEADER = "video,start_time,end_time,sentiment,happy,sad,anger,surprise,disgust,fear,text,ASR"
LISTED = "Filename,Whisper_Text,CMU_Raw_Audio,Start_Time,Stop_Time,Source,Emotion"
LOW, HIGH = 220, 2200


@pytest.fixture(scope="module")
def whisper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_whisper(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A low and a high video with five segments and their scores; what is stated of the fourth is
    wrong, the fifth has surprise, the sixth no audio, and the seventh no class."""
    root = tmp_path / "corpora" / "CMU-MOSEI"
    rows = [
        "low,0.0,0.5,0,0,0,0,0,0,0,so low,",
        "low,0.5,1.0,0,3,0,0,0,0,0,so low,",
        "high,0.0,0.5,0,0,1,1,0,1,0,so high,",
        "high,0.5,1.0,0,0,0,0,0,0,0,nobody ever said this at all,",
        "high,1.0,1.5,0,0,0,0,2,0,0,so high,",
        "gone,0.0,0.5,0,0,0,0,0,0,0,so low,",
        "low,1.0,1.5,0,1,0,0,0,0,0,so low,",
    ]
    (root / "Labels").mkdir(parents=True)
    (root / "Labels" / "Data_Train_modified.csv").write_text("\n".join([HEADER, *rows]) + "\n")
    for name, pitch in (("low", LOW), ("high", HIGH)):
        path = root / "Audio" / "Full" / "WAV_16000" / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, tone(pitch, 2.0), RATE)
    return root.parent


def _cleaned(root: Path, asked: Cleaning) -> CorpusScan:
    (found,) = cleaned(find_corpora(root, asked.mode)[0], asked)
    return found


def _taking_part(found: CorpusScan) -> list[str]:
    return [clip.name for clip in found.clips if clip.label and clip.path]


def test_paper_believes_what_whisper_hears_too(corpus: Path, whisper: Path) -> None:
    found = _cleaned(corpus, Cleaning("paper", whisper=str(whisper)))
    assert _taking_part(found) == ["low@0.000", "low@0.500", "high@0.000", "high@1.000"]
    assert finding(found, "what is heard differs from what is stated").rows == ("high@0.500",)
    assert finding(found, "audio missing").rows == ("gone@0.000",)
    assert "`paper`, by what was heard by" in finding(found, CLEANING).message
    assert "weights" in finding(found, CLEANING).message
    assert "not compared with what is heard" not in {f.rule for f in found.findings}


def test_strict_follows_the_papers_words(corpus: Path, whisper: Path) -> None:
    found = _cleaned(corpus, Cleaning("strict", whisper=str(whisper)))
    assert _taking_part(found) == ["low@0.000", "low@0.500"]  # sums and surprise do not count


def test_without_the_authors_list_paper_is_the_default(corpus: Path, whisper: Path) -> None:
    found = _cleaned(corpus, Cleaning(whisper=str(whisper)))
    assert "`paper`" in finding(found, CLEANING).message


def test_the_authors_list_comes_first_and_needs_no_whisper(corpus: Path) -> None:
    rows = ["low[0],So low.,low,0.0,0.5,CMU-MOSEI,neutral"]
    (corpus / "list.csv").write_text("\n".join([LISTED, *rows]) + "\n")
    found = _cleaned(corpus, Cleaning())
    assert _taking_part(found) == ["low[0]"]
    assert "`published`, by what was heard by the authors" in finding(found, CLEANING).message
    assert _taking_part(_cleaned(corpus, Cleaning("published"))) == ["low[0]"]


def test_ready_transcripts_stand_in_for_whisper(corpus: Path, tmp_path: Path) -> None:
    ready = tmp_path / "ready.csv"
    ready.write_text("name,text\nlow@0.000,so low!\nhigh@0.000,never\n")
    found = _cleaned(corpus, Cleaning("paper", ready))
    assert _taking_part(found) == ["low@0.000"]
    assert "ready.csv" in finding(found, CLEANING).message
    assert len(finding(found, "no transcript of what is heard").rows) == 3


def test_the_authors_list_gives_transcripts_for_the_scores(corpus: Path, tmp_path: Path) -> None:
    ready = tmp_path / "list.csv"
    ready.write_text(f"{LISTED}\nhigh[7],so high,high,0.0,0.5,CMU-MOSEI,negative\n")
    assert _taking_part(_cleaned(corpus, Cleaning("paper", ready))) == ["high@0.000"]


def test_transcripts_of_something_else_are_refused(corpus: Path, tmp_path: Path) -> None:
    ready = tmp_path / "other.csv"
    ready.write_text("name,text\nvideo[3],So low.\n")
    with pytest.raises(TrainerError, match="None of the 1 transcripts in other") as caught:
        _cleaned(corpus, Cleaning("paper", ready))
    assert "video[3]" in caught.value.hint
    assert "high@0.000" in caught.value.hint


def test_scores_are_needed_to_clean_by_them(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(f"{LISTED}\nlow[0],So low.,low,0.0,0.5,x,neutral\n")
    with pytest.raises(TrainerError, match="takes a file of its emotion scores"):
        _cleaned(tmp_path, Cleaning("strict"))


@pytest.fixture
def sequences(corpus: Path) -> Path:
    """The same videos by computational sequences; the first segment starts early."""
    (corpus / "CMU-MOSEI" / "Labels" / "Data_Train_modified.csv").unlink()
    nothing, happy = (0.0,) * 7, (2.0, 3.0, 0, 0, 0, 0, 0)
    rows = [(0.5, 1.0, happy), (-0.1, 0.5, nothing)]
    write_labels(corpus / "CMU_MOSEI_Labels.csd", {"low": rows, "high": [(0.0, 0.5, nothing)]})
    words = {"low": [(0.0, 0.2, "so"), (0.2, 1.0, "low")], "high": [(0.0, 0.5, "high")]}
    write_words(corpus / "CMU_MOSEI_TimestampedWords.csd", words)
    return corpus


def test_an_early_start_is_dropped_in_paper_and_cut_in_strict(
    sequences: Path, tmp_path: Path
) -> None:
    ready = tmp_path / "ready.csv"
    ready.write_text("name,text\nlow[0],low\nlow[1],so low\nhigh[0],high\n")
    assert _taking_part(_cleaned(sequences, Cleaning("paper", ready))) == ["high[0]", "low[0]"]
    strict = _cleaned(sequences, Cleaning("strict", ready))
    assert _taking_part(strict) == ["high[0]", "low[0]", "low[1]"]
    assert next(clip.start for clip in strict.clips if clip.name == "low[1]") == 0.0


def test_labels_without_words_cannot_be_compared_and_say_so(sequences: Path, whisper: Path) -> None:
    (sequences / "CMU_MOSEI_TimestampedWords.csd").unlink()
    with pytest.raises(TrainerError, match="of none of its 3 segments") as caught:
        _cleaned(sequences, Cleaning("paper", whisper=str(whisper)))
    assert "TimestampedWords" in caught.value.hint


def test_scan_says_how_many_segments_have_to_be_heard_and_how(
    sequences: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, ready = str(tmp_path / "m.jsonl"), tmp_path / "ready.csv"
    assert main(["scan", str(sequences), "--mosei", "paper", "--out", out]) == 0
    said = capsys.readouterr().out
    assert "`paper` is not carried out yet: 2 of its segments have to be heard" in said
    assert "stremo-trainer transcribe" in said
    names = [clip.clip_id.removeprefix("cmu_mosei/") for clip in read_manifest(Path(out))]
    assert names == ["high[0]", "low[0]", "low[1]"]
    ready.write_text("name,text\nlow[0],low\nhigh[0],never\n")
    command = ["scan", str(sequences), "--mosei", "paper", "--transcripts", str(ready)]
    assert main([*command, "--out", out]) == 0
    assert [clip.clip_id for clip in read_manifest(Path(out))] == ["cmu_mosei/low[0]"]
    assert "Cleaned as `paper`, by what was heard by ready.csv (sha256" in capsys.readouterr().out


def test_scan_without_audio_says_that_nothing_can_be_heard(
    sequences: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(sequences / "CMU-MOSEI" / "Audio")
    assert main(["scan", str(sequences), "--mosei", "paper"]) == 0
    assert "no segment with a class has both sound and a text" in capsys.readouterr().out


@pytest.mark.parametrize("mode", ["paper", "strict"])
def test_scan_of_the_list_alone_cannot_clean_by_scores(
    mode: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(f"{LISTED}\nlow[0],So low.,low,0.0,0.5,x,neutral\n")
    for root in (listed, tmp_path):
        assert main(["scan", str(root), "--mosei", mode]) == 2
        assert "takes a file of its emotion scores" in capsys.readouterr().err


def test_transcripts_that_are_not_needed_are_named(corpus: Path, tmp_path: Path) -> None:
    (corpus / "list.csv").write_text(f"{LISTED}\nlow[0],So low.,low,0.0,0.5,x,neutral\n")
    found = _cleaned(corpus, Cleaning(None, tmp_path / "ready.csv"))
    assert "(ready.csv was not needed)" in finding(found, CLEANING).message


def test_times_rounded_in_either_way_name_the_same_segment(corpus: Path, tmp_path: Path) -> None:
    ready = tmp_path / "list.csv"
    ready.write_text(f"{LISTED}\nhigh[7],so high,high,0.00049,0.5,CMU-MOSEI,negative\n")
    assert _taking_part(_cleaned(corpus, Cleaning("paper", ready))) == ["high@0.000"]


@pytest.mark.slow
def test_the_command_cleans_and_records_how(corpus: Path, whisper: Path, tmp_path: Path) -> None:
    """The tree cannot make folds, so that it ends after the stages that this is about."""
    plant(corpus, ["RAVDESS/03-01-05-01-02-01-01.wav"], any_sound(0.3))
    words = ["reproduce", "--corpora", str(corpus), "--mosei", "paper", "--whisper", str(whisper)]
    command = [sys.executable, "-m", "trainer", *words, "--preset", "strict"]
    command += ["--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "Whisper: 5 of 5 segments" in done.stderr
    record = json.loads((tmp_path / "out" / "stages" / "1-load.json").read_text("utf-8"))
    (mosei,) = [entry for entry in record["corpora"] if entry["corpus"] == "cmu_mosei"]
    assert any("Cleaned as `paper`" in f["message"] for f in mosei["findings"])

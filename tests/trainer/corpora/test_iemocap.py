"""IEMOCAP, from small trees in the true layout."""

from pathlib import Path

import pytest

from tests.trainer.corpora.trees import finding, plant, rules
from trainer.corpora.iemocap import FULL
from trainer.corpora.rows import CorpusError
from trainer.corpora.scan import scan
from trainer.corpora.tally import Tally, tally

EVALUATION = """% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]

[6.2901 - 8.2357]\tSes01F_impro01_F000\tneu\t[2.5000, 2.5000, 2.5000]
C-E2:\tNeutral;\t()
A-E3:\tval 3; act 2; dom  2;\t()
C-F1:\tNeutral;\t()
[10.0100 - 11.3925]\tSes01F_impro01_M000\thap\t[2.5000, 2.5000, 2.5000]
[12.0 - 13.0]\tSes01F_impro01_M001\txxx\t[2.5000, 2.5000, 2.5000]
[14.0 - 15.0]\tSes01F_impro01_F001\tfru\t[2.5000, 2.5000, 2.5000]
[16.0 - 17.0]\tSes01F_impro01_MXX0\tang\t[2.5000, 2.5000, 2.5000]
"""
WORDS = """Ses01F_impro01_F000 [006.2901-008.2357]: Excuse me. [LAUGHTER]
M: no turn
Ses01F_impro01_M000 [010.0100-011.3925]: Yeah, caf\xe9.
"""
TURNS = ("F000", "M000", "M001", "F001")


@pytest.fixture(params=["", "IEMOCAP_full_release/", "data/IEMOCAP_full_release/"])
def release(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    session = tmp_path / request.param / "Session1"
    evaluations = session / "dialog" / "EmoEvaluation"
    (evaluations / "Categorical").mkdir(parents=True)
    (evaluations / "Ses01F_impro01.txt").write_text(EVALUATION)
    (evaluations / "._Ses01F_impro01.txt").write_bytes(b"\x00\x05\x16\x07")
    (evaluations / "Categorical" / "Ses01F_impro01_e1_cat.txt").write_text(EVALUATION)
    transcripts = session / "dialog" / "transcriptions"
    transcripts.mkdir()
    (transcripts / "Ses01F_impro01.txt").write_bytes(WORDS.encode("latin-1"))
    names = [f"sentences/wav/Ses01F_impro01/Ses01F_impro01_{turn}.wav" for turn in TURNS]
    plant(session, [*names, "dialog/wav/Ses01F_impro01.wav"])
    return tmp_path


def test_g1_the_published_counts_of_codes_give_the_papers_row(tmp_path: Path) -> None:
    codes = {"xxx": 2507, "fru": 1849, "neu": 1708, "ang": 1103, "sad": 1084, "exc": 1041}
    codes |= {"hap": 595, "sur": 107, "fea": 40, "oth": 3, "dis": 2}
    spread = [code for code, number in codes.items() for _ in range(number)]
    for place in range(0, len(spread), 400):
        session, dialog = place // 400 % 5 + 1, f"impro0{place // 2000 + 1}"
        folder = tmp_path / f"Session{session}" / "dialog" / "EmoEvaluation"
        folder.mkdir(parents=True, exist_ok=True)
        turns = enumerate(spread[place : place + 400])
        lines = [
            f"[{n}.0 - {n}.5]\tSes0{session}F_{dialog}_{'FM'[n % 2]}{n:03}\t{code}\t[2.5, 2.5, 2.5]"
            for n, code in turns
        ]
        (folder / f"Ses0{session}F_{dialog}.txt").write_text("\n".join(lines))
    found = scan(tmp_path)
    assert tally(found.clips) == FULL == Tally(10039, 1636, 1708, 4078, 2617)
    assert len({clip.group for clip in found.clips}) == 10


def test_turns_are_read_from_the_evaluations_and_nowhere_else(release: Path) -> None:
    found = scan(release)
    assert found.corpus == "iemocap"
    assert tally(found.clips) == Tally(4, 1, 1, 1, 1)
    assert finding(found, "turns of other names").rows == ("Ses01F_impro01_MXX0",)
    assert "1 no agreement" in finding(found, "discarded labels").message


def test_the_speaker_is_the_letter_of_the_turn_not_of_the_session(release: Path) -> None:
    speakers = {clip.name[-4:]: clip.group for clip in scan(release).clips}
    assert speakers == {
        "F000": "iemocap:Ses01F",
        "M000": "iemocap:Ses01M",
        "M001": "iemocap:Ses01M",
        "F001": "iemocap:Ses01F",
    }


def test_transcripts_are_read_in_any_encoding(release: Path) -> None:
    words = {clip.name[-4:]: clip.transcript for clip in scan(release).clips}
    assert words["F000"] == "Excuse me. [LAUGHTER]"
    assert str(words["M000"]).startswith("Yeah, caf")
    assert words["M001"] is None


def test_missing_sessions_and_missing_audio_are_told(release: Path) -> None:
    next(release.rglob("*_F001.wav")).unlink()
    found = scan(release)
    assert finding(found, "sessions missing").rows == tuple(f"Session{n}" for n in (2, 3, 4, 5))
    assert finding(found, "audio missing").rows == ("Ses01F_impro01_F001",)


def test_audio_without_evaluations_is_refused_in_one_sentence(tmp_path: Path) -> None:
    plant(tmp_path, ["Session1/sentences/wav/d/Ses01F_impro01_F000.wav"])
    with pytest.raises(CorpusError, match="EmoEvaluation"):
        scan(tmp_path, "iemocap")


def test_two_copies_of_one_release_give_one(release: Path) -> None:
    evaluation = next(release.rglob("EmoEvaluation/Ses*.txt")).read_text()
    again = release / "copy" / "Session1" / "dialog" / "EmoEvaluation"
    again.mkdir(parents=True)
    (again / "Ses01F_impro01.txt").write_text(evaluation)
    found = scan(release)
    assert len(found.clips) == 4
    assert "second copies" in rules(found)

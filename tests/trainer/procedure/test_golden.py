"""The paper's arithmetic, to the digit: what follows from its tables without any training."""

import tomllib
from collections import Counter
from dataclasses import replace
from itertools import product
from statistics import fmean

import pytest

from trainer.contract.evaluation import Prediction
from trainer.contract.labels import CLASSES, NEGATIVE, NEUTRAL, POSITIVE
from trainer.contract.manifest import ManifestClip
from trainer.contract.resources import resource
from trainer.corpora.crema_d import CREMA_D
from trainer.corpora.named import NamedCorpus
from trainer.corpora.tally import emotion_and_class
from trainer.corpora.tess import TESS
from trainer.corpora.tree import AudioFile
from trainer.procedure.score_tables import beside
from trainer.procedure.scoring import Scored, of_corpus, score, scored, weighted

CREMA_D_EMOTIONS = ("ANG", "DIS", "FEA", "HAP", "NEU", "SAD")
PAPER = tomllib.loads(resource("paper.toml").read_text(encoding="utf-8"))


def _clips(counts: dict[str, int], corpus: str = "x") -> list[ManifestClip]:
    return [
        ManifestClip(f"{corpus}/{label}{i}", "a.wav", label, f"{corpus}:{i}", corpus=corpus)
        for label, number in counts.items()
        for i in range(number)
    ]


def _said(clips: list[ManifestClip], answers: list[str]) -> list[Scored]:
    return [Scored(clip, answer) for clip, answer in zip(clips, answers, strict=True)]


def _crema_d_names() -> list[str]:
    """The naming rule in full, less the takes that the corpus lacks (20 of 7,462)."""
    sentences = "IEO TIE IOM IWW TAI MTI IWL ITH DFA ITS TSI WSI".split()  # noqa: SIM905
    spoken = {e: [f"{s}_{e}_XX" for s in sentences[1:]] for e in CREMA_D_EMOTIONS}
    loud = {e: [f"IEO_{e}_{level}" for level in ("LO", "MD", "HI")] for e in CREMA_D_EMOTIONS}
    loud["NEU"] = ["IEO_NEU_XX"]
    names = {
        e: [f"{actor}_{take}" for actor in range(1001, 1092) for take in spoken[e] + loud[e]]
        for e in CREMA_D_EMOTIONS
    }
    lacking = {**dict.fromkeys(CREMA_D_EMOTIONS, 3), "NEU": 5}
    return [name for e in CREMA_D_EMOTIONS for name in names[e][lacking[e] :]]


def _tess_names() -> list[str]:
    words = ["".join(letters) for letters in product("bdfghklmnp", "aeiou", "dnst")]
    emotions = ("angry", "disgust", "fear", "happy", "ps", "sad", "neutral")
    return ["_".join(parts) for parts in product(("OAF", "YAF"), words, emotions)]


@pytest.mark.parametrize(
    ("corpus", "names"),
    [(CREMA_D, _crema_d_names()), (TESS, _tess_names())],
    ids=["crema_d", "tess"],
)
def test_g1_the_naming_rule_alone_gives_the_papers_row(
    corpus: NamedCorpus, names: list[str]
) -> None:
    read = [corpus.read_name(AudioFile(f"/{n}.wav", f"{n}.wav", n, 0, 0)) for n in names]
    labels = Counter(emotion_and_class(spoken.emotion)[1] for spoken in read if spoken)
    assert len(set(names)) == len(names) == corpus.full.files
    assert [labels[name] for name in (POSITIVE, NEUTRAL, NEGATIVE)] == PAPER["table2"][corpus.id]


@pytest.mark.parametrize(("rate", "mean"), [("1e-4", 0.736), ("1e-5", 0.964), ("1e-6", 0.772)])
def test_g5_the_means_of_table_3(rate: str, mean: float) -> None:
    *folds, printed = PAPER["table3"][rate]
    assert fmean(folds) == pytest.approx(mean)
    assert round(mean, 2) == printed


def test_g6_a_matrix_that_gives_the_whole_of_table_4() -> None:
    witness = ((352, 220, 61), (5, 646, 5), (60, 55, 173))
    clips, answers = [], []
    for label, row in zip(CLASSES, witness, strict=True):
        clips += _clips({label: sum(row)}, label)
        answers += [name for name, number in zip(CLASSES, row, strict=True) for _ in range(number)]
    found = score(_said(clips, answers))
    for label in CLASSES:
        ours = [found.per_class[label][name] for name in ("precision", "recall", "f1")]
        assert [round(value, 2) for value in ours] == PAPER["table4"][label]
    assert [round(value, 2) for value in weighted(found)] == PAPER["table4"]["weighted"]


@pytest.mark.parametrize(
    ("answer", "f1", "weighted_f1"),
    [(POSITIVE, 0.5325, 0.1933), (NEUTRAL, 0.3186, 0.0604), (NEGATIVE, 0.6184, 0.2768)],
)
def test_g7_table_5s_row_none_is_a_constant_answer(
    answer: str, f1: float, weighted_f1: float
) -> None:
    clips = _clips({POSITIVE: 180, NEUTRAL: 94, NEGATIVE: 222}, "stremo")
    found = score(_said(clips, [answer] * len(clips)))
    assert found.per_class[answer]["f1"] == pytest.approx(f1, abs=5e-5)
    assert found.weighted_f1 == pytest.approx(weighted_f1, abs=5e-5)
    assert found.uar == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("degree", "from_classes"), [("ravdess", 0.8007), ("unbalanced", 0.8624), ("balanced", 0.8255)]
)
def test_g8_the_weighted_column_of_table_5(degree: str, from_classes: float) -> None:
    *classes, printed = PAPER["table5"][degree]
    support = PAPER["table2"]["stremo"]
    ours = sum(f1 * n for f1, n in zip(classes, support, strict=True)) / sum(support)
    assert ours == pytest.approx(from_classes, abs=5e-5)
    assert abs(ours - printed) <= 0.01  # each printed F1 is off by up to 0.005


def test_g9_a_pooled_score_is_no_mean_of_scores() -> None:
    large = _said(_clips({NEGATIVE: 300}, "a"), [NEGATIVE] * 300)
    small_clips = _clips({POSITIVE: 20, NEUTRAL: 20}, "b")
    small = _said(small_clips, [NEUTRAL] * 40)
    parts = [score(of_corpus([*large, *small], corpus)).weighted_f1 for corpus in ("a", "b")]
    assert abs(fmean(parts) - score([*large, *small]).weighted_f1) > 0.02


def test_only_test_predictions_are_scored() -> None:
    clips = _clips({POSITIVE: 2})
    said = [Prediction(clips[0].clip_id, "train", POSITIVE, POSITIVE, [0.0, 0.0, 1.0])]
    assert scored(clips, said) == []


def test_the_calibration_error_stands_beside_the_models_scores_only() -> None:
    clips = _clips({POSITIVE: 3, NEUTRAL: 1}, "stremo")
    sure = [replace(row, confidence=0.9) for row in _said(clips, [POSITIVE] * 4)]
    table = beside({"balanced": [sure]}, {"majority": _said(clips, [POSITIVE] * 4)})
    assert table.columns[-1] == "ECE"
    model, look_up = table.rows
    assert model.values[-1].ours == pytest.approx(0.9 - 0.75)
    assert look_up.values[-1].ours is None

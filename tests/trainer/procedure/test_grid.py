"""What each cell may know, and what it never gets to see."""

from collections import Counter
from dataclasses import replace

import pytest

from trainer.contract.config import TINY
from trainer.contract.errors import TrainerError
from trainer.contract.labels import CLASSES, NEGATIVE, NEUTRAL, POSITIVE
from trainer.contract.manifest import ManifestClip
from trainer.procedure.cells import Cell
from trainer.procedure.grid import Plan, final_cells, fold_cells
from trainer.procedure.partition import (
    Partition,
    folds,
    keep_together,
    overlap,
    partition,
    rare_classes,
)
from trainer.procedure.preset import Preset, load_preset, preset_names


def _corpus(corpus: str, speakers: int, each: int = 9) -> list[ManifestClip]:
    labels = (NEGATIVE, NEGATIVE, NEUTRAL, POSITIVE, NEGATIVE)
    return [
        ManifestClip(f"{corpus}/{s}-{i}", "a.wav", labels[i % 5], f"{corpus}:{s}", corpus=corpus)
        for s in range(speakers)
        for i in range(each)
    ]


def _iemocap() -> list[ManifestClip]:
    return [
        replace(clip, group=f"iemocap:Ses{n // 20 + 1:02}{'FM'[n % 2]}")
        for n, clip in enumerate(_corpus("iemocap", 10, 10))
    ]


CLIPS = [
    *_iemocap(),
    *_corpus("ravdess", 8),
    *_corpus("crema_d", 12),
    *_corpus("tess", 2, 30),
    *_corpus("cmu_mosei", 30, 4),
    *_corpus("stremo", 9),
    *_corpus("savee", 4, 12),
]


def _plan(name: str) -> Plan:
    return Plan(load_preset(name), TINY, 2, 2)


def _parted(preset: Preset) -> Partition:
    return partition(CLIPS, preset, 13)


@pytest.mark.parametrize("name", preset_names())
def test_no_cell_that_chooses_holds_a_test_clip(name: str) -> None:
    plan = _plan(name)
    part = _parted(plan.preset)
    test = {clip.clip_id for clip in part.test}
    assert {"stremo", "savee", "cmu_mosei"} == {clip.corpus for clip in part.test}
    for fold in fold_cells(part, plan):
        assert not test & {clip.clip_id for clip in fold.cell.clips}


@pytest.mark.parametrize("name", preset_names())
def test_final_models_hold_test_clips_only_as_test(name: str) -> None:
    plan = _plan(name)
    part = _parted(plan.preset)
    test = {clip.clip_id for clip in part.test}
    finals = final_cells(part, plan, 1e-5)
    assert len(finals) == 5 * len(plan.preset.seeds)
    for final in finals:
        held = {clip.clip_id for clip in final.cell.clips if clip.split == "test"}
        assert held == test
        assert all(clip.split in ("train", "dev", "test") for clip in final.cell.clips)


def test_g12_strict_folds_share_no_speaker_session_or_video() -> None:
    plan = _plan("strict")
    part = _parted(plan.preset)
    assert overlap(part.learn, part.test) == set()
    for fold in fold_cells(part, plan):
        sides = [[c for c in fold.cell.clips if c.split == s] for s in ("train", "dev", "test")]
        assert fold.shared_groups == ()
        assert all(sides)
        assert not overlap(sides[0], sides[1])
        assert not overlap(sides[0], sides[2])
        assert not overlap(sides[1], sides[2])


def test_the_published_folds_share_speakers_and_are_said_to() -> None:
    plan = _plan("paper")
    assert all(fold.shared_groups for fold in fold_cells(_parted(plan.preset), plan))


def test_tess_has_two_speakers_and_they_stand_in_different_folds() -> None:
    preset = load_preset("strict")
    holding = [
        number
        for number, held in enumerate(folds(_parted(preset).learn, preset, 13))
        for _ in {clip.group for clip in held if clip.corpus == "tess"}
    ]
    assert len(holding) == 2
    assert len(set(holding)) == 2


def test_both_speakers_of_an_iemocap_session_stay_together() -> None:
    sessions = {keep_together(clip) for clip in _iemocap()}
    assert sessions == {f"iemocap:Ses{n:02}" for n in range(1, 6)}


def test_leave_one_corpus_out_folds_are_corpora() -> None:
    preset = load_preset("loco")
    drawn = folds(_parted(preset).learn, preset, 13)
    assert [len({clip.corpus for clip in held}) for held in drawn] == [1] * 5


def test_the_grid_of_the_paper_has_fifteen_cells_of_fifteen_addresses() -> None:
    plan = _plan("paper")
    addresses = [fold.cell.address for fold in fold_cells(_parted(plan.preset), plan)]
    assert len(set(addresses)) == len(addresses) == 15


def test_adding_a_learning_rate_leaves_the_addresses_of_the_others() -> None:
    plan = _plan("paper")
    more = replace(plan, preset=replace(plan.preset, learning_rates=(1e-4, 1e-5, 1e-6, 3e-5)))
    before, after = (
        {f.cell.address for f in fold_cells(_parted(p.preset), p)} for p in (plan, more)
    )
    assert before < after
    assert len(after) == 20


def test_where_the_cache_lies_does_not_move_a_cell() -> None:
    cell = fold_cells(_parted(load_preset("paper")), _plan("paper"))[0].cell
    moved = Cell("elsewhere", replace(cell.config, cache="/somewhere"), cell.clips)
    assert moved.address == cell.address


def test_g12_strict_balances_what_is_learnt_and_nothing_else() -> None:
    plan = _plan("strict")
    for fold in fold_cells(_parted(plan.preset), plan):
        train = Counter(c.label for c in fold.cell.clips if c.split == "train")
        held = Counter(c.label for c in fold.cell.clips if c.split == "test")
        largest, second, _ = sorted(train.values(), reverse=True)
        assert largest == second
        assert held[NEGATIVE] > held[NEUTRAL] + 1
        assert set(held) == set(CLASSES)


@pytest.mark.filterwarnings("error")
def test_a_class_with_fewer_clips_than_folds_is_named() -> None:
    preset = load_preset("paper")
    few = [*_corpus("ravdess", 6), *_corpus("tess", 2)]
    few = [c for c in few if c.label != POSITIVE] + [c for c in few if c.label == POSITIVE][:3]
    assert len(folds(few, preset, 13)) == 5
    assert rare_classes(few, preset) == (
        "Only 3 positive clips for 5 folds: some folds have none.",
    )
    assert rare_classes(CLIPS, preset) == ()


def test_a_single_corpus_cannot_be_left_out() -> None:
    with pytest.raises(TrainerError, match="none can be left out"):
        folds(_corpus("ravdess", 3), load_preset("loco"), 13)


def test_too_few_speakers_for_the_folds_are_named() -> None:
    preset = load_preset("strict")
    with pytest.raises(Exception, match="cannot make 5 folds"):
        folds(_corpus("ravdess", 3), preset, 13)

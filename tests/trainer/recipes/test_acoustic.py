"""What the acoustic recipe learns apart, and how it does on real speech it has never heard."""

from pathlib import Path

import pytest

from tests.trainer.voices import carried_out
from trainer.contract.config import RunConfig, SplitConfig
from trainer.contract.labels import CLASSES, NEGATIVE, POSITIVE
from trainer.contract.manifest import ManifestClip
from trainer.contract.run_folder import RunFolder
from trainer.corpora.scan import scan
from trainer.recipes.acoustic import FEWEST, _kinds


def _clip(number: int, label: str, emotion: str | None) -> ManifestClip:
    return ManifestClip(str(number), "x.wav", label, "g", emotion=emotion)


def test_common_emotions_are_learnt_apart_and_rare_ones_with_their_class() -> None:
    clips = [_clip(i, NEGATIVE, "anger") for i in range(FEWEST)]
    clips += [_clip(50 + i, NEGATIVE, "fear") for i in range(FEWEST - 1)]
    clips += [_clip(90, NEGATIVE, None), _clip(91, POSITIVE, "anger")]
    kinds, class_of = _kinds(clips)
    assert class_of.tolist() == [CLASSES.index(c) for c in (NEGATIVE, NEGATIVE, POSITIVE)]
    assert kinds.tolist() == [1] * FEWEST + [0] * FEWEST + [2]


@pytest.mark.slow
def test_on_speakers_never_heard_it_reaches_what_was_promised(
    real_data: Path, tmp_path: Path
) -> None:
    found = scan(real_data / "ravdess", "ravdess")
    clips = [
        ManifestClip(c.name, c.path, c.label, c.group, emotion=c.emotion)
        for c in found.clips
        if c.path and c.label
    ]
    groups = sorted({clip.group for clip in clips})
    folder = RunFolder(tmp_path / "run")
    folder.create(RunConfig(split=SplitConfig(test_groups=tuple(groups[8:]))), clips)
    assert carried_out(folder)[0] == 0
    result = folder.read_result()
    assert result
    assert result["splits"]["test"] == groups[8:]
    assert sum(sum(c.values()) for c in result["counts"].values()) == 624
    assert result["evaluations"]["test"]["macro_f1"] >= 0.55

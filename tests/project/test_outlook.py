"""How long a run is said to take: shorter for what was heard before, and a wiser way is named."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from stremo_studio.project import outlook as rooms
from stremo_studio.project.preflight import preflight
from stremo_studio.project.project import Project
from stremo_studio.project.training import start_run
from tests.builders import corpus_clip, import_clips
from trainer.contract.config import PAPER_MODEL, FinetuneConfig, ProbeConfig, RunConfig

LARGE_PROBE = RunConfig("probe", probe=ProbeConfig(PAPER_MODEL))
LARGE_FINETUNE = RunConfig("finetune", finetune=FinetuneConfig(PAPER_MODEL, epochs=20))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "p", annotator="Ann")
    _add(project, 0, 600)
    yield project
    project.close()


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "has_graphics_card", lambda: False)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def _add(project: Project, first: int, count: int) -> None:
    labels = ("negative", "neutral", "positive")
    numbers = range(first, first + count)
    clips = (corpus_clip(n, audio=True, label=labels[(n + n // 4) % 3]) for n in numbers)
    import_clips(project, clips)


def _run(project: Project, config: RunConfig, seconds: float) -> None:
    folder = project.run_folder(start_run(project, config))
    folder.write_result({"status": "finished", "seconds": seconds, "splits": {}})


def test_a_probe_takes_minutes_once_and_seconds_from_then_on(project: Project) -> None:
    first = preflight(project, LARGE_PROBE).outlook
    assert "minutes on this computer." in first.sentence
    assert first.warning == ""
    _run(project, LARGE_PROBE, 900)
    again = preflight(project, LARGE_PROBE).outlook
    assert again.sentence == (
        "Takes a few seconds on this computer, as 600 clips were heard before."
    )
    _add(project, 600, 60)
    assert 0.05 < preflight(project, LARGE_PROBE).outlook.seconds / first.seconds < 0.2


def test_another_model_has_heard_nothing_yet(project: Project) -> None:
    first = preflight(project, LARGE_PROBE).outlook
    other = replace(LARGE_PROBE, probe=ProbeConfig("facebook/hubert-base-ls960"))
    _run(project, other, 100)
    assert preflight(project, LARGE_PROBE).outlook == first
    assert preflight(project, other).outlook.seconds < first.seconds


def test_fine_tuning_a_large_model_without_a_graphics_card_names_the_probe(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = preflight(project, LARGE_FINETUNE)
    assert not found.blockers
    assert found.outlook.warning == found.warnings[0]
    assert "Without a graphics card fine-tuning takes about" in found.warnings[0]
    assert "The probe of the same model takes about" in found.warnings[0]
    monkeypatch.setattr(rooms, "has_graphics_card", lambda: True)
    assert preflight(project, LARGE_FINETUNE).outlook.warning == ""
    assert preflight(project, RunConfig("finetune")).outlook.warning == ""


def test_a_second_fine_tuning_is_judged_by_the_first(project: Project) -> None:
    _run(project, LARGE_FINETUNE, 1200)
    assert preflight(project, LARGE_FINETUNE).outlook.seconds == pytest.approx(1200)
    _add(project, 600, 300)
    assert preflight(project, LARGE_FINETUNE).outlook.seconds == pytest.approx(1800)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (9, "a few seconds"),
        (42, "about 40 seconds"),
        (190, "about 3 minutes"),
        (9000, "about 2 hours"),
    ],
)
def test_a_duration_is_told_roughly(seconds: float, words: str) -> None:
    assert rooms._duration(seconds) == words

"""What a run said, as files: every clip it spoke of, and matrices that count what Review counts."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.errors import StudioError
from stremo_studio.formats.run_tables import confusion_svg
from stremo_studio.project import review
from stremo_studio.project.commands import LabelClips
from stremo_studio.project.exporting import export_project
from stremo_studio.project.exporting_runs import export_run, run_named
from stremo_studio.project.prediction_index import index_predictions
from stremo_studio.project.preflight import preflight
from stremo_studio.project.project import Project
from stremo_studio.project.training import start_run
from tests.builders import corpus_clip, import_clips
from tests.ui.runs import finished_run, labelled_clips
from trainer.contract.config import RunConfig
from trainer.contract.labels import CLASSES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    project = Project.create(tmp_path / "p", annotator="Ann")
    import_clips(project, (corpus_clip(n, audio=True, label=CLASSES[n % 3]) for n in range(60)))
    yield project
    project.close()


def _said(project: Project) -> dict[int, str]:
    """Right for every other clip, else neutral."""
    return {clip.id: str(clip.label) if clip.id % 2 else "neutral"
            for clip in labelled_clips(project)}  # fmt: skip


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("split", ["train", "test"])
def test_a_row_for_each_clip_and_whether_it_was_seen(
    project: Project, tmp_path: Path, split: str
) -> None:
    run = finished_run(project, _said(project), split)
    first = ClipId(1)
    project.do(LabelClips((first,), Answer("positive")))
    out = tmp_path / "out"
    export_run(project, run, out)
    rows = _rows(out / "predictions.csv")
    assert len(rows) == 60
    row = rows[0]
    assert (row["clip_id"], row["clip"], row["split"]) == ("1", "clip-000", split)
    assert (row["label_then"], row["label_now"], row["predicted"]) == (
        "negative", "positive", "negative",
    )  # fmt: skip
    assert sum(float(row[f"p_{name}"]) for name in CLASSES) == pytest.approx(1, abs=1e-5)
    # a run that scores its train set has kept each clip out of the model that answered it
    assert {row["seen_in_training"] for row in rows} == {"no"}
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["run"], manifest["counts"]) == (run.name, {"clips": 60})
    assert manifest["model"] == row["model"]


def test_clips_of_the_train_set_were_seen_unless_they_were_held_out(
    project: Project, tmp_path: Path
) -> None:
    run = finished_run(project, _said(project), "train")
    folder = project.run_folder(run)
    folder.write_result((folder.read_result() or {}) | {"evaluations": {}})
    export_run(project, run, tmp_path / "out")
    rows = _rows(tmp_path / "out" / "predictions.csv")
    assert {row["seen_in_training"] for row in rows} == {"yes"}


def test_the_matrix_is_that_of_review(project: Project, tmp_path: Path) -> None:
    run = finished_run(project, _said(project))
    out = tmp_path / "out"
    export_run(project, run, out)
    counts = index_predictions(review.predictions(project, run)).select("test").counts()
    with (out / "confusion-test.csv").open(newline="") as file:
        header, *rows = csv.reader(file)
    assert header[1:] == list(CLASSES)
    assert [[int(cell) for cell in row[1:]] for row in rows] == counts
    root = ElementTree.fromstring((out / "confusion-test.svg").read_text())
    drawn = [one.text for one in root.iter(f"{SVG}text") if one.get("font-size") == "18"]
    assert drawn == [str(cell) for row in counts for cell in row]
    titles = [one.text for one in root.iter(f"{SVG}text")][:2]
    assert titles[0] == run.name
    assert str(titles[1]).startswith("test: 60 clips, macro F1 0.")
    assert not (out / "confusion-train.csv").exists()


def test_a_name_cannot_break_the_picture() -> None:
    root = ElementTree.fromstring(confusion_svg([[1, 0, 0]] * 3, "a<b>&", "x"))
    assert "a<b>&" in [one.text for one in root.iter(f"{SVG}text")]


def test_a_run_goes_by_name_number_or_folder(project: Project) -> None:
    first = finished_run(project, _said(project))
    second = start_run(project, RunConfig(name="Mine"))
    assert run_named(project, "Mine") == second
    folder = Path(first.folder).name
    for wanted in (first.name, folder, folder[:4], "1", first.folder, "active"):
        assert run_named(project, wanted) == first
    with pytest.raises(StudioError, match="no run 'Nobody'"):
        run_named(project, "Nobody")


def test_a_run_that_has_said_nothing_is_one_sentence(project: Project, tmp_path: Path) -> None:
    run = start_run(project, RunConfig())
    with pytest.raises(StudioError, match="has said nothing"):
        export_run(project, run, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_of_the_users_own_is_left_alone(project: Project, tmp_path: Path) -> None:
    run = finished_run(project, _said(project))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years")
    with pytest.raises(StudioError, match="no export"):
        export_run(project, run, tmp_path / "mine", overwrite=True)
    export_run(project, run, tmp_path / "out")
    with pytest.raises(StudioError, match="is there already"):
        export_run(project, run, tmp_path / "out")
    export_run(project, run, tmp_path / "out", overwrite=True)


@pytest.mark.parametrize("damage", ['{"x": 1}\n', "[]\n", "no json\n"])
def test_damaged_predictions_hold_back_no_labels(
    project: Project, tmp_path: Path, damage: str
) -> None:
    run = finished_run(project, _said(project))
    project.run_folder(run).predictions_file.write_text(damage)
    with pytest.raises(StudioError, match=f"What {run.name} said cannot be read"):
        export_run(project, run, tmp_path / "run")
    written = export_project(project, "label-studio", tmp_path / "out")
    assert written.clips == 60
    assert written.notes[0].startswith(f"What {run.name} said is left out")


@pytest.mark.parametrize("damage", ["{}", "[1]", "[1"])
def test_a_damaged_result_is_a_run_that_is_gone(
    project: Project, tmp_path: Path, damage: str
) -> None:
    run = finished_run(project, _said(project))
    project.run_folder(run).result_file.write_text(damage)
    assert review.listed_run(project, run).status == review.GONE
    assert preflight(project, RunConfig()).clips == 60
    assert export_project(project, "events", tmp_path / "events.jsonl").clips == 60
    with pytest.raises(StudioError, match="cannot be read"):
        export_run(project, run, tmp_path / "run")

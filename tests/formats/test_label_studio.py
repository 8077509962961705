"""Label Studio: regions for clips of a recording, choices for whole files, predictions of a run."""

import json
from dataclasses import replace
from xml.etree import ElementTree

from stremo_studio.domain.clip import ClipId
from stremo_studio.formats.label_studio import write_label_studio
from stremo_studio.formats.rows import ExportedRun
from tests.formats.exported import TALK, clip, project, texts, two_annotators
from trainer.contract.evaluation import Prediction


def test_each_annotator_is_an_annotation_of_regions() -> None:
    talk, video = json.loads(texts(write_label_studio(two_annotators()))["tasks.json"])
    assert talk["data"]["audio"] == "/data/local-files/?d=sound/talk.wav"
    assert video["data"]["audio"].startswith("https://www.youtube.com/watch?v=-aaa")
    ann, ben = talk["annotations"]
    assert (ann["completed_by"], ben["completed_by"]) == ({"email": "Ann"}, {"email": "Ben"})
    assert ann["result"][0] == {
        "id": "clip-1",
        "type": "labels",
        "from_name": "answer",
        "to_name": "audio",
        "original_length": 10.0,
        "value": {"start": 1.0, "end": 3.0, "labels": ["negative"]},
    }
    assert [c["name"] for c in talk["data"]["clips"]] == ["clip 1", "clip 2", "clip 3"]
    assert "predictions" not in talk


def test_a_clip_that_is_a_whole_file_is_a_choice() -> None:
    made = project([clip(1, 0, 10.0, ("Ann", "neutral"))])
    (task,) = json.loads(texts(write_label_studio(made))["tasks.json"])
    (result,) = task["annotations"][0]["result"]
    assert (result["type"], result["value"]) == ("choices", {"choices": ["neutral"]})


def test_a_run_gives_predictions_with_its_version_and_score() -> None:
    said = {
        ClipId(1): Prediction("1", "test", "negative", "neutral", [0.2, 0.7, 0.1]),
        ClipId(2): Prediction("2", "test", "positive", "positive", [0.0, 0.1, 0.9]),
    }
    made = replace(two_annotators(), run=ExportedRun("Probe 1", "abc123", said, {}))
    talk, video = json.loads(texts(write_label_studio(made))["tasks.json"])
    (prediction,) = talk["predictions"]
    assert prediction["model_version"] == "Probe 1 abc123"
    assert prediction["score"] == 0.8
    assert [(r["value"]["labels"], r["score"]) for r in prediction["result"]] == [
        (["neutral"], 0.7),
        (["positive"], 0.9),
    ]
    assert "predictions" not in video


def test_the_interface_knows_every_word_that_is_used() -> None:
    odd = replace(clip(1, 0, 1, ("Ann", "dismay & <awe>")), recording=TALK)
    root = ElementTree.fromstring(texts(write_label_studio(project([odd])))["labels.xml"])
    labels = [one.get("value") for one in root.iter("Label")]
    assert labels[:3] == ["negative", "neutral", "positive"]
    assert {"anger", "cannot_tell", "dismay & <awe>"} <= set(labels)

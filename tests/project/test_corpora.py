"""What is known of CMU-MOSEI before a reproduction starts."""

from pathlib import Path

from stremo_studio.project.corpora import MoseiLook, look_for_mosei
from tests.trainer.corpora.sequences import write_labels


def test_a_look_tells_the_list_from_the_scores(tmp_path: Path) -> None:
    assert look_for_mosei(tmp_path) == look_for_mosei(tmp_path / "nowhere") == MoseiLook()
    header = "Filename,CMU_Raw_Audio,Start_Time,Stop_Time,Emotion\n"
    (tmp_path / "list.csv").write_text(header)
    assert look_for_mosei(tmp_path) == MoseiLook(listed=True)
    write_labels(tmp_path / "deep" / "any.csd", {"v": [(0.0, 1.0, (0.0,) * 7)]})
    assert look_for_mosei(tmp_path) == MoseiLook(listed=True, scored=True)

"""Clips that need a look and files of one's own, on the sources page: offered, taken, undone."""

from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from stremo_studio.downloader.messages import Entry, Inspected
from stremo_studio.project import sources as use
from stremo_studio.project.pasting import add_pasted
from stremo_studio.ui.label.sources.page import SourcesPage
from tests.builders import all_clips
from tests.media.speech import speech
from tests.ui.label.sources.conftest import Sourcing, video
from tests.ui.sounds import write_tone
from trainer.corpora.links import read_links

RATE = 8000


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What the file dialog answers, last first."""
    answers: list[Path] = []
    monkeypatch.setattr(
        "PySide6.QtWidgets.QFileDialog.getOpenFileName", lambda *_: (str(answers[-1]), "")
    )
    return answers


def test_clips_past_the_end_are_reported_and_mended_by_key(
    sourcing: Sourcing, qtbot: QtBot
) -> None:
    studio, page = sourcing()
    project = page.desk.project
    add_pasted(project, read_links(f"{video(0)} 0.2-5"))
    qtbot.waitUntil(lambda: page.parts.odd.isVisible())
    assert page.parts.odd.text() == "1 to mend  M"
    qtbot.keyClick(studio.window, "m")
    assert page.view.row == 0
    qtbot.waitUntil(lambda: "trailing" in _kinds(page))  # its length was read meanwhile
    assert "clips to mend" in page.table.words(_front(page))
    before = [clip.end for clip in project.clips(all_clips(project))]
    qtbot.keyClick(studio.window, "m", Qt.KeyboardModifier.ShiftModifier)
    assert [clip.end for clip in project.clips(all_clips(project))] != before
    assert project.undo_sentence == "Trim 1 clip to the end"
    qtbot.waitUntil(lambda: "overlap" in _kinds(page) and "trailing" not in _kinds(page))
    project.undo()
    assert [clip.end for clip in project.clips(all_clips(project))] == before
    qtbot.waitUntil(lambda: "trailing" in _kinds(page))


def test_a_file_of_ones_own_is_linked_at_once_where_nothing_speaks_against_it(
    sourcing: Sourcing, qtbot: QtBot, tmp_path: Path, chosen: list[Path]
) -> None:
    studio, page = sourcing()
    chosen.append(write_tone(tmp_path / "mine.wav", 3.0))
    page.view.go_to(1)
    qtbot.keyClick(studio.window, "l")
    qtbot.waitUntil(lambda: _front(page).state == "ready")
    assert not page.parts.link.isVisible()
    assert page.view.row == 1
    page.desk.project.undo()
    qtbot.waitUntil(lambda: page.table.words(_front(page)) == "Unavailable: the video is private")


def test_a_second_copy_offers_its_offset(
    sourcing: Sourcing, qtbot: QtBot, tmp_path: Path, chosen: list[Path]
) -> None:
    _, page = sourcing()
    wave = speech(16.0, RATE, seed=5)
    soundfile.write(tmp_path / "one.wav", wave, RATE)
    soundfile.write(tmp_path / "two.wav", wave[round(1.234 * RATE) :], RATE)
    project = page.desk.project
    use.place_file(project, _front(page).id, tmp_path / "one.wav")
    page.listing.settle()
    chosen.append(tmp_path / "two.wav")
    page.link_file()
    card = page.parts.link
    assert "Comparing" in card.words
    qtbot.waitUntil(lambda: "This copy starts 1.234 s later." in card.words)
    card.accept()
    assert project.undo_sentence == f"Link two.wav to {video(0)}, 1.234 s later"
    (clip,) = project.clips([all_clips(project)[0]])
    assert clip.start == pytest.approx(0.1 - 1.234, abs=1e-3)
    assert not card.isVisible()


def test_a_file_that_is_no_audio_is_one_sentence(
    sourcing: Sourcing, qtbot: QtBot, tmp_path: Path, chosen: list[Path]
) -> None:
    studio, page = sourcing()
    (tmp_path / "page.mp3").write_text("<html>")
    chosen.append(tmp_path / "page.mp3")
    page.view.go_to(1)
    page.link_file()
    qtbot.waitUntil(lambda: bool(studio.window.banners.texts()))
    assert _front(page).state == "unavailable"


def test_a_recording_without_clips_can_become_one(sourcing: Sourcing, tmp_path: Path) -> None:
    _, page = sourcing(0)
    project = page.desk.project
    page.parts.paste.paste(video(3))
    page.parts.paste.add()
    use.place_file(project, _front(page).id, write_tone(tmp_path / "whole.wav", 2.0))
    page.listing.settle()
    assert "whole" in page.parts.details.offers()
    page.make_whole()
    (clip,) = project.clips(all_clips(project))
    assert (clip.start, clip.end, clip.audio) == (0, 2, "ready")


def test_the_videos_of_a_playlist_come_into_the_box(
    sourcing: Sourcing, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, page = sourcing(0)
    asked: list[str] = []
    monkeypatch.setattr(page.desk.downloads, "inspect", asked.append)
    box = page.parts.paste
    box.paste(f"{video(1)}\nhttps://www.youtube.com/playlist?list=PL0123456789&si=x")
    box._playlist.click()
    assert asked == ["https://www.youtube.com/playlist?list=PL0123456789"]
    entries = tuple(Entry(f"https://x/{n}", video(n)) for n in (4, 5))
    page.desk.downloads.inspected.emit(Inspected(asked[0], True, entries))
    assert box.field.toPlainText().splitlines() == [
        video(1),
        f"https://youtu.be/{video(4)}",
        f"https://youtu.be/{video(5)}",
    ]
    page.desk.downloads.inspected.emit(Inspected(asked[0], fault="private"))
    assert "could not be read. The video is private." in box.words


def _front(page: SourcesPage) -> use.Source:
    source = page.front
    assert source is not None
    return source


def _kinds(page: SourcesPage) -> set[str]:
    return {oddity.kind for oddity in page.listing.mending.of(_front(page).id)}

"""The sources page: paste, see every state and what to do, fetch only when asked, all by key."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from stremo_studio.app import Studio
from stremo_studio.domain.source import STATES, UNAVAILABLE, SourceFacts
from stremo_studio.downloader.messages import Progressed
from stremo_studio.project import sources as use
from stremo_studio.store import sources as store
from stremo_studio.ui import rows
from stremo_studio.ui.actions import ACTIONS, IMPORT, LABEL, SOURCES
from stremo_studio.ui.label.page import LabelPage
from stremo_studio.ui.label.sources import source_table
from stremo_studio.ui.label.sources.page import SourcesPage
from stremo_studio.ui.label.sources.source_words import progress_words
from tests.ui.label.sources.conftest import Sourcing, video
from tests.ui.sounds import write_tone


def test_the_model_keeps_qts_rules(sourcing: Sourcing, qtmodeltester: ModelTester) -> None:
    _, page = sourcing()
    qtmodeltester.check(page.table)


def test_s_goes_to_the_sources_and_back(sourcing: Sourcing, qtbot: QtBot) -> None:
    studio, _ = sourcing()
    for place in (LABEL, SOURCES, LABEL):
        qtbot.keyClick(studio.window, "s")
        assert studio.window.workspace == place


def test_esc_leaves_the_box_first_and_then_the_page(sourcing: Sourcing, qtbot: QtBot) -> None:
    studio, page = sourcing()
    qtbot.keyClick(studio.window, "i")
    assert studio.window.focusWidget() is page.parts.paste.field
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    assert (studio.window.workspace, page.view.hasFocus()) == (SOURCES, True)
    qtbot.keyClick(studio.window, Qt.Key.Key_Escape)
    assert studio.window.workspace == LABEL


def test_every_state_is_in_plain_words_with_what_to_do(sourcing: Sourcing) -> None:
    _, page = sourcing()
    rows = [_row(page, number) for number in range(7)]
    assert [row["State"] for row in rows] == [
        "Ready",
        "Unavailable: the video is private",
        "Unavailable: there is no connection to the site",
        "Waiting",  # it was downloading when the studio last ended
        "Waiting",
        "Not fetched",
        "Not fetched",
    ]
    assert rows[1]["What to do"].startswith("If you may watch it, use your browser's cookies")
    assert rows[2]["What to do"] == "Check the network, then retry."
    assert all(row["Clips"] == "1" for row in rows)


def test_chips_count_what_their_lists_hold(sourcing: Sourcing) -> None:
    studio, page = sourcing()
    for state in ("", *STATES):
        page.show_filter(state)
        assert page.parts.chips.texts()[state].split()[-1] == str(page.table.rowCount())
    assert "7 recordings · 2 not fetched · 2 waiting · 1 ready · 2 unavailable" in _words(studio)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(st.tuples(st.integers(0, 6), st.sampled_from(STATES)), max_size=8))
def test_whatever_happens_the_list_is_what_its_filter_says(
    sourcing: Sourcing, tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[int, str]]
) -> None:
    page = _LIVE.get(id(sourcing)) or sourcing()[1]
    _LIVE[id(sourcing)] = page
    project = page.desk.project
    ids = use.source_ids(project)
    page.show_filter("waiting")
    for number, state in moves:
        change = use._changed([ids[number]])
        project.write(lambda n=number, s=state: store.move(project.database, [ids[n]], s), change)
        page.listing.settle()
        assert page.table.ids == use.source_ids(project, page.table.wanted)
        counts = use.source_counts(project)
        assert page.parts.chips.texts()["waiting"].split()[-1] == f"{counts.by_state['waiting']}"


_LIVE: dict[int, SourcesPage] = {}


def test_links_are_understood_while_one_types_and_added_by_key(
    sourcing: Sourcing, qtbot: QtBot
) -> None:
    studio, page = sourcing(0)
    box = page.parts.paste
    assert box.field.hasFocus()
    qtbot.keyClicks(box.field, f"{video(1)} 0:15-0:21")
    qtbot.waitUntil(lambda: "1 recording · 1 clip" in box.words)
    assert page.table.rowCount() == 0
    qtbot.keyClick(box.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert _row(page, 0)["Recording"].strip("\u2068\u2069") == video(1)
    assert _row(page, 0)["State"] == "Not fetched"
    assert studio.desk is not None
    assert studio.desk.project.counts().all == 1


def test_lines_that_cannot_be_used_stay_for_mending(sourcing: Sourcing) -> None:
    _, page = sourcing(0)
    box = page.parts.paste
    box.paste(f"{video(1)}\n{video(2)} 1:75\nhttps://vimeo.com/1")
    assert "Line 2: “\u20681:75\u2069” is no time" in box.words
    box.add()
    assert box.field.toPlainText() == f"{video(2)} 1:75\nhttps://vimeo.com/1"
    assert page.table.rowCount() == 1


def test_ctrl_v_on_the_list_pastes_into_the_box(sourcing: Sourcing, qtbot: QtBot) -> None:
    studio, page = sourcing()
    QGuiApplication.clipboard().setText(f"https://youtu.be/{video(50)}?t=75")
    qtbot.keyClick(studio.window, "v", Qt.KeyboardModifier.ControlModifier)
    assert "without an end: 6 s are taken" in page.parts.paste.words


def test_nothing_is_fetched_before_the_word_about_rights(
    sourcing: Sourcing, qtbot: QtBot, started: list[bool]
) -> None:
    studio, page = sourcing()
    project = page.desk.project
    qtbot.keyClick(studio.window, "a")
    assert page.parts.rights.isVisible()
    assert use.source_counts(project).by_state["not_fetched"] == 2
    assert started == []
    page.parts.rights.accept()
    assert started == [True]
    assert use.source_counts(project).by_state["not_fetched"] == 0
    page.view.go_to(1)
    qtbot.keyClick(studio.window, "d")  # asked once is enough
    assert not page.parts.rights.isVisible()
    assert _row(page, 1, settled=True)["State"] == "Waiting"


def test_not_now_fetches_nothing(sourcing: Sourcing, qtbot: QtBot) -> None:
    studio, page = sourcing()
    qtbot.keyClick(studio.window, "a")
    page.parts.rights.declined.emit()
    assert not page.parts.rights.isVisible()
    assert use.source_counts(page.desk.project).by_state["not_fetched"] == 2


def test_the_chosen_recording_offers_what_fits_it(sourcing: Sourcing) -> None:
    _, page = sourcing()
    details = page.parts.details
    offered = {}
    for row in range(6):
        page.view.go_to(row)
        offered[row] = details.offers()
    assert offered[0] == {"link_file", "open_link", "show_clips"}
    assert offered[1] == {"fetch", "link_file", "open_link", "show_clips"}
    assert offered[2] >= {"fetch", "retry_network"}
    assert "cancel" in offered[4]
    assert "fetch" in offered[5]
    page.view.go_to(1)
    assert details.browsers.isVisibleTo(details)


def test_all_of_a_kind_are_retried_at_once(sourcing: Sourcing, qtbot: QtBot) -> None:
    studio, page = sourcing(9)
    project = page.desk.project
    use.acknowledge_rights(project)
    ids = use.source_ids(project)
    with project.database.transaction():
        store.move(project.database, ids[5:], UNAVAILABLE, fault="offline")
    page.listing.settle()
    page.show_filter("unavailable")
    page.view.go_to(1)
    assert "retry_kind" in page.parts.details.offers()
    qtbot.keyClick(studio.window, "r", Qt.KeyboardModifier.ShiftModifier)
    assert use.source_counts(project).by_fault == {"private": 1}
    qtbot.waitUntil(lambda: page.table.rowCount() == 1)


def test_a_download_shows_how_far_it_is(sourcing: Sourcing) -> None:
    _, page = sourcing()
    source = page.table.source(3)
    assert source is not None
    with page.desk.project.database.transaction():
        store.move(page.desk.project.database, [source.id], "downloading")
    page.listing._changed.add(source.id)
    page.listing.settle()
    page.table.show_progress(Progressed(source.id, 3_200_000, 8_100_000, 1_230_000, 4.0))
    assert _row(page, 3)["State"] == "Downloading 3.2 of 8.1 MB · 1.2 MB/s · 0:04 left"
    assert page.table.index(3, 1).data(source_table.SHARE) == pytest.approx(0.395, abs=0.001)


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        (Progressed(1, 500, None), "0 kB"),
        (Progressed(1, 812_000, 8_100_000), "0.8 of 8.1 MB"),
        (Progressed(1, 812_000, 900_000, 51_000, 75), "812 of 900 kB · 51 kB/s · 1:15 left"),
        (Progressed(1, 2_000_000_000, 3_100_000_000), "2.0 of 3.1 GB"),
    ],
)
def test_sizes_are_told_in_one_unit(progress: Progressed, words: str) -> None:
    assert progress_words(progress) == words


def test_titles_are_hidden_until_asked_for(sourcing: Sourcing, qtbot: QtBot) -> None:
    studio, page = sourcing()
    project = page.desk.project
    facts = SourceFacts(title="An \u202eangry\u202c row 😡", channel="c", duration=75.0)
    source = page.table.source(0)
    assert source is not None
    assert source.path
    with project.database.transaction():
        store.place(project.database, source.id, source.path, facts)
    page.listing._changed.add(source.id)
    page.listing.settle()
    assert "angry" not in _words(studio) + str(_row(page, 0))
    qtbot.keyClick(studio.window, "t")
    assert page.front == page.table.source(0)  # what was chosen stays chosen
    title = _row(page, 0)["Title"]
    assert "angry" in title
    assert "\u202e" not in title
    assert _row(page, 0)["Length"] == "1:15"


def test_only_the_rows_looked_at_are_kept(
    sourcing: Sourcing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "_CACHED", 3)
    monkeypatch.setattr(rows, "_READ_AHEAD", 2)
    _, page = sourcing()
    assert all(page.table.source(row) for row in range(7))
    assert len(page.table._cache) <= 3


def test_opening_the_page_reads_the_rows_in_sight_alone(sourcing: Sourcing, qtbot: QtBot) -> None:
    _, page = sourcing(400)
    qtbot.waitUntil(page.view.isVisible)
    page.view.resize(page.view.width() - 20, page.view.height())
    assert len(page.table._cache) < 200


def test_enter_shows_the_clips_of_a_recording(sourcing: Sourcing, qtbot: QtBot) -> None:
    studio, page = sourcing()
    page.view.go_to(4)
    qtbot.keyClick(page.view, Qt.Key.Key_Return)
    label = studio.window.page(LABEL)
    assert isinstance(label, LabelPage)
    assert studio.window.workspace == LABEL
    assert [clip.name for clip in label.desk.project.clips(label.queue.table.clip_ids)] == [
        f"{video(4)} 0:00.1-0:00.3"
    ]


def test_a_recording_that_has_come_becomes_playable_in_the_queue(
    sourcing: Sourcing, qtbot: QtBot, tmp_path: Path
) -> None:
    studio, page = sourcing()
    label = studio.bring(LABEL)
    assert isinstance(label, LabelPage)
    label.queue.go_to(4)
    clip = label.current
    assert clip is not None
    assert clip.audio == "missing"
    tone = write_tone(tmp_path / "came.wav")
    use.place_file(page.desk.project, clip.recording_id, tone)
    qtbot.waitUntil(lambda: label.picture.waveform.text_twin().startswith("Clip of 0.2"))
    assert label.queue.row() == 4
    assert label.current is not None
    assert label.current.audio == "ready"


def test_a_dropped_folder_is_imported_and_dropped_links_are_pasted(
    sourcing: Sourcing, tmp_path: Path, qtbot: QtBot
) -> None:
    studio, page = sourcing()
    _drop(page, text=f"https://youtu.be/{video(9)}")
    assert "1 recording" in page.parts.paste.words
    (tmp_path / "voices").mkdir()
    write_tone(tmp_path / "voices" / "a.wav")
    _drop(page, file=tmp_path / "voices")
    assert studio.window.workspace == IMPORT
    qtbot.waitUntil(lambda: not studio.background.busy)


def test_the_availability_report_has_every_recording(
    sourcing: Sourcing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, page = sourcing()
    path = tmp_path / "report.csv"
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getSaveFileName", lambda *_: (str(path), ""))
    page.export_report()
    lines = path.read_text().splitlines()
    assert len(lines) == 8
    assert "the video is private" in lines[2]


def test_everything_on_the_page_has_a_name(sourcing: Sourcing) -> None:
    _, page = sourcing()
    parts = page.parts
    for widget in (parts.paste.field, parts.search, parts.view, parts.bar, parts.details.browsers):
        assert widget.accessibleName()
    said = page.table.index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Unavailable: the video is private" in said


def test_every_key_of_the_page_does_something_that_ends_well(
    sourcing: Sourcing, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, page = sourcing()
    for dialog in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(f"PySide6.QtWidgets.QFileDialog.{dialog}", lambda *_: ("", ""))
    monkeypatch.setattr("PySide6.QtGui.QDesktopServices.openUrl", lambda _: True)
    monkeypatch.setattr(page.parts.details.browsers, "showPopup", list)  # no screen to grab
    for action in ACTIONS:
        if action.workspace == SOURCES:
            studio.bring(SOURCES)
            page.view.go_to(1)
            studio.perform(action)
            page.show_filter()


def test_what_is_added_is_shown_although_a_filter_would_hide_it(sourcing: Sourcing) -> None:
    _, page = sourcing()
    page.show_filter("ready")
    page.parts.paste.paste(video(60))
    page.parts.paste.add()
    assert page.front is not None
    assert page.front.video_id == video(60)
    assert page.view.hasFocus()


def test_the_start_page_leads_to_a_new_projects_sources(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stremo_studio.ui.import_flow.projects_folder", lambda: tmp_path)
    studio.actions.paste_links()
    page = studio.window.page(SOURCES)
    assert isinstance(page, SourcesPage)
    assert page.parts.paste.field.hasFocus()
    assert (tmp_path / "YouTube" / "project.db").exists()


def _row(page: SourcesPage, row: int, *, settled: bool = False) -> dict[str, str]:
    if settled:
        page.listing.settle()
    table = page.table
    return {name: table.index(row, n).data() for n, name in enumerate(table.columns)}


def _words(studio: Studio) -> str:
    return "\n".join(label.text() for label in studio.window.findChildren(QLabel))


def _drop(page: SourcesPage, *, text: str = "", file: Path | None = None) -> None:
    mime = QMimeData()
    if file is not None:
        mime.setUrls([QUrl.fromLocalFile(str(file))])
    else:
        mime.setText(text)
    actions, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier
    page.dropEvent(QDropEvent(QPointF(5, 5), actions, mime, left, none.NoModifier))

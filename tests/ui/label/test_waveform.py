"""The waveform on the screen: real widgets, offscreen, looked at pixel by pixel."""

import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from stremo_studio.media.peaks import Peaks, build_peaks, growing_peaks
from stremo_studio.media.sound import Sound
from stremo_studio.ui.label.overview import OverviewStrip
from stremo_studio.ui.label.waveform import WaveformView
from stremo_studio.ui.theme import DARK, LIGHT, Theme

RATE = 8000
DURATION = 30.0
LEFT = Qt.MouseButton.LeftButton


def burst_at(start: float, end: float) -> Sound:
    """Silence with one loud tone."""
    samples = np.zeros(round(DURATION * RATE), np.int16)
    span = slice(round(start * RATE), round(end * RATE))
    samples[span] = 20000 * np.sin(np.arange(span.stop - span.start))
    return Sound(samples, RATE, "k")


SOUND = burst_at(11.0, 12.0)
PEAKS = build_peaks(SOUND)


@pytest.fixture(params=[LIGHT, DARK])
def theme(theme: Theme, request: pytest.FixtureRequest) -> Iterator[Theme]:
    theme.choose(request.param)
    yield theme
    theme.choose(LIGHT)


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> WaveformView:
    view = WaveformView(theme)
    qtbot.addWidget(view)
    view.resize(800, 200)
    view.show_sound(SOUND, PEAKS, 10.0, 14.0)
    view.show()
    return view


def picture(view: WaveformView) -> QImage:
    return view.grab().toImage()


def x_of(view: WaveformView, seconds: float) -> int:
    return round(view.window_in_sight.x_of(seconds, view.width()))


def color_at(view: WaveformView, seconds: float, y: int) -> QColor:
    return picture(view).pixelColor(x_of(view, seconds), y)


def test_it_shows_the_clip_and_two_seconds_around_it(view: WaveformView) -> None:
    assert view.window_in_sight.start == pytest.approx(8.0)
    assert view.window_in_sight.end == pytest.approx(16.0)


def test_sound_is_drawn_where_it_is_and_nowhere_else(view: WaveformView, theme: Theme) -> None:
    assert color_at(view, 11.5, 40) == theme.color("wave")
    assert color_at(view, 10.5, 40) == theme.color("clip_surface")
    assert color_at(view, 13.0, 88) in (theme.color("wave"), theme.color("clip_surface"))
    assert color_at(view, 9.0, 40) == theme.color("surface")


def test_a_quiet_clip_beside_loud_speech_is_seen(view: WaveformView, theme: Theme) -> None:
    samples = burst_at(2.0, 3.0).samples + burst_at(11.0, 12.0).samples // 12
    quiet = Sound(samples, RATE, "quiet")
    view.show_sound(quiet, build_peaks(quiet), 10.0, 14.0)
    assert color_at(view, 11.5, 50) == theme.color("wave")
    view.look_at(1.0, 4.0)
    assert color_at(view, 2.5, 1) == theme.color("wave_context")


def test_the_first_waveform_imports_nothing() -> None:
    program = (
        "import numpy as np, sys\n"
        "from stremo_studio.media.peaks import build_peaks\n"
        "from stremo_studio.media.sound import Sound\n"
        "from stremo_studio.ui.label.wave_image import wave_scale\n"
        "peaks, before = build_peaks(Sound(np.ones(9000, np.int16), 8000, 'k')), set(sys.modules)\n"
        "wave_scale(peaks, (0.0, 4000.0))\n"
        "print(set(sys.modules) - before)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("set()", "")


def test_what_surrounds_the_clip_is_grey(view: WaveformView, theme: Theme) -> None:
    view.set_clip(20.0, 21.0)
    assert color_at(view, 11.5, 40) == theme.color("wave_context")


def test_outside_the_recording_the_ground_is_sunken(view: WaveformView, theme: Theme) -> None:
    view.show_all()
    assert picture(view).pixelColor(3, 40) == theme.color("sunken")


def test_what_is_not_decoded_yet_is_sunken_until_it_is(view: WaveformView, theme: Theme) -> None:
    growing = growing_peaks(SOUND.samples)
    growing.grow(round(10 * RATE), round(12.5 * RATE))
    view.show_sound(SOUND, growing, 10.0, 14.0)
    assert color_at(view, 11.5, 40) == theme.color("wave")
    assert color_at(view, 13.5, 40) == theme.color("sunken")
    growing.grow(0, len(SOUND.samples))
    view.redraw()
    assert color_at(view, 13.5, 40) == theme.color("clip_surface")


@pytest.mark.parametrize("length", [30.0, 8.0, 1.0, 0.2, 0.03])
def test_the_tone_is_seen_at_every_zoom(view: WaveformView, theme: Theme, length: float) -> None:
    view.look_at(11.5 - length / 2, 11.5 + length / 2)
    image = picture(view)
    wave = theme.color("wave").rgb()
    middle = range(x_of(view, 11.5) - 3, x_of(view, 11.5) + 4)
    assert any(image.pixel(x, y) == wave for x in middle for y in range(10, 60))
    assert any(image.pixel(x, y) == wave for x in middle for y in range(115, 170))


def test_the_picture_is_as_sharp_as_the_screen(
    view: WaveformView, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WaveformView, "devicePixelRatioF", lambda _: 1.5)
    image = view._picture(PEAKS)
    assert (image.width(), image.height()) == (1200, 300)
    assert image.devicePixelRatio() == 1.5
    colors = {image.pixel(x, 60) for x in range(300, 1000)}
    known = {theme.color(r).rgb() for r in ("wave", "clip_surface", "accent", "surface")}
    assert colors <= known  # no blurred mixture


def test_the_playhead_is_one_line_of_its_colour(view: WaveformView, theme: Theme) -> None:
    view.set_position(12.5)
    row = [picture(view).pixelColor(x, 100) for x in range(800)]
    assert row.count(theme.color("playhead")) == 1
    assert row[x_of(view, 12.5)] == theme.color("playhead")
    view.set_position(None)
    assert color_at(view, 12.5, 100) != theme.color("playhead")


def test_moving_the_playhead_draws_no_wave(
    view: WaveformView, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    picture(view)
    drawn: list[int] = []
    monkeypatch.setattr(Peaks, "query", lambda *_: drawn.append(1))
    for step in range(50):
        view.set_position(10 + step / 20)
        view.repaint()
    assert drawn == []


def test_the_view_turns_the_page_when_the_playhead_leaves_it(view: WaveformView) -> None:
    view.set_position(15.99)
    view.set_position(16.01)
    assert view.window_in_sight.end == pytest.approx(16.0)
    view.set_position(15.99)
    view.set_position(16.01, follow=True)
    assert view.window_in_sight.start == pytest.approx(16.01)


def test_whoever_looks_elsewhere_while_it_plays_is_left_there(view: WaveformView) -> None:
    view.set_position(12.0, follow=True)
    view.look_at(20.0, 24.0)
    view.set_position(12.02, follow=True)
    assert view.window_in_sight.start == pytest.approx(20.0)
    view.set_position(2.0, follow=True)  # a jump is meant to be seen
    assert view.window_in_sight.start == pytest.approx(2.0)


def test_the_theme_changes_the_colours_at_once(view: WaveformView, theme: Theme) -> None:
    before = color_at(view, 11.5, 40)
    theme.choose(LIGHT if theme.dark else DARK)
    assert color_at(view, 11.5, 40) == theme.color("wave") != before


def test_zooming_by_key_is_around_the_playhead_and_panning_moves_it(view: WaveformView) -> None:
    view.set_position(12.0)
    view.zoom_in()
    assert view.window_in_sight.length == pytest.approx(4.0)
    assert view.window_in_sight.x_of(12.0, 800) == pytest.approx(400)
    view.pan(0.5)
    assert view.window_in_sight.start == pytest.approx(12.0)
    view.zoom_out()
    view.zoom_out()
    view.zoom_out()
    view.zoom_out()
    view.zoom_to_clip()
    assert view.window_in_sight.start == pytest.approx(8.0)


def wheel(view: WaveformView, x: float, turn: int, keys: Qt.KeyboardModifier) -> None:
    at = QPointF(x, 50)
    event = QWheelEvent(
        at, view.mapToGlobal(at), QPoint(), QPoint(0, turn), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def test_the_wheel_zooms_around_the_pointer_and_pans_with_shift(view: WaveformView) -> None:
    at = view.window_in_sight.time_at(200, 800)
    wheel(view, 200, 240, Qt.KeyboardModifier.NoModifier)
    assert view.window_in_sight.length < 6
    assert view.window_in_sight.x_of(at, 800) == pytest.approx(200, abs=0.1)
    start = view.window_in_sight.start
    wheel(view, 200, -120, Qt.KeyboardModifier.ShiftModifier)
    assert view.window_in_sight.start > start


def test_a_click_asks_to_seek_and_a_drag_only_pans(view: WaveformView, qtbot: QtBot) -> None:
    asked: list[float] = []
    view.seek_requested.connect(asked.append)
    qtbot.mouseClick(view, LEFT, pos=QPoint(300, 80))
    assert asked == [pytest.approx(11.0)]
    drag(view, qtbot, 300, 200)
    assert asked == [pytest.approx(11.0)]
    assert view.window_in_sight.start == pytest.approx(9.0, abs=0.02)


def drag(view: WaveformView, qtbot: QtBot, start: int, end: int) -> None:
    qtbot.mousePress(view, LEFT, pos=QPoint(start, 80))
    for x in (start, (start + end) // 2, end):
        at, none = QPointF(x, 80), Qt.KeyboardModifier.NoModifier
        move = QMouseEvent(QEvent.Type.MouseMove, at, view.mapToGlobal(at), LEFT, LEFT, none)
        QApplication.sendEvent(view, move)
    qtbot.mouseRelease(view, LEFT, pos=QPoint(end, 80))


def test_an_edge_is_dragged_and_told_when_it_is_let_go(view: WaveformView, qtbot: QtBot) -> None:
    changed: list[tuple[float, float]] = []
    view.clip_edges_changed.connect(lambda start, end: changed.append((start, end)))
    drag(view, qtbot, x_of(view, 14.0) + 2, x_of(view, 13.0))
    assert changed == [(10.0, pytest.approx(13.0, abs=0.02))]
    assert view.clip == changed[0]
    drag(view, qtbot, x_of(view, 10.0), x_of(view, 15.0))
    assert changed[1] == (pytest.approx(changed[0][1] - 0.05), changed[0][1])


def test_edges_that_may_not_move_do_not(view: WaveformView, qtbot: QtBot) -> None:
    view.show_sound(SOUND, PEAKS, 10.0, 14.0, movable=False)
    drag(view, qtbot, x_of(view, 14.0), x_of(view, 13.0))
    assert view.clip == (10.0, 14.0)


def test_it_says_in_words_what_it_shows(view: WaveformView) -> None:
    assert view.accessibleName() == "Waveform"
    text = view.accessibleDescription()
    assert text.startswith("Clip of 4.00 s, from 10.00 to 14.00 of 30.00; level -")
    view.set_clip(1.0, 2.0)
    assert view.accessibleDescription() == "Clip of 1.00 s, from 1.00 to 2.00 of 30.00; silent."
    view.clear("Audio missing: a.wav is not there.")
    assert view.accessibleDescription() == "Audio missing: a.wav is not there."


def test_nothing_happens_while_there_is_no_sound(view: WaveformView, qtbot: QtBot) -> None:
    view.clear("No clip")
    view.seek_requested.connect(pytest.fail)
    qtbot.mouseClick(view, LEFT, pos=QPoint(300, 80))
    wheel(view, 100, 120, Qt.KeyboardModifier.NoModifier)
    for act in (view.zoom_in, view.zoom_out, view.zoom_to_clip, view.show_all):
        act()
    view.set_position(3.0)
    assert picture(view).width() == 800


def test_an_empty_recording_is_drawn(qtbot: QtBot, theme: Theme) -> None:
    empty = Sound(np.zeros(0, np.int16), RATE, "k")
    view = WaveformView(theme)
    qtbot.addWidget(view)
    view.show_sound(empty, build_peaks(empty))
    view.show_all()
    assert picture(view).width() > 0


def test_the_overview_frames_the_view_and_a_click_moves_it(qtbot: QtBot, theme: Theme) -> None:
    strip = OverviewStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(600, 24)
    strip.show_sound(SOUND, PEAKS, 10.0, 14.0)
    strip.set_view(8.0, 16.0)
    strip.set_position(12.0)
    image = strip.grab().toImage()
    assert image.height() == 24
    assert image.pixelColor(240, 12) == theme.color("playhead")
    assert image.pixelColor(230, 22) == theme.color("accent")
    asked: list[float] = []
    strip.moved_to.connect(asked.append)
    qtbot.mouseClick(strip, LEFT, pos=QPoint(300, 10))
    assert asked == [pytest.approx(15.0)]
    strip.clear()
    assert strip.grab().toImage().pixelColor(230, 22) == theme.color("sunken")

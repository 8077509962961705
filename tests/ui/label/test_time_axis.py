"""Labels of the time axis never touch, and a window never leaves its recording."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stremo_studio.ui.label.time_axis import ticks, time_text
from stremo_studio.ui.label.time_window import SHORTEST, TimeWindow


@pytest.mark.parametrize(
    ("seconds", "step", "longest", "text"),
    [
        (3.0, 1.0, 10.0, "3"),
        (3.25, 0.01, 10.0, "3.25"),
        (59.96, 0.1, 100.0, "1:00.0"),
        (123.5, 0.5, 200.0, "2:03.5"),
        (5.0, 1.0, 4000.0, "0:00:05"),
        (3723.0, 1.0, 7200.0, "1:02:03"),
        (0.0, 0.001, 1.0, "0.000"),
        (-0.001, 1.0, 5.0, "0"),
        (360000.0, 3600.0, 360000.0, "100:00:00"),
    ],
)
def test_times_are_written_as_they_are_read(
    seconds: float, step: float, longest: float, text: str
) -> None:
    assert time_text(seconds, step, longest) == text


@example(1.0, 16180.0, 200.0)
@given(
    st.floats(0, 400_000),
    st.floats(0.01, 400_000),
    st.floats(200, 4000),
)
def test_labels_never_touch_and_are_all_different(
    start: float, length: float, width: float
) -> None:
    found = ticks(start, start + length, width, 7.0)
    for (at, text), (later, _) in pairwise(found):
        assert (later - at) / length * width >= 7.0 * len(text)
    assert len({text for _, text in found}) == len(found)
    assert found


def test_an_empty_axis_has_no_ticks() -> None:
    assert ticks(1.0, 1.0, 500, 7.0) == []
    assert ticks(0.0, 1.0, 0, 7.0) == []


@given(st.floats(0.1, 360_000), st.floats(-10, 400_000), st.floats(0.0, 400_000))
def test_a_window_stays_with_its_recording(duration: float, start: float, length: float) -> None:
    window = TimeWindow.around(start, start + length, duration)
    assert SHORTEST * 0.99 <= window.length <= max(duration, SHORTEST) * 1.05
    assert window.start >= -0.05 * window.length
    assert window.end <= duration + 0.05 * window.length + 1e-6


@given(st.floats(0.05, 0.95), st.floats(0.2, 5.0))
def test_what_is_under_the_pointer_stays_there_while_zooming(share: float, factor: float) -> None:
    window = TimeWindow.around(1000, 1060, 7200)
    at = window.time_at(share * 1900, 1900)
    assert window.zoomed(factor, at).x_of(at, 1900) == pytest.approx(share * 1900, abs=0.01)


def test_zooming_in_ends_at_single_samples_and_out_at_the_whole() -> None:
    window = TimeWindow.whole(7200)
    for _ in range(60):
        window = window.zoomed(2, 3600)
    assert window.length == pytest.approx(SHORTEST)
    for _ in range(60):
        window = window.zoomed(0.5, 3600)
    assert window == TimeWindow.whole(7200)

"""The callback, called directly: the first sample, the 5 ms stop, the loop, never an exception."""

import numpy as np
import pytest

from stremo_studio.media.mixer import Mixer, Voice
from stremo_studio.media.passage import Passage

RATE = 48000


def voice(level: int = 16384, seconds: float = 1.0, at: int = 0, ready: bool = True) -> Voice:
    samples = np.full(round(seconds * RATE), level, np.int16)
    passage = Passage(samples, RATE, (0, seconds), RATE, 1.0)
    if ready:
        passage.prepare(0, 10)
    return Voice(passage, at, at)


def render(mixer: Mixer, frames: int, time: float = 0.0) -> np.ndarray:
    out = np.full(frames, 9.0, np.float32)
    mixer.render(out, time)
    return out


def test_nothing_wanted_is_silence() -> None:
    assert not render(Mixer(RATE), 512).any()


def test_the_first_sample_of_the_clip_is_the_first_that_is_handed_over() -> None:
    mixer = Mixer(RATE)
    mixer.wanted = playing = voice()
    out = render(mixer, 512)
    assert np.array_equal(out, playing.passage.ready(0, 512))
    assert playing.handed_at is not None
    assert mixer.played == playing.cursor == 512


@pytest.mark.parametrize("block", [64, 333, 4096])
def test_blocks_of_any_size_give_the_same_sound(block: int) -> None:
    mixer = Mixer(RATE)
    mixer.wanted = playing = voice(seconds=1.5)
    out = np.concatenate([render(mixer, block, n * block / RATE) for n in range(80_000 // block)])
    expected = np.concatenate([playing.passage.ready(0, RATE), playing.passage.ready(RATE, RATE)])
    size = min(len(out), len(expected))
    assert np.array_equal(out[:size], expected[:size])
    assert not out[len(expected) :].any()


def test_the_end_is_timed_by_the_devices_clock() -> None:
    mixer = Mixer(RATE)
    mixer.wanted = playing = voice(seconds=0.5)
    for n in range(6):
        render(mixer, 4800, 100 + n * 0.1)
    assert playing.ended_at == pytest.approx(100.5)


def test_a_stop_fades_within_five_milliseconds_and_does_not_click() -> None:
    mixer = Mixer(RATE)
    mixer.wanted = voice()
    render(mixer, 4800)
    mixer.wanted = None
    tail = np.concatenate([render(mixer, 100) for _ in range(5)])
    assert tail[0] == pytest.approx(0.5, abs=0.01)
    assert np.abs(np.diff(tail)).max() < 0.01
    assert not tail[240:].any()


def test_a_new_clip_begins_at_once_over_the_tail_of_the_old() -> None:
    mixer = Mixer(RATE)
    mixer.wanted = voice(16384)
    render(mixer, 4800)
    mixer.wanted = second = voice(-8192)
    out = render(mixer, 480)
    assert np.allclose(out[240:], second.passage.ready(240, 240))
    assert np.abs(np.diff(out)).max() < 0.02


def test_beginning_in_the_middle_does_not_click() -> None:
    mixer = Mixer(RATE)
    mixer.wanted = voice(at=20_000)
    out = np.concatenate([render(mixer, 37) for _ in range(20)])
    assert out[0] == 0
    assert np.abs(np.diff(out)).max() < 0.01
    assert np.all(out[96:] == 0.5)


def test_a_loop_goes_on_without_a_gap() -> None:
    mixer = Mixer(RATE)
    mixer.loop = True
    mixer.wanted = playing = voice(seconds=0.1)
    out = np.concatenate([render(mixer, 1000) for _ in range(20)])
    lap = playing.passage.ready(0, 4800)
    assert np.array_equal(out[:4800], lap)
    assert np.array_equal(out[4800:9600], lap)
    assert playing.ended_at is None


def test_an_empty_passage_ends_even_in_a_loop() -> None:
    mixer = Mixer(RATE)
    mixer.loop = True
    mixer.wanted = playing = voice(seconds=0.0)
    assert not render(mixer, 256, 7.0).any()
    assert playing.ended_at == 7.0


def test_sound_that_is_not_ready_is_a_counted_gap_and_goes_on_where_it_was() -> None:
    mixer = Mixer(RATE)
    mixer.wanted = playing = voice(ready=False)
    assert not render(mixer, 256).any()
    assert mixer.underruns == 1
    playing.passage.prepare(0)
    assert np.array_equal(render(mixer, 256), playing.passage.ready(0, 256))


def test_an_error_in_the_callback_is_kept_and_gives_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mixer = Mixer(RATE)
    mixer.wanted = voice()
    fault = RuntimeError("broken")

    def broken(*_: object) -> None:
        raise fault

    monkeypatch.setattr(Passage, "ready", broken)
    assert not render(mixer, 256).any()
    assert mixer.fault is fault
    monkeypatch.undo()
    assert not render(mixer, 256).any()

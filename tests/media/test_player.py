"""The player on its silent clock: everything but the air works as with a sound card."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from stremo_studio.media import output
from stremo_studio.media.output import SILENT_RATE, SilentOutput
from stremo_studio.media.player import Player
from stremo_studio.media.stream import OFF

RATE = 16000
SAMPLES = np.random.default_rng(1).normal(0, 3000, 10 * RATE).astype(np.int16)


class Clock:
    """Wall time that a test moves."""

    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(SilentOutput.__init__, "__defaults__", (clock,))
    return clock


@pytest.fixture
def player(clock: Clock) -> Iterator[Player]:
    player = Player(device=False)
    player.load(SAMPLES, RATE, 2.0, 5.0)
    yield player
    player.close()


def test_it_says_that_and_why_it_is_silent(player: Player) -> None:
    assert player.silent
    assert player.reason == OFF
    assert player.device == ""


def test_a_clip_plays_from_its_start_to_its_end(player: Player, clock: Clock) -> None:
    assert not player.playing
    assert player.position == 2.0
    player.play()
    assert player.playing
    clock.time += 1.25
    assert player.position == pytest.approx(3.25, abs=0.001)
    clock.time += 1.70
    assert player.playing
    clock.time += 0.1
    assert not player.playing
    assert player.position == 5.0
    assert player.heard == pytest.approx(3.0)


def test_pause_and_resume_go_on_where_the_ear_was(player: Player, clock: Clock) -> None:
    player.play()
    clock.time += 1.0
    player.pause()
    clock.time += 60
    assert not player.playing
    assert player.position == pytest.approx(3.0, abs=0.001)
    player.resume()
    clock.time += 0.5
    assert player.position == pytest.approx(3.5, abs=0.001)


def test_resume_plays_a_loaded_clip_and_begins_again_at_the_end(
    player: Player, clock: Clock
) -> None:
    player.resume()
    clock.time += 99
    assert player.position == 5.0
    player.resume()
    assert player.playing
    assert player.position == 2.0


def test_replay_begins_again_what_was_played_last(player: Player, clock: Clock) -> None:
    player.play(7.0, 8.0)
    clock.time += 0.5
    player.replay()
    assert player.position == 7.0
    clock.time += 1.1
    assert not player.playing
    assert player.position == 8.0


def test_seek_inside_the_clip_keeps_its_end(player: Player, clock: Clock) -> None:
    player.play()
    player.seek(4.5)
    assert player.playing
    assert player.position == 4.5
    clock.time += 0.6
    assert not player.playing
    assert player.position == 5.0


def test_seek_outside_the_clip_plays_on_to_the_end_of_the_recording(
    player: Player, clock: Clock
) -> None:
    player.play()
    player.seek(8.0)
    clock.time += 1.5
    assert player.position == pytest.approx(9.5, abs=0.001)
    clock.time += 1.0
    assert player.position == 10.0


def test_seek_while_paused_moves_and_stays_silent(player: Player, clock: Clock) -> None:
    player.seek(4.0)
    clock.time += 5
    assert not player.playing
    assert player.position == 4.0
    player.resume()
    clock.time += 0.5
    assert player.position == pytest.approx(4.5, abs=0.001)
    player.seek(-3)
    assert player.position == 0.0
    player.seek(99)
    assert player.position == 10.0


def test_the_loop_latch_repeats_until_it_is_released(player: Player, clock: Clock) -> None:
    player.loop = True
    player.play()
    clock.time += 7.0
    assert player.playing
    assert player.position == pytest.approx(3.0, abs=0.01)
    player.loop = False
    clock.time += 2.1
    assert not player.playing
    assert player.position == 5.0
    assert player.heard == pytest.approx(9.0, abs=0.01)


def test_stop_goes_back_to_the_clips_start(player: Player, clock: Clock) -> None:
    player.play(7.0)
    clock.time += 1
    player.stop()
    assert not player.playing
    assert player.position == 2.0


def test_another_clip_starts_afresh(player: Player, clock: Clock) -> None:
    player.play()
    clock.time += 1
    player.load(SAMPLES[: 3 * RATE], RATE, 1.0)
    assert not player.playing
    assert player.position == 1.0
    assert player.heard == 0.0
    player.play()
    clock.time += 3
    assert player.position == 3.0


def test_nothing_loaded_and_a_clip_without_length_play_nothing(
    player: Player, clock: Clock
) -> None:
    player.unload()
    player.play()
    player.resume()
    player.replay()
    player.seek(3)
    assert not player.playing
    assert player.position == 0.0
    player.load(SAMPLES, RATE, 4.0, 4.0)
    player.play()
    clock.time += 0.01
    assert not player.playing
    assert player.position == 4.0


def test_a_long_recording_plays_while_only_seconds_of_it_are_kept(
    player: Player, clock: Clock
) -> None:
    player.load(np.resize(SAMPLES, 300 * 8000), 8000)
    player.play()
    clock.time += 250
    assert player.position == pytest.approx(250, abs=0.01)
    assert player.playing


def test_no_sound_card_is_said_in_one_sentence_and_can_be_looked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[bool] = []

    def none(self: object, make_render: object, latency: float, *, again: bool = False) -> None:
        looked.append(again)
        raise output.SoundDeviceError("No sound card was found.")

    monkeypatch.setattr("stremo_studio.media.output.DeviceOutput.__init__", none)
    player = Player()
    player._stream._opening.join()
    assert player.silent
    assert player.reason == "No sound card was found."
    player.reopen()
    player._stream._opening.join()
    assert looked == [False, True]
    player.close()


class FakeCard:
    """A card whose clock and loss a test decides; it asks for frames when told to."""

    name = "card"
    latency = 0.03
    dropouts = 0
    rate = 48000

    def __init__(self) -> None:
        self.time = 0.0
        self.gone = False
        self.blocks: list[np.ndarray] = []

    def now(self) -> float:
        return self.time

    def pump(self) -> None:
        pass

    def lost(self) -> bool:
        return self.gone

    def close(self) -> None:
        pass


def test_a_card_that_comes_and_goes_does_not_lose_the_place(player: Player, clock: Clock) -> None:
    from stremo_studio.media.mixer import Mixer

    card, mixer = FakeCard(), Mixer(48000)
    player.play()
    clock.time += 1.0
    player._stream._found.append((card, mixer))  # as the opening thread does
    assert player.position == pytest.approx(3.0, abs=0.001)
    assert not player.silent
    assert player.reason == ""
    block = np.zeros(4800, np.float32)
    mixer.render(block, card.time + card.latency)
    assert block.any()
    card.time = 0.08
    assert player.position == pytest.approx(3.05, abs=0.001)
    card.gone = True
    assert player.playing
    assert player.silent
    assert player.reason == "The sound card went away: card."
    clock.time += 1.0
    assert player.position == pytest.approx(4.05, abs=0.001)


def test_a_card_that_drops_out_is_opened_again_with_a_longer_buffer(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    def opened(self: FakeCard, make_render: Callable, latency: float, **_: bool) -> None:
        asked.append(latency)
        make_render(48000)
        self.time, self.gone, self.dropouts, self.rate = 0.0, False, 0, 48000

    for name in ("now", "pump", "lost", "close"):
        monkeypatch.setattr(output.DeviceOutput, name, getattr(FakeCard, name))
    monkeypatch.setattr(output.DeviceOutput, "__init__", opened)
    player = Player()
    player._stream._opening.join()
    player.load(SAMPLES, RATE, 2.0)
    player.play()
    assert not player.silent
    for buffer in (0.06, 0.12):
        player._stream._output.dropouts = 8
        assert player.position == pytest.approx(2.0)
        player._stream._opening.join()
        assert not player.silent
        assert player.playing
        assert asked[-1] == buffer
    player._stream._output.dropouts = 99
    assert not player.silent
    assert asked == [0.03, 0.06, 0.12]
    assert player.dropouts == 8 + 8 + 99
    player.close()


def test_the_playhead_waits_for_the_ear_not_for_the_buffer(player: Player, clock: Clock) -> None:
    from stremo_studio.media.mixer import Mixer

    card, mixer = FakeCard(), Mixer(48000)
    player._stream._found.append((card, mixer))
    assert not player.silent
    player.play()
    mixer.render(np.zeros(1440, np.float32), card.time + 0.03)
    assert player.position == 2.0
    card.time = 0.04
    assert player.position == pytest.approx(2.01, abs=0.001)


def test_a_bug_in_the_callback_reaches_the_top_once(
    player: Player, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    player.play()
    player._stream._mixer.fault = RuntimeError("broken")
    with pytest.raises(RuntimeError, match="broken"):
        _ = player.position
    assert not player.playing


def test_the_silent_clock_renders_what_a_card_would(clock: Clock) -> None:
    asked: list[tuple[int, float]] = []
    silent = SilentOutput(lambda block, time: asked.append((len(block), time)), clock)
    clock.time += 2.5
    silent.pump()
    assert sum(frames for frames, _ in asked) == round(2.5 * SILENT_RATE)
    assert asked[0][1] == 1000.0


def test_the_playhead_follows_the_recording_at_any_speed(player: Player, clock: Clock) -> None:
    player.speed = 0.5
    player.play()
    clock.time += 2.0
    assert player.position == pytest.approx(3.0, abs=0.001)
    player.speed = 1.5
    assert player.position == pytest.approx(3.0, abs=0.001)
    clock.time += 1.0
    assert player.position == pytest.approx(4.5, abs=0.001)
    clock.time += 0.34
    assert not player.playing
    assert player.position == 5.0
    assert player.heard == pytest.approx(3.0, abs=0.01)


def test_the_speed_is_a_latch_for_what_is_played_next(player: Player, clock: Clock) -> None:
    player.speed = 0.8
    assert not player.playing
    player.load(SAMPLES, RATE, 1.0, 9.0)
    player.play()
    clock.time += 5.0
    player.seek(2.0)
    clock.time += 5.0
    assert player.position == pytest.approx(6.0, abs=0.001)
    player.loop = True
    player.play(1.0, 2.0)
    clock.time += 3.0
    assert player.position == pytest.approx(1.4, abs=0.01)

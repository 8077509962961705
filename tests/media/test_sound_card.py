"""What comes out of a sound card is the clip: played into a virtual one and recorded from it.

The player runs in a process of its own, because PortAudio looks for cards only when it starts.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soxr

from tests.media.conftest import CARD_RATE, SoundCard

pytestmark = pytest.mark.slow
RATE = 16_000
_OPEN = """
import json, sys, time
import numpy as np
from stremo_studio.media.player import Player
from stremo_studio.media.stream import OPENING
samples, rate = np.load(sys.argv[1]), int(sys.argv[2])
began = time.perf_counter()
player = Player()
built = time.perf_counter() - began
while player.silent and player.reason == OPENING:
    time.sleep(0.005)
said = {"silent": player.silent, "reason": player.reason, "built": built}
player.load(samples, rate)
def until(reached, limit=20):
    end = time.perf_counter() + limit
    while not reached():
        assert time.perf_counter() < end, "it never happened"
        time.sleep(0.002)
"""

_PLAY = """
player.play()
until(lambda: not player.playing)
time.sleep(0.2)  # the card's own buffer
print(json.dumps(said | {"dropouts": player.dropouts}))
player.close()
"""

_PAUSE = """
player.play()
until(lambda: player.position > 1.0)
player.pause()
at = player.position
time.sleep(0.5)
print(json.dumps({"at": at, "still": player.position, "dropouts": player.dropouts}))
player.close()
"""


def run(card: SoundCard, tmp_path: Path, samples: np.ndarray, program: str) -> dict:
    np.save(tmp_path / "clip.npy", samples)
    done = subprocess.run(
        [sys.executable, "-c", _OPEN + program, str(tmp_path / "clip.npy"), str(RATE)],
        env=card.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def undisturbed(
    card: SoundCard, tmp_path: Path, samples: np.ndarray, program: str
) -> tuple[dict, np.ndarray]:
    """What the program said and what was recorded, of a run without dropouts."""
    for _ in range(5):
        recorder = card.record()
        said = run(card, tmp_path, samples, program)
        recorded = recorder.stop()
        if not said["dropouts"]:
            return said, recorded
    pytest.skip("this machine is too busy: the card itself reported dropouts five times")


def bursts(seconds: float) -> np.ndarray:
    """Smooth noise that is loud from its first sample on."""
    random = np.random.default_rng(8)
    slow = soxr.resample(random.normal(0, 5000, round(seconds * 6000)), 6000, RATE)
    return np.clip(slow, -30000, 30000).astype(np.int16)


def aligned(recorded: np.ndarray, clip: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The part of the recording where the clip is, to a fraction of a sample, and the clip."""
    fine = soxr.resample(clip.astype(float), RATE, CARD_RATE * 4)
    heard = soxr.resample(recorded, CARD_RATE, CARD_RATE * 4)
    size = 1 << int(np.ceil(np.log2(len(heard) + len(fine))))
    likeness = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(fine, size)), size)
    first = int(likeness.argmax())
    found = heard[first : first + len(fine)]
    return found, fine[: len(found)]


def likeness(ours: np.ndarray, theirs: np.ndarray) -> float:
    return float(ours @ theirs / (np.linalg.norm(ours) * np.linalg.norm(theirs)))


def test_the_samples_that_sound_are_the_clips_from_the_first_to_the_last(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    clip = bursts(2.0)
    said, recorded = undisturbed(sound_card, tmp_path, clip, _PLAY)
    assert (said["silent"], said["reason"]) == (False, "")
    assert said["built"] < 0.2  # the window does not wait for PortAudio
    heard, expected = aligned(recorded, clip)
    assert len(heard) == len(expected)
    assert likeness(heard, expected) > 0.99
    tenth = len(heard) // 20
    assert likeness(heard[:tenth], expected[:tenth]) > 0.98
    assert likeness(heard[-tenth:], expected[-tenth:]) > 0.98


def test_a_pause_is_silent_at_once_and_the_playhead_tells_the_truth(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    clip = (8000 * np.sin(np.arange(3 * RATE) / 3)).astype(np.int16)
    said, recorded = undisturbed(sound_card, tmp_path, clip, _PAUSE)
    loud = np.flatnonzero(np.abs(recorded) > 500)
    sounded = (loud[-1] - loud[0]) / CARD_RATE
    assert said["still"] == said["at"]
    assert said["at"] - 0.02 < sounded < said["at"] + 0.08  # 60 ms, and the block being written


def test_a_card_that_is_unplugged_is_replaced_by_silence_and_found_again(
    sound_card: SoundCard, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    np.save(tmp_path / "clip.npy", bursts(30.0))
    program.write_text(
        _OPEN
        + """
player.play()
until(lambda: player.position > 0.3)
print("unplug", flush=True)
until(lambda: player.silent)
at, why = player.position, player.reason
until(lambda: player.position > at + 0.5)
print("plug in", flush=True)
sys.stdin.readline()
def sounds():
    player.reopen()
    return not player.silent
until(sounds)
back = player.position
until(lambda: player.position > back + 0.3)
print(json.dumps({"why": why, "playing": player.playing, "silent": player.silent}), flush=True)
player.close()
"""
    )
    with subprocess.Popen(
        [sys.executable, str(program), str(tmp_path / "clip.npy"), str(RATE)],
        env=sound_card.environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as player:
        assert player.stdin is not None
        assert player.stdout is not None
        assert player.stdout.readline() == "unplug\n"
        sound_card.unplug()
        assert player.stdout.readline() == "plug in\n"
        sound_card.plug_in()
        player.stdin.write("\n")
        player.stdin.flush()
        said = json.loads(player.stdout.readline())
    assert said["why"].startswith("The sound card went away")
    assert said["playing"]
    assert not said["silent"]

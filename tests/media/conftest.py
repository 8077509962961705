"""A sound card made of software: PulseAudio with a null sink whose monitor is recorded."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import numpy as np
import pytest

CARD_RATE = 48_000


class SoundCard:
    """A PulseAudio server of its own; `environment` is what a player needs to find it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self.environment = {
            **os.environ,
            "PULSE_SERVER": f"unix:{folder}/native",
            "XDG_RUNTIME_DIR": str(folder),
            "HOME": str(folder),
        }

    def plug_in(self) -> None:
        """Start the server and wait until it answers."""
        modules = (
            f"module-null-sink sink_name=card rate={CARD_RATE}",
            f"module-native-protocol-unix socket={self._folder}/native auth-anonymous=1",
        )
        loads = [part for module in modules for part in ("-L", module)]
        options = ("--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=1")
        self._server = subprocess.Popen(
            ["pulseaudio", "-n", *options, *loads],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline, tick = monotonic() + 20, Event()
        while self._answers() != 0:
            if self._server.poll() is not None or monotonic() > deadline:
                pytest.skip("PulseAudio does not start here")
            tick.wait(0.05)

    def _answers(self) -> int:
        asked = subprocess.run(
            ["pactl", "info"], env=self.environment, capture_output=True, timeout=20, check=False
        )
        return asked.returncode

    def unplug(self) -> None:
        """Take the card away in the middle of whatever plays."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def record(self) -> "Recorder":
        """Record what is played until `Recorder.stop`."""
        return Recorder(self.environment)


class Recorder:
    """Samples that reached the sink, as float64 in int16 units at CARD_RATE."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        self._process = subprocess.Popen(
            ["parec", "-d", "card.monitor", f"--rate={CARD_RATE}", "--channels=1",
             "--format=s16le", "--latency-msec=10"],
            env=environment,
            stdout=self._file,
        )  # fmt: skip
        deadline, tick = monotonic() + 20, Event()
        while os.fstat(self._file.fileno()).st_size == 0:
            assert monotonic() < deadline, "parec records nothing"
            tick.wait(0.02)

    def stop(self) -> np.ndarray:
        self._process.terminate()
        self._process.wait()
        self._file.seek(0)
        samples = np.frombuffer(self._file.read(), "<i2").astype(float)
        self._file.close()
        return samples


@pytest.fixture
def sound_card() -> Iterator[SoundCard]:
    """A running card; skips where PulseAudio or its ALSA bridge is not installed."""
    for program in ("pulseaudio", "pactl", "parec"):
        if shutil.which(program) is None:
            pytest.skip(f"no virtual sound card: {program} is not installed")
    if not any(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
        pytest.skip("no virtual sound card: ALSA's bridge to PulseAudio is not installed")
    folder = Path(tempfile.mkdtemp(prefix="card-"))  # a socket's path must be short
    card = SoundCard(folder)
    card.plug_in()
    yield card
    card.unplug()
    shutil.rmtree(folder, ignore_errors=True)

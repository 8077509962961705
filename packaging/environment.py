"""The virtual environment `.venv` at the project root: made, filled, kept fresh, repaired.

A stamp is taken away before anything changes and written last, so that an interrupted set-up is
seen by the next one, which goes on from there.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import urllib.request
from collections import deque
from pathlib import Path

from progress import SetupError, Step

ROOT = Path(__file__).resolve().parents[1]
CONSTRAINTS = ROOT / "packaging" / "constraints.txt"
NVIDIA = Path("/proc/driver/nvidia")
CPU_TORCH = "https://download.pytorch.org/whl/cpu"
WORTH_SAYING = ("Downloading", "Building editable", "Installing")
NO_NETWORK = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "NameResolutionError",
    "name resolution",
    "ProxyError",
    "Network is unreachable",
)


class Environment:
    """The virtual environment of one checkout."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.stamp = self.folder / "stremo-set-up"

    @property
    def python(self) -> Path:
        """The interpreter inside it, there or not."""
        return self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def is_ready(self) -> bool:
        """Whether the last set-up finished, for these requirements, this Python and this place.

        A linked environment belongs to another checkout: it is used as it is, and never changed."""
        if self.folder.is_symlink():
            return self._starts()
        try:
            return self.stamp.read_text(encoding="utf-8") == self.wanted() and self._starts()
        except OSError:
            return False

    def wanted(self) -> str:
        """What the stamp must say: a digest of everything that decides what is installed."""
        digest = hashlib.sha256(f"{sys.version}\n{sys.executable}\n{self.root}\n".encode())
        for path in (self.root / "pyproject.toml", CONSTRAINTS, Path(__file__)):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def set_up(self) -> None:
        """Make or repair the environment; raises SetupError with one sentence."""
        if self.folder.is_symlink():
            raise SetupError(
                f"{self.folder} links to an environment that does not start: remove the link and "
                "run the same command again."
            )
        self.stamp.unlink(missing_ok=True)
        if not self._starts("-m", "pip", "--version"):
            self._create()
        with Step("Python packages (the first time takes minutes)") as step:
            self._remove_half_installed()
            self._install(step, *torch_source(), "torch")
            self._install(step, "--editable", f"{self.root}[dev]")
            step.now_at("Checking that everything fits together")
            self._pip(step, "check")
        self.stamp.write_text(self.wanted(), encoding="utf-8")

    def _starts(self, *arguments: str) -> bool:
        command = [str(self.python), *(arguments or ("-c", "import sys"))]
        try:
            return subprocess.run(command, capture_output=True).returncode == 0
        except OSError:
            return False

    def _create(self) -> None:
        with Step("A fresh environment in .venv"):
            shutil.rmtree(self.folder, ignore_errors=True)
            made = subprocess.run(
                [sys.executable, "-m", "venv", str(self.folder)], capture_output=True, text=True
            )
        if made.returncode:
            raise SetupError(
                f"Python could not make .venv: {_last_line(made.stderr + made.stdout)}"
            )

    def _remove_half_installed(self) -> None:
        """pip takes a package for installed once its metadata is there, but writes RECORD last."""
        for metadata in self.folder.glob("**/site-packages/*.dist-info"):
            if not (metadata / "RECORD").exists():
                shutil.rmtree(metadata)

    def _install(self, step: Step, *requirements: str) -> None:
        self._pip(step, "install", "--retries", "2", *requirements)

    def _pip(self, step: Step, *arguments: str) -> None:
        command = [str(self.python), "-m", "pip", "--disable-pip-version-check", *arguments]
        # By environment and not by option, so that builds (the project itself is one) take the
        # pinned versions too; as a URI, because pip splits the variable at spaces.
        pins = CONSTRAINTS.as_uri()
        pip_settings = {"PIP_CONSTRAINT": pins, "PIP_BUILD_CONSTRAINT": pins}
        environment = {**os.environ, **pip_settings, "PYTHONIOENCODING": "utf-8"}
        said: deque[str] = deque(maxlen=200)
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            errors="replace",
            env=environment,
        ) as pip:
            assert pip.stdout is not None
            for line in map(str.strip, pip.stdout):
                said.append(line)
                if line.startswith(WORTH_SAYING):
                    step.now_at(line.split(":")[0][:80])
        if pip.returncode:
            raise SetupError(why_pip_failed(list(said)))


def torch_source() -> list[str]:
    """PyTorch's own index on Linux without an NVIDIA driver: PyPI's build brings 3 GB of CUDA.

    Nothing where that index cannot be reached; then pip takes what its usual places offer."""
    if sys.platform != "linux" or NVIDIA.exists():
        return []
    request = urllib.request.Request(f"{CPU_TORCH}/torch/", method="HEAD")
    try:
        urllib.request.urlopen(request, timeout=3).close()
    except OSError:
        return []
    return ["--extra-index-url", CPU_TORCH]


def why_pip_failed(said: list[str]) -> str:
    """One sentence, from the last lines that pip printed, and pip's own words where unsure."""
    text = "\n".join(said)
    if any(sign in text for sign in NO_NETWORK):
        return (
            "The Python packages could not be fetched: this computer seems to be offline. Connect "
            "it and run the same command again; it goes on from here."
        )
    if "No space left on device" in text:
        return "The disk is full: free about 4 GB and run the same command again."
    return "pip could not install the packages; its last words were:\n  " + "\n  ".join(said[-8:])


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it gave no reason"])[-1]

"""Which system libraries are missing on Linux, and the Debian packages that bring them.

The question is asked of the loader itself: a library is there when it can be loaded.
"""

import ctypes
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

from progress import SetupError, Step, say

QT = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
SOUND = {"libportaudio.so.2": "libportaudio2"}
FONTS = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# What only the tests use: a virtual sound card, a virtual screen and a cluster of one node.
# Without it those tests skip.
TEST_TOOLS = {
    "pulseaudio": "pulseaudio",
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "sbatch": "slurm-wlm",
    "munge": "munge",
}
ALSA_TO_PULSE = "libasound2-plugins"


def missing_libraries(libraries: Mapping[str, str]) -> list[str]:
    """Packages of those libraries that the loader does not find, in the order given."""
    return [package for library, package in libraries.items() if not _loads(library)]


def missing_for_programs() -> tuple[list[str], list[str]]:
    """Packages the program cannot start without, and those it is poorer without."""
    if sys.platform != "linux":
        return [], []
    needed = missing_libraries(QT)
    if find_spec("ensurepip") is None:
        needed.append(f"python3.{sys.version_info.minor}-venv")
    wanted = missing_libraries(SOUND)
    if not any(_holds_fonts(Path(folder).expanduser()) for folder in FONT_FOLDERS):
        wanted.append(FONTS)
    return needed, wanted


def missing_for_tests() -> list[str]:
    """Packages that let the tests of sound card and screen run instead of skip."""
    if sys.platform != "linux":
        return []
    missing = [package for tool, package in TEST_TOOLS.items() if shutil.which(tool) is None]
    if not list(Path("/usr/lib").glob("*/alsa-lib/libasound_module_pcm_pulse.so")):
        missing.append(ALSA_TO_PULSE)
    return missing


def command(packages: Iterable[str]) -> str:
    """The one line that a person types to install these packages."""
    return "sudo apt-get update && sudo apt-get install -y " + shlex.join(packages)


def provide(needed: list[str], wanted: list[str]) -> None:
    """Install what is missing where that is allowed; otherwise say the one command.

    Raises SetupError when something needed stays missing; what is only wanted gets a line."""
    packages = needed + wanted
    if not packages:
        return
    if shutil.which("apt-get") is None:
        advice = f"install what your system calls {', '.join(packages)}, then run this again"
    elif (as_root := _as_root()) is not None and _install(packages, as_root):
        return
    else:
        advice = f"run this once, then the same command again:\n\n  {command(packages)}\n"
    if needed:
        raise SetupError(f"System libraries are missing; {advice}")
    say(f"  Not fatal, but sound or text will be missing: {advice}")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _holds_fonts(folder: Path) -> bool:
    return any(path.suffix in (".ttf", ".otf", ".ttc", ".pfb") for path in folder.rglob("*.*"))


def _as_root() -> list[str] | None:
    """How to become root without being asked for a password; None where that is not allowed."""
    if os.geteuid() == 0:
        return []
    sudo = ["sudo", "-n"]
    if (
        shutil.which("sudo")
        and subprocess.run([*sudo, "true"], capture_output=True).returncode == 0
    ):
        return sudo
    return None


def _install(packages: list[str], as_root: list[str]) -> bool:
    """Whether apt installed them; its package lists are fetched only when it does not know them.

    `--no-remove`: never at the price of something that the machine has."""
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    install = [*apt, "install", "-y", "--no-remove", "--no-install-recommends", *packages]
    with Step("System packages") as step:
        for attempt in (install, [*apt, "update"], install):
            words = "update" if "update" in attempt else " ".join(["install", *packages])
            step.now_at(f"apt-get {words}")
            done = subprocess.run(attempt, stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if done.returncode == 0 and attempt is install:
                return True
    say("  " + "\n  ".join(done.stderr.strip().splitlines()[-3:]))
    return False

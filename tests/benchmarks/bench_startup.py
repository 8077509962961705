"""From the start of the process to a window that can be used, against a bare PySide6 window.

Both are measured in turns, so that a busy machine slows both; the ratio is what counts.
"""

import statistics
import subprocess
import sys
import time

from tests.benchmarks.targets import Figure, show

ROUNDS = 7
_PAINTED = """
class Probe(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, say)
            app.removeEventFilter(self)
        return False
def say():
    print("ready", flush=True)
    app.exit()
probe = Probe()
app.installEventFilter(probe)
"""
BARE = f"""
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
{_PAINTED}
window = QMainWindow()
window.resize(1280, 800)
window.show()
app.exec()
"""
STUDIO = f"""
from PySide6.QtCore import QEvent, QObject, QTimer
from stremo_studio.app import Studio
from stremo_studio.ui.application import Memory, make_application
from stremo_studio.ui.theme import Theme
app = make_application([])
{_PAINTED}
studio = Studio(Theme(app), Memory())
studio.window.show()
app.exec()
"""


def main() -> int:
    """Print the table; returns the number of targets missed."""
    bare, studio = [], []
    for _ in range(ROUNDS):
        bare.append(_seconds(BARE))
        studio.append(_seconds(STUDIO))
    ratio = statistics.median(s / b for s, b in zip(studio, bare, strict=True))
    return show(
        "Start of the process to a window that can be used",
        [
            Figure("bare PySide6 window, median", statistics.median(bare), "s"),
            Figure("StrEmo Studio, median", statistics.median(studio), "s"),
            Figure("ratio, median of pairs", ratio, "x", at_most=2.5),
        ],
    )


def _seconds(program: str) -> float:
    """Until the first painted window's event loop comes round again."""
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"ready"
        return time.perf_counter() - began

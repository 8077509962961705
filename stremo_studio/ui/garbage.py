"""Python's garbage collector, run in the GUI thread only.

Left alone it runs in whichever thread allocates, e.g. while a sheet is read in the background, and
then destroys Qt objects of a closed page outside the GUI thread, which can end in a crash.
"""

import gc
from functools import cache

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1_000


class GuiCollector(QObject):
    """Turns the automatic collector off and collects on a timer, each generation when it is due."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect_if_due)
        self._timer.start()

    def collect_if_due(self) -> None:
        """By the same thresholds that Python would use."""
        for generation, (count, limit) in reversed(
            list(enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)))
        ):
            if limit and count > limit:
                gc.collect(generation)
                return

    def stop(self) -> None:
        """Give the collector back to Python."""
        self._timer.stop()
        gc.enable()


@cache
def spare_what_is_loaded() -> None:
    """Leave out of every later collection what is there now, once: modules stay until the end, and
    to look through them again and again cost the GUI thread 40 ms each time."""
    gc.freeze()

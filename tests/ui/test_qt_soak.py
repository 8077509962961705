"""The binding keeps its reference counts: PySide6 6.12.0 on Python 3.11 drops None and True."""

import sys

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPainter


class _Emitter(QObject):
    said = Signal(object)


def test_300_pens_and_300_emits_leave_the_reference_counts_alone() -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    emitter, painter = _Emitter(), QPainter(image)
    emitter.said.connect(id)
    before = [sys.getrefcount(value) for value in (None, True)]
    for _ in range(300):
        painter.setPen(Qt.GlobalColor.black)
        emitter.said.emit(None)
        emitter.said.emit(True)
    painter.end()
    after = [sys.getrefcount(value) for value in (None, True)]
    assert all(abs(b - a) < 100 for a, b in zip(before, after, strict=True))

"""How a class is drawn: its sign, its colour and its pattern, in a rounded square.

Negative is hatched, neutral dotted, positive solid, so that no class is told by colour alone.
"""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

from stremo_studio.ui.theme import Theme, text_font
from stremo_studio.ui.words import SIGNS
from trainer.contract.labels import CLASSES, NEGATIVE, NEUTRAL

_PATTERNS = {NEGATIVE: Qt.BrushStyle.BDiagPattern, NEUTRAL: Qt.BrushStyle.Dense6Pattern}
_RADIUS = 4.0


def paint_swatch(painter: QPainter, room: QRectF, label: str, theme: Theme) -> None:
    """Fill `room` with the colour and pattern of a class; other answers are left grey."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    known = label in CLASSES
    painter.setPen(QPen(theme.color(f"{label}_ink" if known else "border"), 1.0))
    painter.setBrush(theme.color(f"{label}_tint" if known else "sunken"))
    painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
    if known:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pattern(label, theme.color(label)))
        painter.drawRoundedRect(room.adjusted(1, 1, -1, -1), _RADIUS - 1, _RADIUS - 1)
    painter.restore()


def pattern(label: str, color: QColor) -> QBrush:
    """The brush of a class: hatched, dotted or solid."""
    return QBrush(color, _PATTERNS.get(label, Qt.BrushStyle.SolidPattern))


def paint_mark(painter: QPainter, room: QRectF, label: str | None, theme: Theme) -> None:
    """The badge of an answer: swatch edge, tint and sign; an empty ring where there is none."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if label is None:
        painter.setPen(QPen(theme.color("border"), 1.0, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.restore()
        return
    edge = QRectF(room.left(), room.top(), room.width() / 3, room.height())
    known = label in CLASSES
    painter.setPen(QPen(theme.color(f"{label}_ink" if known else "border"), 1.0))
    painter.setBrush(theme.color(f"{label}_tint" if known else "sunken"))
    painter.drawRoundedRect(room.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
    if known:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(pattern(label, theme.color(label)))
        painter.drawRect(edge.adjusted(1.5, 2.5, 0, -2.5))
    painter.setPen(theme.color(f"{label}_ink" if known else "text"))
    painter.setFont(text_font(bold=True))
    place = room.adjusted(edge.width() if known else 0, 0, 0, 0)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, SIGNS.get(label, "·"))
    painter.restore()

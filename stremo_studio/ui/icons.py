"""The stroke icons: SVG files tinted while they are drawn, sharp at every scale."""

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from trainer.contract.resources import resource

SIZE = 20
"""Logical pixels of an icon in a button."""
_SCALES = (1, 1.5, 2, 3)


def tinted_svg(name: str, color: str) -> str:
    """The SVG text of an icon with its strokes in `color` (`#RRGGBB`)."""
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace(
        "currentColor", color
    )  # fmt: skip


def draw_icon(name: str, color: str, disabled: str) -> QIcon:
    """The icon in its normal and its disabled tint, at every scale a screen may have."""
    icon = QIcon()
    for tint, mode in ((color, QIcon.Mode.Normal), (disabled, QIcon.Mode.Disabled)):
        renderer = QSvgRenderer(QByteArray(tinted_svg(name, tint).encode()))
        for scale in _SCALES:
            icon.addPixmap(_draw(renderer, scale), mode)
    return icon


def _draw(renderer: QSvgRenderer, scale: float) -> QPixmap:
    side = round(SIZE * scale)
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(scale)
    return pixmap

"""Line charts of a run: loss and dev macro F1. Each line is named at its end, not in a legend."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stremo_studio.ui.theme import GRID, SMALL, Theme, text_font
from stremo_studio.ui.train.progress import RunProgress
from stremo_studio.ui.widgets import label

_HEIGHT = 21 * GRID
_MOST_POINTS = 400
_FIFTHS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
_APART = 0.13
"""Share of the height that keeps two line names from lying on each other."""
_ROOM = 0.3
"""Share of the width kept free, right of the last point, for the names."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One line: `xs` in epochs, `ys` in the chart's unit, `role` its colour."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]
    role: str
    dots: bool = False


class CurveChart(QWidget):
    """A title and some curves over epochs. It is looked at, not operated."""

    def __init__(self, title: str, theme: Theme, *, top: float | None = None) -> None:
        """`top` fixes the upper end of the scale; else it fits what is shown."""
        super().__init__()
        self._theme, self._top, self._title = theme, top, title
        self._curves: tuple[Curve, ...] = ()
        self._last_x = 1.0
        self._plot = pg.PlotWidget(background=None)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.setFixedHeight(_HEIGHT)
        self._plot.setAccessibleName(title)
        item = self._plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(False, False)
        item.showGrid(x=False, y=True, alpha=0.15)
        for side in ("left", "bottom"):
            item.getAxis(side).setStyle(tickFont=text_font(SMALL), tickLength=-4)
        item.getAxis("left").setWidth(6 * GRID)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID // 2)
        column.addWidget(label(title, "heading"))
        column.addWidget(self._plot)
        theme.changed.connect(self._draw)
        self._draw()

    def show_curves(self, curves: Sequence[Curve], last_x: float) -> None:
        """Show these curves; the axis reaches at least to `last_x`."""
        self._curves = tuple(curves)
        self._last_x = max(last_x, 1.0)
        self._draw()

    def _draw(self) -> None:
        item = self._plot.getPlotItem()
        item.clear()
        for side in ("left", "bottom"):
            axis = item.getAxis(side)
            axis.setPen(pg.mkPen(self._theme.color("line")))
            axis.setTextPen(pg.mkPen(self._theme.color("quiet")))
        shown = [curve for curve in self._curves if curve.ys]
        highest = max((max(c.ys) for c in shown), default=1.0)
        top = self._top or max(highest * 1.1, 1e-6)
        item.setYRange(0, top, padding=0.05)
        item.setXRange(0, self._last_x * (1 + _ROOM), padding=0)
        item.getAxis("bottom").setTicks([_epoch_ticks(self._last_x), []])
        if self._top:
            item.getAxis("left").setTicks([[(y * self._top, f"{y:.1f}") for y in _FIFTHS], []])
        for curve in shown:
            self._draw_curve(curve)
        ends = _spread([c.ys[-1] for c in shown], _APART * top)
        for curve, y in zip(shown, ends, strict=True):
            name = pg.TextItem(
                f"{curve.name} {curve.ys[-1]:.2f}",
                color=self._theme.color(curve.role),
                anchor=(0, 0.5),
            )
            name.setFont(text_font(SMALL))
            item.addItem(name)
            name.setPos(curve.xs[-1] + 0.02 * self._last_x, y)
        said = [f"{c.name} {c.ys[-1]:.2f}" for c in shown]
        self._plot.setAccessibleDescription(", ".join(said) or "nothing measured yet")

    def _draw_curve(self, curve: Curve) -> None:
        color: QColor = self._theme.color(curve.role)
        dots = (
            {"symbol": "o", "symbolSize": 6, "symbolBrush": color, "symbolPen": None}
            if curve.dots
            else {}
        )
        self._plot.plot(
            list(curve.xs),
            list(curve.ys),
            pen=pg.mkPen(color, width=2 if curve.dots else 1),
            antialias=True,
            **dots,
        )


class RunCurves(QWidget):
    """The two charts of a run."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.loss = CurveChart("Loss by epoch", theme)
        self.score = CurveChart("Dev macro F1 by epoch", theme, top=1.0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID)
        column.addWidget(self.loss)
        column.addWidget(self.score)
        column.addStretch(1)

    def show_progress(self, progress: RunProgress) -> None:
        """Draw the steps and epochs so far."""
        epochs = [float(e.epoch) for e in progress.epochs]
        last = float(progress.epoch_count or 1)
        some = progress.steps[:: max(1, len(progress.steps) // _MOST_POINTS)]
        steps = [s.step / s.steps * last for s in some]
        self.loss.show_curves(
            [
                Curve("step", steps, [s.loss for s in some], "border"),
                Curve("train", epochs, [e.train_loss for e in progress.epochs], "quiet", True),
                Curve("dev", epochs, [e.dev_loss for e in progress.epochs], "accent", True),
            ],
            last,
        )
        self.score.show_curves(
            [Curve("dev", epochs, [e.dev_macro_f1 for e in progress.epochs], "accent", True)], last
        )


def _epoch_ticks(last: float) -> list[tuple[float, str]]:
    stride = max(1, round(last / 10))
    return [(float(n), str(n)) for n in range(stride, round(last) + 1, stride)]


def _spread(values: Sequence[float], apart: float) -> list[float]:
    """The values, moved as little as needed for each to stand `apart` from the next."""
    order = sorted(range(len(values)), key=lambda i: values[i])
    moved = list(values)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + apart)
    return moved

"""Twelve clips whose predictions are watched while the model learns: three bars each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from stremo_studio.ui.bars import BAR, hundredths, paint_bar
from stremo_studio.ui.theme import GRID, SMALL, Theme, text_font
from trainer.contract.labels import CLASSES, paper_scheme

SHOWN = 12
_ROW = 28
_NUMBER = 28


@dataclass(frozen=True, slots=True)
class WatchedClip:
    """`clip_id` as in the manifest; `label` is the human one."""

    clip_id: str
    name: str
    label: str


class WatchList(QWidget):
    """Each clip: its name, the human label, and what the model makes of it after each epoch."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._candidates: tuple[WatchedClip, ...] = ()
        self._clips: tuple[WatchedClip, ...] = ()
        self._probabilities: dict[str, list[float]] = {}
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Watched clips")
        theme.changed.connect(self.update)

    def show_clips(self, clips: Sequence[WatchedClip]) -> None:
        """Watch some of these clips: the first twelve that predictions come for."""
        self._candidates, self._clips = tuple(clips), ()
        self.updateGeometry()
        self.show_probabilities({})

    def show_probabilities(self, probabilities: Mapping[str, Sequence[float]]) -> None:
        """Class probabilities by clip id, in the order of the label scheme."""
        self._probabilities = {k: list(v) for k, v in probabilities.items()}
        known = [c for c in self._candidates if c.clip_id in self._probabilities][:SHOWN]
        clips = tuple(sorted(known, key=lambda clip: CLASSES.index(clip.label)))
        self._clips = clips
        self.setAccessibleDescription("; ".join(self._said(clip) for clip in clips))
        self.update()

    @property
    def shown(self) -> list[str]:
        """Ids of the clips on the screen."""
        return [clip.clip_id for clip in self._clips]

    @property
    def _rows(self) -> int:
        """Room for all from the start, so that nothing moves when predictions come."""
        return max(1, min(SHOWN, len(self._candidates)))

    def sizeHint(self) -> QSize:
        return QSize(40 * GRID, _ROW * self._rows)

    def minimumSizeHint(self) -> QSize:
        return QSize(28 * GRID, _ROW * self._rows)

    def _said(self, clip: WatchedClip) -> str:
        probabilities = self._probabilities[clip.clip_id]
        best = CLASSES[probabilities.index(max(probabilities))]
        return f"{clip.name}: human {clip.label}, model {best} {max(probabilities):.0%}"

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(SMALL))
        if not self._clips:
            painter.setPen(self._theme.color("quiet"))
            room = QRectF(self.rect())
            painter.drawText(room, Qt.AlignmentFlag.AlignTop, "From the first epoch on.")
        for number, clip in enumerate(self._clips):
            self._paint_clip(painter, QRectF(0, number * _ROW, self.width(), _ROW), clip)

    def _paint_clip(self, painter: QPainter, row: QRectF, clip: WatchedClip) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        signs = {c.id: c.sign for c in paper_scheme().classes}
        name_width = min(row.width() * 0.36, 26.0 * GRID)
        name = painter.fontMetrics().elidedText(
            clip.name, Qt.TextElideMode.ElideMiddle, int(name_width - GRID)
        )
        painter.setPen(self._theme.color("text"))
        painter.drawText(QRectF(0, row.top(), name_width, _ROW), middle, name)
        painter.setPen(self._theme.color(f"{clip.label}_ink"))
        sign = QRectF(name_width, row.top(), 3 * GRID, _ROW)
        painter.drawText(sign, middle | Qt.AlignmentFlag.AlignHCenter, signs[clip.label])
        bars = row.adjusted(name_width + 4 * GRID, 0, 0, 0)
        self._paint_bars(painter, bars, self._probabilities.get(clip.clip_id))

    def _paint_bars(
        self, painter: QPainter, area: QRectF, probabilities: Sequence[float] | None
    ) -> None:
        third = area.width() / len(CLASSES)
        for place, class_id in enumerate(CLASSES):
            left = area.left() + place * third
            track = QRectF(left, area.center().y() - BAR / 2, third - _NUMBER - 2 * GRID, BAR)
            share = probabilities[place] if probabilities else 0.0
            paint_bar(painter, track, class_id, share, self._theme)
            if probabilities:
                best = share == max(probabilities)
                painter.setPen(self._theme.color("text" if best else "quiet"))
                text = QRectF(track.right() + GRID / 2, area.top(), _NUMBER + GRID, _ROW)
                painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, hundredths(share))

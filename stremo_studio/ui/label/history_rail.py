"""The last twelve answers, newest first; a click goes back to the clip."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from stremo_studio.domain.annotation import Annotation
from stremo_studio.domain.clip import ClipId
from stremo_studio.ui.class_marks import paint_mark
from stremo_studio.ui.theme import GRID, SMALL, Theme, text_font

LENGTH = 12
_MARK = QSize(36, 24)


class HistoryRail(QWidget):
    """`clip_chosen(int)`."""

    clip_chosen = Signal(int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._answers: list[Annotation] = []
        self.setFixedHeight(4 * GRID)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_answers(self, answers: list[Annotation]) -> None:
        """Newest first."""
        self._answers = answers[:LENGTH]
        said = ", ".join((a.answer.emotion or a.answer.label or "cleared") for a in self._answers)
        self.setAccessibleName(f"Last answers: {said or 'none yet'}")
        self.update()

    def clips(self) -> list[ClipId]:
        """The clips on the rail, newest first."""
        return [answer.clip_id for answer in self._answers]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._answers:
            painter.setPen(self._theme.color("quiet"))
            painter.setFont(text_font(SMALL))
            middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect(), middle, "Your last answers appear here.")
            return
        for place, answer in enumerate(self._answers):
            paint_mark(painter, self._place(place), answer.answer.label, self._theme)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place, answer in enumerate(self._answers):
            if self._place(place).contains(event.position()):
                self.clip_chosen.emit(answer.clip_id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setToolTip("Go back to this clip")

    def _place(self, number: int) -> QRectF:
        top = (self.height() - _MARK.height()) / 2
        return QRectF(number * (_MARK.width() + 6), top, _MARK.width(), _MARK.height())

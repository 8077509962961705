"""Who said what of the clip in front; hidden from whoever works blind until they have answered."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from stremo_studio.domain.annotation import ADJUDICATED, IMPORTED
from stremo_studio.domain.consensus import Opinion
from stremo_studio.ui.class_marks import paint_mark
from stremo_studio.ui.theme import GRID, SMALL, Theme, text_font
from stremo_studio.ui.words import label_name

_ROW = 28
_BADGE = QRectF(0, 4, 30, 20)
_NAME = 15 * GRID
_VOICES = {IMPORTED: "corpus", ADJUDICATED: "settled"}


class SaidList(QWidget):
    """One row for each answer, with its badge, its words and whose it is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[Opinion] = []
        self.words = ""
        self.show_opinions([])
        theme.changed.connect(self.update)

    def show_opinions(self, opinions: Sequence[Opinion]) -> None:
        """The first to answer first."""
        self._rows = list(opinions)
        self.setFixedHeight(_ROW * len(self._rows))
        self.words = ", ".join(f"{voice_name(o.annotator)}: {said_words(o)}" for o in self._rows)
        self.setAccessibleName(self.words or "Nobody's answers are shown")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        for place, opinion in enumerate(self._rows):
            top = place * _ROW
            paint_mark(painter, _BADGE.translated(0, top), opinion.answer.label, self._theme)
            painter.setFont(text_font(bold=opinion.annotator == ADJUDICATED))
            painter.setPen(self._theme.color("text"))
            name = QRectF(_BADGE.right() + GRID, top, _NAME, _ROW)
            metrics = painter.fontMetrics()
            shown = metrics.elidedText(
                voice_name(opinion.annotator), Qt.TextElideMode.ElideRight, int(name.width())
            )
            painter.drawText(name, middle, shown)
            painter.setFont(text_font(SMALL))
            painter.setPen(self._theme.color("quiet"))
            words = QRectF(name.right() + GRID, top, self.width() - name.right() - GRID, _ROW)
            painter.drawText(words, middle, said_words(opinion))


def voice_name(annotator: str) -> str:
    """Whose answer it is: a name, or what a label that is nobody's is called."""
    return _VOICES.get(annotator, annotator)


def said_words(opinion: Opinion) -> str:
    """E.g. `negative (fear), unsure`."""
    answer = opinion.answer
    fine = f" ({answer.emotion})" if answer.emotion and answer.emotion != answer.label else ""
    return f"{label_name(answer.label)}{fine}{'' if answer.sure else ', unsure'}"

"""One of the three big answers: pattern, sign, name and key, 40 px high or more."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QStyle, QStyleOptionButton

from stremo_studio.ui.class_marks import paint_swatch
from stremo_studio.ui.key_text import with_keys
from stremo_studio.ui.theme import NORMAL, SMALL, Theme, text_font
from trainer.contract.labels import LabelClass

_HEIGHT = 52
_SWATCH = 28


class AnswerButton(QAbstractButton):
    """Checked while the current clip has this label."""

    def __init__(self, label_class: LabelClass, theme: Theme, workspace: str) -> None:
        super().__init__()
        self._class = label_class
        self._theme = theme
        self._unsure = False
        self._action = f"{workspace}.{label_class.id}"
        name = label_class.id.capitalize()
        self.setText(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.on_keys_changed()
        theme.changed.connect(self.update)

    def on_keys_changed(self) -> None:
        """The keys of now."""
        self._key = with_keys(f"{{{self._action}}}")
        self.setAccessibleName(f"{self.text()}, key {self._key}")
        unsure = with_keys(f"{{{self._action}_unsure}}")
        self.setToolTip(f"{self._key}, or {unsure} when you are not sure")
        self.update()

    def show_answer(self, chosen: bool, unsure: bool) -> None:
        """Mark this answer as the clip's own, and whether it was a sure one."""
        self.setChecked(chosen)
        self._unsure = chosen and unsure
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def nextCheckState(self) -> None:
        """What is checked follows the clip, not the click."""

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        option.initFrom(self)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, hovered)
        room = QRectF(12, (self.height() - _SWATCH) / 2, _SWATCH, _SWATCH)
        paint_swatch(painter, room, self._class.id, self._theme)
        ink = "border" if not self.isEnabled() else f"{self._class.id}_ink"
        text = QRectF(self.rect()).adjusted(12 + _SWATCH + 12, 0, -48, 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self._theme.color(ink))
        painter.setFont(text_font(NORMAL, bold=True))
        unsure = "  (unsure)" if self._unsure else ""
        painter.drawText(text, left, f"{self._class.sign}  {self.text()}{unsure}")
        painter.setPen(self._theme.color("quiet"))
        painter.setFont(text_font(SMALL, bold=True))
        key = QRectF(self.width() - 44, 0, 32, self.height())
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, self._key)

    def _paint_ground(self, painter: QPainter, hovered: bool) -> None:
        role = f"{self._class.id}_tint" if self.isChecked() else "hover" if hovered else "surface"
        edge, width = "line", 1.0
        if self.isChecked():
            edge, width = f"{self._class.id}_ink", 2.0
        if self.hasFocus():
            edge, width = "focus", 2.0
        if self.isDown():
            role = "pressed"
        painter.setPen(QPen(self._theme.color(edge), width))
        painter.setBrush(self._theme.color(role))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 8, 8)

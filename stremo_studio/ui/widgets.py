"""Small parts made the same way everywhere: a button, a label, a line, a spacer of the grid."""

from typing import TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from stremo_studio.ui.icons import SIZE

W = TypeVar("W", bound=QWidget)


def give_role(widget: W, role: str) -> W:
    """Style `widget` by a role of the sheet, now or after it was shown."""
    widget.setProperty("role", role)
    widget.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else Qt does so when shown
        widget.style().unpolish(widget)
        widget.style().polish(widget)
    return widget


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """A plain-text label; text from outside is never read as markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    return give_role(made, role) if role else made


def button(text: str, role: str = "", *, name: str = "", checkable: bool = False) -> QPushButton:
    """A button that takes the focus from Tab only, so that a click leaves the keys to the page."""
    made = QPushButton(text)
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setIconSize(QSize(SIZE, SIZE))
    made.setAccessibleName(name or text)
    return give_role(made, role) if role else made


def icon_button(icon: QIcon, name: str, *, checkable: bool = False) -> QToolButton:
    """A square icon button; `name` is its tooltip and what a screen reader says."""
    made = QToolButton()
    made.setIcon(icon)
    made.setIconSize(QSize(SIZE, SIZE))
    made.setCheckable(checkable)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setToolTip(name)
    made.setAccessibleName(name)
    return made


def line(*, vertical: bool = False) -> QFrame:
    """The one-pixel line between panels."""
    made = QFrame()
    if vertical:
        made.setFixedWidth(1)
    else:
        made.setFixedHeight(1)
    return give_role(made, "line")


def spacer() -> QWidget:
    """Takes what room is left."""
    made = QWidget()
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return made

"""The window: header, banners, the page in front, the job bar, the status bar.

It shows what it is given and knows no project; `ui/window_actions.py` does what actions say.
"""

from collections.abc import Callable

from PySide6.QtCore import QByteArray, QSize, Signal
from PySide6.QtGui import QCloseEvent, QPaintEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from stremo_studio.ui.annotator_panel import AnnotatorPanel
from stremo_studio.ui.banners import Banners
from stremo_studio.ui.cheat_sheet import CheatSheet
from stremo_studio.ui.header import Header
from stremo_studio.ui.menus import Menus
from stremo_studio.ui.overlay import Overlay
from stremo_studio.ui.page import Page
from stremo_studio.ui.palette import Palette
from stremo_studio.ui.status_bar import StatusBar
from stremo_studio.ui.theme import Theme

START = "start"
_SMALLEST = (1024, 640)
_FIRST = (1280, 800)
_FRAME = QSize(0, 40)
"""Room for the title bar that the system puts around the window."""


def _always() -> bool:
    return True


class MainWindow(QMainWindow):
    """`closing` is emitted before the window goes, `first_painted` when it can be seen."""

    closing = Signal()
    first_painted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setWindowTitle("StrEmo Studio")
        self.setWindowIcon(theme.icon("app", "accent"))
        self.setMinimumSize(*_SMALLEST)
        self.resize(QSize(*_FIRST).boundedTo(self.screen().availableSize() - _FRAME))
        self.menus = Menus(self)
        self.header = Header(self.menus.bar)
        self.banners = Banners(theme)
        self.status = StatusBar()
        self._painted = False
        self.may_close: Callable[[], bool] = _always
        self._pages: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        self._stack.setObjectName("workspaces")
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        for part in (self.header, self.banners):
            self._column.addWidget(part)
        self._column.addWidget(self._stack, 1)
        self._column.addWidget(self.status)
        self.setCentralWidget(body)
        self.cheat_sheet = CheatSheet(body)
        self.palette_panel = Palette(body)
        self.annotator_panel = AnnotatorPanel(body)
        self.header.show_project("", "")

    @property
    def workspace(self) -> str:
        """Name of the page in front."""
        front = self._stack.currentWidget()
        return next((name for name, page in self._pages.items() if page is front), "")

    def page(self, name: str) -> QWidget | None:
        """The page of that name, if it was built."""
        return self._pages.get(name)

    def add_page(self, name: str, page: QWidget) -> None:
        """Hand over a page; it comes to the front with `show_page`."""
        self._pages[name] = page
        self._stack.addWidget(page)

    def show_page(self, name: str) -> None:
        """Bring a page to the front; it takes the focus."""
        before, after = self._stack.currentWidget(), self._pages[name]
        for panel in self._overlays():
            panel.hide()
        if before is after:
            return
        if isinstance(before, Page):
            before.exit()
        self._stack.setCurrentWidget(after)
        self.header.show_workspace(name)
        if isinstance(after, Page):
            after.enter()
        else:
            after.setFocus()

    def drop_page(self, name: str) -> None:
        """Forget a page, e.g. because its project closes."""
        page = self._pages.pop(name, None)
        if page is None:
            return
        if isinstance(page, Page):
            page.exit()
            page.leave()
        self._stack.removeWidget(page)
        page.deleteLater()

    def add_job_bar(self, bar: QWidget) -> None:
        """Put a job bar under the workspace, and under those that are there."""
        self._column.insertWidget(self._column.count() - 1, bar)

    def close_overlays(self) -> bool:
        """Close an open panel; whether there was one."""
        open_now = [panel for panel in self._overlays() if panel.isVisible()]
        for panel in open_now:
            panel.close_over()
        return bool(open_now)

    def _overlays(self) -> tuple[Overlay, ...]:
        return self.cheat_sheet, self.palette_panel, self.annotator_panel

    def restore(self, geometry: bytes) -> None:
        """Take the size and place of the last time."""
        if geometry:
            self.restoreGeometry(QByteArray(geometry))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.first_painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        event.accept()

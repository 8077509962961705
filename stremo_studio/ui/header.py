"""The bar at the top: menus, the three workspaces, the project's name, the one Retrain place."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenuBar, QWidget

from stremo_studio.ui.actions import PARTS, WORKSPACES, action
from stremo_studio.ui.key_text import keyed
from stremo_studio.ui.theme import GRID
from stremo_studio.ui.widgets import button, give_role, label, spacer

_WHO = action("window.annotator")


class Header(QFrame):
    """Same place in every workspace. `workspace_chosen(str)`; `annotator_pressed`."""

    workspace_chosen = Signal(str)
    annotator_pressed = Signal()

    def __init__(self, menus: QMenuBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        give_role(self, "bar")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        self._row.setSpacing(GRID)
        self._row.addWidget(menus)
        self._row.addSpacing(2 * GRID)
        self._tabs = QButtonGroup(self)
        self._tabs.setExclusive(True)
        for number, workspace in enumerate(WORKSPACES):
            tab = button(workspace.capitalize(), "tab", checkable=True)
            keyed(tab, tip=f"{{window.{workspace}}}")
            self._tabs.addButton(tab, number)
            self._row.addWidget(tab)
        self._tabs.idClicked.connect(self._on_tab)
        self._row.addWidget(spacer(), 1)
        self._project = label(role="quiet")
        self._project.setAccessibleName("Project")
        self._row.addWidget(self._project)
        self.annotator = button("", "flat")
        keyed(self.annotator, tip=f"{_WHO.text}  {{{_WHO.id}}}")
        self.annotator.clicked.connect(self.annotator_pressed)
        self._row.addWidget(self.annotator)

    def set_action_widget(self, widget: QWidget) -> None:
        """Put the Retrain button in its place."""
        self._row.addWidget(widget)

    def show_project(self, name: str, annotator: str, *, blind: bool = False) -> None:
        """Name the open project and who annotates, and whether others' answers are hidden from
        them; with an empty name the workspaces cannot be chosen."""
        self._project.setText(name)
        self.annotator.setText(f"{annotator}  ·  blind" if blind else annotator)
        self.annotator.setAccessibleName(f"Annotator: {self.annotator.text()}")
        self.annotator.setVisible(bool(annotator))
        for tab in self._tabs.buttons():
            tab.setEnabled(bool(name))

    def show_workspace(self, workspace: str) -> None:
        """Mark the workspace in front; none for the start page."""
        workspace = PARTS.get(workspace, workspace)
        self._tabs.setExclusive(False)
        for number, name in enumerate(WORKSPACES):
            self._tabs.button(number).setChecked(name == workspace)
        self._tabs.setExclusive(True)

    def _on_tab(self, number: int) -> None:
        self.workspace_chosen.emit(WORKSPACES[number])

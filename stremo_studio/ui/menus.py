"""The menus, made from the action table; nothing stands in a menu only."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from stremo_studio.ui.actions import Action, action
from stremo_studio.ui.key_text import shown_key

_MENUS = {
    "File": ["new", "open", "start", "", "import_sheet", "import_corpus", "import_folder",
             "import_annotations", "paste_links", "practice", "", "export", "", "quit"],
    "Edit": ["undo", "redo", "", "annotator", "blind"],
    "Run": ["retrain", "stop_run", "cancel_run"],
    "View": ["label", "review", "train", "", "theme"],
    "Help": ["keys", "palette"],
}  # fmt: skip


class Menus(QObject):
    """Builds the menu bar. `picked(Action)`."""

    picked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.bar = QMenuBar()
        self._items: dict[str, QAction] = {}
        for title, names in _MENUS.items():
            menu = self.bar.addMenu(f"&{title}")
            for name in names:
                if name:
                    self._add(menu, action(f"window.{name}"))
                else:
                    menu.addSeparator()

        self.name_undo(None, None)

    def show_keys(self) -> None:
        """The keys of now; undo and redo are named anew by themselves."""
        for item in self._items.values():
            entry = action(item.data().id)
            item.setText(_with_key(entry.text, entry))

    def name_undo(self, undo: str | None, redo: str | None) -> None:
        """Say in the Edit menu what would be undone and redone."""
        for name, word, sentence in (("undo", "Undo", undo), ("redo", "Redo", redo)):
            item = self._items[name]
            text = f"{word}: {sentence}" if sentence else word
            item.setText(_with_key(text, action(f"window.{name}")))
            item.setEnabled(sentence is not None)

    def item(self, name: str) -> QAction:
        """The menu item of `window.<name>`."""
        return self._items[name]

    def _add(self, menu: QMenu, entry: Action) -> None:
        item = menu.addAction(_with_key(entry.text, entry))
        item.setData(entry)
        item.triggered.connect(self._on_triggered)
        self._items[entry.id.removeprefix("window.")] = item

    def _on_triggered(self) -> None:
        item = self.sender()
        if isinstance(item, QAction):
            self.picked.emit(item.data())


def _with_key(text: str, entry: Action) -> str:
    """After a tab the key is shown as text: the router acts on it, not the menu."""
    return f"{text.replace('&', '&&')}\t{shown_key(entry.key)}"

"""What can be done while clips come in or go out."""

from stremo_studio.ui.action_table.action import EXPORT, IMPORT, Action


def importing() -> list[Action]:
    return [Action("import.confirm", "Import", ("Enter",), IMPORT, "confirm", group="Import")]


def exporting() -> list[Action]:
    def one(name: str, text: str, slot: str, key: str, argument: str = "") -> Action:
        return Action(f"export.{name}", text, (key,), EXPORT, slot, argument, group="Export")

    return [
        one("confirm", "Export", "confirm", "Enter"),
        one("up", "Format above", "step", "Up", "up"),
        one("down", "Format below", "step", "Down", "down"),
        one("place", "Export into another folder…", "choose_place", "D"),
        one("open", "Open the folder", "open_result", "O"),
    ]

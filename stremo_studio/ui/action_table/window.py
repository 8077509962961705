"""What can be done anywhere."""

from stremo_studio.ui.action_table.action import ANYWHERE, EXPORT, LABEL, REVIEW, TRAIN, Action


def window() -> list[Action]:
    def one(name: str, text: str, slot: str, group: str, *keys: str, argument: str = "") -> Action:
        return Action(f"window.{name}", text, keys, ANYWHERE, slot, argument, group=group)

    return [
        one("label", "Label", "show_workspace", "Go", "Ctrl+1", argument=LABEL),
        one("review", "Review", "show_workspace", "Go", "Ctrl+2", argument=REVIEW),
        one("train", "Train", "show_workspace", "Go", "Ctrl+3", argument=TRAIN),
        one("retrain", "Retrain", "retrain", "Run", "Ctrl+R"),
        one("stop_run", "Stop the run and keep the best", "stop_run", "Run", "Ctrl+Shift+S"),
        one("cancel_run", "Cancel the run", "cancel_run", "Run", "Ctrl+Shift+X"),
        one("start", "Start page", "show_start", "Project", "Ctrl+W"),
        one("new", "New project…", "new_project", "Project", "Ctrl+N"),
        one("open", "Open project…", "open_project", "Project", "Ctrl+O"),
        one("import_sheet", "Import StrEmo sheet…", "import_sheet", "Project", "Ctrl+Shift+I"),
        one("import_corpus", "Import a corpus…", "import_corpus", "Project", "Ctrl+I"),
        one("import_folder", "Open folder of audio…", "import_folder", "Project", "Ctrl+Shift+O"),
        one(
            "import_annotations",
            "Import annotations…",
            "import_annotations",
            "Project",
            "Ctrl+Shift+E",
        ),
        one("export", "Export…", "show_workspace", "Project", "Ctrl+E", argument=EXPORT),
        one("paste_links", "Paste YouTube links…", "paste_links", "Project", "Ctrl+Shift+V"),
        one("practice", "Practice set", "open_practice", "Project", "Ctrl+Shift+P"),
        one("undo", "Undo", "undo", "Edit", "Ctrl+Z", "Backspace"),
        one("redo", "Redo", "redo", "Edit", "Ctrl+Shift+Z", "Ctrl+Y"),
        one("palette", "Command palette", "show_palette", "Help", "Ctrl+K"),
        one("keys", "Keys of this workspace", "show_cheat_sheet", "Help", "?"),
        one("annotator", "Choose who annotates…", "choose_annotator", "Annotator", "Ctrl+Shift+A"),
        one("blind", "Hide / show others' answers", "toggle_blind", "Annotator", "Ctrl+Shift+B"),
        one("theme", "Switch light / dark / system", "switch_theme", "Help", "Ctrl+Shift+T"),
        one("leave", "Leave a field, close a panel", "leave", "Help", "Esc"),
        one("quit", "Quit", "quit", "Project", "Ctrl+Q"),
    ]

"""The action table: everything a key does, in one place.

The key router, the cheat sheet, the command palette, the menus and every word that names a key
read this table. The keys of the classes and emotions come from the label scheme; a person may
choose others (`key_choices.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from trainer.contract.labels import paper_scheme

LABEL, REVIEW, TRAIN, IMPORT, SOURCES = "label", "review", "train", "import", "sources"
AGREEMENT, EXPORT = "agreement", "export"
ANYWHERE = "anywhere"
WORKSPACES = (LABEL, REVIEW, TRAIN)
"""The tabs of the window; the import report is a page without one."""
PARTS = {SOURCES: LABEL, AGREEMENT: REVIEW}
"""Pages with keys of their own that are part of a workspace."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `keys` are chords, e.g. `Ctrl+R`, or two in a row, `E A`; the first is
    shown. `slot` is the method called on the page, or on the window for ANYWHERE, with
    `argument` if there is one; `release` is called when the key is let go."""

    id: str
    text: str
    keys: tuple[str, ...]
    workspace: str
    slot: str
    argument: str = ""
    release: str = ""
    group: str = ""

    @property
    def key(self) -> str:
        """The chord to show, empty when there is none."""
        return self.keys[0] if self.keys else ""


def _window() -> list[Action]:
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


def _answers(workspace: str) -> list[Action]:
    """The answers of label and review: the same keys, so that hands need not think."""
    scheme = paper_scheme()
    sure = [
        Action(f"{workspace}.{c.id}", f"{c.sign}  {c.id.capitalize()}", (c.key,), workspace,
               "answer", c.id, group="Answer")
        for c in scheme.classes
    ]  # fmt: skip
    unsure = [
        Action(f"{workspace}.{c.id}_unsure", f"{c.id.capitalize()}, unsure", (f"Shift+{c.key}",),
               workspace, "answer_unsure", c.id, group="Answer")
        for c in scheme.classes
    ]  # fmt: skip
    fine = [
        Action(f"{workspace}.emotion.{e.id.replace(' ', '_')}", e.id.capitalize(),
               (f"E {e.key}",), workspace, "answer_emotion", e.id, group="Fine emotion")
        for e in scheme.emotions
    ]  # fmt: skip
    others = [
        Action(f"{workspace}.cannot_tell", "Cannot tell", ("0",), workspace, "answer",
               "cannot_tell", group="Answer"),
        Action(f"{workspace}.unusable", "Unusable: music, overlap, no speech", ("X",), workspace,
               "answer", "unusable", group="Answer"),
    ]  # fmt: skip
    return [*sure, *unsure, *others, *fine]


def _listening(workspace: str) -> list[Action]:
    def one(
        name: str, text: str, slot: str, *keys: str, group: str = "Listen", argument: str = ""
    ) -> Action:
        return Action(f"{workspace}.{name}", text, keys, workspace, slot, argument, group=group)

    return [
        one("play", "Play / pause", "play_or_pause", "Space"),
        one("replay", "Replay from the start", "replay", "R"),
        one("loop", "Loop on / off", "toggle_loop", "L"),
        one("slower", "Slower, pitch kept", "change_speed", "-", argument="slower"),
        one("faster", "Faster, pitch kept", "change_speed", "=", "+", argument="faster"),
        one("as_recorded", "As fast as recorded", "change_speed", "Ctrl+0", argument="normal"),
        one("previous", "Previous clip", "go_previous", "Left", "Up", group="Move"),
        one("next", "Next clip", "go_next", "Right", "Down", group="Move"),
    ]


def _label() -> list[Action]:
    def one(name: str, text: str, slot: str, *keys: str, group: str, argument: str = "") -> Action:
        return Action(f"label.{name}", text, keys, LABEL, slot, argument, group=group)

    return [
        *_answers(LABEL),
        *_listening(LABEL),
        one("autoplay", "Autoplay on / off", "toggle_autoplay", "A", group="Listen"),
        Action("label.context", "Hold: see the context", ("Z",), LABEL, "widen_context",
               release="narrow_context", group="View"),
        one("zoom_in", "Closer", "zoom", "Ctrl+Up", group="View", argument="in"),
        one("zoom_out", "Farther", "zoom", "Ctrl+Down", group="View", argument="out"),
        one("zoom_clip", "See the clip", "zoom", "Ctrl+Home", group="View", argument="clip"),
        one("earlier", "See what is before", "pan", "Ctrl+Left", group="View", argument="back"),
        one("later", "See what comes after", "pan", "Ctrl+Right", group="View", argument="on"),
        one("go_to", "Go to a clip", "go_to", "G", group="Move"),
        one("search", "Search clips", "search", "Ctrl+F", "/", group="Move"),
        one("unlabelled", "Next unlabelled clip", "go_next_unlabelled", "U", group="Move"),
        one("select_all", "Select all clips shown", "select_all", "Ctrl+A", group="Move"),
        *[
            one(f"show_{name}", f"Show {text}", "show_filter", f"Alt+{number}", group="Show",
                argument=name)
            for number, (name, text) in enumerate(
                {"all": "all", "unlabelled": "unlabelled", "labelled": "labelled",
                 "flagged": "flagged", "missing": "audio missing"}.items(), start=1)
        ],
        one("sources", "Sources: where the recordings come from", "show_sources", "S",
            group="Move"),
        Action("label.peek", "Hold: what the model says (kept with your answer)", ("Q",), LABEL,
               "peek", release="stop_peeking", group="View"),
        one("flag", "Flag on / off", "toggle_flag", "F", group="Clip"),
        one("note", "Write a note", "write_note", "N", group="Clip"),
        one("speaker", "The speaker: what is known of them", "describe_speaker", "M",
            group="Clip"),
        one("give", "Whose voice is it: another or a new speaker", "give_to_speaker", "P",
            group="Clip"),
        one("cut", "Cut a long clip at its pauses", "cut_at_pauses", "C", group="Clip"),
        one("start", "Begin the clip at the playhead", "set_edge", "[", group="Edges",
            argument="start"),
        one("end", "End the clip at the playhead", "set_edge", "]", group="Edges",
            argument="end"),
        one("edge_back", "Nearest edge 50 ms earlier", "nudge_edge", ",", group="Edges",
            argument="back"),
        one("edge_on", "Nearest edge 50 ms later", "nudge_edge", ".", group="Edges",
            argument="on"),
        one("edge_far_back", "Nearest edge 250 ms earlier", "nudge_edge", "<", ";",
            group="Edges", argument="far back"),
        one("edge_far_on", "Nearest edge 250 ms later", "nudge_edge", ">", ":",
            group="Edges", argument="far on"),
    ]  # fmt: skip


def _review() -> list[Action]:
    def one(name: str, text: str, slot: str, *keys: str, group: str, argument: str = "") -> Action:
        return Action(f"review.{name}", text, keys, REVIEW, slot, argument, group=group)

    steps = {
        "up": "Cell above; previous clip",
        "down": "Cell below; next clip",
        "left": "Cell to the left; previous clip",
        "right": "Cell to the right; next clip",
    }
    return [
        *_answers(REVIEW),
        one("confirm", "Label stands; on the matrix or slices: open", "confirm", "Enter",
            group="Answer"),
        *[
            one(f"step_{way}", text, "step", way.capitalize(), group="Move", argument=way)
            for way, text in steps.items()
        ],
        one("matrix", "To the matrix", "leave_field", "M", group="Move"),
        one("errors", "Open all errors", "open_errors", "W", group="Playlist"),
        one("sort", "By confidence / by speaker", "toggle_sort", "O", group="Playlist"),
        one("split", "Test / dev / train", "next_split", "T", group="Playlist"),
        one("agreement", "Agreement of annotators", "show_agreement", "K", group="Move"),
        one("slices", "To the slices: worst first", "to_slices", "F", group="Move"),
        one("all", "Leave the slice", "leave_slice", "Shift+F", group="Playlist"),
        one("promote", "Promote: make the run the active model", "promote", "Y", group="Run"),
        *[a for a in _listening(REVIEW) if a.group == "Listen"],
        one("autoplay", "Autoplay on / off", "toggle_autoplay", "Shift+A", group="Listen"),
        *[
            one(f"alike_{key}", f"Hear the {place} training clip", "hear_beside", key,
                group="Compare", argument=key)
            for key, place in {"A": "most alike", "S": "second", "D": "third"}.items()
        ],
        one("right", "Hear one that is rightly what the model says", "hear_beside", "V",
            group="Compare", argument="V"),
    ]  # fmt: skip


def _agreement() -> list[Action]:
    def one(name: str, text: str, slot: str, *keys: str, group: str, argument: str = "") -> Action:
        return Action(f"agreement.{name}", text, keys, AGREEMENT, slot, argument, group=group)

    ways = {"up": "Cell above; previous clip", "down": "Cell below; next clip",
            "left": "Cell to the left; previous clip",
            "right": "Cell to the right; next clip"}  # fmt: skip
    return [
        *_answers(AGREEMENT),
        one("confirm", "As most say; on the matrix: open", "confirm", "Enter",
            group="Answer"),
        *[
            one(f"step_{way}", text, "step", way.capitalize(), group="Move", argument=way)
            for way, text in ways.items()
        ],
        one("matrix", "To the matrix", "leave_field", "M", group="Move"),
        one("back", "Back to the runs", "go_back", "K", group="Move"),
        one("disagreements", "Open all disagreements", "open_disagreements", "W",
            group="Playlist"),
        one("pair", "Next two annotators", "next_pair", "T", group="Playlist"),
        *[a for a in _listening(AGREEMENT) if a.group == "Listen"],
        one("autoplay", "Autoplay on / off", "toggle_autoplay", "A", group="Listen"),
    ]  # fmt: skip


def _train() -> list[Action]:
    def one(name: str, text: str, slot: str, key: str, group: str = "Paper") -> Action:
        return Action(f"train.{name}", text, (key,), TRAIN, slot, group=group)

    return [
        one("promote", "Promote: make it the active model", "promote", "Y", "Result"),
        one("keep", "Keep the active model", "keep_active", "Shift+Y", "Result"),
        one("reproduce", "Reproduce the paper: show / hide", "toggle_reproduction", "P"),
        one("reproduce_start", "Start / stop the reproduction", "start_or_stop_reproduction",
            "Shift+P"),
        one("report", "Open the report", "open_report", "O"),
    ]  # fmt: skip


def _sources() -> list[Action]:
    def one(name: str, text: str, slot: str, *keys: str, group: str, argument: str = "") -> Action:
        return Action(f"sources.{name}", text, keys, SOURCES, slot, argument, group=group)

    states = {"": "all", "not_fetched": "what was not fetched", "waiting": "what waits",
              "downloading": "what is downloading", "checking": "what is being checked",
              "ready": "what is ready", "unavailable": "what is unavailable"}  # fmt: skip
    return [
        one("links", "Write or paste links", "write_links", "I", group="Add"),
        one("paste", "Paste what was copied", "paste", "Ctrl+V", group="Add"),
        one("add", "Add what was pasted", "add_links", "Ctrl+Enter", group="Add"),
        one("fetch", "Fetch or retry the chosen", "fetch", "D", group="Fetch"),
        one("fetch_all", "Fetch all", "fetch_all", "A", group="Fetch"),
        one("retry_kind", "Retry all of this kind", "retry_kind", "Shift+R", group="Fetch"),
        one("retry_network", "Retry all network errors", "retry_network", "N", group="Fetch"),
        one("confirm", "Fetch it although it is very long", "confirm", "Y", group="Fetch"),
        one("cancel", "Take out of the queue", "cancel", "X", group="Fetch"),
        one("pause", "Pause / resume", "pause_or_resume", "P", group="Fetch"),
        one("cookies", "Use a browser's cookies", "choose_browser", "C", group="Fetch"),
        one("file", "Link a local file…", "link_file", "L", group="Recording"),
        one("open", "Look at it in the browser", "open_link", "O", group="Recording"),
        one("clips", "Show its clips", "show_clips", "Enter", group="Recording"),
        one("whole", "Make one clip of all of it", "make_whole", "W", group="Recording"),
        one("next_odd", "Next recording with clips to mend", "next_to_mend", "M",
            group="Recording"),
        one("mend", "Mend its clips as offered", "mend", "Shift+M", group="Recording"),
        one("titles", "Titles: show / hide", "toggle_titles", "T", group="Show"),
        one("search", "Search recordings", "search", "Ctrl+F", "/", group="Show"),
        *[
            one(f"show_{name or 'all'}", f"Show {text}", "show_filter", f"Alt+{number}",
                group="Show", argument=name)
            for number, (name, text) in enumerate(states.items(), start=1)
        ],
        one("report", "Availability report…", "export_report", "E", group="Show"),
        one("back", "Back to the clips", "go_back", "S", group="Show"),
    ]  # fmt: skip


def _import() -> list[Action]:
    return [Action("import.confirm", "Import", ("Enter",), IMPORT, "confirm", group="Import")]


def _export() -> list[Action]:
    def one(name: str, text: str, slot: str, key: str, argument: str = "") -> Action:
        return Action(f"export.{name}", text, (key,), EXPORT, slot, argument, group="Export")

    return [
        one("confirm", "Export", "confirm", "Enter"),
        one("up", "Format above", "step", "Up", "up"),
        one("down", "Format below", "step", "Down", "down"),
        one("place", "Export into another folder…", "choose_place", "D"),
        one("open", "Open the folder", "open_result", "O"),
    ]


ACTIONS: tuple[Action, ...] = (
    *_window(),
    *_label(),
    *_review(),
    *_agreement(),
    *_train(),
    *_sources(),
    *_import(),
    *_export(),
)


_current: dict[str, Action] = {}
"""The table as it is now: one for the program, as there is one keyboard."""


def choose_keys(chosen: Mapping[str, tuple[str, ...]]) -> None:
    """Let these actions have other keys; all the others have their own again."""
    _current.clear()
    _current.update({a.id: replace(a, keys=chosen.get(a.id, a.keys)) for a in ACTIONS})


choose_keys({})


def current_actions() -> list[Action]:
    """Everything that can be done, with the keys of now."""
    return list(_current.values())


def actions_in(workspace: str) -> list[Action]:
    """What can be done in a workspace: its own actions, then those of the window."""
    own = [a for a in _current.values() if a.workspace == workspace]
    return own + [a for a in _current.values() if a.workspace == ANYWHERE]


def action(action_id: str) -> Action:
    """The action of that id; KeyError when there is none."""
    return _current[action_id]

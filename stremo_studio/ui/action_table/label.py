"""What can be done in Label."""

from stremo_studio.ui.action_table.action import LABEL, Action
from stremo_studio.ui.action_table.answering import answers, listening


def label() -> list[Action]:
    def one(name: str, text: str, slot: str, *keys: str, group: str, argument: str = "") -> Action:
        return Action(f"label.{name}", text, keys, LABEL, slot, argument, group=group)

    return [
        *answers(LABEL),
        *listening(LABEL),
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

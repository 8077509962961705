"""What can be done in Review: with a run, and with the agreement of annotators."""

from stremo_studio.ui.action_table.action import AGREEMENT, REVIEW, Action
from stremo_studio.ui.action_table.answering import answers, listening


def review() -> list[Action]:
    def one(name: str, text: str, slot: str, *keys: str, group: str, argument: str = "") -> Action:
        return Action(f"review.{name}", text, keys, REVIEW, slot, argument, group=group)

    steps = {
        "up": "Cell above; previous clip",
        "down": "Cell below; next clip",
        "left": "Cell to the left; previous clip",
        "right": "Cell to the right; next clip",
    }
    return [
        *answers(REVIEW),
        one("confirm", "Label stands; on the matrix or slices: open", "confirm", "Enter",
            group="Answer"),
        *[
            one(f"step_{way}", text, "step", way.capitalize(), group="Move", argument=way)
            for way, text in steps.items()
        ],
        one("matrix", "To the matrix", "leave_field", "M", group="Move"),
        one("errors", "Open all errors", "open_errors", "W", group="Playlist"),
        one("sort", "By confidence / by speaker", "toggle_sort", "O", group="Playlist"),
        one("split", "Test / dev / train / all", "next_split", "T", group="Playlist"),
        one("agreement", "Agreement of annotators", "show_agreement", "K", group="Move"),
        one("slices", "To the slices: worst first", "to_slices", "F", group="Move"),
        one("all", "Leave the slice", "leave_slice", "Shift+F", group="Playlist"),
        one("promote", "Promote: make the run the active model", "promote", "Y", group="Compare"),
        *[a for a in listening(REVIEW) if a.group == "Listen"],
        one("autoplay", "Autoplay on / off", "toggle_autoplay", "Shift+A", group="Listen"),
        *[
            one(f"alike_{key}", f"Hear the {place} training clip", "hear_beside", key,
                group="Compare", argument=key)
            for key, place in {"A": "most alike", "S": "second", "D": "third"}.items()
        ],
        one("right", "Hear one that is rightly what the model says", "hear_beside", "V",
            group="Compare", argument="V"),
    ]  # fmt: skip


def agreement() -> list[Action]:
    def one(name: str, text: str, slot: str, *keys: str, group: str, argument: str = "") -> Action:
        return Action(f"agreement.{name}", text, keys, AGREEMENT, slot, argument, group=group)

    ways = {"up": "Cell above; previous clip", "down": "Cell below; next clip",
            "left": "Cell to the left; previous clip",
            "right": "Cell to the right; next clip"}  # fmt: skip
    return [
        *answers(AGREEMENT),
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
        *[a for a in listening(AGREEMENT) if a.group == "Listen"],
        one("autoplay", "Autoplay on / off", "toggle_autoplay", "A", group="Listen"),
    ]  # fmt: skip

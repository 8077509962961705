"""The keys of answers and of listening: the same wherever clips are heard, so that hands need not
think. Those of classes and emotions come from the label scheme."""

from stremo_studio.ui.action_table.action import Action
from trainer.contract.labels import paper_scheme


def answers(workspace: str) -> list[Action]:
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


def listening(workspace: str) -> list[Action]:
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

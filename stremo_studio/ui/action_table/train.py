"""What can be done in Train."""

from stremo_studio.ui.action_table.action import TRAIN, Action


def train() -> list[Action]:
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

"""What can be done with the recordings of a project."""

from stremo_studio.ui.action_table.action import SOURCES, Action


def sources() -> list[Action]:
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

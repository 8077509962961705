"""What one thing to do is, and where it can be done."""

from dataclasses import dataclass

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

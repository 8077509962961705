"""The table of clips on the label page: one worklist.

Sorting, filtering and searching are SQL. The list stands still while people answer: a clip that no
longer fits the filter stays until the filter is chosen again, and Backspace finds it in place.
"""

from dataclasses import replace

from PySide6.QtCore import Qt

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.worklist import Worklist
from stremo_studio.project.annotators import eye
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.ui.clip_rows import ClipRows
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.words import label_words

_LOOKED_AT = 256
COLUMNS = ("Label", "Clip", "Speaker", "Length")
SORTS = ("label", "name", "speaker", "duration")
"""What each column sorts by, as the worklist names it."""


class ClipTable(ClipRows):
    """The worklist of one project as a table model."""

    def __init__(self, project: Project, theme: Theme) -> None:
        super().__init__(project, theme, COLUMNS)
        self.worklist = Worklist()

    def show(self, worklist: Worklist) -> None:
        """Ask the project for the clips of `worklist`, with the answers that may be seen."""
        self.eye = eye(self.project)
        self.worklist = replace(worklist, eye=self.eye)
        self.list_clips(self.project.clip_ids(self.worklist))

    def take(self, changes: Changes) -> None:
        """Read changed rows again; the whole list when clips came or went, or others' answers,
        which hides them."""
        if changes.worklist or eye(self.project) != self.eye:
            self.show(self.worklist)
        else:
            self.read_again(changes.clips)

    def next_unlabelled(self, row: int) -> int:
        """The next row without a label after `row`, then from the top; -1 when there is none."""
        ahead = self.clip_ids[row + 1 :] + self.clip_ids[: row + 1]
        first, number = 0, _LOOKED_AT
        while first < len(ahead):  # it is mostly near: not all of a long list is asked about
            some = tuple(ahead[first : first + number])
            found = self.project.clip_ids(Worklist("unlabelled", playlist=some, eye=self.eye))
            if found:
                return self.row_of(found[0])
            first, number = first + number, 4 * number
        return -1

    def text(self, clip: Clip, column: str) -> str:
        return label_words(clip) if column == "Label" else super().text(clip, column)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort in SQL; a column of -1 gives the order in which clips were added."""
        worklist = self.worklist
        name = SORTS[column] if 0 <= column < len(SORTS) else "added"
        descending = order == Qt.SortOrder.DescendingOrder
        if (name, descending) != (worklist.sort, worklist.descending):
            self.show(Worklist(worklist.show, worklist.search, name, descending, worklist.playlist))

"""A list of clips as a table model: the worklist of the label page, the playlist of the review
page, the clips that annotators disagree on."""

from collections.abc import Iterable, Sequence

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY
from stremo_studio.project.project import Project
from stremo_studio.ui.rows import Rows
from stremo_studio.ui.theme import Theme
from stremo_studio.ui.words import clip_sentence, seconds_words


class ClipRows(Rows[ClipId, Clip]):
    """Clips in the order given. Rows are found by clip id."""

    numbers = ("Length",)

    def __init__(self, project: Project, theme: Theme, columns: Sequence[str]) -> None:
        super().__init__(theme, columns)
        self.project = project
        self._rows: dict[ClipId, int] = {}
        self.eye: str | None = None
        """Whose answers are shown: one annotator's alone, or the consensus."""

    def list_clips(self, clip_ids: Iterable[ClipId]) -> None:
        """List these clips and no others."""
        self.beginResetModel()
        self._ids = list(clip_ids)
        self._rows = {clip_id: row for row, clip_id in enumerate(self._ids)}
        self._cache.clear()
        self.endResetModel()

    def read_again(self, clip_ids: Iterable[ClipId]) -> None:
        """These clips have changed; those that are not listed do not matter."""
        for clip_id in clip_ids:
            self._cache.pop(clip_id, None)
            self.repaint_row(self.row_of(clip_id))

    def read_all_again(self) -> None:
        """Any clip may have changed; the list and what is selected stay."""
        self._cache.clear()
        self.repaint()

    @property
    def clip_ids(self) -> list[ClipId]:
        """All ids of the list, in order."""
        return self._ids

    def row_of(self, clip_id: ClipId) -> int:
        """The row of a clip, -1 when the list does not hold it."""
        return self._rows.get(clip_id, -1)

    def clip(self, row: int) -> Clip | None:
        """The clip of a row; None for one that is gone."""
        return self.at(row)

    def read(self, ids: list[ClipId]) -> Iterable[Clip]:
        return self.project.clips(ids, self.eye)

    def text(self, clip: Clip, column: str) -> str:
        match column:
            case "Clip":
                return clip.name
            case "Speaker":
                return clip.speaker or ""
            case "Length":
                return seconds_words(clip.duration)
        return ""

    def sentence(self, clip: Clip) -> str:
        return clip_sentence(clip)

    def is_quiet(self, clip: Clip, column: str) -> bool:
        return clip.audio != READY

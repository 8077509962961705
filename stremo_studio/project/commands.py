"""What an annotator can do to clips: small frozen values that hold ids and values, never objects.

Each says itself in `sentence`, as shown in the Edit menu, and writes itself in `apply`, inside
the transaction that `Project.do` opens around it.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from stremo_studio.domain.annotation import BY_ADJUDICATION, BY_KEY, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.project.changes import Changes
from stremo_studio.store import annotations, clips
from stremo_studio.store.history import Edit


class Command(Protocol):
    """`apply` returns what changed; no clips and no worklist means that nothing did."""

    kind: ClassVar[str]

    @property
    def sentence(self) -> str: ...

    def apply(self, edit: Edit) -> Changes: ...


@dataclass(frozen=True, slots=True)
class LabelClips:
    """Give one answer to some clips; an answer whose label is None retracts."""

    kind: ClassVar[str] = "label"
    clip_ids: tuple[ClipId, ...]
    answer: Answer
    source: str = BY_KEY
    heard_ms: int | None = None

    @property
    def sentence(self) -> str:
        if self.answer.label is None:
            return f"Clear the label of {_clips(self.clip_ids)}"
        words = [] if self.answer.sure else ["not sure"]
        words = [self.answer.emotion, *words] if self.answer.emotion else words
        detail = f" ({', '.join(words)})" if words else ""
        label = self.answer.label.replace("_", " ")
        if self.source == BY_ADJUDICATION:
            return f"Settle {_clips(self.clip_ids)} as {label}{detail}"
        return f"Label {_clips(self.clip_ids)} {label}{detail}"

    def apply(self, edit: Edit) -> Changes:
        unique = dict.fromkeys(self.clip_ids)
        annotations.answer_clips(edit, unique, self.answer, self.source, self.heard_ms)
        return Changes(clips=frozenset(unique))


@dataclass(frozen=True, slots=True)
class FlagClips:
    """Set or remove the flag of some clips."""

    kind: ClassVar[str] = "flag"
    clip_ids: tuple[ClipId, ...]
    flagged: bool

    @property
    def sentence(self) -> str:
        return f"{'Flag' if self.flagged else 'Unflag'} {_clips(self.clip_ids)}"

    def apply(self, edit: Edit) -> Changes:
        changed = clips.set_field(edit, self.clip_ids, "flagged", int(self.flagged))
        return Changes(clips=changed)


@dataclass(frozen=True, slots=True)
class NoteClip:
    """Replace the note of a clip."""

    kind: ClassVar[str] = "note"
    clip_id: ClipId
    note: str

    @property
    def sentence(self) -> str:
        return f"{'Write' if self.note else 'Clear'} the note of clip {self.clip_id}"

    def apply(self, edit: Edit) -> Changes:
        return Changes(clips=clips.set_field(edit, (self.clip_id,), "note", self.note))


def _clips(clip_ids: tuple[ClipId, ...]) -> str:
    return f"clip {clip_ids[0]}" if len(clip_ids) == 1 else f"{len(clip_ids)} clips"

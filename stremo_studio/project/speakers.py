"""Who speaks in a clip, and what is known of them: language, gender, ethnicity, accent, age.

These belong to a speaker, so that they are said once. A clip that changes its speaker changes its
split group where that is the speaker; what this does to a frozen test set is said beforehand.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import ClassVar

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.speaker import DECLINED, FIELDS, UNKNOWN, KnownSpeaker, SpeakerId
from stremo_studio.domain.wording import counted
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.project.training import newest_test
from stremo_studio.store import speakers
from stremo_studio.store.history import Edit
from trainer.contract.resources import resource


@dataclass(frozen=True, slots=True)
class DescribeSpeaker:
    """Say one thing of a speaker, for all their clips; None takes it back to not said."""

    kind: ClassVar[str] = "describe"
    speaker_id: SpeakerId
    name: str
    field: str
    value: str | None

    @property
    def sentence(self) -> str:
        if self.value is None:
            return f"Clear the {self.field} of speaker {self.name}"
        return f"Set the {self.field} of speaker {self.name} to {self.value}"

    def apply(self, edit: Edit) -> Changes:
        clips = speakers.clip_ids(edit.database, self.speaker_id)
        if not clips or not speakers.describe(edit, self.speaker_id, {self.field: self.value}):
            return Changes()
        return Changes(clips=clips)


@dataclass(frozen=True, slots=True)
class GiveToSpeaker:
    """Say whose voice some clips are. A speaker of that name is made in each corpus of the clips
    that has none, with `facts`."""

    kind: ClassVar[str] = "speaker"
    clip_ids: tuple[ClipId, ...]
    name: str
    facts: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        one = f"clip {self.clip_ids[0]}" if len(self.clip_ids) == 1 else ""
        return f"Give {one or counted(len(self.clip_ids), 'clip')} to speaker {self.name}"

    def apply(self, edit: Edit) -> Changes:
        for corpus in speakers.corpora(edit.database, self.clip_ids):
            known = speakers.named(edit.database, corpus, self.name)
            speaker_id = known.id if known else speakers.add(edit, corpus, self.name)
            if known is None or not known.clips:
                speakers.describe(edit, speaker_id, dict(self.facts))
            speakers.give_clips(edit, self.clip_ids, corpus, speaker_id, self.name)
        return Changes(clips=speakers.changed_clips(edit))


def speaker_of(project: Project, clip_id: ClipId) -> KnownSpeaker | None:
    """Whose voice the clip is; None while nobody has said."""
    return speakers.of_clip(project.database, clip_id)


def speakers_like(project: Project, corpus: str, typed: str) -> list[KnownSpeaker]:
    """The speakers of a corpus whose name has what was typed, those that begin with it first."""
    wanted = typed.strip().lower()
    found = [s for s in speakers.of_corpus(project.database, corpus)
             if wanted in s.facts.name.lower()]  # fmt: skip
    return sorted(found, key=lambda s: not s.facts.name.lower().startswith(wanted))


def clips_beside(project: Project, clip_id: ClipId) -> tuple[ClipId, ...]:
    """The clips of the clip's recording, itself among them."""
    return speakers.clips_beside(project.database, clip_id)


def clips_of(project: Project, speaker: KnownSpeaker) -> tuple[ClipId, ...]:
    """The clips of a speaker, in the order they were added."""
    return tuple(sorted(speakers.clip_ids(project.database, speaker.id)))


@cache
def titles() -> dict[str, str]:
    """How each field is asked for; what one only sees or hears is `perceived`."""
    return {name: str(_vocabulary()[name]["title"]) for name in FIELDS}


def values_like(project: Project, field_name: str, typed: str) -> list[str]:
    """What can be said in a field, given the letters typed so far: values that speakers of the
    project have, then the vocabulary, and always that one cannot or will not tell."""
    wanted = typed.strip().lower()
    known = speakers.values(project.database, field_name)
    every = dict.fromkeys([*known, *_vocabulary()[field_name]["values"], UNKNOWN, DECLINED])
    found = [value for value in every if wanted in value.lower()]
    return sorted(found, key=lambda value: not value.lower().startswith(wanted))


def fresh_name(project: Project, corpus: str, base: str) -> str:
    """A name that no speaker of the corpus has: `07`, else `07-2` and so on."""
    names = (base if n == 1 else f"{base}-{n}" for n in count(1))
    return next(n for n in names if not _taken(project, corpus, n))


def what_moves(project: Project, clip_ids: Sequence[ClipId], name: str) -> str:
    """What giving these clips to a speaker means for splits, in sentences; empty for nothing."""
    new = speakers.new_groups(project.database, clip_ids, name)
    if not new:
        return ""
    old = speakers.groups(project.database, new)
    groups = ", ".join(sorted(set(new.values())))
    words = f"{counted(len(new), 'clip')} will move to the split group {groups}."
    test = newest_test(project)
    if test is None:
        return words
    leaving = sum(old[c] in test.groups and new[c] not in test.groups for c in new)
    joining = sum(old[c] not in test.groups and new[c] in test.groups for c in new)
    if leaving:
        words += (
            f" {counted(leaving, 'clip')} will leave the frozen test set of {test.run}: later runs"
            " may learn from them, and are tested on fewer."
        )
    if joining:
        words += (
            f" {counted(joining, 'clip')} will join the frozen test set of {test.run}, which may"
            " have learnt from them: compare later scores with its own only roughly."
        )
    return words


def _taken(project: Project, corpus: str, name: str) -> bool:
    return speakers.named(project.database, corpus, name) is not None


@cache
def _vocabulary() -> dict[str, dict[str, list[str]]]:
    text = resource("speaker_fields.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    return found

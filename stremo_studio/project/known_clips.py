"""Which clips of a source the project has already, and what was answered of them here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from stremo_studio.domain.annotation import BY_IMPORT, BY_UNDO, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.project.project import Project
from stremo_studio.store import opinions, staging
from stremo_studio.store.annotations import GivenAnswer
from stremo_studio.store.staging import KnownClip
from trainer.corpora.answer_words import answer_word
from trainer.corpora.rows import IMPORTED, CorpusAnswer, CorpusClip, CorpusScan


@dataclass(frozen=True, slots=True)
class KnownClips:
    """What the project holds of a scan; empty for a project that is yet to be made."""

    _by_name: Mapping[tuple[str, str], KnownClip] = field(default_factory=dict)
    _by_span: Mapping[tuple[str, int, int], KnownClip] = field(default_factory=dict)
    _opinions: Mapping[ClipId, Mapping[str, Answer]] = field(default_factory=dict)

    @classmethod
    def of(cls, project: Project | None, found: CorpusScan) -> "KnownClips":
        if project is None:
            return cls()
        database = project.database
        by_name = {
            (corpus, name): clip
            for corpus in {clip.corpus for clip in found.clips}
            for name, clip in staging.known(database, corpus).items()
        }
        by_span = staging.known_spans(database) if found.names_are_made else {}
        answered = any(clip.answers for clip in found.clips)
        return cls(by_name, by_span, opinions.by_clip(database) if answered else {})

    def like(self, clip: CorpusClip) -> KnownClip | None:
        """The project's clip of that name; else, as far as names were made from times, the one of
        that recording and span."""
        named = self._by_name.get((clip.corpus, clip.name))
        if named is not None or not self._by_span or clip.end is None:
            return named
        times = round(clip.start * 1000), round(clip.end * 1000)
        places = (recording_key(clip), clip.path or "")
        found = (self._by_span.get((place, *times)) for place in places)
        return next((one for one in found if one is not None), None)

    def compared(self, here: KnownClip, clip: CorpusClip) -> tuple[tuple[GivenAnswer, ...], bool]:
        """What annotators say of the clip who have said nothing of it here; and whether somebody
        said something else here."""
        said = self._opinions.get(here.id, {})
        now = {one.voice: one.answer for one in current_answers(given_answers(clip))}
        people = {voice: answer for voice, answer in now.items() if voice != IMPORTED}
        fresh = [one for one in current_answers(given_answers(clip))
                 if one.voice in people and one.voice not in said]  # fmt: skip
        others = any(
            voice in said and word_of(said[voice]) != word_of(answer)
            for voice, answer in people.items()
        )
        return tuple(fresh), others


def recording_key(clip: CorpusClip) -> str:
    """What names the clip's recording once and for all."""
    if clip.video_id:
        return f"youtube:{clip.video_id}"
    return clip.path or f"missing:{clip.corpus}:{clip.name}"


def given_answers(clip: CorpusClip) -> tuple[GivenAnswer, ...]:
    """The answers that a clip comes with, where its source keeps voices apart."""
    return tuple(_given(one, clip.corpus) for one in clip.answers)


def _given(one: CorpusAnswer, corpus: str) -> GivenAnswer:
    nobody = corpus if one.voice == IMPORTED else one.voice
    return GivenAnswer(
        one.voice, Answer(one.label, one.emotion, one.sure), one.annotator or nobody,
        one.source or BY_IMPORT, one.at, one.heard_ms, one.number, one.stands,
    )  # fmt: skip


def word_of(answer: Answer) -> str:
    """What was answered, as files say it: `neutral` is both the class and the emotion."""
    return answer_word(answer.label, answer.emotion, answer.sure or answer.label is None)


def current_answers(given: Sequence[GivenAnswer]) -> list[GivenAnswer]:
    """Each voice's last answer; an undo is followed to the answer that it brought back."""
    numbered = {one.number: one for one in given}
    last = {one.voice: one for one in given}
    current = []
    for one in last.values():
        if one.stands is not None:
            one = numbered.get(one.stands, one)
        if one.source != BY_UNDO:
            current.append(one)
    return current

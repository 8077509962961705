"""The clips of one recording as tracks of marks: what TextGrid, ELAN and Audacity files share.

Clips that overlap go to tracks beside each other; a clip has the same number on all its tracks.
"""

from collections import defaultdict
from collections.abc import Sequence

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.exported import ExportedClip
from stremo_studio.formats.rows import group_tail, mark, voices
from trainer.corpora.answer_words import answer_word
from trainer.corpora.tracks import ANNOTATOR, CLIPS, GROUPS, LABEL, Mark, Track, TrackName


def tracks(clips: Sequence[ExportedClip], *, may_overlap: bool = False) -> list[Track]:
    """Names, groups, the labels, then the answers of each voice in the order they came. `clips`
    are those of one recording, in order of time, each with some length."""
    lanes = dict.fromkeys((clip.id for clip in clips), 1) if may_overlap else _lanes(clips)
    found: defaultdict[TrackName, list[Mark]] = defaultdict(list)
    for kind in (CLIPS, GROUPS):
        for clip in clips:
            text = clip.name if kind == CLIPS else group_tail(clip)
            found[TrackName(kind, clip.corpus, lanes[clip.id])].append(mark(clip, text))
    for clip in clips:
        found[TrackName(LABEL, "", lanes[clip.id])].append(mark(clip, word(clip.answer)))
    for voice in voices(clips):
        for clip in clips:
            for one in clip.opinions:
                if one.annotator == voice:
                    name = TrackName(ANNOTATOR, voice, lanes[clip.id])
                    found[name].append(mark(clip, word(one.answer)))
    return [Track(name, tuple(marks)) for name, marks in found.items()]


def word(answer: Answer) -> str:
    """The answer as one word."""
    return answer_word(answer.label, answer.emotion, answer.sure)


def _lanes(clips: Sequence[ExportedClip]) -> dict[ClipId, int]:
    """The first lane, counted from 1, into which nothing of before still reaches."""
    ends: list[float] = []
    lanes: dict[ClipId, int] = {}
    for clip in clips:
        lane = next((n for n, end in enumerate(ends) if end <= clip.file_start), len(ends))
        ends[lane : lane + 1] = [clip.file_end]
        lanes[clip.id] = lane + 1
    return lanes

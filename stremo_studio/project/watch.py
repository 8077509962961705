"""Which clips are watched while a model learns: of every class, from different voices.

Twice as many as are shown: those that fall into the test set are never watched.
"""

from collections import defaultdict, deque

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.worklist import LABELLED, Worklist
from stremo_studio.project.preflight import trainable
from stremo_studio.project.project import Project
from trainer.contract.labels import CLASSES

WATCHED = 24
_LOOKED_AT = 600


def watched_clips(project: Project) -> tuple[str, ...]:
    """Manifest ids of up to `WATCHED` clips; the same for the same labels."""
    ids = project.clip_ids(Worklist(show=LABELLED))
    stride = max(1, len(ids) // _LOOKED_AT)
    chosen = choose(trainable(project.clips(ids[::stride])))
    return tuple(str(clip.id) for clip in chosen)


def choose(clips: list[Clip], count: int = WATCHED) -> list[Clip]:
    """Classes in turn, and within a class its speakers or videos in turn."""
    voices: dict[str, defaultdict[str, deque[Clip]]] = {c: defaultdict(deque) for c in CLASSES}
    for clip in clips:
        voices[str(clip.label)][clip.group].append(clip)
    turns = [deque(groups.values()) for groups in voices.values()]
    chosen: list[Clip] = []
    while len(chosen) < count and any(turns):
        for turn in turns:
            if turn and len(chosen) < count:
                voice = turn.popleft()
                chosen.append(voice.popleft())
                if voice:
                    turn.append(voice)
    return chosen

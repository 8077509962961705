"""A recording that nobody has cut yet, cut into clips where somebody speaks: one undo step.

The times come from `media/speech.py`; a person then moves, answers or drops each clip. A clip of
all of the recording goes when it has no label yet: its parts take its place.
"""

from collections.abc import Sequence
from itertools import count
from pathlib import Path

from stremo_studio.domain.clip import Clip, ClipId
from stremo_studio.domain.recording import READY, Recording
from stremo_studio.domain.speaker import Speaker
from stremo_studio.domain.wording import counted
from stremo_studio.errors import StudioError
from stremo_studio.media.sound import open_at_once
from stremo_studio.media.speech import LONGEST, speech_spans
from stremo_studio.project.importing import CHUNK, ShowClips
from stremo_studio.project.project import Project
from stremo_studio.store import mapping, staging
from stremo_studio.store.staging import IncomingClip
from trainer.sound.decoding import AudioError

Spans = Sequence[tuple[float, float]]
"""Start and end of each clip, seconds of the recording."""


def find_speech(clip: Clip, cache: Path) -> Spans:
    """Where somebody speaks within a clip; reads only, so it may run on any thread.

    Raises StudioError when there is nothing to cut, or to hear.
    """
    if clip.duration <= LONGEST:
        raise StudioError(
            f"{clip.name} is {clip.duration:.1f} s long: short enough for one clip.",
            "Choose a longer one, such as a clip of a whole recording.",
        )
    try:
        sound = open_at_once(Path(clip.path or ""), cache)
    except AudioError as error:
        raise StudioError(error.message, error.hint) from error
    if sound is None:
        raise StudioError(
            f"{clip.name} is still being decoded.", "Try again when its waveform is whole."
        )
    found = speech_spans(sound.part(clip.start, clip.end))
    if not found:
        raise StudioError(
            f"Nobody is heard to speak in {clip.name}: nothing stands out from the noise.",
            "Listen to it, or set its edges by hand.",
        )
    return [(start + clip.start, end + clip.start) for start, end in found]


def add_proposed(project: Project, clip: Clip, spans: Spans) -> list[ClipId]:
    """Add a clip for each span, and take the long one away if it has no label; returns them."""
    sentence = f"Cut {clip.name} into {counted(len(spans), 'clip')}"
    key, video_id = mapping.recording_key(project.database, clip.recording_id)
    shift = mapping.shift_of(project.database, clip.recording_id)
    recording = Recording(clip.recording_id, key, clip.path, video_id, READY)
    taken = staging.known(project.database, clip.corpus)
    names = (name for n in count(1) if (name := f"{clip.name}_{n:03}") not in taken)
    stage = staging.begin(project.database, sentence, project.annotator)
    incoming = [
        IncomingClip(
            clip.corpus, name, recording, start - shift, end - shift, clip.group,
            Speaker(clip.corpus, clip.speaker) if clip.speaker else None,
            label=None, emotion=None, transcript=None, problem="", cells=None,
        )
        for name, (start, end) in zip(names, spans, strict=False)
    ]  # fmt: skip
    for first in range(0, len(incoming), CHUNK):
        staging.add(project.database, stage, incoming[first : first + CHUNK])
    [whole] = project.clips([clip.id])  # whoever works blind sees no label where others gave one
    project.do(ShowClips(sentence, stage, hidden=(clip.id,) if whole.label is None else ()))
    known = staging.known(project.database, clip.corpus)
    return [known[part.name].id for part in incoming]

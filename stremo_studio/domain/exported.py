"""What leaves a project: each clip with everything that was said of it."""

from dataclasses import dataclass

from stremo_studio.domain.annotation import Annotation, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.consensus import Opinion
from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.speaker import Speaker

_NO_ANSWER = Answer(None)


@dataclass(frozen=True, slots=True)
class ExportedRecording:
    """Where the sound of clips lies. `path` is None while it is missing; `link` is empty for a
    recording that is a file only."""

    id: RecordingId
    key: str
    path: str | None = None
    video_id: str | None = None
    link: str = ""
    shift: float = 0.0
    """Seconds: time in the file = time of the clip + shift."""
    duration: float | None = None
    """Seconds of the file, where its header tells."""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class ExportedClip:
    """A clip on its way out. `cells` are those of the sheet it came with; `imported` is the answer
    that its corpus gave, None for a clip that came without one."""

    id: ClipId
    corpus: str
    name: str
    start: float
    end: float
    group: str
    recording: ExportedRecording
    speaker: Speaker | None = None
    answer: Answer = _NO_ANSWER
    imported: Answer | None = None
    cells: dict[str, str] | None = None
    moved: bool = False
    """Whether a person gave it other edges than it came with."""
    transcript: str | None = None
    flagged: bool = False
    note: str = ""
    history: tuple[Annotation, ...] = ()
    """Every answer it was ever given, oldest first."""
    opinions: tuple[Opinion, ...] = ()
    """The current answer of each voice: annotators, `import` and `adjudicated`."""
    described: frozenset[str] = frozenset()
    """What a person says otherwise of its speaker than it came with: some of `speaker.FIELDS`."""

    @property
    def file_start(self) -> float:
        """Seconds of the file at the recording's path."""
        return self.start + self.recording.shift

    @property
    def file_end(self) -> float:
        return self.end + self.recording.shift


@dataclass(frozen=True, slots=True)
class ExportedEdit:
    """One change of anything but the label: flag, note or edges."""

    clip_id: ClipId
    field: str
    old: str | float
    new: str | float
    annotator: str
    at: str

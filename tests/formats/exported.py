"""Projects on their way out, made by hand for tests of formats."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from stremo_studio.domain.annotation import BY_KEY, Annotation, AnnotationId, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.consensus import Opinion, consensus
from stremo_studio.domain.exported import ExportedClip, ExportedRecording
from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.speaker import Speaker
from stremo_studio.formats.rows import ExportedProject, Parcel

TALK = ExportedRecording(RecordingId(1), "/sound/talk.wav", "/sound/talk.wav", duration=10.0)
VIDEO = ExportedRecording(
    RecordingId(2), "youtube:-aaaaaaaaaa", None, "-aaaaaaaaaa",
    "https://www.youtube.com/watch?v=-aaaaaaaaaa",
)  # fmt: skip
AT = "2026-01-02T03:04:05.678+00:00"


def clip(
    number: int,
    start: float,
    end: float,
    *said: tuple[str, str],
    recording: ExportedRecording = TALK,
) -> ExportedClip:
    """Clip `number` of the corpus `made` with the answers (annotator, class)."""
    given = tuple(
        Annotation(
            AnnotationId(100 * number + n),
            ClipId(number),
            who,
            Answer(label),
            BY_KEY,
            AT,
            None,
            who,
        )
        for n, (who, label) in enumerate(said)
    )
    opinions = tuple(Opinion(one.voice, one.answer, one.id) for one in given)
    return ExportedClip(
        ClipId(number), "made", f"clip {number}", start, end, "made:ann", recording,
        Speaker("made", "ann", "female"), consensus(opinions).answer,
        history=given, opinions=opinions,
    )  # fmt: skip


def project(clips: Sequence[ExportedClip], place: Path = Path("/out")) -> ExportedProject:
    return ExportedProject("My project", 7, AT, tuple(clips), place=place)


def two_annotators() -> ExportedProject:
    """Two clips that overlap, one without an answer, and one of a video that is not here."""
    return project(
        [
            clip(1, 1.0, 3.0, ("Ann", "negative"), ("Ben", "neutral")),
            clip(2, 2.0, 4.5, ("Ann", "positive")),
            replace(clip(3, 5.0, 6.0), transcript='so "be" it'),
            clip(4, 0.0, 2.0, ("Ben", "neutral"), recording=VIDEO),
        ]
    )


def texts(parcel: Parcel) -> dict[str, str]:
    """The files by name."""
    return {file.name: file.data.decode() for file in parcel.files}

"""Audacity labels: a text file for each track of a recording, `start TAB end TAB word` a line.

Not carried: speakers, transcripts, notes, who answered when, and where the sound lies (the file is
named like the recording). Of two clips of one corpus with one span it cannot be told which of them
an annotator left out, and spaces in names become single ones.
"""

from collections.abc import Iterable, Iterator

from stremo_studio.formats.rows import (
    ExportedProject,
    File,
    Parcel,
    by_recording,
    placeable,
    unique,
)
from stremo_studio.formats.rows import stems as stems_of
from stremo_studio.formats.tracks import tracks
from trainer.corpora.tracks import Mark


def write_audacity(project: ExportedProject) -> Parcel:
    """One file for each recording and annotator; `<recording> - <track>.txt`."""
    clips, notes = placeable(project.clips)
    recordings = by_recording(clips)
    stems = stems_of(recording for recording, _ in recordings)

    def files() -> Iterator[File]:
        taken: dict[str, int] = {}
        for recording, inside in recordings:
            for track in tracks(inside, may_overlap=True):
                name = unique(f"{stems[recording.id]} - {track.name}", taken)
                yield File(f"{name}.txt", label_text(track.marks).encode())

    return Parcel(files(), notes)


def label_text(marks: Iterable[Mark]) -> str:
    """The lines of one label track, times with six decimals."""
    return "".join(
        f"{one.start:.6f}\t{one.end:.6f}\t{' '.join(one.text.split())}\n" for one in marks
    )

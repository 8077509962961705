"""A data set as Hugging Face's AudioFolder: each clip cut to a wav, `metadata.jsonl` beside them, a
folder for each split, and a card. (In a CSV, the speaker `01` would be read as the number 1.)

The only format with sound in it, and therefore made only when asked for by name: whoever passes it
on passes on other people's recordings. Splits are those of the active model, which keep the
clips of a speaker or video together; without one, all is `train`. Clips that cannot be heard are
left out. Not carried: where a clip lay, flags, notes, and who answered what when.
"""

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import soundfile

from stremo_studio.domain.annotation import DISPUTED
from stremo_studio.domain.exported import ExportedClip
from stremo_studio.domain.wording import counted
from stremo_studio.formats.rows import ExportedProject, File, Parcel, by_recording, unique
from trainer.contract.labels import CLASSES
from trainer.sound.decoding import AudioError, Samples, read_spans, to_pcm

_COLUMNS = (
    *("file_name", "label", "emotion", "sure", "clip", "corpus", "group", "speaker", "gender"),
    *("age", "language", "accent", "ethnicity", "transcript", "licence"),
)
_FOLDERS = {"train": "train", "dev": "validation", "test": "test"}


def write_audiofolder(project: ExportedProject) -> Parcel:
    """The sounds, then a table for each split, then the card."""
    notes: list[str] = []
    return Parcel(_files(project, notes), notes)


def _files(project: ExportedProject, notes: list[str]) -> Iterator[File]:
    splits = project.run.splits if project.run else {}
    rows: dict[str, list[dict[str, str | None]]] = {}
    taken: dict[str, int] = {}
    silent = 0
    for _, clips in by_recording(project.clips):
        for clip, cut in zip(clips, _cuts(clips), strict=True):
            if cut is None:
                silent += 1
                continue
            split = _FOLDERS[splits.get(clip.group, "train")]
            name = unique(f"{clip.corpus} {clip.name}", taken) + ".wav"
            rows.setdefault(split, []).append(_row(clip, name))
            yield File(f"{split}/{name}", _wav(*cut))
    for split, inside in rows.items():
        yield File(f"{split}/metadata.jsonl", _metadata(inside).encode())
    yield File("README.md", _card(project, {s: len(rows[s]) for s in rows}).encode())
    if silent:
        notes.append(f"{counted(silent, 'clip')} left out: no sound.")


def _cuts(clips: Sequence[ExportedClip]) -> Iterator[tuple[Samples, int] | None]:
    """The sound of each clip of one recording, at the recording's own rate."""
    path = clips[0].recording.path
    spans = [(clip.file_start, clip.file_end) for clip in clips]
    done = 0
    if path is not None:
        try:
            for found in read_spans(Path(path), spans):
                yield None if isinstance(found, AudioError) else found
                done += 1
        except AudioError:
            pass  # counted with the silent ones
    yield from [None] * (len(clips) - done)


def _wav(samples: Samples, rate: int) -> bytes:
    file = io.BytesIO()
    soundfile.write(file, to_pcm(samples), rate, format="WAV", subtype="PCM_16")
    return file.getvalue()


def _row(clip: ExportedClip, name: str) -> dict[str, str | None]:
    speaker, label = clip.speaker, clip.answer.label
    row = {
        "file_name": name,
        "label": label if label in CLASSES else None,
        "emotion": clip.answer.emotion or (label if label not in (*CLASSES, DISPUTED) else None),
        "sure": "yes" if clip.answer.sure else "no",
        "clip": clip.name,
        "corpus": clip.corpus,
        "group": clip.group,
        "transcript": clip.transcript,
        "licence": clip.recording.licence,
    }
    if speaker:
        row |= {"speaker": speaker.name, "gender": speaker.gender, "age": speaker.age}
        row |= {"language": speaker.language, "accent": speaker.accent}
        row["ethnicity"] = speaker.ethnicity
    return {column: row.get(column) or None for column in _COLUMNS}


def _metadata(rows: Sequence[dict[str, str | None]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _card(project: ExportedProject, clips: dict[str, int]) -> str:
    strings = [{"name": name, "dtype": "string"} for name in _COLUMNS[2:]]
    names = {str(number): name for number, name in enumerate(CLASSES)}
    features = [
        {"name": "audio", "dtype": "audio"},
        {"name": "label", "dtype": {"class_label": {"names": names}}},
        *strings,
    ]
    header = json.dumps(
        {
            "license": "other",
            "task_categories": ["audio-classification"],
            "pretty_name": project.name,
            "dataset_info": {"features": features},
        },
        ensure_ascii=False,
        indent=2,
    )
    counts = ", ".join(f"{n} {split}" for split, n in clips.items()) or "none"
    splits = (
        f"Splits are those of the run {project.run.name}: no speaker or video is in two of them."
        if project.run
        else "No run has drawn splits yet: all clips are in `train`."
    )
    return f"---\n{header}\n---\n\n" + _CARD.format(
        name=project.name, revision=project.revision, counts=counts, splits=splits,
        labels=", ".join(f"{n} {name}" for n, name in enumerate(CLASSES)), names=list(CLASSES),
    )  # fmt: skip


_CARD = """# {name}

Clips of speech with an emotional label, written by StrEmo Studio (revision {revision}).
Clips: {counts}. Classes: {labels}; a clip without a label is one that nobody put into a
class, or of which annotators say different ones.
{splits}
Loaded from a folder, the classes come as words; in the order of the papers they are

    ds = ds.cast_column("label", datasets.ClassLabel(names={names}))

## Licence

The sound in this folder belongs to whoever recorded it: see the licence of each corpus, and the
column `licence` where a site stated one. Clips of YouTube videos were cut from other people's
uploads: YouTube's terms do not allow passing them on, uploaders may take them down at any time,
and the people who speak did not agree to be in a data set. Do not publish this folder unless you
hold the rights to every clip; publish video ids, times and labels (the StrEmo sheet) instead.

Perceived gender, age and ethnicity are what annotators or corpora stated, not facts about people.
"""

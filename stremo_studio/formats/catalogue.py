"""All formats that a project can be written in: their names, and what each carries."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from stremo_studio.formats.audacity import write_audacity
from stremo_studio.formats.audformat import write_audformat
from stremo_studio.formats.audiofolder import write_audiofolder
from stremo_studio.formats.elan import write_elan
from stremo_studio.formats.events import write_events
from stremo_studio.formats.label_studio import write_label_studio
from stremo_studio.formats.rows import ExportedProject, Parcel
from stremo_studio.formats.sheet import write_sheet
from stremo_studio.formats.textgrid import write_textgrid


@dataclass(frozen=True, slots=True)
class Format:
    """`id` is what a command line calls it. `file` is the one file it makes, empty for a format
    that fills a folder."""

    id: str
    title: str
    carries: str
    """One sentence: what it is for, and what it keeps."""
    write: Callable[[ExportedProject], Parcel]
    file: str = ""
    has_sound: bool = False
    """Never written but by name: it passes recordings on."""

    @property
    def suffix(self) -> str:
        """Of its one file, e.g. `.csv`; empty for a folder."""
        return Path(self.file).suffix


def _write_workbook(project: ExportedProject) -> Parcel:
    # openpyxl takes a quarter of a second to import
    from stremo_studio.formats.workbook import write_workbook  # noqa: PLC0415

    return write_workbook(project)


FORMATS: tuple[Format, ...] = (
    Format(
        "stremo-csv",
        "StrEmo sheet (CSV)",
        "The columns of the released sheet; cells that nobody changed come back as they were.",
        write_sheet,
        "StrEmo.csv",
    ),
    Format(
        "stremo-xlsx",
        "StrEmo sheet (Excel)",
        "The same as a workbook in which ids, times and age bands stay text.",
        _write_workbook,
        "StrEmo.xlsx",
    ),
    Format(
        "events",
        "Event log (JSON lines)",
        "Everything: all answers of all annotators with their times. For another StrEmo Studio.",
        write_events,
        "events.jsonl",
    ),
    Format(
        "audacity",
        "Audacity labels",
        "A label track for each recording and annotator: times and answers.",
        write_audacity,
    ),
    Format(
        "textgrid",
        "Praat TextGrid",
        "A grid for each recording, with a tier for each annotator: times and answers.",
        write_textgrid,
    ),
    Format(
        "elan",
        "ELAN (EAF)",
        "A document for each recording, linked to its sound, with a vocabulary of answers.",
        write_elan,
    ),
    Format(
        "label-studio",
        "Label Studio",
        "Tasks with the answers of each annotator, and what the active model says.",
        write_label_studio,
    ),
    Format(
        "audformat",
        "audformat",
        "Segments with raters, speakers and splits, as audEERING's tools read them.",
        write_audformat,
    ),
    Format(
        "audiofolder",
        "Hugging Face AudioFolder",
        "The sound of every clip, cut to wav, with labels and splits. Do not publish what is not "
        "yours.",
        write_audiofolder,
        has_sound=True,
    ),
)
ALL = "all"
"""Every format without sound, in one folder."""


def format_named(name: str) -> Format | None:
    return next((one for one in FORMATS if one.id == name), None)


def format_of_suffix(suffix: str) -> Format | None:
    """The format whose one file ends so."""
    return next((one for one in FORMATS if one.suffix and one.suffix == suffix.lower()), None)

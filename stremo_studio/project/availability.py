"""The availability report: one row for each recording, as CSV."""

import csv
import io
from pathlib import Path

from stremo_studio.domain.source import WORDS, Source
from stremo_studio.errors import StudioError
from stremo_studio.project.project import Project
from stremo_studio.project.sources import sources
from trainer.contract.files import write_text_atomically

COLUMNS = (
    "Recording", "State", "Kind", "Reason", "What to do", "Clips", "Link", "File", "Attempts",
    "Next try", "Title", "Channel", "Uploaded", "Licence", "Duration (s)", "Format",
    "Size (bytes)", "SHA-256", "Fetched",
)  # fmt: skip


def availability_report(project: Project, path: Path) -> int:
    """Write the state of every recording to `path`; returns how many there are.

    Raises StudioError when the file cannot be written.
    """
    listed = sources(project)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(_row, listed))
    try:
        write_text_atomically(path, text.getvalue())
    except OSError as error:
        raise StudioError(
            f"{path} cannot be written: {error.strerror}.", "Choose another place."
        ) from error
    return len(listed)


def _row(source: Source) -> tuple[object, ...]:
    fault, facts = source.fault, source.facts
    reason = fault.reason if fault else ""
    return (
        *(_cell(source.name), WORDS[source.state], fault.kind if fault else "", reason),
        *(source.advice, source.clips, _cell(source.link), _cell(source.path or "")),
        *(source.attempts, source.next_try, _cell(facts.title), _cell(facts.channel)),
        *(facts.uploaded, facts.licence, facts.duration, facts.format, facts.size),
        *(facts.sha256, facts.fetched_at),
    )


def _cell(text: str) -> str:
    """A title is a stranger's words: a spreadsheet must not take it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "@", "\t", "\r") else text

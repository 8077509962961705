"""Writes a small project of the present format as SQL: `python -m tests.store.save_project`.

Done once for each format, when it is released; the file is then never changed again, and
`test_saved_projects.py` opens it for ever.
"""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from stremo_studio.domain.annotation import BY_ADJUDICATION, CANNOT_TELL, Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.source import DOWNLOADING, UNAVAILABLE, SourceFacts
from stremo_studio.domain.speaker import SpeakerId
from stremo_studio.project import sources
from stremo_studio.project.commands import FlagClips, LabelClips, NoteClip
from stremo_studio.project.importing import plan_import, scan_source, write_import
from stremo_studio.project.project import Project
from stremo_studio.project.speakers import DescribeSpeaker
from stremo_studio.store import sources as store
from stremo_studio.store.database import newest_version

SAVED = Path(__file__).parent / "saved"
_SHEET = """Filename,Language,Gender,Ethnicity,Accent,Age,Clip Time From,Clip Time To,Video_Id,\
Source,Emotion
-aaaaaaaaaa_1,English,Female ,White,,16-25,0:00:03,0:00:09,-aaaaaaaaaa,YouTube,Anger
-aaaaaaaaaa_2,English,Female ,White,,16-25,0:00:10,0:00:12,-aaaaaaaaaa,YouTube,Neutral
bbbbbbbbbbb,,Male,,,,0:01:00,0:01:00,bbbbbbbbbbb,YouTube,Happiness
ccccccccccc,,Male,,,,0:02:00,0:02:04,ccccccccccc,YouTube,
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        sheet = Path(name) / "StrEmo.csv"
        sheet.write_text(_SHEET)
        folder = Path(name) / "p"
        _work(Project.create(folder, annotator="Ann"), sheet)
        with closing(sqlite3.connect(folder / "project.db")) as connection:
            lines = [*connection.iterdump(), f"PRAGMA user_version = {newest_version()};"]
    SAVED.mkdir(exist_ok=True)
    path = SAVED / f"format-{newest_version()}.sql"
    path.write_text("\n".join(lines).replace(name, "/somewhere") + "\n", newline="\n")


def _work(project: Project, sheet: Path) -> None:
    for _ in write_import(project, plan_import(project, scan_source(sheet))):
        pass
    project.do(LabelClips((ClipId(1),), Answer("negative", "fear", sure=False), heard_ms=2500))
    project.do(LabelClips((ClipId(2), ClipId(4)), Answer(CANNOT_TELL)))
    project.annotator = "Ben"
    project.do(LabelClips((ClipId(2),), Answer("neutral")))
    project.annotator = "Ann"
    project.do(LabelClips((ClipId(2),), Answer(CANNOT_TELL), BY_ADJUDICATION))
    project.do(DescribeSpeaker(SpeakerId(3), "ccccccccccc male", "accent", "Irish"))
    project.do(FlagClips((ClipId(3),), True))
    project.do(NoteClip(ClipId(3), "laughter, très fort"))
    project.undo()
    project.set_setting("colour", "blue")
    _fetch(project)
    project.close()


def _fetch(project: Project) -> None:
    """One recording in each of the states that last, and one that no clip is in."""
    first, second, third = sources.fetch_all(project)
    sources.add_link(project, "https://example.org/speech.mp3")
    with project.database.transaction():
        facts = SourceFacts("A title", "A channel", "2023-05-31", "CC BY", 61.5, "opus in webm")
        store.place(project.database, first, "/somewhere/-aaaaaaaaaa.webm", facts)
        store.count_attempt(project.database, second)
        store.move(project.database, [second], UNAVAILABLE, fault="private", said="Private video")
        store.move(project.database, [third], DOWNLOADING)


if __name__ == "__main__":
    main()

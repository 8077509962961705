"""Small projects for tests, made through the real database."""

from pathlib import Path

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.worklist import Worklist
from stremo_studio.project.project import Project


def project_with_clips(folder: Path, count: int = 12, *, audio: str = "missing") -> Project:
    """A new project that holds `count` unlabelled clips of 2 s, four to a recording.

    They are called `clip-000` and so on, in the corpus `made`; there is no sound behind them.
    """
    project = Project.create(folder, annotator="Ann")
    database = project.database
    recordings = -(-count // 4)
    with database.transaction():
        stage = database.insert(
            "INSERT INTO command (kind, sentence, annotator, at)"
            " VALUES ('staged', 'Make clips', 'Ann', '2025-01-01T00:00:00+00:00')"
        )
        database.execute_many(
            "INSERT INTO recording (id, key, audio) VALUES (?, ?, ?)",
            ((n + 1, f"youtube:video-{n:03}", audio) for n in range(recordings)),
        )
        database.execute_many(
            "INSERT INTO clip (recording_id, corpus, name, start, end, group_key, import_id,"
            " present) VALUES (?, 'made', ?, ?, ?, ?, ?, 1)",
            (
                (n // 4 + 1, f"clip-{n:03}", n % 4 * 2.0, n % 4 * 2.0 + 2, f"made:{n // 4}", stage)
                for n in range(count)
            ),
        )
    return project


def all_clips(project: Project) -> list[ClipId]:
    return project.clip_ids(Worklist())

"""The list of runs; what a run is and did lies in its folder."""

from dataclasses import replace

from stremo_studio.domain.run import Run, RunId
from stremo_studio.store.database import Database

UNSAVED = RunId(0)


def add(database: Database, run: Run) -> Run:
    """Save a run; returns it with its id."""
    sql = "INSERT INTO run (name, folder, recipe, started) VALUES (?, ?, ?, ?)"
    run_id = database.insert(sql, run.name, run.folder, run.recipe, run.started)
    return replace(run, id=RunId(run_id))


def newest_first(database: Database) -> list[Run]:
    sql = "SELECT id, name, folder, recipe, started FROM run ORDER BY id DESC"
    return [Run(RunId(row[0]), *row[1:]) for row in database.rows(sql)]


def next_number(database: Database) -> int:
    return int(database.value("SELECT coalesce(max(id), 0) + 1 FROM run"))

"""The one SQLite file of a project: opened, brought up to date, written in transactions.

WAL with `synchronous=FULL`: a commit is on the disk before the next key is read. What the world
does to the file (disk full, read-only, gone) becomes a `StudioError` here and nowhere else.
"""

import errno
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stremo_studio.errors import StudioError

MIGRATIONS = Path(__file__).parent / "migrations"

_FAULTS = {
    sqlite3.SQLITE_FULL: ("The disk is full.", "Free some space and repeat the last step."),
    sqlite3.SQLITE_READONLY: ("The project cannot be written.", "Check the folder's permissions."),
    sqlite3.SQLITE_PERM: ("The project cannot be written.", "Check the folder's permissions."),
    sqlite3.SQLITE_IOERR: ("The disk did not take the change.", "Check the disk and repeat it."),
    sqlite3.SQLITE_CANTOPEN: ("The project cannot be opened.", "Check the folder's permissions."),
    sqlite3.SQLITE_BUSY: ("Another program is writing the project.", "Try again when it is done."),
    sqlite3.SQLITE_LOCKED: ("Another program is writing the project.", "Try again shortly."),
    sqlite3.SQLITE_CORRUPT: ("The project file is damaged.", "Restore it from a copy."),
    sqlite3.SQLITE_NOTADB: ("This is no project file.", "Choose the folder of a project."),
}


def newest_version() -> int:
    """The schema number this program writes."""
    return max(_migrations())


class Database:
    """One connection, used by the thread that opened it."""

    def __init__(self, path: Path, connection: sqlite3.Connection, read_only: bool) -> None:
        self.path = path
        self.read_only = read_only
        self.is_open = True
        self._connection = connection
        self._identity = _identity(path)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False) -> "Database":
        """Open the file, or make it where there is none, and migrate it to the newest schema.

        Raises StudioError for a newer schema, a file that is no project, or a faulty disk.
        """
        with _kindly(path):
            connection = _connect_read_only(path) if read_only else _connect(path)
            try:
                _migrate(connection, path, read_only)
            except BaseException:
                connection.close()
                raise
        return cls(path, connection, read_only)

    def close(self) -> None:
        self.is_open = False
        self._connection.close()

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with _kindly(self.path):
            return self._connection.execute(sql, values).fetchall()

    def value(self, sql: str, *values: Any) -> Any:
        """First column of the first row; None where there is no row."""
        rows = self.rows(sql, *values)
        return rows[0][0] if rows else None

    def execute(self, sql: str, *values: Any) -> int:
        """Run one statement; returns how many rows it changed."""
        with _kindly(self.path):
            return self._connection.execute(sql, values).rowcount

    def insert(self, sql: str, *values: Any) -> int:
        """Run one INSERT; returns the id of the row."""
        with _kindly(self.path):
            return self._connection.execute(sql, values).lastrowid or 0

    def execute_many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        with _kindly(self.path):
            self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[None]:
        """Everything inside is committed together, or nothing of it. A change that can be made
        again need not be `durable`: the next one that is takes it along to the disk."""
        if self.read_only:
            raise StudioError(
                "This project is open read-only.", "Close the other studio and open it again."
            )
        self._check_still_there()
        self.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:  # a full disk has rolled back by itself
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, whoever writes meanwhile."""
        self.execute("BEGIN")
        try:
            yield
        finally:
            self.execute("COMMIT")

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy, also when the file's name is gone from the disk."""
        with _kindly(path):
            copy = sqlite3.connect(path)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()

    def _check_still_there(self) -> None:
        """SQLite happily commits into a deleted file, where nobody would find it again."""
        if _identity(self.path) != self._identity:
            raise StudioError(
                f"The project file {self.path} is gone or was replaced.",
                "Put the folder back, or save a copy of the project elsewhere.",
            )


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _connect_read_only(path: Path) -> sqlite3.Connection:
    """A reader beside a writing studio, or of a folder that cannot be written at all."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master")
    except sqlite3.OperationalError:
        connection.close()
        log = path.with_name(path.name + "-wal")
        if log.exists() and log.stat().st_size:
            raise
        # WAL wants to make its index beside the file; without a log, the file alone is whole.
        uri = f"{path.as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    return connection


def _migrations() -> dict[int, Path]:
    return {int(file.name[:4]): file for file in sorted(MIGRATIONS.glob("[0-9]*.sql"))}


def _migrate(connection: sqlite3.Connection, path: Path, read_only: bool) -> None:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    newest = newest_version()
    if version > newest:
        raise StudioError(
            f"This project was made by a newer StrEmo Studio (format {version}, not {newest}).",
            "Install the newest version to open it. Nothing was changed.",
        )
    if version == newest:
        return
    tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if version == 0 and (tables or read_only):
        raise StudioError(f"{path.name} is no project file.", "Choose the folder of a project.")
    if read_only:
        raise StudioError(
            "This project was made by an older StrEmo Studio.",
            "Open it once for writing, so that it can be brought up to date.",
        )
    if version:
        _copy_aside(connection, path.with_name(f"{path.stem}-format-{version}{path.suffix}"))
    for number, file in _migrations().items():
        if number > version:
            _run_migration(connection, number, file)


def _run_migration(connection: sqlite3.Connection, number: int, file: Path) -> None:
    script = file.read_text(encoding="utf-8")
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;"
        )
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _copy_aside(connection: sqlite3.Connection, aside: Path) -> None:
    copy = sqlite3.connect(aside)
    try:
        connection.backup(copy)
    finally:
        copy.close()


@contextmanager
def _kindly(path: Path) -> Iterator[None]:
    """Tell the world's faults from our bugs: a fault becomes a StudioError that names it."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        fault = _FAULTS.get(code & 0xFF) if code is not None else None
        if fault is None:
            raise
        message, hint = fault
        raise StudioError(f"{message} ({path})", hint) from error
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StudioError(*_FAULTS[sqlite3.SQLITE_FULL]) from error
        raise

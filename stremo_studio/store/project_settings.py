"""Settings that belong to a project and travel with it."""

from stremo_studio.store.database import Database


def read(database: Database, key: str, default: str) -> str:
    value = database.value("SELECT value FROM setting WHERE key = ?", key)
    return default if value is None else str(value)


def write(database: Database, key: str, value: str) -> None:
    database.execute(
        "INSERT INTO setting (key, value) VALUES (?1, ?2)"
        " ON CONFLICT (key) DO UPDATE SET value = ?2",
        *(key, value),
    )

"""A run, as the project knows it: the folder is the record, this is its line in the list."""

from dataclasses import dataclass
from typing import NewType

RunId = NewType("RunId", int)


@dataclass(frozen=True, slots=True)
class Run:
    """`folder` is relative to the project. `started` is UTC, ISO 8601."""

    id: RunId
    name: str
    folder: str
    recipe: str
    started: str

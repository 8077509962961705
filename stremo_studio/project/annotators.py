"""Who annotates, and what they see of each other.

An annotator is a name: projects are shared between people who trust each other. From the second
one on, everybody works blind unless that is switched off: answers given alone are what agreement
is measured on.
"""

import json
from dataclasses import dataclass

from stremo_studio.domain.annotation import ADJUDICATED, BY_KEY, BY_OPEN, IMPORTED
from stremo_studio.errors import StudioError
from stremo_studio.project.changes import Changes
from stremo_studio.project.project import Project
from stremo_studio.store import opinions, project_settings

LONGEST_NAME = 40
_NAMES, _BLIND = "annotators", "blind"


@dataclass(frozen=True, slots=True)
class KnownAnnotator:
    """`answered`: how many of the project's clips."""

    name: str
    answered: int


def known_annotators(project: Project) -> list[KnownAnnotator]:
    """Who annotates now, who was ever chosen, and who has answered; by name."""
    chosen = json.loads(project.setting(_NAMES, "[]"))
    names = {project.annotator, *chosen, *opinions.people(project.database)}
    return [
        KnownAnnotator(name, sum(opinions.count_by_label(project.database, name).values()))
        for name in sorted(names, key=str.casefold)
    ]


def choose_annotator(project: Project, name: str) -> None:
    """From now on answers are `name`'s; the project remembers it. Raises StudioError for a name
    that cannot be one."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or name.casefold() in (IMPORTED, ADJUDICATED):
        raise StudioError(
            f"Nobody can be called “{name}” here." if name else "An annotator needs a name.",
            f"Type a name of up to {LONGEST_NAME} letters.",
        )
    known = {one.name.casefold(): one.name for one in known_annotators(project)}
    name = known.setdefault(name.casefold(), name)

    def write() -> None:
        project_settings.write(project.database, _NAMES, json.dumps(sorted(known.values())))
        project_settings.write(project.database, "annotator", name)
        project.annotator = name

    project.write(write, _SEEN_ANEW)


def is_blind(project: Project) -> bool:
    """Whether others' answers are hidden: as it was chosen, else from the second annotator on."""
    chosen = project.setting(_BLIND)
    return chosen == "on" if chosen else has_several(project)


def has_several(project: Project) -> bool:
    """Whether somebody beside the present annotator has answered clips."""
    return bool(set(opinions.people(project.database)) - {project.annotator})


def set_blind(project: Project, blind: bool) -> None:
    """Hide others' answers, or show them."""
    project.write(
        lambda: project_settings.write(project.database, _BLIND, "on" if blind else "off"),
        _SEEN_ANEW,
    )


def eye(project: Project) -> str | None:
    """Whose answers may be shown while labelling: the annotator's own, None for everybody's."""
    return project.annotator if is_blind(project) else None


def source_of_key(project: Project) -> str:
    """How an answer by key is given: alone, or with the answers of others in sight."""
    return BY_OPEN if has_several(project) and not is_blind(project) else BY_KEY


_SEEN_ANEW = Changes(worklist=True, history=False, settings=True)

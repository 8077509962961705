"""The action table: one place for keys, complete, without collisions, all of it reachable."""

from collections.abc import Callable

import pytest

from stremo_studio.app import Studio
from stremo_studio.ui.actions import (
    ACTIONS,
    ANYWHERE,
    IMPORT,
    LABEL,
    PARTS,
    WORKSPACES,
    actions_in,
)
from stremo_studio.ui.import_page import ImportPage
from trainer.contract.labels import paper_scheme


@pytest.mark.parametrize("workspace", [*WORKSPACES, *PARTS])
def test_no_key_does_two_things_in_one_workspace(workspace: str) -> None:
    keys = [key for action in actions_in(workspace) for key in action.keys]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("workspace", [*WORKSPACES, *PARTS])
def test_no_key_is_also_the_first_of_a_pair(workspace: str) -> None:
    keys = [key for action in actions_in(workspace) for key in action.keys]
    firsts = {key.split()[0] for key in keys if " " in key}
    assert firsts & set(keys) == set()


def test_ids_are_unique_and_every_action_has_a_key_and_words() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert [a.id for a in ACTIONS if not (a.keys and a.text and a.group)] == []


def test_the_class_keys_are_those_of_the_label_scheme() -> None:
    by_argument = {a.argument: a.key for a in actions_in(LABEL) if a.slot == "answer"}
    for label_class in paper_scheme().classes:
        assert by_argument[label_class.id] == label_class.key


def test_every_action_can_be_done(opened: Callable[..., Studio]) -> None:
    studio = opened()
    for action in ACTIONS:
        anywhere = action.workspace == ANYWHERE
        target = studio.actions if anywhere else _page(studio, action.workspace)
        assert callable(getattr(target, action.slot)), action.id
        assert not action.release or callable(getattr(target, action.release)), action.id


def _page(studio: Studio, workspace: str) -> object:
    if workspace == IMPORT:
        assert studio.desk is not None
        return ImportPage(studio.desk)
    return studio.bring(workspace)

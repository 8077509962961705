"""The clip table: a bounded cache over ids, sorted and filtered by the project."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from stremo_studio.app import Studio
from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.worklist import UNLABELLED, Worklist
from stremo_studio.project.commands import LabelClips
from stremo_studio.ui import rows
from stremo_studio.ui.label.clip_table import ClipTable
from stremo_studio.ui.label.page import LabelPage

Labelling = Callable[..., tuple[Studio, LabelPage]]


def test_the_model_keeps_qts_rules(labelling: Labelling, qtmodeltester: ModelTester) -> None:
    _, page = labelling(labelled=True)
    qtmodeltester.check(page.queue.table)


def test_sorting_is_the_projects(labelling: Labelling) -> None:
    _, page = labelling()
    table = page.queue.table
    table.sort(1, Qt.SortOrder.DescendingOrder)
    names = [table.index(row, 1).data() for row in range(table.rowCount())]
    assert names == sorted(names, reverse=True)


def test_an_answered_clip_stays_until_the_filter_is_chosen_again(labelling: Labelling) -> None:
    _, page = labelling()
    table = page.queue.table
    table.show(Worklist(UNLABELLED))
    first = table.clip_ids[0]
    page.desk.project.do(LabelClips((first,), Answer("neutral")))
    assert table.row_of(first) == 0
    assert table.index(0, 0).data() == "Neutral"
    assert table.next_unlabelled(0) == 1
    table.show(Worklist(UNLABELLED))
    assert table.row_of(first) == -1


def test_the_next_unlabelled_clip_is_found_from_the_top_again(labelling: Labelling) -> None:
    _, page = labelling(4)
    table, project = page.queue.table, page.desk.project
    project.do(LabelClips(tuple(table.clip_ids[2:]), Answer("neutral")))
    assert table.next_unlabelled(1) == 0
    project.do(LabelClips(tuple(table.clip_ids), Answer("neutral")))
    assert table.next_unlabelled(1) == -1


def test_only_the_rows_looked_at_are_kept(
    labelling: Labelling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "_CACHED", 4)
    monkeypatch.setattr(rows, "_READ_AHEAD", 2)
    _, page = labelling(12)
    table: ClipTable = page.queue.table
    assert [table.index(row, 0).data(rows.WHOLE).id for row in range(12)] == table.clip_ids
    assert len(table._cache) <= 5

"""The label workspace of the real program."""

from collections.abc import Callable

import pytest

from stremo_studio.app import Studio
from stremo_studio.ui.label.page import LabelPage

Labelling = tuple[Studio, LabelPage]


@pytest.fixture
def labelling(opened: Callable[..., Studio]) -> Callable[..., Labelling]:
    """Opens a project at its label page; answers count at once unless `settle_ms` is given."""

    def open_one(clips: int = 6, *, labelled: bool = False, settle_ms: int = 0) -> Labelling:
        studio = opened(clips, labelled=labelled)
        page = studio.window.page("label")
        assert isinstance(page, LabelPage)
        page.settle_ms = settle_ms
        return studio, page

    return open_one

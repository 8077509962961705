"""Builds the page of a workspace and ties the pages together where one leads to another."""

from collections.abc import Callable

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import RunId
from stremo_studio.ui.actions import LABEL, REVIEW
from stremo_studio.ui.label.page import LabelPage
from stremo_studio.ui.page import Desk, Page
from stremo_studio.ui.review.page import ReviewPage
from stremo_studio.ui.train.page import TrainPage
from stremo_studio.ui.train.training import Training

Bring = Callable[[str], Page | None]


def build_page(workspace: str, desk: Desk, training: Training, bring: Bring) -> Page:
    """The page of `workspace`; `bring` shows another one."""
    if workspace == LABEL:
        return LabelPage(desk)
    if workspace == REVIEW:
        review = ReviewPage(desk)
        review.empty.button.clicked.connect(training.button.press)
        return review

    def open_clips(run_id: int, name: str, clip_ids: list[int]) -> None:
        shown = bring(REVIEW)
        if isinstance(shown, ReviewPage):
            shown.open_clips(RunId(run_id), name, [ClipId(i) for i in clip_ids])

    page = TrainPage(desk, training)
    page.clips_asked.connect(open_clips)
    return page

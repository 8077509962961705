"""Builds the page of a workspace and ties the pages together where one leads to another."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.run import RunId
from stremo_studio.ui.actions import AGREEMENT, EXPORT, LABEL, REVIEW, SOURCES
from stremo_studio.ui.export_page import ExportPage
from stremo_studio.ui.label.page import LabelPage
from stremo_studio.ui.label.sources.page import SourcesPage
from stremo_studio.ui.page import Desk, Page
from stremo_studio.ui.review.agreement.page import AgreementPage
from stremo_studio.ui.review.page import ReviewPage
from stremo_studio.ui.train.page import TrainPage
from stremo_studio.ui.train.training import Training

Bring = Callable[[str], Page | None]
Import = Callable[[Path, str | None], None]


def build_page(
    workspace: str, desk: Desk, training: Training, bring: Bring, start_import: Import
) -> Page:
    """The page of `workspace`; `bring` shows another one, `start_import` reports on a source."""
    if workspace == LABEL:
        label = LabelPage(desk)
        label.sources_asked.connect(partial(bring, SOURCES))
        return label
    if workspace == SOURCES:
        return _sources(desk, bring, start_import)
    if workspace == EXPORT:
        export = ExportPage(desk)
        export.closed.connect(partial(bring, LABEL))
        return export
    if workspace == REVIEW:
        review = ReviewPage(desk)
        review.empty.button.clicked.connect(training.button.press)
        review.agreement_asked.connect(partial(bring, AGREEMENT))
        return review
    if workspace == AGREEMENT:
        agreement = AgreementPage(desk)
        agreement.closed.connect(partial(bring, REVIEW))
        return agreement

    def open_clips(run_id: int, name: str, clip_ids: list[int]) -> None:
        shown = bring(REVIEW)
        if isinstance(shown, ReviewPage):
            shown.open_clips(RunId(run_id), name, [ClipId(i) for i in clip_ids])

    page = TrainPage(desk, training)
    page.clips_asked.connect(open_clips)
    return page


def _sources(desk: Desk, bring: Bring, start_import: Import) -> SourcesPage:
    def show_clips(name: str) -> None:
        label = bring(LABEL)
        if isinstance(label, LabelPage):
            label.look_for(name)

    def import_from(name: str) -> None:
        start_import(Path(name), "folder" if Path(name).is_dir() else None)

    page = SourcesPage(desk)
    page.closed.connect(partial(bring, LABEL))
    page.clips_asked.connect(show_clips)
    page.import_asked.connect(import_from)
    return page

"""What should not be fetched is refused before its first byte, and what a site says is kept."""

from typing import Any

import pytest

from stremo_studio.downloader.faults import FetchError
from stremo_studio.downloader.site import facts_of, refuse_unfit

GB = 1 << 30


@pytest.mark.parametrize(
    ("info", "kind"),
    [
        ({"is_live": True}, "live"),
        ({"live_status": "is_live"}, "live"),
        ({"live_status": "is_upcoming"}, "upcoming"),
        ({"acodec": "none"}, "no_sound"),
        ({"duration": 12 * 3600 + 1}, "too_long"),
        ({"filesize": GB + 1}, "full"),
        ({"filesize_approx": 2.5 * GB}, "full"),
    ],
)
def test_unfit_recordings_are_refused(info: dict[str, Any], kind: str) -> None:
    with pytest.raises(FetchError) as error:
        refuse_unfit(info, confirmed=False, free=GB)
    assert error.value.complaint.kind == kind


@pytest.mark.parametrize(
    "info", [{}, {"duration": 12 * 3600, "filesize": GB}, {"live_status": "was_live"}]
)
def test_fit_recordings_are_not(info: dict[str, Any]) -> None:
    refuse_unfit(info, confirmed=False, free=GB)


def test_a_person_may_want_a_very_long_one() -> None:
    refuse_unfit({"duration": 20 * 3600}, confirmed=True, free=GB)


def test_facts_are_taken_where_the_site_has_them() -> None:
    info = {"title": "T", "uploader": "U", "upload_date": "20230531", "license": "CC BY",
            "acodec": "mp4a.40.2"}  # fmt: skip
    facts = facts_of(info, 61.23456, 9, "ab", "m4a")
    assert (facts.title, facts.channel, facts.uploaded) == ("T", "U", "2023-05-31")
    assert (facts.licence, facts.duration, facts.format) == ("CC BY", 61.235, "mp4a in m4a")
    bare = facts_of({"acodec": "unknown", "upload_date": "soon"}, 1, 9, "ab", "webm")
    assert (bare.title, bare.uploaded, bare.format) == ("", "", "webm in webm")

"""The columns of the StrEmo sheet under the names that people give them. A name of the released
sheet wins over its like; cells keep the names they came under."""

import re
from collections.abc import Mapping, Sequence

NAME, VIDEO, FROM, TO, EMOTION = "Filename", "Video_Id", "Clip Time From", "Clip Time To", "Emotion"
RELEASED = (NAME, FROM, TO, VIDEO, EMOTION)
NEEDED = (FROM, TO, VIDEO)
"""Clips that are yet to be labelled have no emotion, and a span of a video is a name."""
_LIKE = {
    NAME: "filename file_name clip_name clip_id name",
    VIDEO: "video_id videoid youtube_id youtubeid yt_id youtube youtube_link youtube_url "
    "video_link video_url link url",
    FROM: "clip_time_from time_from clip_from from start start_time clip_start begin",
    TO: "clip_time_to time_to clip_to to end end_time clip_end stop",
    EMOTION: "emotion label class",
    "Language": "language lang",
    "Gender": "gender sex",
    "Ethnicity": "ethnicity",
    "Accent": "accent",
    "Age": "age age_band age_group",
}
_AUDIO = {"path", "file", "filepath", "file_path", "wav", "wav_file", "wav_path", "audio"}
"""A table that names audio files is read as one of files."""


def is_stremo(columns: Sequence[str]) -> bool:
    """Whether this header is the StrEmo sheet's, give or take a column or its spelling."""
    alike = sum(column in columns for column in RELEASED)
    if alike >= 3 and not {VIDEO, FROM, TO}.isdisjoint(columns):
        return True
    found = column_names(columns)
    return found.keys() >= set(NEEDED) and _AUDIO.isdisjoint(map(_plain, columns))


def column_names(columns: Sequence[str]) -> dict[str, str]:
    """What stands for which column of the released sheet; columns that are not there are left
    out."""
    plain: dict[str, str] = {}
    for column in columns:
        plain.setdefault(_plain(column), column)
    return {
        known: column
        for known, names in _LIKE.items()
        if (column := known if known in columns else _first(names, plain))
    }


def renamed(found: Mapping[str, str]) -> list[str]:
    """`URL as Video_Id`, for each column that goes by another name."""
    return [f"{column} as {known}" for known, column in found.items() if column != known]


def _first(names: str, plain: Mapping[str, str]) -> str:
    return next((plain[name] for name in names.split() if name in plain), "")


def _plain(column: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")

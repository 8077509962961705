"""How clips lie in their recordings: their edges, and what groups a video is in."""

import json
from collections.abc import Iterable

from stremo_studio.store.database import Database


def groups_of_videos(database: Database, video_ids: Iterable[str]) -> dict[str, str]:
    """The group of the clips that the project has of these videos already."""
    sql = (
        "SELECT r.video_id, min(c.group_key) FROM recording r JOIN clip c ON c.recording_id = r.id"
        " WHERE r.video_id IN (SELECT value FROM json_each(?)) GROUP BY r.video_id"
    )
    return dict(database.rows(sql, json.dumps(list(video_ids))))

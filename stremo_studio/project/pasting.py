"""Pasted links into the project: every video becomes a recording, every span a clip.

The clips come through the same import as those of a corpus, and are one undo step. A recording
without clips stays listed among the sources, so that clips can be made of it later.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import Source
from stremo_studio.errors import StudioError
from stremo_studio.project.changes import Changes
from stremo_studio.project.importing import plan_import, write_import
from stremo_studio.project.project import Project
from stremo_studio.store import mapping
from stremo_studio.store import sources as store
from trainer.corpora.links import Pasted
from trainer.corpora.pasted import CORPUS, clips_of
from trainer.corpora.rows import CorpusClip, CorpusScan
from trainer.sound.decoding import AudioError, probe


@dataclass(frozen=True, slots=True)
class Added:
    """What a paste brought. `recordings` has the known ones, too; `clips` counts new ones."""

    recordings: tuple[RecordingId, ...]
    clips: int


def add_pasted(project: Project, pasted: Pasted) -> Added:
    """Add the videos and spans of a paste; what is there already stays as it is."""
    found = clips_of(pasted)
    groups = mapping.groups_of_videos(project.database, pasted.video_ids)
    # a video of a sheet keeps its group: no split may have it on two sides
    clips = tuple(replace(c, group=groups.get(c.video_id or "", c.group)) for c in found.clips)
    with project.database.transaction():
        recordings = [
            store.add(project.database, f"youtube:{video_id}", video_id, "")
            for video_id in pasted.video_ids
        ]
    project.announce(Changes(history=False, sources=frozenset(recordings)))
    plan = plan_import(project, replace(found, clips=clips))
    for _ in write_import(project, plan):
        pass
    return Added(tuple(recordings), len(plan.new) + len(plan.restored))


def clip_whole(project: Project, source: Source) -> None:
    """One clip of all of a recording that lies here. Raises StudioError when its length cannot
    be told."""
    if source.path is None or source.video_id is None:
        raise StudioError(f"{source.name} is not here yet.", "Fetch it, or link a local file.")
    try:
        duration = source.facts.duration or probe(Path(source.path)).duration
    except AudioError as error:
        raise StudioError(error.message, error.hint) from error
    groups = mapping.groups_of_videos(project.database, [source.video_id])
    clip = CorpusClip(
        corpus=CORPUS, name=source.video_id, source_label=None, emotion=None, label=None,
        group=groups.get(source.video_id, f"{CORPUS}:{source.video_id}"),
        path=source.path, video_id=source.video_id, start=0.0, end=duration,
    )  # fmt: skip
    for _ in write_import(project, plan_import(project, CorpusScan(CORPUS, "", (clip,)))):
        pass

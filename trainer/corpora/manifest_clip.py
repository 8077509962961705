"""A clip of a corpus as a clip of a manifest."""

from trainer.contract.manifest import ManifestClip
from trainer.corpora.rows import CorpusClip


def manifest_clip(clip: CorpusClip) -> ManifestClip:
    """The clip as the trainer takes it. Raises ValueError for one without audio."""
    if clip.path is None:
        raise ValueError(f"{clip.name} has no audio")
    return ManifestClip(
        clip_id=f"{clip.corpus}/{clip.name}",
        path=clip.path,
        label=clip.label,
        group=clip.group,
        start=clip.start,
        end=clip.end,
        corpus=clip.corpus,
        speaker=clip.speaker.name if clip.speaker else None,
        emotion=clip.emotion,
    )

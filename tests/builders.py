"""Small projects for tests, made through the real import."""

from collections.abc import Iterable
from pathlib import Path

from stremo_studio.domain.clip import ClipId
from stremo_studio.domain.worklist import Worklist
from stremo_studio.project.importing import plan_import, write_import
from stremo_studio.project.project import Project
from trainer.corpora.rows import CorpusClip, CorpusScan, SpeakerFacts


def project_with_clips(folder: Path, count: int = 12, *, audio: bool = False) -> Project:
    """A new project that holds `count` unlabelled clips of 2 s, four to a recording.

    They are called `clip-000` and so on, in the corpus `made`. With `audio` they claim to have
    some; there is no sound behind them either way.
    """
    project = Project.create(folder, annotator="Ann")
    import_clips(project, (corpus_clip(n, audio=audio) for n in range(count)))
    return project


def corpus_clip(number: int, *, audio: bool = False, label: str | None = None) -> CorpusClip:
    """Clip `number` of the corpus `made`: the n-th fourth of video `number // 4`."""
    video = f"video-{number // 4:03}"
    return CorpusClip(
        corpus="made",
        name=f"clip-{number:03}",
        source_label=label,
        emotion=None,
        label=label,
        group=f"made:{video}",
        speaker=SpeakerFacts(f"speaker-{number // 4:03}"),
        path=f"/nowhere/{video}.wav" if audio else None,
        video_id=video,
        start=number % 4 * 2.0,
        end=number % 4 * 2.0 + 2,
        problem="" if audio else f"No audio of {video}.",
    )


def import_clips(project: Project, clips: Iterable[CorpusClip]) -> None:
    scan = CorpusScan("made", "/nowhere", tuple(clips))
    for _ in write_import(project, plan_import(project, scan)):
        pass


def all_clips(project: Project) -> list[ClipId]:
    return project.clip_ids(Worklist())

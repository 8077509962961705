"""`stremo-trainer transcribe`: what is said in the clips of a manifest, as a table."""

import sys
from pathlib import Path

from trainer.contract.errors import TrainerError
from trainer.contract.manifest import read_manifest
from trainer.progress_line import ProgressLine
from trainer.transcripts.transcribe import transcribe, write_transcripts
from trainer.transcripts.whisper import DEFAULT


def transcribe_clips(manifest: Path, out: Path, model: str | None) -> int:
    """Hear every clip of a manifest file or run folder. Returns the exit code."""
    clips = read_manifest(manifest / "manifest.jsonl" if manifest.is_dir() else manifest)
    if not clips:
        raise TrainerError(f"{manifest} holds no clip.", "Write it with `scan ROOT --out`.")
    progress = ProgressLine("Whisper", "clips", sys.stderr)
    download = ProgressLine("Fetching the model", "MB", sys.stderr)
    heard = transcribe(clips, model or DEFAULT, progress.tell, download.tell_bytes)
    for clip in clips:
        if clip.clip_id in heard.unusable:
            print(f"{clip.clip_id}: {heard.unusable[clip.clip_id]}", file=sys.stderr)
    if not heard.texts:
        raise TrainerError("None of the clips can be heard.", "The lines above say why.")
    write_transcripts(out, clips, heard)
    left = f", {len(heard.unusable):,} could not be heard" if heard.unusable else ""
    print(f"Wrote {len(heard.texts):,} transcripts by {heard.model} to {out}{left}")
    return 0

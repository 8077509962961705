"""What was heard in clips, kept: one JSON line a clip, appended as soon as it is known.

A clip is known by its sound, wherever its file lies. By its file (path, size, time of change) and
its span it is found again without decoding.
"""

import hashlib
import json
from pathlib import Path

import numpy as np

from trainer.contract.manifest import ManifestClip
from trainer.sound.decoding import AudioError, Samples


class Transcripts:
    """The transcripts by one model. Whoever is killed loses what was not yet added."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._by_clip: dict[str, str] = {}
        self._by_sound: dict[str, str] = {}
        for line in _lines(file):
            try:
                row = json.loads(line)
                text = str(row["text"])
                self._by_sound[row["sound"]] = self._by_clip[row["clip"]] = text
            except (ValueError, KeyError, TypeError):
                continue  # cut off by a crash: asked again

    def of_clip(self, clip: ManifestClip) -> str | None:
        """Without decoding. Raises AudioError when the file is not there."""
        return self._by_clip.get(_clip_key(clip))

    def of_sound(self, clip: ManifestClip, sound: Samples) -> str | None:
        """What is known of the very same samples; from now on it is known of this clip too."""
        text = self._by_sound.get(_sound_key(sound))
        if text is not None:
            self.add(clip, sound, text)
        return text

    def add(self, clip: ManifestClip, sound: Samples, text: str) -> None:
        """Keep a transcript; on disk when this returns."""
        row = {"clip": _clip_key(clip), "sound": _sound_key(sound), "text": text}
        self._by_clip[row["clip"]] = self._by_sound[row["sound"]] = text
        self._file.parent.mkdir(parents=True, exist_ok=True)
        # a line of its own also behind half a line that a crash left
        with self._file.open("ab") as file:
            file.write(f"\n{json.dumps(row, ensure_ascii=False)}\n".encode())


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").split("\n")
    except FileNotFoundError:
        return []


def _clip_key(clip: ManifestClip) -> str:
    path = Path(clip.path)
    try:
        facts = path.stat()
    except OSError as error:
        raise AudioError(f"{path.name} is not there.", "Link the file again.") from error
    identity = (str(path), facts.st_size, facts.st_mtime_ns, clip.start, clip.end)
    return hashlib.sha256(repr(identity).encode()).hexdigest()[:32]


def _sound_key(sound: Samples) -> str:
    whole = np.clip(np.rint(sound * 32767), -32768, 32767).astype("<i2")
    return hashlib.sha256(whole.tobytes()).hexdigest()[:32]

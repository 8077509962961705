"""The label scheme: three classes, the fine emotions behind them, and the keys that choose them.

One TOML file under `resources/label_schemes` is the only place where a class, an emotion, a key
or a spelling is written down; the trainer, the corpora and the studio all read it from here.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from trainer.contract.resources import resource

NEGATIVE, NEUTRAL, POSITIVE = "negative", "neutral", "positive"
CLASSES = (NEGATIVE, NEUTRAL, POSITIVE)
"""Order of every confusion matrix, probability vector and badge."""


@dataclass(frozen=True, slots=True)
class LabelClass:
    """One class: its id (never translated), the sign drawn beside its name, its key."""

    id: str
    sign: str
    key: str


@dataclass(frozen=True, slots=True)
class Emotion:
    """One fine emotion; `class_id` is None for an emotion outside the three classes."""

    id: str
    key: str
    class_id: str | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LabelScheme:
    """Classes in matrix order, emotions in menu order."""

    name: str
    classes: tuple[LabelClass, ...]
    emotions: tuple[Emotion, ...]
    _by_code: Mapping[str, Emotion] = field(repr=False, compare=False)

    def emotion(self, source_label: str) -> Emotion | None:
        """The emotion that a corpus spells `source_label`; None when the scheme lists no such."""
        return self._by_code.get(source_label.strip().lower())

    def class_of(self, source_label: str) -> str | None:
        """The class of a source label, or of a class id itself; None means discard."""
        code = source_label.strip().lower()
        if any(c.id == code for c in self.classes):
            return code
        emotion = self.emotion(code)
        return emotion.class_id if emotion else None


def load_scheme(path: Path) -> LabelScheme:
    """Read a label scheme from TOML. Raises ValueError naming what is wrong in the file."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    classes = tuple(LabelClass(c["id"], c["sign"], c["key"]) for c in raw["class"])
    emotions = tuple(
        Emotion(e["id"], e["key"], e.get("class"), tuple(e.get("codes", ())))
        for e in raw["emotion"]
    )
    known = {c.id for c in classes}
    by_code: dict[str, Emotion] = {}
    for emotion in emotions:
        if emotion.class_id is not None and emotion.class_id not in known:
            raise ValueError(f"{path.name}: emotion {emotion.id!r} names an unknown class")
        for code in (emotion.id, *emotion.codes):
            if code in by_code:
                raise ValueError(f"{path.name}: the code {code!r} is listed twice")
            by_code[code] = emotion
    return LabelScheme(raw["name"], classes, emotions, by_code)


@cache
def paper_scheme() -> LabelScheme:
    """The scheme of the paper (section 4.4, step 2)."""
    return load_scheme(resource("label_schemes", "stremo.toml"))

"""How clips, labels and times are put into words: the same everywhere on the screen."""

from stremo_studio.domain.annotation import CANNOT_TELL, DISCARDED, DISPUTED, UNUSABLE
from stremo_studio.domain.clip import Clip
from stremo_studio.domain.recording import MISSING, READY
from stremo_studio.domain.wording import counted
from trainer.contract.evaluation import Evaluation
from trainer.contract.labels import paper_scheme

SIGNS = {c.id: c.sign for c in paper_scheme().classes} | {
    CANNOT_TELL: "?",
    UNUSABLE: "×",
    DISCARDED: "/",
    DISPUTED: "≠",
}
"""The sign beside a label; a label is never told by colour alone."""


FEW_GROUPS = 10
"""From fewer speakers or videos an interval is called rough."""


def label_name(label: str | None) -> str:
    """A label as people say it."""
    return label.replace("_", " ") if label else "no label"


def label_words(clip: Clip) -> str:
    """The clip's answer in a table: the fine emotion if there is one, and a ? when unsure."""
    if clip.label is None:
        return ""
    words = clip.emotion or label_name(clip.label)
    return f"{words.capitalize()}{'' if clip.sure else ' ?'}"


def seconds_words(seconds: float) -> str:
    """`3.4 s`, `2:05` from a minute on, `1:02:05` from an hour on."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def interval_words(scored: Evaluation) -> str:
    """The interval of macro F1 and what it was drawn from. A bootstrap over few speakers says
    less than it seems to, and over one nothing."""
    clips = counted(scored.clips, "clip")
    bounds = scored.intervals.get("macro_f1")
    if not bounds:
        return f"{clips} of one speaker or video: too few for an interval"
    rough = "Rough 95 %" if scored.groups < FEW_GROUPS else "95 %"
    within = f"{rough} interval {bounds[0]:.2f} – {bounds[1]:.2f}"
    return f"{within}, on {clips} of {scored.groups:,} speakers or videos"


def bounds_words(scored: Evaluation, name: str) -> str:
    """`95 % 0.64 – 0.69` behind a score; empty where there is no interval."""
    bounds = scored.intervals.get(name)
    return f"95 % {bounds[0]:.2f} – {bounds[1]:.2f}" if bounds else ""


def audio_words(clip: Clip) -> str:
    """Why a clip cannot be heard, with a reason; empty when it can."""
    if clip.audio == READY:
        return ""
    state = "Audio missing" if clip.audio == MISSING else "Audio unreadable"
    return f"{state}: {clip.problem}" if clip.problem else f"{state}."


def clip_sentence(clip: Clip) -> str:
    """A clip as a screen reader says it."""
    parts = [clip.name, f"speaker {clip.speaker}" if clip.speaker else "", label_name(clip.label)]
    parts += [clip.emotion or "", "" if clip.sure else "unsure", seconds_words(clip.duration)]
    parts += ["flagged" if clip.flagged else "", audio_words(clip)]
    return ", ".join(part for part in parts if part)

"""What stands in the way of a run, and what one should know before trusting its scores.

Looks at rows only, never into audio, and imports no torch: it runs on every change of a label.
"""

import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise

from stremo_studio.domain.clip import Clip
from stremo_studio.domain.recording import READY
from stremo_studio.domain.wording import counted
from stremo_studio.domain.worklist import Worklist
from stremo_studio.project.outlook import Outlook, outlook, snapshot
from stremo_studio.project.project import Project
from trainer.contract.config import TINY, RunConfig
from trainer.contract.finetune import faults
from trainer.contract.labels import CLASSES

MIN_CLIPS_PER_CLASS = 10
"""A class with fewer counts as not there yet; two such classes are needed."""
MIN_GROUPS = 3
"""Speakers or videos: one to learn from, one to choose by, one to test on."""
_IMBALANCE = 4.0
_LONG_S = 60.0
"""Seconds beyond which a clip is more likely a mistake in its times than one emotion."""
_FREE_BYTES = {
    "acoustic": 200_000_000, "probe": 2_000_000_000, "finetune": 3_000_000_000, TINY: 500_000_000,
}  # fmt: skip
_NEEDS = {
    "acoustic": ("torch", "torchaudio", "sklearn"),
    "probe": ("torch", "transformers", "safetensors"),
    "finetune": ("torch", "transformers", "safetensors"),
}
_WHAT = "speakers or videos"


@dataclass(frozen=True, slots=True)
class Preflight:
    """Blockers and warnings are sentences; a run may start when there is no blocker."""

    blockers: tuple[str, ...]
    warnings: tuple[str, ...]
    by_label: dict[str, int]
    """Clips that can be learnt from, by class."""
    groups: int
    left_out: dict[str, int]
    """Clips that are not used, by reason."""
    new: int
    """Clips labelled since the last run."""
    fixed: int
    """Clips whose label is another than in the last run."""
    outlook: Outlook
    """How long the run would take."""

    @property
    def clips(self) -> int:
        return sum(self.by_label.values())

    @property
    def news(self) -> str:
        """E.g. `34 new, 5 fixed`; empty when nothing has changed since the last run."""
        parts = [f"{self.new} new"] * bool(self.new) + [f"{self.fixed} fixed"] * bool(self.fixed)
        return ", ".join(parts)


def preflight(project: Project, config: RunConfig) -> Preflight:
    """Look at the project as it is now. A project that is open read-only is looked at too: it is
    how the window asks off its own thread."""
    everything = all_clips(project)
    clips = trainable(everything)
    by_label = dict.fromkeys(CLASSES, 0) | Counter(str(clip.label) for clip in clips)
    left_out = Counter(reason for clip in everything if (reason := _reason_to_leave_out(clip)))
    new, fixed = _since_last_run(project, clips)
    ahead = outlook(project, config, clips)
    return Preflight(
        blockers=tuple(_blockers(project, config, everything, clips)),
        warnings=(*([ahead.warning] if ahead.warning else []), *_warnings(everything, clips)),
        by_label=by_label,
        groups=len({clip.group for clip in clips}),
        left_out=dict(left_out),
        new=new,
        fixed=fixed,
        outlook=ahead,
    )


def all_clips(project: Project) -> list[Clip]:
    return project.clips(project.clip_ids(Worklist()))


def trainable(clips: Sequence[Clip]) -> list[Clip]:
    """Clips of one of the classes that can be heard."""
    return [clip for clip in clips if not _reason_to_leave_out(clip)]


def can_learn_without(clips: Sequence[Clip], tested: set[str]) -> bool:
    """Whether a run can learn and choose from what lies outside these test groups."""
    rest = [clip for clip in clips if clip.group not in tested]
    return len({c.label for c in rest}) > 1 and len({c.group for c in rest}) >= MIN_GROUPS - 1


def _reason_to_leave_out(clip: Clip) -> str:
    if clip.label is None:
        return "unlabelled"
    if clip.label not in CLASSES:
        return clip.label.replace("_", " ")
    if clip.audio != READY or clip.path is None:
        return f"audio {clip.audio}"
    return "" if clip.duration > 0 else "no length"


def _blockers(
    project: Project, config: RunConfig, everything: Sequence[Clip], clips: Sequence[Clip]
) -> Iterator[str]:
    labelled = sum(clip.label in CLASSES for clip in everything)
    large = [c for c, n in Counter(str(clip.label) for clip in clips).items() if _enough(n)]
    groups = len({clip.group for clip in clips})
    if labelled and not clips:
        yield f"None of the {counted(labelled, 'labelled clip')} has audio."
    elif len(large) < 2:
        few = f"Only {large[0]} has" if large else "No class has"
        yield f"{few} {MIN_CLIPS_PER_CLASS} clips or more: two classes need that many."
    elif groups < MIN_GROUPS:
        yield f"The labelled clips come from {groups} {_WHAT}: {MIN_GROUPS} are needed."
    missing = [name for name in _NEEDS[config.recipe] if find_spec(name) is None]
    if missing:
        yield f"The trainer cannot run: {', '.join(missing)} is not installed."
    if config.recipe == "finetune":
        yield from (f"{fault} {hint}" for fault, hint in faults(config.finetune))
    needed = _FREE_BYTES[TINY if config.model == TINY else config.recipe]
    free = shutil.disk_usage(project.folder).free if project.folder.is_dir() else 0
    if free < needed:
        yield f"The disk has {free / 1e9:.1f} GB free: a run needs {needed / 1e9:.1f} GB."


def _enough(count: int) -> bool:
    return count >= MIN_CLIPS_PER_CLASS


def _warnings(everything: Sequence[Clip], clips: Sequence[Clip]) -> Iterator[str]:
    lost = [c for c in everything if c.label in CLASSES and _reason_to_leave_out(c)]
    unheard = sum(clip.audio != READY for clip in lost)
    if unheard:
        yield f"{counted(unheard, 'labelled clip')} left out: no audio."
    if len(lost) > unheard:
        yield f"{counted(len(lost) - unheard, 'labelled clip')} left out: no length."
    if not clips:
        return
    yield from _uneven_classes(clips)
    yield from _giveaways(clips)
    long = sum(clip.duration > _LONG_S for clip in clips)
    if long:
        yield f"{counted(long, 'clip')} longer than {_LONG_S:.0f} s: check the times."
    overlapping = _overlapping_with_other_label(clips)
    if overlapping:
        yield f"{counted(overlapping, 'pair')} of overlapping clips with different labels."


def _uneven_classes(clips: Sequence[Clip]) -> Iterator[str]:
    counts = Counter(str(clip.label) for clip in clips)
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for clip in clips:
        groups[str(clip.label)].add(clip.group)
    for label in CLASSES:
        if not counts[label]:
            yield f"No clip is {label}: the model will never say {label}."
        elif len(groups[label]) < MIN_GROUPS:
            yield (
                f"{label.capitalize()} clips come from {len(groups[label])} {_WHAT} only: "
                "they cannot be learnt and tested at once."
            )
    (most, many), (least, few) = counts.most_common()[0], counts.most_common()[-1]
    if many > _IMBALANCE * few:
        yield (
            f"{most.capitalize()} has {many} clips and {least} {few}: "
            "macro F1 says more than accuracy."
        )


def _giveaways(clips: Sequence[Clip]) -> Iterator[str]:
    """The broadest fact that predicts every label, and that a model may learn instead."""
    facts: tuple[tuple[str, Callable[[Clip], Hashable]], ...] = (
        ("corpus", _corpus),
        ("video or speaker", _group),
        ("speaker", _speaker),
    )
    for name, fact in facts:
        labels: defaultdict[Hashable, set[str]] = defaultdict(set)
        for clip in clips:
            labels[fact(clip)].add(str(clip.label))
        repeated = 1 < len(labels) <= len(clips) / 2
        if repeated and all(len(found) == 1 for found in labels.values()):
            yield (
                f"The {name} alone predicts every label ({len(labels)} with one label each): "
                "a model may learn the voice instead of the emotion."
            )
            return


def _corpus(clip: Clip) -> Hashable:
    return clip.corpus


def _group(clip: Clip) -> Hashable:
    return clip.group


def _speaker(clip: Clip) -> Hashable:
    return clip.corpus, clip.speaker or clip.group


def _overlapping_with_other_label(clips: Sequence[Clip]) -> int:
    """Neighbours of one recording that share sound but not the label."""
    ordered = sorted(clips, key=lambda clip: (clip.recording_id, clip.start, clip.end))
    return sum(
        a.recording_id == b.recording_id and b.start < a.end and a.label != b.label
        for a, b in pairwise(ordered)
    )


def _since_last_run(project: Project, clips: Sequence[Clip]) -> tuple[int, int]:
    """Clips that the last run did not know, and clips that it knew by another label."""
    runs = project.runs()
    if not runs:
        return len(clips), 0
    before = snapshot(project, runs[0])
    known = [clip for clip in clips if str(clip.id) in before]
    return len(clips) - len(known), sum(c.label != before[str(c.id)] for c in known)

"""Labels and undoes as fast as it can and says each step after it is saved, until it is killed.

    python labeller.py PROJECT

Step n is the same in every process, so that whoever kills it knows what should be there.
"""

import sys
from pathlib import Path

from stremo_studio.domain.annotation import Answer
from stremo_studio.domain.clip import ClipId
from stremo_studio.project.commands import FlagClips, LabelClips
from stremo_studio.project.project import Project
from trainer.contract.labels import CLASSES

CLIPS = 12


def take_step(project: Project, number: int) -> None:
    """Every fifth step undoes, every seventh flags, the others label."""
    clip = ClipId(number * 7 % CLIPS + 1)
    if number % 5 == 4:
        project.undo()
    elif number % 7 == 6:
        project.do(FlagClips((clip,), number % 2 == 0))
    else:
        project.do(LabelClips((clip,), Answer(CLASSES[number % 3])))


def main(folder: str) -> None:
    project = Project.open(Path(folder))
    number = 0
    while True:
        take_step(project, number)
        number += 1
        print(number, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])

"""How fast clips are heard: half to one and a half times in tenths, kept with the project."""

from stremo_studio.project.project import Project

SPEEDS = tuple(tenths / 10 for tenths in range(5, 16))
_KEY = "speed"


def kept_speed(project: Project) -> float:
    """The speed that was chosen last in this project; as recorded where none was."""
    text = project.setting(_KEY, "1.0")
    return next((speed for speed in SPEEDS if speed_words(speed) == f"{text}×"), 1.0)


def keep_speed(project: Project, speed: float) -> None:
    """Remember it, where the project can be written."""
    if not project.read_only:
        project.set_setting(_KEY, f"{speed:.1f}")


def next_speed(speed: float, way: str) -> float:
    """One step `slower` or `faster`, or back to `normal`."""
    if way == "normal":
        return 1.0
    at = SPEEDS.index(speed) + (1 if way == "faster" else -1)
    return SPEEDS[min(max(0, at), len(SPEEDS) - 1)]


def speed_words(speed: float) -> str:
    """E.g. `0.8×`."""
    return f"{speed:.1f}×"

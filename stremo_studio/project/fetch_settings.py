"""How a project fetches: settings that travel with it, each with a default that is polite."""

from dataclasses import dataclass
from pathlib import Path

from stremo_studio.domain.source import YOUTUBE
from stremo_studio.project.project import Project

BROWSERS = ("firefox", "chrome", "chromium", "edge", "safari", "brave", "opera", "vivaldi")
MOST_JOBS = 8


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """`template` makes an address of a video id; `interval_s` lies between two requests to one
    site, give or take a half, and `backoff_s` after its first fault; `browser` lends its cookies;
    `ytdlp` is a newer yt-dlp to use."""

    folder: Path
    template: str = YOUTUBE
    jobs: int = 2
    interval_s: float = 5.0
    backoff_s: float = 10.0
    browser: str = ""
    ytdlp: str = ""


def fetch_settings(project: Project) -> FetchSettings:
    """Settings that cannot be read fall back to the defaults."""
    folder = project.setting("media folder")
    template = project.setting("youtube link")
    return FetchSettings(
        folder=Path(folder) if folder else project.folder / "media",
        template=template if "{id}" in template else YOUTUBE,
        jobs=min(MOST_JOBS, max(1, round(_number(project.setting("fetch jobs"), 2)))),
        interval_s=max(0.0, _number(project.setting("fetch interval"), 5.0)),
        backoff_s=max(0.0, _number(project.setting("fetch backoff"), 10.0)),
        browser=project.setting("cookies of browser"),
        ytdlp=project.setting("yt-dlp"),
    )


def use_cookies(project: Project, browser: str) -> None:
    """Let the downloader read this browser's cookies; none for an empty name."""
    project.set_setting("cookies of browser", browser)


def use_jobs(project: Project, jobs: int) -> None:
    """How many recordings are fetched at once."""
    project.set_setting("fetch jobs", str(jobs))


def use_template(project: Project, template: str) -> None:
    """Where video ids are fetched from; `{id}` stands for the id."""
    project.set_setting("youtube link", template)


def use_folder(project: Project, folder: Path) -> None:
    """Where recordings are kept; the project's own `media` unless told otherwise."""
    project.set_setting("media folder", str(folder))


def _number(text: str, default: float) -> float:
    try:
        return float(text)
    except ValueError:
        return default

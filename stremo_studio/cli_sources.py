"""`stremo-studio sources | fetch`: what the sources panel shows and does, for scripts. No Qt."""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from stremo_studio.domain.recording import RecordingId
from stremo_studio.domain.source import STATES, UNAVAILABLE, WORDS, SourceFilter
from stremo_studio.domain.source_fault import FAULTS
from stremo_studio.domain.wording import counted
from stremo_studio.downloader import messages
from stremo_studio.errors import StudioError
from stremo_studio.project import fetching
from stremo_studio.project import sources as use
from stremo_studio.project.availability import availability_report
from stremo_studio.project.fetch_settings import BROWSERS, use_cookies, use_jobs
from stremo_studio.project.project import Project

RIGHTS = (
    "Fetch only what you may: the rights to the sound stay with its owners, and a site's terms "
    "may forbid copies. Say --yes to go on."
)


def add_verbs(verbs: Any) -> None:
    """Give the studio's parser the two verbs; each sets `do`."""
    one = verbs.add_parser(
        "sources",
        help="list a project's recordings and why some cannot be heard",
        description="Count the recordings of PROJECT by state, and list those that are not there. "
        "Works while a studio is open.",
    )
    one.add_argument("project", type=Path, metavar="PROJECT")
    one.add_argument("--csv", type=Path, metavar="OUT.csv", help="write the availability report")
    one.set_defaults(do=_sources)
    two = verbs.add_parser(
        "fetch",
        help="download the recordings that are missing",
        description="Download the audio of every recording of PROJECT that has a link and is not "
        "there, whole, into its media folder. Interrupted, it goes on where it was the next time.",
    )
    two.add_argument("project", type=Path, metavar="PROJECT")
    two.add_argument("--jobs", type=int, metavar="N", help="how many at once (kept)")
    two.add_argument("--cookies-from-browser", choices=BROWSERS, metavar="NAME", help="(kept)")
    two.add_argument(
        "--retry",
        choices=sorted(FAULTS),
        nargs="*",
        metavar="KIND",
        help="also what was unavailable; only for these reasons, if any are named",
    )
    two.add_argument("--yes", action="store_true", help="you know whose rights these are")
    two.set_defaults(do=_fetch)


def _sources(chosen: argparse.Namespace) -> None:
    with closing(Project.open(chosen.project, read_only=True)) as project:
        if chosen.csv:
            rows = availability_report(project, chosen.csv)
            print(f"Wrote {counted(rows, 'row')} to {chosen.csv}.")
            return
        counts = use.source_counts(project)
        print(f"{counted(counts.all, 'recording')}: " + _counted_states(counts.by_state))
        for source in use.sources(project):
            if source.state != "ready":
                print(f"  {source.name}: {source.words}. {source.advice}".rstrip())


def _fetch(chosen: argparse.Namespace) -> int:
    with closing(Project.open(chosen.project)) as project:
        if not (chosen.yes or use.rights_acknowledged(project)):
            raise StudioError(RIGHTS)
        use.acknowledge_rights(project)
        if chosen.jobs is not None:
            use_jobs(project, chosen.jobs)
        if chosen.cookies_from_browser:
            use_cookies(project, chosen.cookies_from_browser)
        use.look_for_files(project)
        use.fetch_all(project)
        if chosen.retry is not None:
            kinds = chosen.retry or list(use.source_counts(project).by_fault)
            use.retry(project, *kinds)
        _run_downloader(project)
        left = use.source_ids(project, SourceFilter(state=UNAVAILABLE))
        print(_counted_states(use.source_counts(project).by_state))
    return 1 if left else 0


def _run_downloader(project: Project) -> None:
    """Fetch what waits, and say what becomes of each. Ctrl+C leaves a queue that can go on."""
    orders = fetching.orders(project)
    if not orders:
        print("Nothing waits to be fetched.")
        return
    print(f"Fetching {counted(len(orders), 'recording')}.", flush=True)
    with _downloader(project) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for order in orders.values():
            process.stdin.write(messages.encode(order))
        process.stdin.flush()
        for line in process.stdout:
            event = messages.decode(line)
            if not isinstance(event, messages.Event):
                continue
            fetching.take_events(project, [event])
            _tell(project, event)
            if isinstance(event, messages.Fetched | messages.Failed):
                orders.pop(RecordingId(event.id), None)
            if not orders:
                return
    raise StudioError("The downloader ended by itself.", "Its words are above; try once more.")


@contextmanager
def _downloader(project: Project) -> "Iterator[subprocess.Popen[bytes]]":
    command = fetching.downloader_command(project)
    root = Path(__file__).resolve().parents[1]  # with `-m`, the studio that is beside this file
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=root) as process:
        try:
            yield process
        finally:
            process.stdin.close()  # type: ignore[union-attr] # it was asked for
            process.wait()
            fetching.give_back(project)


def _tell(project: Project, event: messages.Event) -> None:
    if isinstance(event, messages.Hello) and event.hint:
        print(event.hint, file=sys.stderr)
    elif isinstance(event, messages.Stopped):
        raise StudioError(event.message, event.hint)
    elif isinstance(event, messages.Fetched | messages.Failed | messages.Delayed):
        (source,) = use.sources(project, [RecordingId(event.id)])
        again = f" Tried again at {event.until}." if isinstance(event, messages.Delayed) else ""
        print(f"  {source.name}: {source.words}.{again}", flush=True)


def _counted_states(by_state: dict[str, int]) -> str:
    parts = [f"{by_state[state]} {WORDS[state].lower()}" for state in STATES if by_state[state]]
    return ", ".join(parts) or "none"

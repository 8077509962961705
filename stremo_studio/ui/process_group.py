"""End a child process together with everything it started.

Data-loader workers are grandchildren: ending only the child leaves them behind, holding memory
and files.
"""

import os
import signal
import subprocess
import sys
from contextlib import suppress

from PySide6.QtCore import QProcess


def lead_own_group(process: QProcess) -> None:
    """Before the start: make the child the leader of a session, hence of a group, of its own.

    Windows has no such thing; there `end_group` walks the tree of children instead.
    """
    if sys.platform != "win32":
        process.setUnixProcessParameters(QProcess.UnixProcessFlag.CreateNewSession)


def end_group(leader: int, *, kill: bool) -> None:
    """Ask the group of the process id `leader` to end, or `kill` it. No error if it is gone."""
    if sys.platform == "win32":
        if kill:  # there is no way to ask a program without a window
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(leader)], capture_output=True)
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL if kill else signal.SIGTERM)

"""The world's faults, told apart from our bugs.

`TrainerError` is one plain sentence and one hint; it ends a run as `RunFailed`, never as a
traceback. Everything else is a bug and keeps its traceback in `run.log`.
"""


class TrainerError(Exception):
    """Something outside the program is wrong: a file, the disk, the network, the device."""

    def __init__(self, message: str, hint: str = "", code: str = "failed") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code

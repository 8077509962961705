"""Two families of error: `StudioError` is the world's fault, anything else is our bug."""


class StudioError(Exception):
    """Something outside the program is wrong. `message` is one plain sentence, `hint` says what
    to do next. Shown as it stands; never with a traceback."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

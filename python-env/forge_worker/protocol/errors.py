"""What a recipe raises to leave early, and the exit codes these become."""

EXIT_DONE = 0
EXIT_STOPPED = 3
EXIT_FAILED = 4


class ProtocolError(Exception):
    """The run directory breaks the protocol (unreadable spec, wrong version): a bug of the other side."""


class WorkerFailure(Exception):
    """An expected failure, shown to a person as it is.

    `code` is a short kebab-case name, `message` one sentence that says what happened and where, `hint` the one
    thing to do next. Becomes the `failed` event and exit code 4.
    """

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class StopRequested(Exception):
    """Raised after the state was saved because `stop` or `pause` was asked for. Becomes exit code 3."""

    def __init__(self, command: str) -> None:
        super().__init__(f"stopped on request: {command}")
        self.command = command

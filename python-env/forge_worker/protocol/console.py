"""Keeps the worker printing after its terminal is gone: descriptors 1 and 2 move to console.log."""

from __future__ import annotations

import errno
import os
import signal
import sys
from pathlib import Path
from typing import IO, Any


class ConsoleGuard:
    """Moves the descriptors 1 and 2 to `console.log` on SIGHUP, or on the first EIO when printing.

    Measured: when the owner of a pty dies, prints fail with EIO (errno 5); with the move, no line is lost.
    Children must be started with SIGHUP ignored (`start_new_session` or a preset ignore), because a handler does not
    survive exec.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.moved = False

    def install(self) -> None:
        """Handle SIGHUP (where it exists) and wrap sys.stdout and sys.stderr."""
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda _number, _frame: self.move())
        sys.stdout = _GuardedStream(sys.stdout, self)  # type: ignore[assignment]
        sys.stderr = _GuardedStream(sys.stderr, self)  # type: ignore[assignment]

    def move(self) -> None:
        """Put descriptors 1 and 2 on console.log (append). Safe to call twice, also from a signal handler."""
        if self.moved:
            return
        self.moved = True
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        os.close(descriptor)


class _GuardedStream:
    """A text stream that writes through to its descriptor at once and survives the loss of the terminal."""

    def __init__(self, stream: IO[str], guard: ConsoleGuard) -> None:
        self._stream = stream
        self._guard = guard

    def write(self, text: str) -> int:
        content = text.encode("utf-8", "replace")
        while content:
            try:
                content = content[os.write(self._stream.fileno(), content) :]
            except OSError as error:
                if error.errno not in (errno.EIO, errno.EPIPE) or self._guard.moved:
                    return len(text)  # nowhere left to print to: the events file is the truth, printing is comfort
                self._guard.move()
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

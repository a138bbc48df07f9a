"""control/: commands the engine puts there as files, looked at once per step."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forge_worker.protocol.files import read_json_bounded

COMMANDS = ("stop", "pause", "finish")
_COMMAND_LIMIT_BYTES = 64 << 10
_NAME = re.compile(r"^(\d{1,9})-([a-z-]+)\.json$")


@dataclass(frozen=True)
class Command:
    """One command; `values` is the file's JSON object (for `stop`: {"keep": "best" | "none"})."""

    name: str
    values: dict[str, Any] = field(default_factory=dict)


class ControlPoller:
    """Reads command files in the order of their numbers; each is renamed to `<file>.done` once taken.

    A signal handler may call `request` to put a command in as if a file had come.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._requested: list[Command] = []
        self.refused: list[str] = []

    def request(self, name: str) -> None:
        """Queue a command from inside the process (SIGTERM becomes `stop`)."""
        self._requested.append(Command(name))

    def poll(self) -> Command | None:
        """The next command, or None. Unreadable or unknown files are put aside and named in `refused`."""
        if self._requested:
            return self._requested.pop(0)
        for _, name, path in self._files():
            command = self._take(name, path)
            if command is not None:
                return command
        return None

    def wait(self, seconds: float) -> Command | None:
        """Wait up to `seconds` for a command, looking four times a second."""
        end = time.monotonic() + seconds
        while (command := self.poll()) is None and (left := end - time.monotonic()) > 0:
            time.sleep(min(0.25, left))
        return command

    def _files(self) -> list[tuple[int, str, Path]]:
        try:
            names = os.listdir(self._folder)
        except FileNotFoundError:
            return []
        found = [(int(m[1]), m[2], self._folder / n) for n in names if (m := _NAME.match(n)) is not None]
        return sorted(found, key=lambda item: item[0])

    def _take(self, name: str, path: Path) -> Command | None:
        try:
            values = read_json_bounded(path, _COMMAND_LIMIT_BYTES)
        except (OSError, ValueError) as error:
            self.refused.append(f"{path.name}: {error}")
            values = None
        os.replace(path, path.with_name(path.name + ".done"))
        if name not in COMMANDS:
            self.refused.append(f"{path.name}: unknown command")
            return None
        return Command(name, values if isinstance(values, dict) else {})

"""The launcher: a small parent that outlives everything else and writes down how the recipe ended.

Standard library only. It ignores SIGHUP, starts the recipe as its child, writes worker.json, hands SIGTERM and SIGINT
on, waits, writes exit.json, and exits with the child's code. Killed with -9 itself, the child goes on.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from forge_worker.protocol.files import write_json_atomically
from forge_worker.protocol.machine import process_started_at_ms

_SIGNAL_EXIT_BASE = 128


def launch(directory: Path, command: Sequence[str]) -> int:
    """Run `command` (argument list) as the recipe process of the attempt in `directory`; returns its exit code.

    Writes worker.json {launcherPid, launcherStartedAtMs, workerPid, workerStartedAtMs} and, at the end,
    exit.json {exitCode: int | null, signal: name | null, t: Unix ms}. A death by signal n is returned as 128 + n.
    """
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    pending: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: pending.append(number))
    signal.signal(signal.SIGINT, lambda number, _frame: pending.append(number))
    child = subprocess.Popen(list(command), stdin=subprocess.DEVNULL)
    _forward_to(child, pending)
    write_json_atomically(
        directory / "worker.json",
        {
            "launcherPid": os.getpid(),
            "launcherStartedAtMs": process_started_at_ms(os.getpid()),
            "workerPid": child.pid,
            "workerStartedAtMs": process_started_at_ms(child.pid),
        },
    )
    code = child.wait()
    name = signal.Signals(-code).name if code < 0 else None
    exit_record = {"exitCode": None if code < 0 else code, "signal": name, "t": int(time.time() * 1000)}
    write_json_atomically(directory / "exit.json", exit_record)
    return _SIGNAL_EXIT_BASE - code if code < 0 else code


def _forward_to(child: subprocess.Popen[bytes], pending: list[int]) -> None:
    def forward(number: int) -> None:
        if child.poll() is None:
            child.send_signal(number)

    signal.signal(signal.SIGTERM, lambda number, _frame: forward(number))
    signal.signal(signal.SIGINT, lambda number, _frame: forward(number))
    for number in pending:  # came between the child's start and here
        forward(number)


def recipe_command(directory: Path) -> list[str]:
    """The command line of the recipe process for `directory`."""
    return [sys.executable, "-m", "forge_worker", "--recipe", str(directory)]

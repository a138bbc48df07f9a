"""events.jsonl: the worker's append-only account of what happened."""

from __future__ import annotations

import errno
import json
import math
import os
import threading
import time
from collections import deque
from pathlib import Path
from typing import Any

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.spec import PROTOCOL_VERSION

_NO_SPACE = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))


class EventWriter:
    """Appends events with a gapless `seq`, one `os.write` per line, safe to call from several threads.

    When the disk is full the lines wait in memory and are tried again with every later event (the heartbeat makes
    that at least every 2 s). After `patience_seconds`, or `limit_bytes` of waiting lines, `emit` raises
    WorkerFailure("disk-full").
    """

    def __init__(self, path: Path, run: str, patience_seconds: float = 60.0, limit_bytes: int = 8 << 20) -> None:
        self._run = run
        self._lock = threading.Lock()
        self._patience_seconds = patience_seconds
        self._limit_bytes = limit_bytes
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._full_since: float | None = None
        self._seq, torn = _last_seq(path)
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        if torn:
            self._queue(b"\n")

    @property
    def seq(self) -> int:
        """The number of the last event given out."""
        return self._seq

    def emit(self, type: str, **fields: Any) -> None:
        """Append one event. NaN and Infinity inside `fields` become null, their names go to `nonFinite`.

        Raises WorkerFailure("disk-full") when lines could not be written for longer than the patience.
        """
        with self._lock:
            body, non_finite = _without_non_finite(fields)
            event = {"v": PROTOCOL_VERSION, "run": self._run, "seq": self._seq + 1, "t": int(time.time() * 1000)}
            event["type"] = type
            event.update(body)
            if non_finite or type == "metric":
                event["nonFinite"] = sorted({*non_finite, *event.get("nonFinite", [])})
            line = (json.dumps(event, allow_nan=False, ensure_ascii=False, separators=(",", ":")) + "\n").encode(
                "utf-8", "replace"
            )
            self._seq += 1
            self._queue(line)
            self._drain()
            self._refuse_when_full()

    def close(self) -> None:
        """Write what still waits, fsync and close. Waiting lines that do not fit are lost: the disk is full."""
        with self._lock:
            self._drain()
            try:
                os.fsync(self._descriptor)
            finally:
                os.close(self._descriptor)

    def _queue(self, line: bytes) -> None:
        self._waiting.append(line)
        self._waiting_bytes += len(line)

    def _drain(self) -> None:
        while self._waiting:
            line = self._waiting[0]
            try:
                written = os.write(self._descriptor, line)
            except OSError as error:
                if error.errno not in _NO_SPACE:
                    raise
                self._full_since = self._full_since or time.monotonic()
                return
            self._waiting_bytes -= written
            if written < len(line):
                self._waiting[0] = line[written:]
            else:
                self._waiting.popleft()
        self._full_since = None

    def _refuse_when_full(self) -> None:
        if self._full_since is None:
            return
        too_long = time.monotonic() - self._full_since > self._patience_seconds
        if too_long or self._waiting_bytes > self._limit_bytes:
            raise WorkerFailure(
                "disk-full",
                "The disk is full: the run's events could not be written.",
                "Free some space on the disk that holds Forge's folder, then resume the run.",
            )


def _without_non_finite(value: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    names: list[str] = []

    def clean(name: str, item: Any) -> Any:
        if isinstance(item, float) and not math.isfinite(item):
            names.append(name)
            return None
        if isinstance(item, dict):
            return {key: clean(str(key), inner) for key, inner in item.items()}
        if isinstance(item, (list, tuple)):
            return [clean(name, inner) for inner in item]
        return item

    return {key: clean(key, item) for key, item in value.items()}, names


def _last_seq(path: Path) -> tuple[int, bool]:
    """The last complete event's number in a file from an earlier process, and whether half a line follows it."""
    if not path.exists():
        return 0, False
    last = 0
    line = b""
    with open(path, "rb") as file:
        for line in file:
            try:
                last = int(json.loads(line)["seq"])
            except (ValueError, KeyError, TypeError):
                continue
    return last, bool(line) and not line.endswith(b"\n")

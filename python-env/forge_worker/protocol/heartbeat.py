"""The sign of life: a `heartbeat` event from a thread of its own, so that long steps do not look like death."""

from __future__ import annotations

import threading

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.events import EventWriter
from forge_worker.protocol.machine import resident_bytes


class Heartbeat:
    """Emits `heartbeat` {step, memoryBytes} every `interval_seconds` (at most 2) until stopped."""

    def __init__(self, events: EventWriter, interval_seconds: float = 2.0) -> None:
        self.step = 0
        self._events = events
        self._interval_seconds = min(2.0, interval_seconds)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin beating."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; safe to call twice."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _beat(self) -> None:
        while not self._stopped.wait(self._interval_seconds):
            try:
                self._events.emit("heartbeat", step=self.step, memoryBytes=resident_bytes())
            except WorkerFailure:
                return  # the disk stayed full: the recipe's own next event raises the same failure where it is handled

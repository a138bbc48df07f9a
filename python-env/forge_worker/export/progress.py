"""Phase events at a readable pace."""

from __future__ import annotations

import time

from forge_worker.protocol.context import WorkerContext

MINIMUM_GAP_SECONDS = 0.25


class PhaseProgress:
    """Emits `phase` with fraction and time left, at most four times a second, and leaves when asked to stop."""

    def __init__(self, context: WorkerContext, name: str) -> None:
        self._context = context
        self._name = name
        self._started = time.monotonic()
        self._last = self._started

    def advance_to(self, fraction: float) -> None:
        """`fraction` is 0..1 of this phase. Raises `StopRequested` when the engine asked for it."""
        self._context.leave_if_asked()
        now = time.monotonic()
        if now - self._last < MINIMUM_GAP_SECONDS and fraction < 1.0:
            return
        self._last = now
        elapsed = now - self._started
        remaining = elapsed / fraction * (1.0 - fraction) if fraction > 0.02 else None
        self._context.phase(self._name, fraction, remaining)

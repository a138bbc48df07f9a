"""Wall time of a training over all its attempts."""

from __future__ import annotations

import time


class RunClock:
    """Seconds since `restart`, on top of what earlier attempts took."""

    def __init__(self, prior_seconds: float) -> None:
        self._prior_seconds = prior_seconds
        self.checkpoint_seconds = 0.0
        self.restart()

    def restart(self) -> None:
        """Count from now."""
        self._started = self._saved_at = time.monotonic()

    def elapsed(self) -> float:
        """Seconds of training so far, earlier attempts included."""
        return self._prior_seconds + time.monotonic() - self._started

    def saved(self, seconds: float) -> None:
        """Note that a checkpoint was written, which took `seconds`."""
        self._saved_at = time.monotonic()
        self.checkpoint_seconds = seconds

    def budget_seconds(self, minutes: float | None, validation_seconds: float) -> float | None:
        """A time budget less what the last evaluation and the last checkpoint will take; at least half of it."""
        if minutes is None:
            return None
        return max(minutes * 60 - validation_seconds - self.checkpoint_seconds, minutes * 30)

    def since_saved(self) -> float:
        """Seconds since the last checkpoint."""
        return time.monotonic() - self._saved_at

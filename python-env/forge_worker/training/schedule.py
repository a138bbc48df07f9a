"""Learning rate over a run that is bounded by steps, by time, or by both."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Schedule:
    """`kind` cosine, linear or constant; warm-up over the first `warmup_fraction` of the run."""

    kind: str
    warmup_fraction: float
    planned_steps: int
    max_seconds: float | None

    def progress(self, step: int, elapsed_seconds: float) -> float:
        """How far the run is, 0..1, at the start of `step` (from 0): the larger of step share and time share."""
        by_step = (step + 0.5) / self.planned_steps
        by_time = 0.0 if self.max_seconds is None else elapsed_seconds / self.max_seconds
        return min(1.0, max(by_step, by_time))

    def factor(self, progress: float) -> float:
        """What the learning rate is multiplied with, 0..1; the decay ends at 2 % so that last steps still count."""
        if progress < self.warmup_fraction:
            return progress / self.warmup_fraction
        if self.kind == "constant":
            return 1.0
        share = (progress - self.warmup_fraction) / max(1e-9, 1.0 - self.warmup_fraction)
        falling = 1.0 - share if self.kind == "linear" else 0.5 * (1.0 + math.cos(math.pi * share))
        return max(0.02, falling)

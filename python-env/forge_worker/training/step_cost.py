"""What a step costs, from two measured ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class StepCost:
    """Seconds of a step = `fixed` + `per_position` x positions; neither is negative."""

    fixed: float
    per_position: float

    @classmethod
    def fitted(cls, sizes: tuple[int, int], seconds: tuple[float, float]) -> StepCost:
        """From the longest and a median step: their positions and their seconds."""
        spread = sizes[0] - sizes[1]
        slope = (seconds[0] - seconds[1]) / spread if spread > 0 else 0.0
        slope = min(max(slope, 0.0), seconds[1] / max(1, sizes[1]))
        if slope == 0.0:
            slope = min(seconds[0] / max(1, sizes[0]), seconds[1] / max(1, sizes[1]))
        return cls(max(0.0, seconds[1] - slope * sizes[1]), slope)

    def mean_seconds(self, sizes: Sequence[int]) -> float:
        """Mean seconds of steps with so many positions each."""
        return sum(self.fixed + self.per_position * size for size in sizes) / max(1, len(sizes))

"""Which rows each optimiser step sees: decided by (seed, epoch) alone, so a step number is the whole data cursor."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

Line = tuple[int, ...]
"""Indices of the rows that share one line of a batch: one row, or several when packing."""


@dataclass(frozen=True)
class PlanSettings:
    """`lines_per_step` = micro-batch size x accumulation; `max_length` in tokens; `packing` group or pack."""

    lines_per_step: int
    max_length: int
    packing: str
    seed: int


class BatchPlan:
    """The steps of every epoch. Each row appears exactly once an epoch; the last step of an epoch may be smaller."""

    def __init__(self, lengths: Sequence[int], settings: PlanSettings) -> None:
        self._lengths = [min(length, settings.max_length) for length in lengths]
        self._settings = settings
        self._epochs: dict[int, list[list[Line]]] = {}
        # Packing draws bins from the shuffled order, so epochs could differ in length: the first one's bins are kept.
        self._bins = self._first_fit() if settings.packing == "pack" else [(index,) for index in range(len(lengths))]
        self.steps_per_epoch = max(1, math.ceil(len(self._bins) / settings.lines_per_step))

    def planned_steps(self, epochs: float) -> int:
        """Steps in `epochs` epochs, at least 1."""
        return max(1, math.ceil(self.steps_per_epoch * epochs - 1e-9))

    def step(self, number: int) -> list[Line]:
        """The lines of step `number` (from 0), longest first, so that memory peaks at once and not late."""
        epoch, index = divmod(number, self.steps_per_epoch)
        if epoch not in self._epochs:
            self._epochs = {epoch: self._plan_epoch(epoch)}
        return self._epochs[epoch][index]

    def longest_step(self) -> list[Line]:
        """A step made of the longest lines there are: what memory must hold."""
        order = sorted(range(len(self._bins)), key=self._line_length, reverse=True)
        return [self._bins[index] for index in order[: self._settings.lines_per_step]]

    def median_step(self) -> list[Line]:
        """A step around the median length: together with the longest it gives the cost per token."""
        order = sorted(range(len(self._bins)), key=self._line_length)
        start = max(0, (len(order) - self._settings.lines_per_step) // 2)
        return [self._bins[index] for index in order[start : start + self._settings.lines_per_step]][::-1]

    def _plan_epoch(self, epoch: int) -> list[list[Line]]:
        generator = random.Random(f"{self._settings.seed}/{epoch}")
        order = list(range(len(self._bins)))
        generator.shuffle(order)
        size = self._settings.lines_per_step
        steps = [order[start : start + size] for start in range(0, len(order), size)]
        # A step is a random draw: sorting across steps saves padding, but each step then sees rows of one kind and the
        # loss suffers (docs/experiments.md). Within a step the order changes nothing but the padding.
        return [[self._bins[index] for index in sorted(step, key=self._line_length, reverse=True)] for step in steps]

    def _line_length(self, index: int) -> int:
        return sum(self._lengths[row] for row in self._bins[index])

    def _first_fit(self) -> list[Line]:
        """First-fit decreasing bin packing into lines of `max_length` tokens."""
        bins: list[list[int]] = []
        space: list[int] = []
        for index in sorted(range(len(self._lengths)), key=lambda row: self._lengths[row], reverse=True):
            length = self._lengths[index]
            place = next((at for at, free in enumerate(space) if free >= length), None)
            if place is None:
                bins.append([index])
                space.append(self._settings.max_length - length)
            else:
                bins[place].append(index)
                space[place] -= length
        return [tuple(sorted(line)) for line in bins]

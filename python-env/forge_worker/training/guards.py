"""Decisions of the self-healing loop, without a framework: early stopping, the NaN guard, the memory ladder."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from forge_worker.training.settings import EarlyStoppingSettings, Recipe

NAN_WINDOW_STEPS = 20
NAN_LIMIT = 3
ROLL_BACK_LIMIT = 2
ROLL_BACK_RATE_FACTOR = 0.3


@dataclass
class EarlyStopping:
    """Keeps the best validation loss; all of it goes into the checkpoint."""

    settings: EarlyStoppingSettings
    best_loss: float | None = None
    best_step: int = 0
    without_gain: int = 0

    def observe(self, step: int, loss: float) -> bool:
        """Note an evaluation; True when it is the best so far. A non-finite loss is never the best."""
        gain = math.inf if self.best_loss is None else self.best_loss - loss
        better = math.isfinite(loss) and gain > 0
        self.without_gain = 0 if better and gain >= self.settings.minimum_gain else self.without_gain + 1
        if better:
            self.best_loss, self.best_step = loss, step
        return better

    @property
    def exhausted(self) -> bool:
        """Whether the patience is used up."""
        return self.without_gain >= self.settings.patience


@dataclass
class NanGuard:
    """N-9: a non-finite step is skipped; 3 within 20 steps roll back; the second roll-back ends the run."""

    bad_steps: list[int] = field(default_factory=list)
    roll_backs: int = 0

    def observe_bad(self, step: int) -> str:
        """What to do about a non-finite loss or gradient at `step`: 'skip', 'roll-back' or 'give-up'."""
        self.bad_steps = [past for past in self.bad_steps if past > step - NAN_WINDOW_STEPS and past < step] + [step]
        if len(self.bad_steps) < NAN_LIMIT:
            return "skip"
        self.bad_steps = []
        self.roll_backs += 1
        return "give-up" if self.roll_backs >= ROLL_BACK_LIMIT else "roll-back"


@dataclass(frozen=True)
class Rung:
    """One step down the memory ladder, as the intervention event tells it."""

    action: str
    recipe: Recipe
    before: dict[str, object]
    after: dict[str, object]


MINIMUM_LENGTH = 128


def next_memory_rung(recipe: Recipe, longest_row: int, can_quantise: bool) -> Rung | None:
    """N-10: halve the micro-batch (accumulation doubles), then checkpointing, then length, then 4-bit; None at the end.

    `longest_row` (tokens): shortening starts below it, since a limit no row reaches frees nothing.
    """
    if recipe.micro_batch_size > 1:
        size = -(-recipe.micro_batch_size // 2)
        accumulation = recipe.gradient_accumulation * 2
        return Rung(
            "halve-batch",
            recipe.with_(micro_batch_size=size, gradient_accumulation=accumulation),
            {
                "microBatchSize": recipe.micro_batch_size,
                "gradientAccumulation": recipe.gradient_accumulation,
            },
            {"microBatchSize": size, "gradientAccumulation": accumulation},
        )
    if not recipe.gradient_checkpointing:
        return Rung(
            "checkpointing-on",
            recipe.with_(gradient_checkpointing=True),
            {"gradientCheckpointing": False},
            {"gradientCheckpointing": True},
        )
    length = min(recipe.max_length, longest_row)
    if length > MINIMUM_LENGTH:
        shorter = max(MINIMUM_LENGTH, length * 3 // 4)
        return Rung("shorten", recipe.with_(max_length=shorter), {"maxLength": length}, {"maxLength": shorter})
    if recipe.method == "lora" and can_quantise:
        return Rung("four-bit", recipe.with_(method="qlora"), {"method": "lora"}, {"method": "qlora"})
    return None

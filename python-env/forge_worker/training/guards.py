"""Decisions of the self-healing loop, without a framework: early stopping, the NaN guard, the memory ladder."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from forge_worker.training.settings import EarlyStoppingSettings, Recipe

NAN_WINDOW_STEPS = 20
NAN_LIMIT = 3
ROLL_BACK_RATE_FACTOR = 0.3
FALLBACK_RANK = 4
FALLBACK_LEARNING_RATE = 1e-5
"""Measured as too careful to start with, but it has never diverged: the last rung before a run ends."""


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
    """N-9: a non-finite step is skipped; 3 within 20 steps roll back, and `next_nan_rung` says what changes then."""

    bad_steps: list[int] = field(default_factory=list)
    roll_backs: int = 0

    def observe_bad(self, step: int) -> str:
        """What to do about a non-finite loss or gradient at `step`: 'skip' or 'roll-back'."""
        self.bad_steps = [past for past in self.bad_steps if past > step - NAN_WINDOW_STEPS and past < step] + [step]
        if len(self.bad_steps) < NAN_LIMIT:
            return "skip"
        self.bad_steps = []
        self.roll_backs += 1
        return "roll-back"


@dataclass(frozen=True)
class NanRung:
    """What changes after a roll-back: `recipe`, and `rate_factor` (the learning rate's share of the recipe's)."""

    action: str
    recipe: Recipe
    rate_factor: float
    before: dict[str, object]
    after: dict[str, object]


def next_nan_rung(recipe: Recipe, rate_factor: float, roll_backs: int) -> NanRung | None:
    """N-9: after roll-back 1 a lower learning rate, then fp32, then the small fallback; None when all were taken.

    A rung that would change nothing (fp32 already, full fine-tuning has no rank) is passed over.
    """
    rate = recipe.learning_rate * rate_factor
    if roll_backs <= 1:
        lower = rate_factor * ROLL_BACK_RATE_FACTOR
        after = recipe.learning_rate * lower
        return NanRung("lower-learning-rate", recipe, lower, {"learningRate": rate}, {"learningRate": after})
    if recipe.precision != "fp32":
        before, changed = {"precision": recipe.precision}, recipe.with_(precision="fp32")
        return NanRung("precision-up", changed, rate_factor, before, {"precision": "fp32"})
    careful = min(rate, FALLBACK_LEARNING_RATE)
    lower = careful / recipe.learning_rate
    if recipe.method != "full" and recipe.rank > FALLBACK_RANK:
        alpha = recipe.alpha * FALLBACK_RANK / recipe.rank  # alpha / rank, the adapter's weight, stays what it is
        smaller = recipe.with_(rank=FALLBACK_RANK, alpha=alpha)
        before = {"rank": recipe.rank, "learningRate": rate}
        return NanRung("lower-rank", smaller, lower, before, {"rank": FALLBACK_RANK, "learningRate": careful})
    if careful < rate:
        return NanRung("lower-learning-rate", recipe, lower, {"learningRate": rate}, {"learningRate": careful})
    return None


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

"""How far a training is: the JSON half of a checkpoint."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from forge_worker.training.settings import Recipe

ADAPTABLE = (
    "method",
    "micro_batch_size",
    "gradient_accumulation",
    "gradient_checkpointing",
    "max_length",
    "precision",
    "rank",
    "alpha",
)
"""What interventions may change while a run goes on."""

KEPT_PRECISION = "kept from the first attempt of this run: measured anew it could differ, and the losses with it"
"""The reason told for a precision that differs from what was asked and was not measured in this attempt."""

_FREE_TO_CHANGE = (
    "max_minutes",
    "checkpoint_every_seconds",
    "keep_checkpoints",
    "evaluate_every_steps",
    "early_stopping",
    "memory_cap_bytes",
)
"""What a resumed attempt may be given anew without changing the meaning of its data cursor."""


@dataclass
class ProgressState:
    """`step` counts optimiser steps (skipped ones too) and is the whole data cursor; times in seconds.

    `settled`: what the first attempt found out by measuring (precision, packing). A second measurement could come out
    otherwise on a busier machine, and the run would go on as another one.
    """

    step: int = 0
    learned_tokens: int = 0
    rows_seen: int = 0
    elapsed_seconds: float = 0.0
    train_seconds: float = 0.0
    learning_rate_factor: float = 1.0
    loss_scale: float = 1.0
    initial_validation_loss: float | None = None
    best_loss: float | None = None
    best_step: int = 0
    without_gain: int = 0
    evaluated_step: int = -1
    bad_steps: list[int] = field(default_factory=list)
    roll_backs: int = 0
    adapted: dict[str, Any] = field(default_factory=dict)
    settled: dict[str, Any] = field(default_factory=dict)
    measured: dict[str, Any] = field(default_factory=dict)
    validation_seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """All fields, by name."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> ProgressState:
        """The state of a checkpoint; unknown fields of newer workers are left out."""
        known = cls().to_json()
        return cls(**{name: value for name, value in raw.items() if name in known})


def recipe_fingerprint(recipe: Recipe, seed: int, data_digest: str) -> dict[str, Any]:
    """What must be equal for a checkpoint to be continued: all settings that shape the steps, the seed, the rows."""
    settings = {name: value for name, value in asdict(recipe).items() if name not in _FREE_TO_CHANGE}
    if isinstance(settings["target_modules"], tuple):
        settings["target_modules"] = list(settings["target_modules"])
    return {**settings, "seed": seed, "data": data_digest}

"""The gradients of one optimiser step."""

from __future__ import annotations

import math
from dataclasses import dataclass

from forge_worker.training.collate import MicroBatch
from forge_worker.training.session import Session

NO_LOSS_SCALE = 1.0


@dataclass(frozen=True)
class StepGradients:
    """`loss` is the mean per token weight, `norm` that of all gradients, `tokens` the learned ones."""

    loss: float
    norm: float
    tokens: int

    @property
    def finite(self) -> bool:
        """Whether the step may be applied."""
        return math.isfinite(self.loss) and math.isfinite(self.norm)


def compute_gradients(session: Session, batches: list[MicroBatch]) -> StepGradients:
    """Fill the optimiser's gradients for one step; nothing is applied. Raises what the framework does."""
    backend, optimiser, state = session.backend, session.optimiser, session.state
    weight = sum(sum(batch.weights) for batch in batches)
    optimiser.clear()
    total = 0.0
    scale = state.loss_scale / max(weight, 1e-9)
    for number, batch in enumerate(batches):
        if not batch.targets:
            continue
        session.hooks.before_micro_batch(state.step, number, session)
        total += backend.learn(session.model, optimiser, batch, scale)
        backend.check_memory_cap()
    if state.loss_scale != NO_LOSS_SCALE:
        backend.unscale(optimiser, state.loss_scale)
    session.hooks.after_gradients(state.step, session)
    tokens = sum(len(batch.targets) for batch in batches)
    return StepGradients(total / max(weight, 1e-9), optimiser.gradient_norm(), tokens)

"""The `train` recipe in MLX, on Apple silicon (and, for tests, on other processors).

The models, adapters, quantisation, optimiser and generation are mlx-lm's and MLX's own; the loop is Forge's, with the
same steps, events and checkpoints as in PyTorch. mlx-lm's `train` cannot be resumed, averages over batches, applies
NaN, and cannot be stopped between two steps.
"""

from __future__ import annotations

from forge_worker.backends.mlx.backend import MlxBackend
from forge_worker.protocol.context import Outcome, WorkerContext
from forge_worker.training.session import TrainHooks
from forge_worker.training.training_run import train


def run(context: WorkerContext, hooks: TrainHooks | None = None) -> Outcome:
    """Train as the spec says. `hooks` let tests break things at chosen places."""
    return train(context, MlxBackend, hooks)

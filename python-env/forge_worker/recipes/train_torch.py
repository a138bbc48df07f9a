"""The `train` recipe in PyTorch."""

from __future__ import annotations

from forge_worker.backends.torch.backend import TorchBackend
from forge_worker.protocol.context import Outcome, WorkerContext
from forge_worker.training.session import TrainHooks
from forge_worker.training.training_run import train


def run(context: WorkerContext, hooks: TrainHooks | None = None) -> Outcome:
    """Train as the spec says, on the GPU or the processor. `hooks` let tests break things at chosen places."""
    return train(context, TorchBackend, hooks)

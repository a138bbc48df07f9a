"""The `probe` recipe in MLX: real training steps on a tiny random model, to prove that this Python can train here."""

from __future__ import annotations

import math
import os
import time
from typing import TYPE_CHECKING, Any

from forge_worker.backends.mlx.adam import MasterOptimiser
from forge_worker.backends.mlx.base_loading import LoadedBase
from forge_worker.backends.mlx.model import AdapterSettings, MlxModel
from forge_worker.backends.mlx.runtime import describe_device, prepare_runtime, versions
from forge_worker.protocol.context import Outcome, WorkerContext
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.collate import CollateSettings, MicroBatch, collate
from forge_worker.training.encoding import EncodedRow

if TYPE_CHECKING:
    import mlx.nn as nn

_CONFIG: dict[str, Any] = {
    "model_type": "llama",
    "num_hidden_layers": 2,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": 256,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10_000.0,
    "tie_word_embeddings": True,
}
_LEARNING_RATE = 2e-2
_DEFAULT_STEPS = 10


def run(context: WorkerContext) -> Outcome:
    """Train adapters on a two-layer model with eight fixed rows; the loss must be finite and must fall.

    Summary {lossFirst, lossLast, secondsPerStep}. Raises WorkerFailure("probe-failed").
    """
    steps = int(context.spec.payload.get("steps", _DEFAULT_STEPS))
    runtime = prepare_runtime(context.spec, "fp32", None)
    context.events.emit(
        "hello",
        pid=os.getpid(),
        device=describe_device(runtime),
        versions=versions(),
        effective={"steps": {"value": steps, "reason": "the probe's length"}},
    )
    model = MlxModel(_random_base(), "fp32")
    optimiser = MasterOptimiser(model.add_adapters("all-linear", AdapterSettings(8, 2.0, 0.0, False)), 0.0, model.bind)
    optimiser.learning_rate = _LEARNING_RATE
    model.module.train()
    batch = _batch()
    losses: list[float] = []
    started = time.monotonic()
    for step in range(steps):
        context.leave_if_asked()
        losses.append(_train_step(model, optimiser, batch))
        context.heartbeat.step = step + 1
        values = {"loss": losses[-1], "learningRate": _LEARNING_RATE}
        tokens = len(batch.targets) * (step + 1)
        context.events.emit("metric", step=step + 1, epoch=float(step + 1), tokens=tokens, values=values, nonFinite=[])
        context.phase("training", (step + 1) / steps)
    seconds = (time.monotonic() - started) / max(1, steps)
    if not all(math.isfinite(loss) for loss in losses) or losses[-1] >= losses[0]:
        raise WorkerFailure(
            "probe-failed",
            f"The test training did not learn: its loss went from {losses[0]:.3f} to {losses[-1]:.3f}.",
            "Run the Python set-up again; if it stays so, report the machine's processor or GPU.",
        )
    return context.finish([], {"lossFirst": losses[0], "lossLast": losses[-1], "secondsPerStep": seconds})


def _train_step(model: MlxModel, optimiser: MasterOptimiser, batch: MicroBatch) -> float:
    """One step; returns the mean loss before it."""
    optimiser.clear()
    loss, gradients = model.loss_and_gradients(batch, 1 / sum(batch.weights))
    optimiser.collect(gradients)
    optimiser.step()
    return loss / sum(batch.weights)


def _random_base() -> LoadedBase:
    from mlx.utils import tree_flatten
    from mlx_lm.models.llama import Model, ModelArgs

    module: nn.Module = Model(ModelArgs.from_dict(_CONFIG))
    shapes = {name: tuple(value.shape) for name, value in tree_flatten(module.parameters())}
    return LoadedBase(module, _CONFIG, shapes, _CONFIG["rope_theta"])


def _batch() -> MicroBatch:
    """Eight rows that count upwards from different starts; the second half of each is learned."""
    rows = []
    for row in range(8):
        ids = [1, *[(7 * row + 3 * index) % 250 + 2 for index in range(23)]]
        rows.append(EncodedRow(str(row), ids, [0.0] * 12 + [1.0] * 12))
    return collate(rows, [(index,) for index in range(8)], CollateSettings(64, 0, True))

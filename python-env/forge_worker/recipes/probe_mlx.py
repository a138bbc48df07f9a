"""The `probe` recipe on MLX: ten real steps on a tiny random model, to prove that this Python can train here."""

from __future__ import annotations

import math
import os
import time

from forge_worker.backends.mlx.runtime import describe_device, prepare_runtime, versions
from forge_worker.protocol.context import Outcome, WorkerContext
from forge_worker.protocol.errors import WorkerFailure

_CONFIG = {
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
_LEARNING_RATE = 1e-2
_DEFAULT_STEPS = 10


def run(context: WorkerContext) -> Outcome:
    """Train a two-layer model on eight fixed rows; the loss must be finite and must fall.

    Summary {lossFirst, lossLast, secondsPerStep}. Raises WorkerFailure("probe-failed").
    """
    import mlx.core as mx
    import mlx.nn as nn
    import mlx.optimizers as optimisers
    from mlx_lm.models.llama import Model, ModelArgs

    steps = int(context.spec.payload.get("steps", _DEFAULT_STEPS))
    effective = {"steps": {"value": steps, "reason": "the probe's length"}}
    device = describe_device(prepare_runtime(context.spec, None, ("fp32", None)))
    context.events.emit("hello", pid=os.getpid(), device=device, versions=versions(), effective=effective)
    mx.random.seed(context.spec.seed)
    model = Model(ModelArgs.from_dict(_CONFIG))
    rows = mx.random.randint(0, _CONFIG["vocab_size"], (8, 17))

    def loss_of(module: nn.Module) -> mx.array:
        return nn.losses.cross_entropy(module(rows[:, :-1]), rows[:, 1:]).mean()

    optimiser = optimisers.Adam(learning_rate=_LEARNING_RATE)
    step_of = nn.value_and_grad(model, loss_of)
    losses: list[float] = []
    started = time.monotonic()
    for step in range(steps):
        context.leave_if_asked()
        loss, gradients = step_of(model)
        optimiser.update(model, gradients)
        mx.eval(model.parameters(), optimiser.state)
        losses.append(float(loss))
        context.heartbeat.step = step + 1
        values = {"loss": losses[-1]}
        context.events.emit("metric", step=step + 1, epoch=0.0, tokens=8 * 16 * (step + 1), values=values, nonFinite=[])
    seconds = (time.monotonic() - started) / max(1, steps)
    if not all(math.isfinite(loss) for loss in losses) or losses[-1] >= losses[0]:
        raise WorkerFailure(
            "probe-failed",
            f"The test training did not learn: its loss went from {losses[0]:.3f} to {losses[-1]:.3f}.",
            "Run the Python set-up again; if it stays so, report the machine's processor or GPU.",
        )
    return context.finish([], {"lossFirst": losses[0], "lossLast": losses[-1], "secondsPerStep": seconds})

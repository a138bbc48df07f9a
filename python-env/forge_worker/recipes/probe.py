"""The `probe` recipe: ten real training steps on a tiny random model, to prove that this Python can train here."""

from __future__ import annotations

import math
import os
import time

import torch

from forge_worker.backends.torch.decoder import Decoder, decoder_config
from forge_worker.backends.torch.flat_optimiser import FlatOptimiser
from forge_worker.backends.torch.models import OwnModel
from forge_worker.backends.torch.projections import AdapterSettings
from forge_worker.backends.torch.runtime import describe_device, prepare_runtime, versions
from forge_worker.protocol.context import Outcome, WorkerContext
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.collate import CollateSettings, MicroBatch, collate
from forge_worker.training.encoding import EncodedRow

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
_LEARNING_RATE = 2e-2
_DEFAULT_STEPS = 10


def run(context: WorkerContext) -> Outcome:
    """Train a two-layer model on eight fixed rows; the loss must be finite and must fall.

    Summary {lossFirst, lossLast, secondsPerStep}. Raises WorkerFailure("probe-failed").
    """
    steps = int(context.spec.payload.get("steps", _DEFAULT_STEPS))
    runtime = prepare_runtime(context.spec, "fp32")
    context.events.emit(
        "hello",
        pid=os.getpid(),
        device=describe_device(runtime),
        versions=versions(),
        effective={"steps": {"value": steps, "reason": "the probe's length"}},
    )
    config = decoder_config(_CONFIG)
    assert config is not None
    model = OwnModel(Decoder(config, _random_weights(context.spec.seed)), _CONFIG, runtime.device, torch.float32)
    parameters = model.add_adapters("all-linear", AdapterSettings(8, 16.0, 0.0, False), context.spec.seed)
    optimiser = FlatOptimiser(parameters, 0.0)
    optimiser.learning_rate = _LEARNING_RATE
    batch = _batch()
    losses: list[float] = []
    started = time.monotonic()
    for step in range(steps):
        context.leave_if_asked()
        optimiser.clear()
        loss = model.loss_sum(batch) / sum(batch.weights)
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
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


def _random_weights(seed: int) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator) * 0.05

    hidden, inner, key_width = 64, 128, 32
    weights = {"model.embed_tokens.weight": normal(256, hidden) * 10, "model.norm.weight": torch.ones(hidden)}
    for layer in range(2):
        name = f"model.layers.{layer}"
        for norm in ("input_layernorm", "post_attention_layernorm"):
            weights[f"{name}.{norm}.weight"] = torch.ones(hidden)
        shapes = {"q": (hidden, hidden), "k": (key_width, hidden), "v": (key_width, hidden), "o": (hidden, hidden)}
        for part, shape in shapes.items():
            weights[f"{name}.self_attn.{part}_proj.weight"] = normal(*shape)
        weights[f"{name}.mlp.gate_proj.weight"] = normal(inner, hidden)
        weights[f"{name}.mlp.up_proj.weight"] = normal(inner, hidden)
        weights[f"{name}.mlp.down_proj.weight"] = normal(hidden, inner)
    return weights


def _batch() -> MicroBatch:
    """Eight rows that count upwards from different starts; the second half of each is learned."""
    rows = []
    for row in range(8):
        ids = [1, *[(7 * row + 3 * index) % 250 + 2 for index in range(23)]]
        rows.append(EncodedRow(str(row), ids, [0.0] * 12 + [1.0] * 12))
    return collate(rows, [(index,) for index in range(8)], CollateSettings(64, 0, True))

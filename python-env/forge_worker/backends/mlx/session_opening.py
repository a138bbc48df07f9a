"""Opening a session: a checkpoint put back if one was named, and hello with every setting read back (law 4)."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from forge_worker.backends.mlx.runtime import describe_device, versions
from forge_worker.backends.mlx.session_checkpoints import resume_from
from forge_worker.backends.mlx.training_session import Session, TrainHooks
from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.settings import TrainPayload
from forge_worker.training.settings_check import check_effective


def open_session(context: WorkerContext, payload: TrainPayload, hooks: TrainHooks) -> Session:
    """Build the session, put a checkpoint back if one was named, and say hello with the settings read back."""
    session = Session(context, payload, hooks)
    if context.spec.resume_from is not None:
        resume_from(session, context.spec.resume_from)
    effective = check_effective(session_settings(session), session_expectation(session), payload.reasons)
    context.events.emit(
        "hello",
        pid=os.getpid(),
        device=describe_device(session.runtime),
        versions=versions(),
        effective=effective.shown,
    )
    detail = "all settings are in effect" if not effective.differences else ", ".join(effective.differences)
    context.events.emit("invariant", name="settings-effective", ok=not effective.differences, detail=detail)
    if effective.differences:
        raise WorkerFailure(
            "settings-differ",
            f"A setting did not take effect: {effective.differences[0]}.",
            "Report this: the plan and the worker disagree.",
        )
    return session


def session_settings(session: Session) -> dict[str, Any]:
    """Settings as the built objects say them (not as the spec does). MLX has no thread count to read."""
    model, asked = session.model, session.payload.recipe
    found: dict[str, Any] = {
        "device": "mlx",
        "precision": model.stored_precision(),
        "weightDecay": session.optimiser.weight_decay,
        "trainableParameters": session.optimiser.count,
        "decoder": model.name,
        "sharedPrefix": model.shares_prefix and session.recipe.packing == "group",
        "method": _built_method(session),
        "microBatchSize": session.recipe.micro_batch_size,
        "gradientAccumulation": session.recipe.gradient_accumulation,
        "gradientCheckpointing": model.gradient_checkpointing,
        "maxLength": session.recipe.max_length,
        "packing": session.recipe.packing,
        "plannedSteps": session.plan.planned_steps(asked.epochs),
        "learningRate": session.recipe.learning_rate,
        "schedule": session.recipe.schedule,
        "seed": session.context.spec.seed,
    }
    if session.runtime.memory_cap_bytes is not None:
        found["memoryCapBytes"] = session.runtime.memory_cap_bytes
    rope = _built_rope_base(session)
    if rope is not None:
        found["ropeBase"] = rope
    adapters = list(model.adapters().values())
    if adapters:
        rank = adapters[0].lora_a.shape[1]
        found["rank"] = rank
        found["alpha"] = adapters[0].scale * rank
        found["dropout"] = round(1 - adapters[0].dropout._p_1, 12)
        found["adaptedLayers"] = len(adapters)
    if model.quantised_layers():
        found["fourBitLayers"] = model.quantised_layers()
    return found


def session_expectation(session: Session) -> dict[str, Any]:
    """What the spec, with announced changes (precision, packing, an earlier attempt's interventions), asks for."""
    asked = session.payload.recipe.with_(precision=session.runtime.precision, packing=session.recipe.packing)
    expected = {_camel(name): value for name, value in asdict(asked.with_(**session.state.adapted)).items()}
    return {
        "expected": {
            **expected,
            "device": session.context.spec.device,
            "seed": session.context.spec.seed,
            "memoryCapBytes": session.runtime.memory_cap_bytes,
            "ropeBase": session.model.base.rope_base,
        },
        "explained": session.explained,
    }


def _built_method(session: Session) -> str:
    adapters = session.model.adapters()
    if not adapters:
        return "full"
    if any("m" in adapter for adapter in adapters.values()):
        return "dora"
    return "qlora" if session.model.quantised_layers() else "lora"


def _built_rope_base(session: Session) -> float | None:
    """The rotary base the first layer computes with, where the class says it and the base has only one."""
    attention = getattr(session.model.module.layers[0], "self_attn", None)
    base = getattr(getattr(attention, "rope", None), "base", None)
    return None if session.model.base.rope_base is None or base is None else float(base)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)

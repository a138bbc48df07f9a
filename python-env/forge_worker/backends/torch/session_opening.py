"""Opening a session: a checkpoint put back if one was named, and hello with every setting read back (law 4)."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from forge_worker.backends.torch.runtime import DTYPES, describe_device, versions
from forge_worker.backends.torch.session_checkpoints import resume_from
from forge_worker.backends.torch.training_session import Session, TrainHooks
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
    passive = os.environ.get("OMP_WAIT_POLICY", "").upper() == "PASSIVE"
    if passive != context.spec.passive_wait:
        told = "on" if context.spec.passive_wait else "off"
        context.warn("passive-wait", f"The plan wants passive waiting {told}, but the environment says otherwise.")
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
    """Settings as the built objects say them (not as the spec does)."""
    projections = [p for p in session.model.projections() if p.adapted]
    adapter = projections[0].settings if projections else None
    asked = session.payload.recipe
    found: dict[str, Any] = {
        "device": session.runtime.device.type,
        "threads": session.runtime.threads,
        "precision": next(name for name, dtype in DTYPES.items() if dtype == session.model.dtype),
        "weightDecay": session.optimiser.weight_decay,
        "trainableParameters": session.optimiser.count,
        "decoder": session.model.decoder_name,
        "sharedPrefix": session.model.shares_prefix and asked.packing == "group",
        "method": _built_method(session),
        "microBatchSize": session.recipe.micro_batch_size,
        "gradientAccumulation": session.recipe.gradient_accumulation,
        "gradientCheckpointing": session.recipe.gradient_checkpointing,
        "maxLength": session.recipe.max_length,
        "packing": session.recipe.packing,
        "plannedSteps": session.plan.planned_steps(asked.epochs),
        "learningRate": session.recipe.learning_rate,
        "schedule": session.recipe.schedule,
        "seed": session.context.spec.seed,
    }
    if adapter is not None:
        found["rank"] = projections[0].lora_a[0].shape[0]
        found["alpha"] = adapter.scale * adapter.rank
        found["dropout"] = adapter.dropout
        found["adaptedLayers"] = sum(len(p.adapted) for p in projections)
    return found


def session_expectation(session: Session) -> dict[str, Any]:
    """What the spec, with announced changes (probed precision, an earlier attempt's interventions), asks for."""
    asked = session.payload.recipe.with_(precision=session.runtime.precision).with_(**session.state.adapted)
    return {
        "expected": {
            "threads": session.context.spec.threads,
            "device": session.context.spec.device,
            **{_camel(name): value for name, value in asdict(asked).items()},
            "seed": session.context.spec.seed,
        },
        "explained": {}
        if session.runtime.precision_reason is None
        else {"precision": session.runtime.precision_reason},
    }


def _built_method(session: Session) -> str:
    projections = session.model.projections()
    if any(p.trainable_weight is not None for p in projections):
        return "full"
    if any(len(p.magnitude) for p in projections):
        return "dora"
    return "qlora" if any(type(p.weight).__name__ == "FourBitWeight" for p in projections) else "lora"


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)

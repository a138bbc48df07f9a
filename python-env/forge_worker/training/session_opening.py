"""Opening a session: a checkpoint put back if one was named, and hello with every setting read back (law 4)."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.backend import MakeBackend
from forge_worker.training.session import Session, SessionParts, TrainHooks
from forge_worker.training.session_checkpoints import resume_from, settled_choices
from forge_worker.training.settings import TrainPayload
from forge_worker.training.settings_check import check_effective

_HEALED_BEFORE = "an earlier attempt of this run changed it to go on"


def open_session(context: WorkerContext, payload: TrainPayload, made: tuple[MakeBackend, TrainHooks]) -> Session:
    """Build the session, put a checkpoint back if one was named, and say hello with the settings read back."""
    make_backend, hooks = made
    source = context.spec.resume_from
    session = Session(context, payload, SessionParts(make_backend, hooks, settled_choices(source)))
    if source is not None:
        resume_from(session, source)
    effective = check_effective(session_settings(session), session_expectation(session), payload.reasons)
    backend = session.backend
    context.events.emit(
        "hello",
        pid=os.getpid(),
        device=backend.describe_device(),
        versions=backend.versions(),
        effective=effective.shown,
    )
    backend.warn_of_environment(context)
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
    asked, recipe = session.payload.recipe, session.recipe
    found: dict[str, Any] = {
        "weightDecay": session.optimiser.weight_decay,
        "trainableParameters": session.optimiser.count,
        "sharedPrefix": session.model.shares_prefix and recipe.packing == "group",
        "microBatchSize": recipe.micro_batch_size,
        "gradientAccumulation": recipe.gradient_accumulation,
        "gradientCheckpointing": recipe.gradient_checkpointing,
        "maxLength": recipe.max_length,
        "packing": recipe.packing,
        "plannedSteps": session.plan.planned_steps(asked.epochs),
        "learningRate": recipe.learning_rate,
        "schedule": recipe.schedule,
        "seed": session.context.spec.seed,
    }
    return {**found, **session.backend.built_settings(session.model, recipe)}


def session_expectation(session: Session) -> dict[str, Any]:
    """What the spec, with announced changes (precision, packing, an earlier attempt's interventions), asks for."""
    backend, spec, adapted = session.backend, session.context.spec, session.state.adapted
    asked = session.payload.recipe.with_(precision=backend.precision, packing=session.recipe.packing)
    changed = {name: value for name, value in adapted.items() if getattr(asked, name) != value}
    expected = {_camel(name): value for name, value in asdict(asked.with_(**changed)).items()}
    return {
        "expected": {
            "threads": spec.threads,
            **expected,
            "device": spec.device,
            "seed": spec.seed,
            "memoryCapBytes": backend.memory_cap_bytes,
            **backend.base_settings(session.model),
        },
        "explained": {**session.explained, **{_camel(name): _HEALED_BEFORE for name in changed}},
    }


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)

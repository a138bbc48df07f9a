"""N-11: what a step takes, found with real steps before the run commits, and the forecast made of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from forge_worker.training.batch_plan import Line
from forge_worker.training.healing import Healer
from forge_worker.training.session import Session
from forge_worker.training.step_cost import StepCost
from forge_worker.training.step_gradients import compute_gradients
from forge_worker.training.training_reporter import SAMPLE_TIME_SHARE

MEASURED_STEPS = 3


def measure_steps(session: Session, healer: Healer, tell_share: Callable[[float], None]) -> None:
    """Three real steps at the longest length and one at the median, undone without a trace; sets `session.cost`.

    They run with a learning rate of 0, then moments, generators and gradients are put back; memory that runs out
    here already climbs down the ladder.
    """
    tell_share(0.0)
    generators = session.backend.random_state()
    done, seconds = 0, 0.0
    while done < MEASURED_STEPS:
        try:
            seconds = _measured_step(session, session.plan.longest_step())
            shortage = None
        except Exception as error:
            if not session.backend.is_out_of_memory(error):
                raise
            shortage = first_line(error)
        if shortage is not None:
            healer.climb_down(shortage)
            done = 0
            continue
        done += 1
        tell_share(done / (MEASURED_STEPS + 1))
    longest, median = session.plan.longest_step(), session.plan.median_step()
    sizes = (session.positions(longest), session.positions(median))
    session.cost = StepCost.fitted(sizes, (seconds, _measured_step(session, median)))
    session.optimiser.forget()
    session.optimiser.clear()
    session.backend.set_random_state(generators)


def _measured_step(session: Session, lines: list[Line]) -> float:
    started = time.perf_counter()
    gradients = compute_gradients(session, session.batches_of(lines))
    if gradients.finite:
        session.optimiser.learning_rate = 0.0
        session.optimiser.step()
    return time.perf_counter() - started


@dataclass(frozen=True)
class Overheads:
    """Seconds beside the steps: of a checkpoint, and of one round of sample answers at the start."""

    checkpoint_bytes: int
    checkpoint_seconds: float
    sample_seconds: float


def forecast(session: Session, planned_steps: int, beside: Overheads) -> dict[str, Any]:
    """The fields of the `measured` event. `forecastSeconds` counts from now to the last evaluation."""
    recipe = session.recipe
    step_seconds = session.forecast_step_seconds(planned_steps)
    evaluations = -(-planned_steps // recipe.evaluate_every_steps) if session.validation else 0
    seconds = planned_steps * step_seconds
    seconds += evaluations * (session.state.validation_seconds + beside.checkpoint_seconds)
    if evaluations:
        # The last round of answers is always made, those between only while all of them cost a small share.
        between = min((evaluations - 1) * beside.sample_seconds, SAMPLE_TIME_SHARE * seconds - beside.sample_seconds)
        seconds += beside.sample_seconds + max(0.0, between)
    steps = planned_steps
    if recipe.max_minutes is not None:
        seconds = min(seconds, recipe.max_minutes * 60)
        by_time = int(recipe.max_minutes * 60 / max(1e-9, step_seconds)) if step_seconds > 0 else steps
        steps = max(1, min(steps, by_time))
    return {
        "secondsPerStep": step_seconds,
        "peakMemoryBytes": session.backend.peak_memory_bytes(),
        "checkpointBytes": beside.checkpoint_bytes,
        "forecastSeconds": seconds,
        "plannedSteps": steps,
    }


def first_line(error: BaseException) -> str:
    """What an error says, in one line."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__

"""N-9, N-10 in MLX: what goes wrong in a training is healed, told, and never silently learned."""

import math

import numpy as np
import pytest

pytest.importorskip("mlx.core", reason="NOT PROVED HERE: the package mlx is not installed, so nothing of MLX was run")

from mlx_case import Case  # noqa: E402
from safetensors.numpy import load_file  # noqa: E402

from forge_worker.training.session import TrainHooks  # noqa: E402


class BadGradients(TrainHooks):
    """Makes the gradients of chosen steps not finite, at most `times` times in all."""

    def __init__(self, steps, times=1000, value=math.nan):
        self.steps = set(steps)
        self.times = times
        self.value = value

    def after_gradients(self, step, session):
        if step in self.steps and self.times and session.state.rows_seen:
            self.times -= 1
            name = next(iter(session.optimiser.gradients))
            session.optimiser.gradients[name] = session.optimiser.gradients[name] + self.value


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_one_bad_gradient_costs_one_step_and_no_weight(tmp_path, value):
    run = Case(tmp_path).train(hooks=BadGradients([5], value=value), epochs=2)
    assert run.actions == ["skip-step"]
    assert run.outcome.reason == "completed"
    (bad,) = [e for e in run.of("metric") if "gradientNorm" in e["nonFinite"]]
    assert bad["step"] == 6 and bad["values"]["gradientNorm"] is None
    assert all(np.isfinite(tensor).all() for tensor in run.adapter.values())
    assert run.losses[8] < run.losses[1]


class BadWhile(TrainHooks):
    """Gradients that are not numbers from step 5 on, as long as `condition(session)` holds."""

    def __init__(self, condition):
        self.condition = condition

    def after_gradients(self, step, session):
        if step >= 5 and session.state.rows_seen and self.condition(session):
            name = next(iter(session.optimiser.gradients))
            session.optimiser.gradients[name] = session.optimiser.gradients[name] + math.nan


def test_the_nan_ladder_ends_with_a_small_rank_that_keeps_what_was_learned(tmp_path, monkeypatch):
    monkeypatch.setattr("forge_worker.backends.mlx.runtime._SLOWER_TOLERANCE", 1e9)
    hooks = BadWhile(lambda session: session.recipe.rank == 8)
    run = Case(tmp_path).train(hooks=hooks, precision="bf16", rank=8, alpha=16, epochs=4)
    skipped = ["skip-step", "skip-step", "roll-back"]
    assert run.actions == [*skipped, "lower-learning-rate", *skipped, "precision-up", *skipped, "lower-rank"]
    assert run.of("intervention")[-1]["after"] == {"rank": 4, "learningRate": 1e-5}
    for roll_back in [event for event in run.of("intervention") if event["action"] == "roll-back"]:
        assert roll_back["before"] == {"step": 8} and roll_back["after"] == {"step": 4}
    assert run.outcome.reason == "completed" and run.outcome.summary["rowsSeen"] == 64
    assert run.validation[8] < run.validation[0] - 1
    assert all(np.isfinite(tensor).all() for tensor in run.adapter.values())


def test_after_the_last_rung_the_run_ends_and_keeps_the_best(tmp_path):
    run = Case(tmp_path).train(hooks=BadGradients(range(5, 100)), evaluateEverySteps=2, epochs=6)
    assert run.error.code == "diverged" and run.actions.count("roll-back") == 2
    best_step = min(run.validation, key=run.validation.__getitem__)
    assert f"best model so far (step {best_step})" in run.error.hint
    best = load_file(run.directory / "checkpoints" / f"{best_step:08d}" / "weights.safetensors")
    assert all(np.array_equal(tensor, run.adapter[f"base_model.model.{name}"]) for name, tensor in best.items())
    assert not (run.directory / "result.json").exists()


class NoMemoryFor(TrainHooks):
    """A device that cannot run while `condition(recipe)` holds, from `first_step` on."""

    def __init__(self, condition, first_step=0):
        self.condition = condition
        self.first_step = first_step

    def before_micro_batch(self, step, number, session):
        if session.state.step >= self.first_step and self.condition(session.recipe):
            raise RuntimeError("[metal::malloc] Attempting to allocate 9 bytes which is greater than the maximum")


def test_out_of_memory_halves_the_batch_and_goes_on_at_the_same_step(tmp_path):
    case = Case(tmp_path)
    whole = case.train(name="whole", epochs=2)
    run = case.train(hooks=NoMemoryFor(lambda recipe: recipe.micro_batch_size > 2, 5), epochs=2)
    assert run.actions == ["halve-batch"]
    (event,) = run.of("intervention")
    assert event["before"] == {"microBatchSize": 4, "gradientAccumulation": 1}
    assert event["after"] == {"microBatchSize": 2, "gradientAccumulation": 2}
    assert "metal::malloc" in event["reason"]
    assert run.losses == pytest.approx(whole.losses, rel=2e-4)


def test_the_ladder_reaches_four_bit_and_finishes(tmp_path):
    run = Case(tmp_path, rows=8).train(hooks=NoMemoryFor(lambda recipe: recipe.method == "lora", 3), epochs=4)
    assert run.actions == ["halve-batch", "halve-batch", "checkpointing-on", "four-bit"]
    assert run.outcome.reason == "completed"
    assert run.outcome.summary["bestValidationLoss"] < run.validation[0]


def test_the_end_of_the_ladder_is_a_sentence_and_the_best_is_kept(tmp_path):
    run = Case(tmp_path, rows=8).train(hooks=NoMemoryFor(lambda recipe: True, 3), epochs=4, evaluateEverySteps=2)
    assert run.error.code == "out-of-memory" and "step 4" in run.error.message
    assert run.adapter


def test_a_memory_cap_climbs_down_and_is_met(tmp_path):
    case = Case(tmp_path, rows=24)
    needed = case.train(name="free", epochs=0.1, microBatchSize=16).of("measured")[0]["peakMemoryBytes"]
    run = case.train(memoryCapBytes=needed // 2, microBatchSize=16, epochs=1)
    assert run.error is None and run.actions[0] == "halve-batch"
    assert "MB are allowed" in run.of("intervention")[0]["reason"]
    assert run.effective["memoryCapBytes"] == needed // 2
    assert run.of("measured")[0]["peakMemoryBytes"] <= needed // 2

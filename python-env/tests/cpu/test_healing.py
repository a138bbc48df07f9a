"""N-9, N-10: what goes wrong in a training is healed, told, and never silently learned."""

import math

import pytest
import torch
from safetensors.torch import load_file
from training_case import Case

from forge_worker.backends.torch.training_session import TrainHooks
from forge_worker.protocol.machine import resident_bytes


class BadGradients(TrainHooks):
    """Makes the gradients of chosen steps not finite, at most `times` times in all."""

    def __init__(self, steps, times=1000, value=math.nan):
        self.steps = set(steps)
        self.times = times
        self.value = value

    def after_gradients(self, step, session):
        if step in self.steps and self.times and session.state.rows_seen:
            self.times -= 1
            session.optimiser.gradients[3] = self.value


def adapter_of(run):
    return load_file(run.directory / "outputs" / "adapter" / "adapter_model.safetensors")


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_one_bad_gradient_costs_one_step_and_no_weight(tmp_path, value):
    run = Case(tmp_path).train(hooks=BadGradients([5], value=value))
    assert run.actions == ["skip-step"]
    assert run.outcome.reason == "completed"
    (bad,) = [e for e in run.of("metric") if "gradientNorm" in e["nonFinite"]]
    assert bad["step"] == 6 and bad["values"]["gradientNorm"] is None
    assert all(torch.isfinite(tensor).all() for tensor in adapter_of(run).values())
    assert run.losses[12] < run.losses[1]


def test_three_bad_steps_roll_back_with_a_lower_rate_and_full_precision(tmp_path, monkeypatch):
    monkeypatch.setattr("forge_worker.backends.torch.runtime._SLOWER_TOLERANCE", 1e9)
    case = Case(tmp_path)
    run = case.train(hooks=BadGradients([5, 6, 7], times=3), precision="bf16", evaluateEverySteps=4)
    assert run.actions == ["skip-step", "skip-step", "roll-back", "lower-learning-rate", "precision-up"]
    roll_back = run.of("intervention")[2]
    assert roll_back["before"] == {"step": 8} and roll_back["after"] == {"step": 4}
    steps = [e["step"] for e in run.of("metric") if "loss" in e["values"]]
    assert steps == [1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8, 9, 10, 11, 12]
    rates = [e["values"]["learningRate"] for e in run.of("metric") if e["step"] == 5 and "loss" in e["values"]]
    assert rates[1] == pytest.approx(0.3 * rates[0])
    assert run.outcome.reason == "completed" and run.outcome.summary["rowsSeen"] == 48


def test_the_second_divergence_ends_the_run_and_keeps_the_best(tmp_path):
    run = Case(tmp_path).train(hooks=BadGradients(range(5, 100)), evaluateEverySteps=2, epochs=6)
    assert run.error.code == "diverged" and "twice" in run.error.message
    best_step = min(run.validation, key=run.validation.__getitem__)
    assert f"best model so far (step {best_step})" in run.error.hint
    best = load_file(run.directory / "checkpoints" / f"{best_step:08d}" / "weights.safetensors")
    assert all(torch.equal(tensor, adapter_of(run)[f"base_model.model.{name}"]) for name, tensor in best.items())
    assert not (run.directory / "result.json").exists()


class Memory(TrainHooks):
    """A device that holds batches of at most `most` rows, from `first_step` on."""

    def __init__(self, most, first_step=0):
        self.most = most
        self.first_step = first_step

    def before_micro_batch(self, step, number, session):
        if step >= self.first_step and session.recipe.micro_batch_size > self.most:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")


def test_out_of_memory_halves_the_batch_and_goes_on_at_the_same_step(tmp_path):
    case = Case(tmp_path)
    whole = case.train(name="whole")
    run = case.train(hooks=Memory(2, first_step=5))
    assert run.actions == ["halve-batch"]
    (event,) = run.of("intervention")
    assert event["before"] == {"microBatchSize": 4, "gradientAccumulation": 1}
    assert event["after"] == {"microBatchSize": 2, "gradientAccumulation": 2}
    assert "out of memory" in event["reason"]
    assert run.losses == pytest.approx(whole.losses, rel=2e-4)
    assert run.outcome.summary["rowsSeen"] == 48


def test_memory_is_already_found_short_while_measuring(tmp_path):
    run = Case(tmp_path).train(hooks=Memory(1))
    assert run.actions == ["halve-batch", "halve-batch"]
    measured_at = next(e["seq"] for e in run.events if e["type"] == "measured")
    assert all(event["seq"] < measured_at for event in run.of("intervention"))


class NoMemoryFor(TrainHooks):
    """A device that cannot run while `condition(recipe)` holds."""

    def __init__(self, condition):
        self.condition = condition

    def before_micro_batch(self, step, number, session):
        if session.state.step >= 3 and self.condition(session.recipe):
            raise torch.OutOfMemoryError("out of memory")


def test_the_ladder_reaches_four_bit_and_finishes(tmp_path):
    case = Case(tmp_path, rows=8)
    run = case.train(hooks=NoMemoryFor(lambda recipe: recipe.method == "lora"), epochs=4)
    assert run.actions == ["halve-batch", "halve-batch", "checkpointing-on", "four-bit"]
    assert run.outcome.reason == "completed"
    assert run.outcome.summary["bestValidationLoss"] < run.validation[0]


def test_the_end_of_the_ladder_is_a_sentence_and_the_best_is_kept(tmp_path):
    case = Case(tmp_path, rows=8)
    run = case.train(hooks=NoMemoryFor(lambda recipe: True), epochs=4, evaluateEverySteps=2)
    assert run.error.code == "out-of-memory" and "step 4" in run.error.message
    assert adapter_of(run)


def test_a_memory_cap_on_the_processor_climbs_down_too(tmp_path):
    run = Case(tmp_path).train(memoryCapBytes=resident_bytes() // 2)
    assert run.error.code == "out-of-memory"
    assert run.actions[0] == "halve-batch"
    assert "MB are allowed" in run.of("intervention")[0]["reason"]


def test_a_stalled_loader_is_told_and_changes_nothing(tmp_path):
    import threading

    case = Case(tmp_path)
    whole = case.train(name="whole")

    class Stall(TrainHooks):
        stall_seconds = 0.15

        def __init__(self):
            self.left = 1

        def on_batches(self, step):
            if step == 3 and self.left:
                self.left -= 1
                threading.Event().wait(1)

    run = case.train(hooks=Stall())
    assert "loader-restart" in run.actions
    assert run.losses == whole.losses


def test_qlora_trains_on_the_processor(tmp_path):
    case = Case(tmp_path)
    run = case.train(method="qlora", epochs=4)
    assert run.error is None
    assert run.of("hello")[0]["effective"]["method"]["value"] == "qlora"
    assert run.outcome.summary["bestValidationLoss"] < run.validation[0] - 0.3
    lora = case.train(name="lora", epochs=4)
    assert run.validation[0] != lora.validation[0]  # quantised weights are other weights
    assert run.validation[0] == pytest.approx(lora.validation[0], rel=0.05)

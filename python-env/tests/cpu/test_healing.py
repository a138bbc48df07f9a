"""N-9, N-10: what goes wrong in a training is healed, told, and never silently learned."""

import json
import math

import pytest
import torch
from safetensors.torch import load_file
from training_case import Case

from forge_worker.protocol.checkpoints import list_checkpoints
from forge_worker.protocol.machine import resident_bytes
from forge_worker.training.session import TrainHooks


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


class BadWhile(TrainHooks):
    """Gradients that are not numbers from `first_step` on, as long as `condition(session)` holds."""

    def __init__(self, condition, first_step=5):
        self.condition = condition
        self.first_step = first_step

    def after_gradients(self, step, session):
        if step >= self.first_step and session.state.rows_seen and self.condition(session):
            session.optimiser.gradients[3] = math.nan


RUNGS = {
    "lower-learning-rate": lambda session: session.state.learning_rate_factor == 1,
    "precision-up": lambda session: session.recipe.precision == "bf16",
    "lower-rank": lambda session: session.recipe.rank == 8,
}
"""What the NaN of a test goes away with, by the rung that brings it, in the ladder's order."""


def ladder_until(last):
    """The interventions of a run whose NaN ends with the rung `last`."""
    expected = []
    for rung in RUNGS:
        expected += ["skip-step", "skip-step", "roll-back", rung]
        if rung == last:
            break
    return expected


@pytest.fixture
def bf16_counts_as_fast(monkeypatch):
    monkeypatch.setattr("forge_worker.backends.torch.runtime._SLOWER_TOLERANCE", 1e9)


@pytest.mark.parametrize("last", RUNGS)
def test_each_rung_of_the_nan_ladder_is_tried_in_order_and_can_save_the_run(tmp_path, last, bf16_counts_as_fast):
    run = Case(tmp_path).train(hooks=BadWhile(RUNGS[last]), precision="bf16", rank=8, alpha=16)
    assert run.error is None and run.outcome.reason == "completed"
    assert run.actions == ladder_until(last)
    for roll_back in [event for event in run.of("intervention") if event["action"] == "roll-back"]:
        assert roll_back["before"] == {"step": 8} and roll_back["after"] == {"step": 4}
        assert "Three steps near step 8" in roll_back["reason"]
    assert run.outcome.summary["rowsSeen"] == 48
    assert all(torch.isfinite(tensor).all() for tensor in adapter_of(run).values())


def test_the_first_roll_back_lowers_the_learning_rate_alone(tmp_path):
    run = Case(tmp_path).train(hooks=BadGradients([5, 6, 7], times=3))
    steps = [e["step"] for e in run.of("metric") if "loss" in e["values"]]
    assert steps == [1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8, 9, 10, 11, 12]
    rates = [e["values"]["learningRate"] for e in run.of("metric") if e["step"] == 5 and "loss" in e["values"]]
    assert rates[1] == pytest.approx(0.3 * rates[0])
    assert run.of("intervention")[-1]["after"]["learningRate"] == pytest.approx(3e-3)


def test_the_small_rank_keeps_what_was_learned_and_is_written_as_such(tmp_path, bf16_counts_as_fast):
    run = Case(tmp_path).train(hooks=BadWhile(RUNGS["lower-rank"]), precision="bf16", rank=8, alpha=16, epochs=6)
    lowered = run.of("intervention")[-1]
    assert lowered["before"]["rank"] == 8 and lowered["after"] == {"rank": 4, "learningRate": 1e-5}
    assert run.validation[8] < run.validation[0] - 1  # at step 4 it had learned; 4 of 8 directions still say most of it
    best = run.outcome.summary["bestStep"]
    weights = load_file(run.directory / "checkpoints" / f"{best:08d}" / "weights.safetensors")
    ranks = {len(tensor) for name, tensor in weights.items() if name.endswith("lora_A.weight")}
    config = json.loads((run.directory / "outputs" / "adapter" / "adapter_config.json").read_text())
    assert ranks == {config["r"]} and config["lora_alpha"] / config["r"] == 2
    assert all(torch.equal(tensor, adapter_of(run)[f"base_model.model.{name}"]) for name, tensor in weights.items())


def test_a_run_that_was_healed_is_resumed_as_it_was(tmp_path, bf16_counts_as_fast):
    class HealedThenAsked(BadWhile):
        def __init__(self, stop):
            super().__init__(RUNGS["lower-rank"])
            self.stop = stop

        def after_gradients(self, step, session):
            super().after_gradients(step, session)
            if self.stop and step == 9 and session.recipe.rank == 4:
                session.context.control.request("pause")

    case, recipe = Case(tmp_path), {"precision": "bf16", "rank": 8, "alpha": 16, "dropout": 0.1}
    straight = case.train(name="straight", hooks=HealedThenAsked(False), **recipe)
    first = case.train(name="halves", hooks=HealedThenAsked(True), **recipe)
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    second = case.train(attempt=2, name="halves", resume_from=newest, hooks=HealedThenAsked(False), **recipe)
    assert second.error is None and second.actions == []
    assert second.losses == pytest.approx({s: straight.losses[s] for s in (11, 12)}, rel=0, abs=1e-6)
    rank = second.of("hello")[0]["effective"]["rank"]
    assert rank["value"] == 4 and "earlier attempt" in rank["reason"]


@pytest.mark.parametrize("recipe", [{}, {"method": "full", "learningRate": 3e-3}], ids=["lora", "full"])
def test_after_the_last_rung_the_run_ends_and_keeps_the_best(tmp_path, recipe):
    case = Case(tmp_path, tie_word_embeddings=True)
    run = case.train(hooks=BadWhile(lambda session: True), evaluateEverySteps=2, epochs=6, **recipe)
    assert run.actions.count("roll-back") == 2  # rank 4 and fp32 are there already: those rungs are passed over
    assert run.error.code == "diverged" and "again" in run.error.message
    best_step = min(run.validation, key=run.validation.__getitem__)
    assert f"best model so far (step {best_step})" in run.error.hint
    best = load_file(run.directory / "checkpoints" / f"{best_step:08d}" / "weights.safetensors")
    if recipe:
        assert (run.directory / "outputs" / "model" / "model.safetensors").is_file()
    else:
        assert all(torch.equal(tensor, adapter_of(run)[f"base_model.model.{name}"]) for name, tensor in best.items())
    assert not (run.directory / "result.json").exists()


def test_a_best_checkpoint_from_before_the_small_rank_is_kept_in_its_own_rank(tmp_path):
    case = Case(tmp_path)
    run = case.train(hooks=BadWhile(lambda session: True), rank=8, alpha=16)
    assert run.actions[-1] == "skip-step" and "lower-rank" in run.actions and run.error.code == "diverged"
    assert "best model so far (step 4)" in run.error.hint
    best = load_file(run.directory / "checkpoints" / "00000004" / "weights.safetensors")
    assert {len(tensor) for name, tensor in best.items() if name.endswith("lora_A.weight")} == {8}
    assert all(torch.equal(tensor, adapter_of(run)[f"base_model.model.{name}"]) for name, tensor in best.items())
    config = json.loads((run.directory / "outputs" / "adapter" / "adapter_config.json").read_text())
    assert config["r"] == 8 and config["lora_alpha"] == 16


def test_a_checkpoint_written_amid_bad_steps_is_not_gone_back_to(tmp_path):
    run = Case(tmp_path).train(hooks=BadGradients([5, 6, 7], times=3), checkpointEverySeconds=0)
    (back,) = [event for event in run.of("intervention") if event["action"] == "roll-back"]
    assert {7} <= {event["step"] for event in run.of("checkpoint") if event["seq"] < back["seq"]}
    assert back["after"]["step"] <= 5


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

import math
import statistics
import threading
import time

import pytest

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.batch_loader import BatchLoader
from forge_worker.training.batch_plan import BatchPlan, PlanSettings
from forge_worker.training.collate import CollateSettings, collate, learned_weight
from forge_worker.training.encoding import EncodedRow
from forge_worker.training.guards import EarlyStopping, NanGuard, next_memory_rung, next_nan_rung
from forge_worker.training.low_rank import resized_factors
from forge_worker.training.rows import LINE_LIMIT_BYTES, read_rows
from forge_worker.training.schedule import Schedule
from forge_worker.training.settings import EarlyStoppingSettings, Recipe, parse_recipe
from forge_worker.training.settings_check import check_effective

GOOD = (
    '{"id": "a", "kind": "sft", "messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}'
)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "no messages"),
        ('{"messages": []}', "no messages"),
        ('{"kind": "dpo", "messages": [1]}', "kind 'dpo'"),
        ('{"messages": [{"role": "robot", "content": "x"}]}', "role"),
        ('{"messages": [{"role": "user", "content": 5}]}', "not text"),
        ('{"messages": [{"role": "assistant", "content": "x", "weight": -1}]}', "weight"),
        ('{"messages": [{"role": "assistant", "content": "x", "weight": NaN}]}', "weight"),
    ],
)
def test_a_hostile_line_is_named_by_file_and_number(tmp_path, line, problem):
    path = tmp_path / "rows.jsonl"
    path.write_text(f"{GOOD}\n\n{line}\n")
    with pytest.raises(WorkerFailure) as caught:
        read_rows(path)
    assert caught.value.message.startswith("Line 3 of rows.jsonl")
    assert problem in caught.value.message


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"x" * (LINE_LIMIT_BYTES + 10))
    with pytest.raises(WorkerFailure, match="longer than 4 MB"):
        read_rows(path)


def test_weights_are_those_of_assistant_messages_only(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(
        '{"messages": [{"role": "user", "content": "q", "weight": 5}, {"role": "assistant", "content": "a",'
        ' "weight": 0},'
        ' {"role": "user", "content": "r"}, {"role": "assistant", "content": "b", "weight": 0.5},'
        ' {"role": "assistant", "content": "c"}]}'
    )
    (row,) = read_rows(path)
    assert row.weights == (0.0, 0.0, 0.0, 0.5, 1.0)
    assert "weight" not in row.messages[0]


@pytest.mark.parametrize("packing", ["group", "pack"])
def test_every_row_is_seen_exactly_once_an_epoch(packing):
    lengths = [(13 * index) % 90 + 5 for index in range(101)]
    plan = BatchPlan(lengths, PlanSettings(8, 128, packing, 3))
    for epoch in (0, 1, 5):
        steps = [plan.step(epoch * plan.steps_per_epoch + index) for index in range(plan.steps_per_epoch)]
        assert sorted(row for step in steps for line in step for row in line) == list(range(101))
        assert max(sum(lengths[row] for row in line) for step in steps for line in step) <= 128
    assert plan.step(1) == BatchPlan(lengths, PlanSettings(8, 128, packing, 3)).step(1)
    assert plan.step(0) != plan.step(plan.steps_per_epoch)


def test_the_rows_of_a_step_are_a_random_draw_and_not_of_one_length():
    lengths = [(97 * index) % 500 + 10 for index in range(512)]
    plan = BatchPlan(lengths, PlanSettings(32, 1024, "group", 1))
    means = [sum(lengths[line[0]] for line in plan.step(index)) / 32 for index in range(plan.steps_per_epoch)]
    # Means of 32 draws from 10..509 spread by about 25 tokens; batches sorted by length would spread by 144.
    assert statistics.pstdev(means) < 60


def test_within_a_step_rows_of_like_length_share_a_micro_batch():
    lengths = [(97 * index) % 500 + 10 for index in range(512)]
    plan = BatchPlan(lengths, PlanSettings(64, 1024, "group", 1))
    padded = 0
    for index in range(plan.steps_per_epoch):
        step = [lengths[line[0]] for line in plan.step(index)]
        assert step == sorted(step, reverse=True)
        padded += sum(8 * step[at] for at in range(0, 64, 8))
    assert padded < 1.15 * sum(lengths)


def row(name, prompt, answer, weight=1.0):
    return EncodedRow(name, [*prompt, *answer], [0.0] * len(prompt) + [weight] * len(answer))


def test_the_common_start_of_a_batch_is_taken_out_once():
    system = list(range(100, 120))
    rows = [row("a", [*system, 1, 2], [3, 4]), row("b", [*system, 5], [6]), row("c", [*system, 7, 8, 9], [10])]
    batch = collate(rows, [(0,), (1,), (2,)], CollateSettings(64, 0, True))
    assert batch.prefix == system
    assert batch.lines == [[1, 2, 3, 4, 0, 0, 0, 0], [5, 6, 0, 0, 0, 0, 0, 0], [7, 8, 9, 10, 0, 0, 0, 0]]
    assert batch.positions[:22] == [*range(20), 20, 21]
    assert (batch.selected, batch.targets) == ([21, 22, 28, 38], [3, 4, 6, 10])
    flat = [*batch.prefix, *batch.lines[0], *batch.lines[1], *batch.lines[2]]
    assert [flat[position] for position in batch.selected] == [2, 3, 5, 9]


def test_the_common_start_never_swallows_a_learned_token_or_the_token_before_it():
    rows = [row("a", list(range(10)), [77, 78]), row("b", list(range(10)), [77, 78])]
    batch = collate(rows, [(0,), (1,)], CollateSettings(64, 0, True))
    assert len(batch.prefix) == 9
    assert min(batch.selected) >= 9
    assert batch.targets == [77, 78, 77, 78]


def test_packed_rows_keep_their_own_positions_and_segments():
    rows = [row("a", [1, 2], [3]), row("b", [4], [5, 6], weight=0.5)]
    batch = collate(rows, [(0, 1)], CollateSettings(64, 0, True))
    assert batch.lines == [[1, 2, 3, 4, 5, 6, 0, 0]]
    assert batch.positions == [0, 1, 2, 0, 1, 2, 0, 0]
    assert batch.segments == [[0, 0, 0, 1, 1, 1, -1, -1]]
    assert (batch.selected, batch.targets, batch.weights) == ([1, 3, 4], [3, 5, 6], [1.0, 0.5, 0.5])
    assert learned_weight(rows, [(0, 1)], 64) == (2.0, 3)


def test_the_schedule_follows_the_larger_of_step_share_and_time_share():
    schedule = Schedule("cosine", 0.1, 100, 60.0)
    assert schedule.progress(10, 30.0) == 0.5
    assert schedule.progress(80, 30.0) == 0.805
    assert schedule.factor(0.05) == 0.5
    assert schedule.factor(1.0) == 0.02
    assert math.isclose(Schedule("linear", 0.0, 10, None).factor(0.25), 0.75)
    assert Schedule("constant", 0.1, 10, None).factor(0.9) == 1.0


def test_early_stopping_waits_for_its_patience_and_never_likes_nan():
    early = EarlyStopping(EarlyStoppingSettings(2, 0.01))
    assert early.observe(0, 2.0) and early.observe(10, 1.5)
    assert not early.observe(20, math.nan)
    assert early.observe(30, 1.495)  # better, but by less than the minimum gain: patience goes on
    assert early.exhausted and early.best_step == 30


def test_the_nan_guard_skips_and_rolls_back():
    guard = NanGuard()
    assert [guard.observe_bad(step) for step in (1, 30, 31)] == ["skip", "skip", "skip"]
    assert guard.observe_bad(32) == "roll-back"
    assert [guard.observe_bad(step) for step in (5, 6, 7)] == ["skip", "skip", "roll-back"]
    assert guard.roll_backs == 2


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        (Recipe(precision="bf16", rank=16), ["lower-learning-rate", "precision-up", "lower-rank"]),
        (Recipe(precision="fp16", rank=4), ["lower-learning-rate", "precision-up", "lower-learning-rate"]),
        (Recipe(precision="fp32", method="full", rank=16), ["lower-learning-rate", "lower-learning-rate"]),
        (Recipe(precision="fp32", rank=2, learning_rate=1e-6), ["lower-learning-rate"]),
    ],
)
def test_the_nan_ladder_lowers_the_rate_then_takes_fp32_then_a_small_rank_and_passes_over_what_is_there(
    recipe, expected
):
    actions, factor = [], 1.0
    while (rung := next_nan_rung(recipe, factor, len(actions) + 1)) is not None:
        actions.append(rung.action)
        recipe, factor = rung.recipe, rung.rate_factor
    assert actions == expected
    assert recipe.precision == "fp32" and recipe.learning_rate * factor <= 1e-5
    assert recipe.rank == (16 if recipe.method == "full" else min(4, recipe.rank))


def test_a_smaller_adapter_says_as_nearly_as_it_can_what_the_larger_one_said():
    numpy = pytest.importorskip("numpy")
    generator = numpy.random.default_rng(3)
    a = generator.standard_normal((16, 40)).astype(numpy.float32)
    b = generator.standard_normal((24, 16)).astype(numpy.float32)
    small_a, small_b = resized_factors(a, b, 4)
    assert small_a.shape == (4, 40) and small_b.shape == (24, 4)
    sizes = numpy.linalg.svd(b @ a, compute_uv=False)
    error = numpy.linalg.norm(b @ a - small_b @ small_a)
    assert error == pytest.approx(math.sqrt((sizes[4:] ** 2).sum()), rel=1e-4)
    same_a, same_b = resized_factors(small_a, small_b, 16)
    assert numpy.allclose(same_b @ same_a, small_b @ small_a) and same_a.shape == (16, 40)
    fresh_a, fresh_b = resized_factors(a, numpy.zeros_like(b), 4)
    assert not fresh_b.any() and numpy.linalg.norm(fresh_a, axis=1) == pytest.approx([math.sqrt(1 / 3)] * 4)


def test_the_memory_ladder_goes_down_in_order_and_keeps_the_effective_batch():
    recipe, actions = Recipe(micro_batch_size=4, gradient_accumulation=2, max_length=1024), []
    while (rung := next_memory_rung(recipe, 200, can_quantise=True)) is not None:
        actions.append(rung.action)
        recipe = rung.recipe
        if recipe.max_length == 1024:
            assert recipe.micro_batch_size * recipe.gradient_accumulation == 8
    assert actions == ["halve-batch", "halve-batch", "checkpointing-on", "shorten", "shorten", "four-bit"]


@pytest.mark.parametrize(
    ("recipe", "name"),
    [
        ({"rank": 0}, "rank"),
        ({"rank": 2.5}, "rank"),
        ({"learningRate": float("nan")}, "learningRate"),
        ({"method": "magic"}, "method"),
        ({"warmup": 3}, "warmup"),
        ({"targetModules": "q_proj"}, "targetModules"),
        ({"maxLength": True}, "maxLength"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(recipe, name):
    with pytest.raises(WorkerFailure, match=name):
        parse_recipe(recipe)


def test_settings_that_did_not_take_are_told():
    expectation = {"expected": {"rank": 8, "precision": "fp32"}, "explained": {"precision": "this CPU is old"}}
    answer = check_effective({"rank": 4, "precision": "fp32", "extra": 1}, expectation, {"rank": "small data"})
    assert answer.differences == ["rank is 4 where 8 was asked for"]
    assert answer.shown["rank"] == {"value": 4, "reason": "small data"}
    assert answer.shown["precision"]["reason"] == "this CPU is old"


def test_a_stalled_loader_is_started_again_and_gives_the_same_batches():
    gate, calls, told = threading.Event(), [], []

    def make(step):
        calls.append(step)
        if step == 2 and calls.count(2) == 1:
            gate.wait(5)
        return step * 10

    loader = BatchLoader(make, told.append, stall_seconds=0.1)
    assert [loader.get(step) for step in range(4)] == [0, 10, 20, 30]
    assert told == [2]
    gate.set()


def test_a_loader_that_never_delivers_fails_with_a_sentence():
    loader = BatchLoader(lambda step: time.sleep(3), lambda step: None, stall_seconds=0.02)
    with pytest.raises(WorkerFailure, match="did not arrive"):
        loader.get(0)


def test_an_error_while_making_batches_reaches_the_caller():
    def make(step):
        raise KeyError("broken")

    with pytest.raises(KeyError, match="broken"):
        BatchLoader(make, lambda step: None).get(0)

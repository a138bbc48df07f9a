"""The MLX train recipe on a tiny random model: what it learns, what it reports, what it leaves behind."""

import json

import numpy as np
import pytest

pytest.importorskip("mlx.core", reason="NOT PROVED HERE: the package mlx is not installed, so nothing of MLX was run")

from mlx_case import Case  # noqa: E402
from safetensors.numpy import load_file  # noqa: E402

from forge_worker.protocol.checkpoints import list_checkpoints, verify_checkpoint  # noqa: E402

EXPECTED_LORA = {1: 6.09269, 6: 4.06777, 12: 3.06644}
PYTORCH_FULL = {1: 6.09269, 6: 3.07285, 12: 2.17941}
"""What the PyTorch recipe gives for the same base, rows and settings (measured once): full training draws nothing."""
PYTORCH_FULL_VALIDATION = {0: 6.24846, 4: 3.63061, 8: 2.58981, 12: 2.43751}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """One ordinary run that several tests look at."""
    case = Case(tmp_path_factory.mktemp("ordinary"))
    return case, case.train()


def test_the_losses_are_the_expected_ones(trained):
    _, run = trained
    assert sorted(run.losses) == list(range(1, 13))
    assert {step: run.losses[step] for step in EXPECTED_LORA} == pytest.approx(EXPECTED_LORA, rel=5e-4)
    assert run.validation[0] == pytest.approx(PYTORCH_FULL_VALIDATION[0], rel=1e-5)
    assert run.validation[12] < run.validation[0] - 2


def test_full_training_takes_the_same_steps_as_the_pytorch_recipe(tmp_path):
    run = Case(tmp_path).train(method="full", learningRate=3e-3)
    assert {step: run.losses[step] for step in PYTORCH_FULL} == pytest.approx(PYTORCH_FULL, rel=1e-4)
    assert run.validation == pytest.approx(PYTORCH_FULL_VALIDATION, rel=1e-4)


def test_the_events_tell_the_whole_story_in_order(trained):
    _, run = trained
    kinds = [event["type"] for event in run.events if event["type"] not in ("metric", "phase", "checkpoint")]
    kinds = [kind for index, kind in enumerate(kinds) if kind != "heartbeat" and kinds[:index][-1:] != [kind]]
    story = "invariant hello invariant sample measured invariant sample invariant done"
    assert kinds == story.split()
    assert [event["name"] for event in run.of("invariant")] == [
        "template-prefix",
        "trained-tokens",
        "settings-effective",
        "adapter-changed",
        "loss-finite",
        "rows-seen",
    ]
    assert all(event["ok"] for event in run.of("invariant"))
    phases = list(dict.fromkeys(event["name"] for event in run.of("phase")))
    assert phases == ["loading", "validating", "measuring", "training", "saving"]
    (measured,) = run.of("measured")
    assert measured["plannedSteps"] == 12 and measured["checkpointBytes"] > 10_000
    assert measured["peakMemoryBytes"] > 100_000 and measured["forecastSeconds"] > 0
    samples = run.of("sample")
    assert [event["promptIndex"] for event in samples[:3]] == [0, 1, 2]
    assert samples[0]["expected"] == "It is 4." and samples[-1]["answer"] != samples[2]["answer"]


def test_hello_reads_settings_back_with_their_reasons(trained):
    _, run = trained
    effective = run.effective
    assert effective["rank"] == 4 and effective["alpha"] == 8 and effective["adaptedLayers"] == 14
    assert effective["method"] == "lora" and effective["precision"] == "fp32" and effective["device"] == "mlx"
    assert effective["decoder"] == "mlx-lm llama, logits on answer positions only" and effective["sharedPrefix"]
    assert effective["ropeBase"] == 700.0 and effective["learningRate"] == 1e-2
    (hello,) = run.of("hello")
    assert hello["effective"]["rank"]["reason"] == "a small rank for a small test"
    assert hello["device"]["kind"] == "mlx" and hello["device"]["memoryBytes"] > 0
    assert hello["versions"]["mlx"] and hello["versions"]["mlx-lm"]


def test_the_summary_and_the_result_agree_with_the_run(trained):
    _, run = trained
    summary = run.outcome.summary
    assert summary["steps"] == 12 and summary["rowsSeen"] == 48 and summary["epochs"] == 3
    assert summary["bestValidationLoss"] == min(run.validation.values()) < run.validation[0]
    assert run.validation[summary["bestStep"]] == summary["bestValidationLoss"]
    assert summary["trainedTokens"] == 3 * sum(len(f"It is {n + 1}.") + n % 7 + 1 for n in range(16))
    result = json.loads((run.directory / "result.json").read_text())
    names = [item["name"] for item in result["artefacts"]]
    assert names == ["adapter/adapter_config.json", "adapter/adapter_model.safetensors"]


def test_the_adapter_written_is_the_best_checkpoint(trained):
    _, run = trained
    best = run.directory / "checkpoints" / f"{run.outcome.summary['bestStep']:08d}"
    weights = load_file(best / "weights.safetensors")
    assert {f"base_model.model.{name}" for name in weights} == set(run.adapter)
    assert all(np.array_equal(run.adapter[f"base_model.model.{name}"], value) for name, value in weights.items())


def test_measuring_leaves_no_trace(tmp_path, monkeypatch):
    case = Case(tmp_path)
    measured = case.train(name="measured", dropout=0.1, epochs=1)
    monkeypatch.setattr("forge_worker.training.training_run.TrainingRun._measure", lambda self: None)
    assert case.train(name="unmeasured", dropout=0.1, epochs=1).losses == measured.losses


@pytest.mark.parametrize(
    "recipe",
    [
        {"method": "qlora"},
        {"method": "dora"},
        {"method": "full", "learningRate": 3e-3, "precision": "bf16"},
        {"packing": "pack", "maxLength": 160, "epochs": 4},
        {"precision": "bf16", "gradientCheckpointing": True, "dropout": 0.1},
        {"targetModules": ["q_proj", "v_proj"], "learningRate": 3e-2},
    ],
    ids=lambda recipe: " ".join(f"{key}={value}" for key, value in recipe.items()),
)
def test_every_method_lowers_the_validation_loss(tmp_path, recipe, monkeypatch):
    monkeypatch.setattr("forge_worker.backends.mlx.runtime._SLOWER_TOLERANCE", 1e9)
    run = Case(tmp_path).train(**recipe)
    assert run.error is None
    assert run.outcome.summary["bestValidationLoss"] < run.validation[0] - 0.3
    for name in {"method", "packing", "precision", "gradientCheckpointing", "dropout"} & set(recipe):
        assert run.effective[name] == recipe[name]
    assert run.effective.get("fourBitLayers", 0) == (14 if recipe.get("method") == "qlora" else 0)
    folder = "model" if recipe.get("method") == "full" else "adapter"
    assert (run.directory / "outputs" / folder).is_dir()


def test_a_fully_trained_model_loads_as_a_base_and_has_learned(tmp_path):
    case = Case(tmp_path, tie_word_embeddings=False)
    run = case.train(method="full", learningRate=3e-3, epochs=1)
    case.base = run.directory / "outputs" / "model"
    again = case.train(name="again", method="full", epochs=0.1)
    assert again.validation[0] == pytest.approx(run.outcome.summary["bestValidationLoss"], rel=1e-5)


def test_accumulation_takes_the_same_steps_as_one_large_batch(trained, tmp_path):
    _, whole = trained
    halves = Case(tmp_path).train(microBatchSize=2, gradientAccumulation=2, epochs=1)
    expected = Case(tmp_path / "whole").train(epochs=1)
    assert halves.losses == pytest.approx(expected.losses, rel=2e-4)
    assert halves.losses[1] == pytest.approx(whole.losses[1], rel=1e-5)


def test_rows_that_are_all_masked_fail_with_a_sentence(tmp_path):
    case = Case(tmp_path)
    case.rows.write_text(case.rows.read_text().replace('"role": "assistant"', '"role": "assistant", "weight": 0'))
    run = case.train()
    assert run.error.code == "nothing-to-learn"
    assert [e["ok"] for e in run.of("invariant") if e["name"] == "trained-tokens"] == [False]


def test_rows_longer_than_mlx_computes_rightly_are_refused(tmp_path):
    mistral = {"model_type": "mistral", "architectures": ["MistralForCausalLM"], "sliding_window": 56}
    case = Case(tmp_path, **mistral)
    run = case.train(epochs=0.1)
    assert run.error.code == "length-unsupported" and "up to 56 tokens" in run.error.message
    assert case.train(name="b", epochs=0.1, maxLength=56).error is None


def test_a_target_that_is_not_there_fails_with_a_sentence(tmp_path):
    run = Case(tmp_path).train(targetModules=["query"])
    assert run.error.code == "target-missing" and "query" in run.error.message


def test_a_setting_that_does_not_take_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr("forge_worker.backends.mlx.base_loading.config_overrides", lambda config, names: {})
    run = Case(tmp_path).train()
    assert run.error.code == "settings-differ" and "ropeBase is 10000.0 where 700.0" in run.error.message


def test_early_stopping_keeps_the_best_and_says_so(tmp_path):
    stop = {"patience": 2, "minimumGain": 10.0}
    run = Case(tmp_path, rows=4).train(epochs=200, evaluateEverySteps=2, learningRate=3e-2, earlyStopping=stop)
    assert run.outcome.reason == "early-stop"
    assert run.outcome.summary["steps"] == 4


def test_a_time_budget_ends_the_run_with_a_finished_schedule(tmp_path):
    run = Case(tmp_path).train(epochs=100_000, maxMinutes=0.02, evaluateEverySteps=1_000_000)
    assert run.outcome.reason == "time-budget"
    rates = [e["values"]["learningRate"] for e in run.of("metric") if "learningRate" in e["values"]]
    assert max(rates) > 7e-3 and rates[-1] < 3e-3


def test_without_validation_rows_the_newest_weights_are_the_result(tmp_path):
    case = Case(tmp_path)
    case.validation.write_text("")
    run = case.train(epochs=1)
    assert run.outcome.summary["bestValidationLoss"] is None and run.outcome.summary["bestStep"] == 4
    newest = list_checkpoints(run.directory / "checkpoints")[-1]
    assert newest.name == "00000004" and verify_checkpoint(newest).best


def test_slow_bf16_becomes_fp32_and_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr("forge_worker.backends.mlx.runtime._SLOWER_TOLERANCE", 0.0)
    run = Case(tmp_path).train(precision="fp16", epochs=0.1)
    precision = run.of("hello")[0]["effective"]["precision"]
    assert precision["value"] == "fp32" and "more slowly" in precision["reason"]

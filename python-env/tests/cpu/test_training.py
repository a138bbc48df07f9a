"""The train recipe on a tiny random model: what it learns, what it reports, what it leaves behind."""

import json

import pytest
import torch
from event_schema import of_type
from safetensors.torch import load_file
from training_case import Case

from forge_worker.protocol.checkpoints import list_checkpoints, verify_checkpoint

EXPECTED_LOSSES = {1: 6.45205, 6: 3.89282, 12: 3.02461}
EXPECTED_VALIDATION = {0: 6.69429, 12: 3.15340}


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """One ordinary run that several tests look at."""
    case = Case(tmp_path_factory.mktemp("ordinary"))
    return case, case.train()


def test_the_losses_are_the_expected_ones(trained):
    _, run = trained
    assert sorted(run.losses) == list(range(1, 13))
    assert {step: run.losses[step] for step in EXPECTED_LOSSES} == pytest.approx(EXPECTED_LOSSES, rel=2e-4)
    assert {s: run.validation[s] for s in EXPECTED_VALIDATION} == pytest.approx(EXPECTED_VALIDATION, rel=2e-4)


def test_the_events_tell_the_whole_story_in_order(trained):
    _, run = trained
    kinds = [event["type"] for event in run.events if event["type"] not in ("metric", "phase", "checkpoint")]
    assert kinds == [
        "invariant",
        "invariant",
        "hello",
        "invariant",
        "sample",
        "measured",
        "invariant",
        "invariant",
        "sample",
        "invariant",
        "done",
    ]
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
    assert run.of("sample")[0]["expected"] == "It is 4."


def test_hello_reads_settings_back_with_their_reasons(trained):
    _, run = trained
    (hello,) = run.of("hello")
    effective = {name: item["value"] for name, item in hello["effective"].items()}
    assert effective["rank"] == 4 and effective["alpha"] == 8 and effective["adaptedLayers"] == 14
    assert effective["method"] == "lora" and effective["decoder"] == "own" and effective["precision"] == "fp32"
    assert effective["learningRate"] == 1e-2 and effective["threads"] == 1
    assert hello["effective"]["rank"]["reason"] == "a small rank for a small test"
    assert hello["device"]["kind"] == "cpu" and hello["versions"]["torch"]


def test_the_summary_and_the_result_agree_with_the_run(trained):
    _, run = trained
    summary = run.outcome.summary
    assert summary["steps"] == 12 and summary["rowsSeen"] == 48 and summary["epochs"] == 3
    assert summary["initialValidationLoss"] == run.validation[0]
    assert summary["bestValidationLoss"] == min(run.validation.values()) < run.validation[0]
    assert run.validation[summary["bestStep"]] == summary["bestValidationLoss"]
    assert summary["trainedTokens"] == 3 * sum(len(f"It is {n + 1}.") + n % 7 + 1 for n in range(16))
    assert summary["forecastSeconds"] == run.of("measured")[0]["forecastSeconds"] > 0
    assert summary["actualSeconds"] >= summary["trainSeconds"] > 0
    result = json.loads((run.directory / "result.json").read_text())
    names = [item["name"] for item in result["artefacts"]]
    assert names == ["adapter/adapter_config.json", "adapter/adapter_model.safetensors"]


def test_the_adapter_written_is_the_best_checkpoint(trained):
    _, run = trained
    best = run.directory / "checkpoints" / f"{run.outcome.summary['bestStep']:08d}"
    weights = load_file(best / "weights.safetensors")
    adapter = load_file(run.directory / "outputs" / "adapter" / "adapter_model.safetensors")
    assert {f"base_model.model.{name}" for name in weights} == set(adapter)
    assert all(torch.equal(tensor, adapter[f"base_model.model.{name}"]) for name, tensor in weights.items())


def test_measuring_leaves_no_trace(tmp_path, monkeypatch):
    case = Case(tmp_path)
    measured = case.train(name="measured", dropout=0.1, epochs=1)
    monkeypatch.setattr("forge_worker.training.training_run.TrainingRun._measure", lambda self: None)
    assert case.train(name="unmeasured", dropout=0.1, epochs=1).losses == measured.losses


@pytest.mark.parametrize(
    "recipe",
    [
        {"method": "dora"},
        {"method": "full", "learningRate": 3e-3},
        {"method": "full", "learningRate": 3e-3, "precision": "bf16"},
        {"packing": "pack", "maxLength": 160},
        {"precision": "bf16"},
        {"gradientCheckpointing": True, "dropout": 0.1},
        {"gradientAccumulation": 2, "microBatchSize": 2},
        {"targetModules": ["q_proj", "v_proj"], "learningRate": 3e-2},
    ],
    ids=lambda recipe: " ".join(f"{key}={value}" for key, value in recipe.items()),
)
def test_every_method_lowers_the_validation_loss(tmp_path, recipe, monkeypatch):
    monkeypatch.setattr("forge_worker.backends.torch.runtime._SLOWER_TOLERANCE", 1e9)
    case = Case(tmp_path)
    run = case.train(epochs=4, **recipe)
    assert run.error is None
    assert run.outcome.summary["bestValidationLoss"] < run.validation[0] - 0.3
    (hello,) = run.of("hello")
    assert hello["effective"]["method"]["value"] == recipe.get("method", "lora")
    folder = "model" if recipe.get("method") == "full" else "adapter"
    assert (run.directory / "outputs" / folder).is_dir()


def test_a_fully_trained_model_loads_as_a_base_and_has_learned(tmp_path):
    case = Case(tmp_path, tie_word_embeddings=True)
    run = case.train(method="full", learningRate=3e-3)
    case.base = run.directory / "outputs" / "model"
    again = case.train(name="again", method="full", epochs=1)
    assert again.validation[0] == pytest.approx(run.outcome.summary["bestValidationLoss"], rel=1e-5)


def test_accumulation_takes_the_same_steps_as_one_large_batch(tmp_path):
    case = Case(tmp_path)
    whole = case.train(microBatchSize=4)
    halves = case.train(name="b", microBatchSize=2, gradientAccumulation=2)
    assert halves.losses == pytest.approx(whole.losses, rel=2e-4)


def test_rows_with_nothing_to_learn_are_left_out_and_told(tmp_path):
    case = Case(tmp_path)
    lines = [json.loads(line) for line in case.rows.read_text().splitlines()]
    for line in lines[:3]:
        line["messages"][2]["weight"] = 0
    case.rows.write_text("\n".join(json.dumps(line) for line in lines))
    run = case.train(epochs=1)
    (warning,) = run.of("warning")
    assert warning["code"] == "rows-without-answer" and "3 of 16" in warning["text"] and "r0" in warning["text"]
    assert run.outcome.summary["rowsSeen"] == 13


def test_rows_that_are_all_masked_fail_with_a_sentence(tmp_path):
    case = Case(tmp_path)
    case.rows.write_text(case.rows.read_text().replace('"role": "assistant"', '"role": "assistant", "weight": 0'))
    run = case.train()
    assert run.error.code == "nothing-to-learn"
    assert [e["ok"] for e in run.of("invariant") if e["name"] == "trained-tokens"] == [False]


def test_a_base_without_template_fails_with_a_sentence_and_a_hint(tmp_path):
    case = Case(tmp_path)
    (case.base / "tokenizer_config.json").write_text('{"eos_token": "<|im_end|>"}')
    run = case.train()
    assert run.error.code == "no-chat-template"
    assert "no chat template" in run.error.message and "Instruct" in run.error.hint


def test_truncated_rows_are_counted(tmp_path):
    run = Case(tmp_path).train(maxLength=55, epochs=1)
    assert run.outcome.summary["truncatedRows"] > 0
    assert any(event["code"] == "rows-truncated" for event in run.of("warning"))


def test_message_weights_change_the_loss(tmp_path):
    case = Case(tmp_path)
    plain = case.train(epochs=1)
    text = case.rows.read_text().splitlines()
    text[0] = text[0].replace('"role": "assistant"', '"role": "assistant", "weight": 3.0')
    case.rows.write_text("\n".join(text))
    assert case.train(name="b", epochs=1).losses != plain.losses


def test_early_stopping_keeps_the_best_and_says_so(tmp_path):
    case = Case(tmp_path, rows=4)
    stop = {"patience": 2, "minimumGain": 10.0}
    run = case.train(epochs=200, evaluateEverySteps=2, learningRate=3e-2, earlyStopping=stop)
    assert run.outcome.reason == "early-stop"
    assert run.outcome.summary["steps"] == 4


def test_a_time_budget_ends_the_run_with_its_reason_and_a_finished_schedule(tmp_path):
    run = Case(tmp_path).train(epochs=100_000, maxMinutes=0.03, evaluateEverySteps=1_000_000)
    assert run.outcome.reason == "time-budget"
    rates = [e["values"]["learningRate"] for e in run.of("metric") if "learningRate" in e["values"]]
    assert max(rates) > 8e-3 and rates[-1] < 1e-3
    assert run.outcome.summary["trainSeconds"] < 6


def test_without_validation_rows_the_newest_weights_are_the_result(tmp_path):
    case = Case(tmp_path)
    case.validation.write_text("")
    run = case.train(epochs=1)
    assert run.outcome.summary["bestValidationLoss"] is None and run.outcome.summary["bestStep"] == 4
    newest = list_checkpoints(run.directory / "checkpoints")[-1]
    assert newest.name == "00000004" and verify_checkpoint(newest).best


def test_only_the_newest_and_the_best_checkpoint_stay(tmp_path):
    run = Case(tmp_path).train(checkpointEverySeconds=0)
    told = [event["step"] for event in run.of("checkpoint")]
    assert set(range(13)) <= set(told)
    assert len(list_checkpoints(run.directory / "checkpoints")) <= 2


def test_a_setting_that_does_not_take_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr("torch.get_num_threads", lambda: 3)
    run = Case(tmp_path).train()
    assert run.error.code == "settings-differ" and "threads is 3 where 1" in run.error.message
    assert not of_type(run.events, "measured")


def test_an_old_processor_trains_in_fp32_and_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr("forge_worker.backends.torch.runtime._SLOWER_TOLERANCE", 0.0)
    run = Case(tmp_path).train(precision="bf16", epochs=1)
    precision = run.of("hello")[0]["effective"]["precision"]
    assert precision["value"] == "fp32" and "more slowly" in precision["reason"]


@pytest.mark.parametrize("change", [{"vocab_size": 10**12}, {"num_attention_heads": -4}, {"hidden_size": 10**9}])
def test_a_base_with_an_absurd_config_is_refused_before_anything_is_allocated(tmp_path, change):
    case = Case(tmp_path)
    config = json.loads((case.base / "config.json").read_text())
    (case.base / "config.json").write_text(json.dumps({**config, **change}))
    run = case.train()
    assert run.error.code == "config-absurd" and next(iter(change)) in run.error.message


def test_passages_of_text_are_learned_whole(tmp_path):
    """Continued pre-training: rows with a `text` teach that text instead of their answers."""
    case = Case(tmp_path)
    for path in (case.rows, case.validation):
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        lines = [json.dumps({**row, "text": f"{row['group']} and one more, says the book."}) for row in rows]
        path.write_text("\n".join(lines) + "\n")
    run = case.train()
    assert run.error is None
    assert run.validation[12] < 0.8 * run.validation[0]

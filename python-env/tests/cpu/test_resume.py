"""N-7: an interrupted training goes on exactly as if nothing had happened."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from event_schema import read_events
from run_directory import write_spec
from training_case import Case

from forge_worker.protocol.checkpoints import list_checkpoints, verify_checkpoint
from forge_worker.protocol.errors import StopRequested
from forge_worker.training.session import TrainHooks

RANDOMLY = {"dropout": 0.1, "precision": "bf16"}
ROOT = Path(__file__).resolve().parents[2]


class Ask(TrainHooks):
    """Puts a command in at the step after `step` finished ones."""

    def __init__(self, step, command):
        self.step = step
        self.command = command

    def after_gradients(self, step, session):
        if step == self.step and session.state.rows_seen:
            session.context.control.request(self.command)


def digest_of_outputs(run):
    result = json.loads((run.directory / "result.json").read_text())
    return {item["name"]: item["sha256"] for item in result["artefacts"] if item["name"].endswith("safetensors")}


@pytest.fixture(autouse=True)
def bf16_counts_as_fast(monkeypatch):
    monkeypatch.setattr("forge_worker.backends.torch.runtime._SLOWER_TOLERANCE", 1e9)


@pytest.mark.parametrize("recipe", [RANDOMLY, {"method": "full", "learningRate": 3e-3}], ids=["lora", "full"])
def test_paused_and_resumed_equals_uninterrupted(tmp_path, recipe):
    case = Case(tmp_path)
    straight = case.train(name="straight", **recipe)
    first = case.train(name="halves", hooks=Ask(6, "pause"), **recipe)
    assert isinstance(first.error, StopRequested)
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    assert newest.name == "00000007"
    second = case.train(attempt=2, name="halves", resume_from=newest, **recipe)
    joined = {**first.losses, **second.losses}
    assert joined == pytest.approx(straight.losses, rel=0, abs=1e-6)
    assert second.validation.items() <= straight.validation.items()
    assert digest_of_outputs(second) == digest_of_outputs(straight)
    assert second.outcome.summary["rowsSeen"] == straight.outcome.summary["rowsSeen"]
    assert second.outcome.summary["initialValidationLoss"] == straight.validation[0]
    assert second.outcome.summary["forecastSeconds"] == first.of("measured")[0]["forecastSeconds"]
    assert second.outcome.summary["actualSeconds"] > second.outcome.summary["trainSeconds"]


def test_without_the_generators_the_losses_part(tmp_path, monkeypatch):
    case = Case(tmp_path)
    straight = case.train(name="straight", **RANDOMLY)
    first = case.train(name="halves", hooks=Ask(6, "pause"), **RANDOMLY)
    monkeypatch.setattr("forge_worker.backends.torch.training_state.set_generator_states", lambda states: None)
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    second = case.train(attempt=2, name="halves", resume_from=newest, **RANDOMLY)
    assert second.losses[9] != pytest.approx(straight.losses[9], rel=0, abs=1e-6)


def test_the_best_checkpoint_of_the_first_attempt_survives(tmp_path):
    case = Case(tmp_path)
    first = case.train(hooks=Ask(6, "stop"))
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    second = case.train(attempt=2, resume_from=newest, evaluateEverySteps=1000, hooks=Ask(8, "finish"))
    assert second.outcome.reason == "stop-requested"
    kept = [path.name for path in list_checkpoints(second.directory / "checkpoints")]
    assert f"{second.outcome.summary['bestStep']:08d}" in kept


def test_a_killed_worker_goes_on_from_its_last_checkpoint(tmp_path):
    case = Case(tmp_path)
    recipe = {"epochs": 15, "dropout": 0.1, "evaluateEverySteps": 30}
    straight = case.train(name="straight", **recipe)
    payload = case.payload(**recipe, checkpointEverySeconds=0)
    directory = write_spec(tmp_path / "killed" / "1", "train", payload)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "forge_worker", "--recipe", str(directory)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wanted = random.randint(3, 20)
    while not any((directory / "checkpoints" / f"{step:08d}").exists() for step in range(wanted, wanted + 30)):
        assert process.poll() is None, process.stdout.read().decode()
        time.sleep(0.003)
    time.sleep(random.uniform(0, 0.1))
    process.send_signal(signal.SIGKILL)
    process.communicate()
    whole = [path for path in list_checkpoints(directory / "checkpoints") if verify_checkpoint(path) is not None]
    second = case.train(attempt=2, name="killed", resume_from=whole[-1], **recipe)
    before = {e["step"]: e["values"]["loss"] for e in read_events(directory) if "loss" in e.get("values", {})}
    step = int(whole[-1].name)
    assert {s: loss for s, loss in before.items() if s <= step} == {s: straight.losses[s] for s in range(1, step + 1)}
    assert second.losses == pytest.approx({s: straight.losses[s] for s in range(step + 1, 61)}, rel=0, abs=1e-6)
    assert digest_of_outputs(second) == digest_of_outputs(straight)


def test_a_checkpoint_of_other_settings_or_rows_is_refused(tmp_path):
    case = Case(tmp_path)
    first = case.train(hooks=Ask(6, "pause"))
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    other = case.train(attempt=2, resume_from=newest, rank=8)
    assert other.error.code == "resume-mismatch" and "rank" in other.error.message
    case.rows.write_text(case.rows.read_text().replace("It is", "It was"))
    changed = case.train(attempt=3, resume_from=newest)
    assert changed.error.code == "resume-mismatch" and "data" in changed.error.message


def test_a_broken_checkpoint_is_refused(tmp_path):
    case = Case(tmp_path)
    first = case.train(hooks=Ask(6, "pause"))
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    (newest / "weights.safetensors").write_bytes(b"broken")
    assert case.train(attempt=2, resume_from=newest).error.code == "checkpoint-broken"


def test_nothing_in_a_checkpoint_is_a_pickle(tmp_path):
    run = Case(tmp_path).train(epochs=1)
    for folder in list_checkpoints(run.directory / "checkpoints"):
        names = sorted(path.name for path in folder.iterdir())
        assert names == [
            "generators.safetensors",
            "manifest.json",
            "optimiser.safetensors",
            "state.json",
            "weights.safetensors",
        ]


@pytest.mark.parametrize("precision", ["bf16", "fp32"])
def test_a_resumed_attempt_keeps_the_precision_of_the_first_whatever_a_new_probe_would_choose(
    tmp_path, monkeypatch, precision
):
    tolerance = {"bf16": 1e9, "fp32": 0.0}
    case, recipe = Case(tmp_path), {**RANDOMLY}
    probe = "forge_worker.backends.torch.runtime._SLOWER_TOLERANCE"
    monkeypatch.setattr(probe, tolerance[precision])
    straight = case.train(name="straight", **recipe)
    first = case.train(name="halves", hooks=Ask(6, "pause"), **recipe)
    monkeypatch.setattr(probe, tolerance["fp32" if precision == "bf16" else "bf16"])
    other = case.train(name="other", epochs=1, **recipe)
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    second = case.train(attempt=2, name="halves", resume_from=newest, **recipe)
    told = second.of("hello")[0]["effective"]["precision"]
    assert other.of("hello")[0]["effective"]["precision"]["value"] != precision
    assert told["value"] == precision
    assert ("first attempt" in told["reason"]) == (precision == "fp32")  # bf16 is what was asked for
    assert {**first.losses, **second.losses} == pytest.approx(straight.losses, rel=0, abs=1e-6)

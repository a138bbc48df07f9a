"""N-7 in MLX: an interrupted training goes on exactly as if nothing had happened."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytest.importorskip("mlx.core", reason="NOT PROVED HERE: the package mlx is not installed, so nothing of MLX was run")

from event_schema import read_events  # noqa: E402
from mlx_case import Case  # noqa: E402

from forge_worker.protocol.checkpoints import list_checkpoints, verify_checkpoint  # noqa: E402
from forge_worker.protocol.errors import StopRequested  # noqa: E402
from forge_worker.training.session import TrainHooks  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]


class Ask(TrainHooks):
    """The engine puts a command file in at the step after `step` finished ones."""

    def __init__(self, step, command):
        self.step = step
        self.command = command

    def after_gradients(self, step, session):
        if step == self.step and session.state.rows_seen:
            (session.context.directory / "control" / f"0001-{self.command}.json").write_text('{"keep": "best"}')


def digest_of_outputs(run):
    result = json.loads((run.directory / "result.json").read_text())
    return {item["name"]: item["sha256"] for item in result["artefacts"] if item["name"].endswith("safetensors")}


@pytest.mark.parametrize(
    "recipe",
    [{"dropout": 0.1}, {"method": "qlora", "dropout": 0.1}, {"method": "full", "learningRate": 3e-3}],
    ids=["lora", "qlora", "full"],
)
def test_paused_and_resumed_equals_uninterrupted(tmp_path, recipe):
    case = Case(tmp_path)
    straight = case.train(name="straight", **recipe)
    first = case.train(name="halves", hooks=Ask(6, "pause"), **recipe)
    assert isinstance(first.error, StopRequested) and first.error.command == "pause"
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    assert newest.name == "00000007"
    second = case.train(attempt=2, name="halves", resume_from=newest, **recipe)
    assert {**first.losses, **second.losses} == pytest.approx(straight.losses, rel=0, abs=1e-6)
    assert second.validation.items() <= straight.validation.items()
    assert digest_of_outputs(second) == digest_of_outputs(straight)
    assert second.outcome.summary["rowsSeen"] == straight.outcome.summary["rowsSeen"]
    assert second.outcome.summary["initialValidationLoss"] == straight.validation[0]


def test_without_the_random_state_the_losses_part(tmp_path, monkeypatch):
    case = Case(tmp_path)
    straight = case.train(name="straight", dropout=0.1)
    first = case.train(name="halves", hooks=Ask(6, "pause"), dropout=0.1)
    monkeypatch.setattr("forge_worker.backends.mlx.tensor_files.set_random_state", lambda state: None)
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    second = case.train(attempt=2, name="halves", resume_from=newest, dropout=0.1)
    assert second.losses[9] != pytest.approx(straight.losses[9], rel=0, abs=1e-6)


def test_stop_keeps_a_checkpoint_and_finish_ends_with_the_best(tmp_path):
    case = Case(tmp_path)
    first = case.train(hooks=Ask(6, "stop"))
    assert isinstance(first.error, StopRequested) and first.error.command == "stop"
    assert not (first.directory / "result.json").exists()
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    second = case.train(attempt=2, resume_from=newest, evaluateEverySteps=1000, hooks=Ask(8, "finish"))
    assert second.outcome.reason == "stop-requested" and second.outcome.summary["steps"] == 9
    kept = [path.name for path in list_checkpoints(second.directory / "checkpoints")]
    assert f"{second.outcome.summary['bestStep']:08d}" in kept


def test_a_killed_worker_goes_on_from_its_last_checkpoint(tmp_path):
    case = Case(tmp_path)
    recipe = {"epochs": 15, "dropout": 0.1, "evaluateEverySteps": 30}
    straight = case.train(name="straight", **recipe)
    directory = case.spec("killed", **recipe, checkpointEverySeconds=0)
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


def test_a_checkpoint_that_does_not_fit_is_refused(tmp_path):
    case = Case(tmp_path)
    first = case.train(hooks=Ask(2, "pause"), epochs=1)
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    names = sorted(path.name for path in newest.iterdir())
    assert [name for name in names if name.endswith((".safetensors", ".json"))] == names and len(names) == 5
    other = case.train(attempt=2, resume_from=newest, epochs=1, rank=8)
    assert other.error.code == "resume-mismatch" and "rank" in other.error.message
    state = json.loads((newest / "state.json").read_text())
    assert state["fingerprint"]["framework"] == "mlx"
    (newest / "weights.safetensors").write_bytes(b"broken")
    assert case.train(attempt=3, resume_from=newest, epochs=1).error.code == "checkpoint-broken"


def test_a_resumed_attempt_keeps_precision_and_batching_of_the_first(tmp_path, monkeypatch):
    case, recipe = Case(tmp_path), {"precision": "bf16", "packing": "pack", "maxLength": 160}
    monkeypatch.setattr("forge_worker.backends.mlx.runtime._SLOWER_TOLERANCE", 0.0)
    monkeypatch.setattr("forge_worker.backends.mlx.model.MlxModel.packs", False)
    straight = case.train(name="straight", **recipe)
    first = case.train(name="halves", hooks=Ask(6, "pause"), **recipe)
    monkeypatch.setattr("forge_worker.backends.mlx.runtime._SLOWER_TOLERANCE", 1e9)
    monkeypatch.setattr("forge_worker.backends.mlx.model.MlxModel.packs", True)
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    second = case.train(attempt=2, name="halves", resume_from=newest, **recipe)
    assert second.effective["precision"] == "fp32" and second.effective["packing"] == "group"
    reasons = {name: item["reason"] for name, item in second.of("hello")[0]["effective"].items()}
    assert "first attempt" in reasons["precision"] and "first attempt" in reasons["packing"]
    assert {**first.losses, **second.losses} == pytest.approx(straight.losses, rel=0, abs=1e-6)

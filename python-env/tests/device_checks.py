"""What must hold on every device PyTorch trains on. tests/gpu runs these on an NVIDIA GPU; tests/cpu runs the same
bodies on the processor, so that a mistake in them shows on any machine."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from trained import Trained
from training_case import Case

from forge_worker.export.export_model import ExportRequest, export_model
from forge_worker.protocol.checkpoints import list_checkpoints
from forge_worker.protocol.errors import StopRequested
from forge_worker.training.session import TrainHooks

METHODS: dict[str, dict[str, Any]] = {
    "lora": {"method": "lora"},
    "qlora": {"method": "qlora"},
    "dora": {"method": "dora"},
    "full": {"method": "full", "learningRate": 3e-3},
}
TWENTY_STEPS = {"epochs": 5}
"""16 rows, 4 a step."""


class AskPause(TrainHooks):
    """Pauses after the step that follows `step` finished ones."""

    def __init__(self, step: int) -> None:
        self.step = step

    def after_gradients(self, step: int, session: Any) -> None:
        if step == self.step and session.state.rows_seen:
            session.context.control.request("pause")


class Overflow(TrainHooks):
    """One gradient beyond what fp16 holds, at the step after `step` finished ones; notes the loss scales it saw."""

    def __init__(self, step: int) -> None:
        self.step = step
        self.left = 1
        self.scales: list[float] = []

    def after_gradients(self, step: int, session: Any) -> None:
        if not session.state.rows_seen:
            return
        self.scales.append(session.state.loss_scale)
        if step == self.step and self.left:
            self.left -= 1
            session.optimiser.gradients[0] = math.inf


def check_learns(folder: Path, device: str, method: str) -> Trained:
    """20 steps with a falling loss, on the device that was asked for, leaving weights that are numbers."""
    run = Case(folder, device=device).train(**METHODS[method], **TWENTY_STEPS, precision="bf16")
    assert run.error is None and run.outcome.summary["steps"] == 20
    (hello,) = run.of("hello")
    assert hello["device"]["kind"] == device and hello["effective"]["device"]["value"] == device
    assert hello["effective"]["method"]["value"] == method
    losses = [run.losses[step] for step in sorted(run.losses)]
    assert sum(losses[-4:]) < sum(losses[:4]) - 1
    assert run.outcome.summary["bestValidationLoss"] < run.validation[0] - 0.3
    place = run.directory / "outputs" / ("model" if method == "full" else "adapter")
    written = load_file(next(place.glob("*.safetensors")))
    assert all(torch.isfinite(tensor).all() for tensor in written.values())
    assert run.of("measured")[0]["peakMemoryBytes"] > 0
    return run


def check_fp16_loss_scale(folder: Path, device: str) -> None:
    """fp16 starts with a loss scale; an overflow halves it, costs no step, and says so."""
    hooks = Overflow(5)
    run = Case(folder, device=device).train(**TWENTY_STEPS, precision="fp16", hooks=hooks)
    assert run.error is None and run.outcome.summary["steps"] == 20
    assert run.of("hello")[0]["effective"]["precision"]["value"] == "fp16"
    assert hooks.scales[0] >= 2 and hooks.scales[-1] <= hooks.scales[0] / 2
    overflowed = [event for event in run.of("intervention") if event["reason"] == "fp16 overflowed"]
    assert overflowed and overflowed[-1]["after"]["lossScale"] == overflowed[-1]["before"]["lossScale"] / 2
    assert set(run.actions) == {"skip-step"} and sorted(run.losses) == list(range(1, 21))
    assert run.outcome.summary["bestValidationLoss"] < run.validation[0] - 0.3


def check_resume(folder: Path, device: str, tolerance: float) -> None:
    """Paused and resumed gives the losses of a run without a pause, dropout included."""
    case, recipe = Case(folder, device=device), {"dropout": 0.1, "precision": "fp32", **TWENTY_STEPS}
    straight = case.train(name="straight", **recipe)
    first = case.train(name="halves", hooks=AskPause(9), **recipe)
    assert isinstance(first.error, StopRequested)
    newest = list_checkpoints(first.directory / "checkpoints")[-1]
    second = case.train(attempt=2, name="halves", resume_from=newest, **recipe)
    assert {**first.losses, **second.losses} == pytest.approx(straight.losses, rel=0, abs=tolerance)
    assert sorted(second.losses) == list(range(11, 21))


def check_export(folder: Path, device: str) -> None:
    """What was trained there goes through Forge's export, and the merged weights are not the base's."""
    case = Case(folder, device=device)
    run = case.train(precision="bf16", epochs=2)
    adapter = run.directory / "outputs" / "adapter"
    formats = ("merged", "gguf-bf16", "gguf-adapter")
    result = export_model(ExportRequest(case.base, adapter, folder / "out", "tiny", formats, "gpt-2"))
    assert sorted(result.files) == sorted(formats)
    assert all(path.read_bytes()[:4] == b"GGUF" for kind, path in result.files.items() if kind.startswith("gguf"))
    name = "model.layers.0.self_attn.q_proj.weight"
    merged = load_file(next(result.files["merged"].glob("*.safetensors")))[name].float()
    assert not torch.allclose(merged, load_file(case.base / "model.safetensors")[name], atol=1e-3)


def check_memory_ladder(folder: Path, device: str, limit_to: Any) -> None:
    """Memory that really runs out is answered by smaller batches, and the run still learns to its end.

    `limit_to(bytes)` caps what the device hands out; it is called with what lies between a batch of 64 and one of 8.
    """
    case = long_rows_case(folder, device)
    recipe = {"epochs": 2, "maxLength": 512, "precision": "fp32", "evaluateEverySteps": 1000}
    needs = {size: peak_of(case, size, **recipe) for size in (8, 64)}
    assert needs[64] > 2 * needs[8]
    limit_to((needs[8] + needs[64]) // 2)
    run = case.train(name="capped", microBatchSize=64, **recipe)
    assert run.error is None and run.outcome.reason == "completed"
    assert run.actions[0] == "halve-batch" and set(run.actions) == {"halve-batch"}
    assert "memory" in run.of("intervention")[0]["reason"].lower()
    assert run.outcome.summary["rowsSeen"] == 128
    assert run.outcome.summary["bestValidationLoss"] < run.validation[0]


def long_rows_case(folder: Path, device: str) -> Case:
    """64 rows of about 480 tokens, so that activations are what fills the memory."""
    case = Case(folder, rows=64, device=device)
    lines = [json.loads(line) for line in case.rows.read_text().splitlines()]
    for number, line in enumerate(lines):
        line["messages"][2]["content"] = "".join(chr(97 + (number + at) % 26) for at in range(400))
    case.rows.write_text("\n".join(json.dumps(line) for line in lines))
    return case


def peak_of(case: Case, batch_size: int, **recipe: Any) -> int:
    """Bytes a run with this batch takes at most (on the processor: a stand-in that grows with the batch)."""
    if case.device == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()
    run = case.train(name=f"peak-{batch_size}", microBatchSize=batch_size, **{**recipe, "epochs": 1})
    assert run.error is None
    return torch.cuda.max_memory_reserved() if case.device == "cuda" else batch_size << 20

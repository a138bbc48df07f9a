"""Runs of the train recipe for tests, in this process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from event_schema import of_type, read_events
from run_directory import write_spec
from tiny_base import write_rows, write_tiny_base

from forge_worker.__main__ import failure_for
from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.errors import StopRequested, WorkerFailure
from forge_worker.protocol.spec import load_spec

RECIPE: dict[str, Any] = {
    "method": "lora",
    "rank": 4,
    "alpha": 8,
    "dropout": 0.0,
    "targetModules": "all-linear",
    "learningRate": 1e-2,
    "schedule": "cosine",
    "warmupFraction": 0.1,
    "weightDecay": 0.01,
    "gradientClip": 1.0,
    "epochs": 3,
    "maxMinutes": None,
    "microBatchSize": 4,
    "gradientAccumulation": 1,
    "maxLength": 128,
    "precision": "fp32",
    "packing": "group",
    "gradientCheckpointing": False,
    "evaluateEverySteps": 4,
    "earlyStopping": {"patience": 50, "minimumGain": 0.0},
    "checkpointEverySeconds": 1e6,
    "keepCheckpoints": 2,
}


@dataclass
class Trained:
    """What one attempt left behind."""

    directory: Path
    events: list[dict[str, Any]]
    outcome: Any
    error: Exception | None

    def of(self, kind: str) -> list[dict[str, Any]]:
        return of_type(self.events, kind)

    @property
    def losses(self) -> dict[int, float]:
        """Training loss by step."""
        return {e["step"]: e["values"]["loss"] for e in self.of("metric") if "loss" in e["values"]}

    @property
    def validation(self) -> dict[int, float]:
        """Validation loss by step."""
        return {e["step"]: e["values"]["validationLoss"] for e in self.of("metric") if "validationLoss" in e["values"]}

    @property
    def actions(self) -> list[str]:
        """Interventions in order."""
        return [event["action"] for event in self.of("intervention")]


class Case:
    """A tiny base and its rows in a folder; `train` runs attempts on them."""

    def __init__(self, folder: Path, rows: int = 16, device: str = "cpu", **config: Any) -> None:
        self.folder = folder
        self.device = device
        self.base = write_tiny_base(folder / "base", **config)
        self.rows = write_rows(folder / "rows.jsonl", rows)
        self.validation = write_rows(folder / "validation.jsonl", 5, first=100)

    def payload(self, **recipe: Any) -> dict[str, Any]:
        return {
            "base": str(self.base),
            "rows": str(self.rows),
            "validationRows": str(self.validation),
            "samplePrompts": [{"messages": [{"role": "user", "content": "3 + 1?"}], "expected": "It is 4."}],
            "recipe": {**RECIPE, **recipe},
            "reasons": {"rank": "a small rank for a small test"},
            "outDir": str(self.folder / "outputs"),
        }

    def train(
        self, attempt: int = 1, hooks: Any = None, resume_from: Path | None = None, name: str = "a", **recipe: Any
    ) -> Trained:
        """Run one attempt; a WorkerFailure or StopRequested it ends with is in `error`."""
        from forge_worker.recipes.train_torch import run

        resume = None if resume_from is None else str(resume_from)
        place, changes = self.folder / name / str(attempt), {"device": self.device, "resumeFrom": resume}
        directory = write_spec(place, "train", self.payload(**recipe), attempt=attempt, **changes)
        context = WorkerContext(load_spec(directory))
        outcome, error = None, None
        try:
            outcome = run(context, hooks)
        except (StopRequested, WorkerFailure) as raised:
            error = raised
        except (MemoryError, torch.OutOfMemoryError) as raised:
            error = failure_for(raised)
        finally:
            context.close()
        return Trained(directory, read_events(directory), outcome, error)

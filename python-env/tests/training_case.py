"""Runs of the train recipe for tests, in this process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from event_schema import read_events
from run_directory import write_spec
from tiny_base import write_tiny_base
from tiny_files import write_rows
from trained import RECIPE, Trained

from forge_worker.__main__ import failure_for
from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.errors import StopRequested, WorkerFailure
from forge_worker.protocol.spec import load_spec


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

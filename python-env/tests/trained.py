"""What the training tests of both frameworks share: small settings, and what one attempt left behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from event_schema import of_type

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

    @property
    def effective(self) -> dict[str, Any]:
        """Settings as hello told them."""
        (hello,) = self.of("hello")
        return {name: item["value"] for name, item in hello["effective"].items()}

    @property
    def adapter(self) -> dict[str, np.ndarray]:
        """The tensors of outputs/adapter."""
        from safetensors.numpy import load_file

        return load_file(self.directory / "outputs" / "adapter" / "adapter_model.safetensors")

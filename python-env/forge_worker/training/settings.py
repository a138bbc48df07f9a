"""The `train` payload, parsed and bounded. No framework."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from forge_worker.protocol.errors import WorkerFailure


@dataclass(frozen=True)
class EarlyStoppingSettings:
    """Stop after `patience` evaluations in a row that gain less than `minimum_gain` in validation loss."""

    patience: int = 3
    minimum_gain: float = 0.0


@dataclass(frozen=True)
class Recipe:
    """How to train; names and meaning as in docs/worker-protocol.md, in snake case."""

    method: str = "lora"
    rank: int = 16
    alpha: float = 32.0
    dropout: float = 0.0
    target_modules: str | tuple[str, ...] = "all-linear"
    learning_rate: float = 1e-3
    schedule: str = "cosine"
    warmup_fraction: float = 0.05
    weight_decay: float = 0.0
    gradient_clip: float = 1.0
    epochs: float = 3.0
    max_minutes: float | None = None
    micro_batch_size: int = 8
    gradient_accumulation: int = 1
    max_length: int = 1024
    precision: str = "bf16"
    packing: str = "group"
    gradient_checkpointing: bool = False
    evaluate_every_steps: int = 25
    early_stopping: EarlyStoppingSettings = field(default_factory=EarlyStoppingSettings)
    checkpoint_every_seconds: float = 60.0
    keep_checkpoints: int = 2
    memory_cap_bytes: int | None = None

    def with_(self, **changes: Any) -> Recipe:
        """A copy with `changes`."""
        return replace(self, **changes)


@dataclass(frozen=True)
class SamplePrompt:
    """A prompt answered at evaluation points; `expected` is shown beside the answer."""

    messages: tuple[dict[str, Any], ...]
    expected: str | None


@dataclass(frozen=True)
class TrainPayload:
    """What the engine asks the train recipe for. Paths are absolute."""

    base: Path
    rows: Path
    validation_rows: Path | None
    sample_prompts: tuple[SamplePrompt, ...]
    recipe: Recipe
    reasons: dict[str, str]


_CHOICES = {
    "method": ("lora", "qlora", "dora", "full"),
    "schedule": ("cosine", "linear", "constant"),
    "precision": ("bf16", "fp32", "fp16"),
    "packing": ("group", "pack"),
}
_RANGES: dict[str, tuple[float, float]] = {
    "rank": (1, 1024),
    "alpha": (1e-6, 1e6),
    "dropout": (0.0, 0.9),
    "learning_rate": (1e-9, 1.0),
    "warmup_fraction": (0.0, 1.0),
    "weight_decay": (0.0, 10.0),
    "gradient_clip": (0.0, 1e9),
    "epochs": (1e-6, 1e6),
    "max_minutes": (1e-6, 1e7),
    "micro_batch_size": (1, 65_536),
    "gradient_accumulation": (1, 65_536),
    "max_length": (8, 1 << 20),
    "evaluate_every_steps": (1, 1e9),
    "checkpoint_every_seconds": (0.0, 1e9),
    "keep_checkpoints": (1, 1000),
    "memory_cap_bytes": (1, 1 << 50),
}
_OPTIONAL = ("max_minutes", "memory_cap_bytes")


def parse_train_payload(payload: dict[str, Any]) -> TrainPayload:
    """Check a `train` payload. Raises WorkerFailure("spec-invalid") that names the field."""
    raw_recipe = payload.get("recipe")
    if not isinstance(raw_recipe, dict):
        raise _invalid("recipe", "is missing")
    prompts = payload.get("samplePrompts") or []
    if not isinstance(prompts, list):
        raise _invalid("samplePrompts", "must be a list")
    reasons = payload.get("reasons") or {}
    validation = _path(payload, "validationRows", optional=True)
    return TrainPayload(
        base=_required_path(payload, "base"),
        rows=_required_path(payload, "rows"),
        validation_rows=validation,
        sample_prompts=tuple(_sample_prompt(item) for item in prompts[:3]),
        recipe=parse_recipe(raw_recipe),
        reasons={str(key): str(value) for key, value in reasons.items()} if isinstance(reasons, dict) else {},
    )


def parse_recipe(raw: dict[str, Any]) -> Recipe:
    """Check a recipe in camelCase. Unknown keys are refused: a setting without effect would be a silent no-op."""
    known = {_camel(item.name): item.name for item in fields(Recipe)}
    unknown = sorted(set(raw) - set(known))
    if unknown:
        raise _invalid(f"recipe.{unknown[0]}", "is not a setting this worker knows")
    values: dict[str, Any] = {}
    for camel, name in known.items():
        if camel in raw:
            values[name] = _recipe_value(name, raw[camel])
    return Recipe(**values)


def _recipe_value(name: str, value: Any) -> Any:
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise _invalid(f"recipe.{_camel(name)}", f"is {value!r}, expected one of {', '.join(_CHOICES[name])}")
        return value
    if name == "target_modules":
        return _target_modules(value)
    if name == "early_stopping":
        return _early_stopping(value)
    if name == "gradient_checkpointing":
        return bool(value)
    if value is None and name in _OPTIONAL:
        return None
    return _number(name, value)


def _number(name: str, value: Any) -> float | int:
    low, high = _RANGES[name]
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _invalid(f"recipe.{_camel(name)}", "must be a number")
    if not low <= value <= high:
        raise _invalid(f"recipe.{_camel(name)}", f"is {value}, expected {low:g} to {high:g}")
    whole = isinstance(low, int) and name not in ("alpha",)
    if whole and value != int(value):
        raise _invalid(f"recipe.{_camel(name)}", "must be a whole number")
    return int(value) if whole else float(value)


def _target_modules(value: Any) -> str | tuple[str, ...]:
    if value == "all-linear":
        return "all-linear"
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise _invalid("recipe.targetModules", 'must be "all-linear" or a list of module names')


def _early_stopping(value: Any) -> EarlyStoppingSettings:
    if value is None:
        return EarlyStoppingSettings(patience=1 << 30)
    if not isinstance(value, dict):
        raise _invalid("recipe.earlyStopping", "must be an object")
    patience, gain = value.get("patience", 3), value.get("minimumGain", 0.0)
    if not isinstance(patience, int) or patience < 1 or not isinstance(gain, (int, float)):
        raise _invalid("recipe.earlyStopping", "needs a patience of at least 1 and a number as minimumGain")
    return EarlyStoppingSettings(patience, float(gain))


def _sample_prompt(item: Any) -> SamplePrompt:
    if isinstance(item, str):
        return SamplePrompt(({"role": "user", "content": item},), None)
    messages = item.get("messages") if isinstance(item, dict) else None
    if not isinstance(messages, list) or not messages or not all(isinstance(part, dict) for part in messages):
        raise _invalid("samplePrompts", "holds an entry that is neither a text nor {messages, expected}")
    expected = item.get("expected")
    if expected is None and messages[-1].get("role") == "assistant":
        expected = str(messages[-1].get("content", ""))
        messages = messages[:-1]
    return SamplePrompt(tuple(messages), None if expected is None else str(expected))


def _path(payload: dict[str, Any], name: str, optional: bool = False) -> Path | None:
    value = payload.get(name)
    if value is None and optional:
        return None
    if not isinstance(value, str) or not value:
        raise _invalid(name, "must be a path")
    return Path(value)


def _required_path(payload: dict[str, Any], name: str) -> Path:
    path = _path(payload, name)
    if path is None or not path.exists():
        raise WorkerFailure(
            "file-missing",
            f"The training needs {path}, which is not there.",
            "Choose the base model and dataset again.",
        )
    return path


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)


def _invalid(name: str, problem: str) -> WorkerFailure:
    return WorkerFailure(
        "spec-invalid",
        f"The training settings are not usable: {name} {problem}.",
        "Correct that setting and start again.",
    )

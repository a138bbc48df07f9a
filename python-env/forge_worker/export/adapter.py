"""LoRA and DoRA adapters in PEFT's layout: read, checked against the base, merged in float32."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from forge_worker.export.bfloat16 import float32_to_bfloat16
from forge_worker.export.byte_cursor import MappedFile
from forge_worker.export.folder_weights import FolderWeights, read_json_table
from forge_worker.export.safetensors_header import read_float32, read_safetensors_header
from forge_worker.protocol.errors import WorkerFailure

_PREFIX = "base_model.model."
_PART = re.compile(r"^(?P<module>.+?)\.(?P<part>lora_A|lora_B|lora_magnitude_vector)(\.default)?(\.weight)?$")
MAXIMUM_RANK = 4_096


@dataclass(frozen=True)
class LowRankUpdate:
    """One module's update: delta = scaling * (b @ a), a (rank, inputs), b (outputs, rank), float32.

    magnitude: (outputs,) for DoRA, else None.
    """

    a: np.ndarray
    b: np.ndarray
    scaling: float
    magnitude: np.ndarray | None = None

    @property
    def rank(self) -> int:
        return self.a.shape[0]

    def merge(self, weight: np.ndarray) -> np.ndarray:
        """The merged weight, float32, shape (outputs, inputs).

        DoRA (Liu et al. 2024, https://arxiv.org/abs/2402.09353): every output row is scaled to length `magnitude`.
        """
        merged = weight + np.float32(self.scaling) * (self.b @ self.a)
        if self.magnitude is None:
            return merged
        lengths = np.linalg.norm(merged, axis=1)
        if not np.all(lengths > 0):
            raise WorkerFailure(
                "adapter-damaged", "A DoRA row has length zero, so it cannot be merged.", "Train the adapter again."
            )
        return merged * (self.magnitude / lengths)[:, None]


class Adapter:
    """All updates of one adapter folder by base tensor name, and whole tensors it replaces (`modules_to_save`)."""

    def __init__(self, updates: dict[str, LowRankUpdate], replaced: dict[str, np.ndarray]) -> None:
        self.updates = updates
        self.replaced = replaced

    @property
    def is_dora(self) -> bool:
        return any(update.magnitude is not None for update in self.updates.values())


def read_adapter(folder: Path) -> Adapter:
    """Reads a PEFT folder. Raises `WorkerFailure` for what cannot be merged exactly."""
    config = read_json_table(folder / "adapter_config.json")
    _refuse_unsupported(config)
    parts: dict[str, dict[str, np.ndarray]] = {}
    replaced: dict[str, np.ndarray] = {}
    with MappedFile(folder / "adapter_model.safetensors") as mapped:
        for name, entry in read_safetensors_header(mapped).items():
            plain = name.removeprefix(_PREFIX)
            match = _PART.match(plain)
            if match:
                parts.setdefault(match["module"], {})[match["part"]] = read_float32(mapped, entry)
            elif "lora_" in plain:
                raise _unsupported(f"it has {plain}, an update of an embedding or of another kind")
            else:
                replaced[plain.replace(".modules_to_save.default", "").replace(".modules_to_save", "")] = read_float32(
                    mapped, entry
                )
    updates = {f"{module}.weight": _update(module, pieces, config) for module, pieces in parts.items()}
    if not updates and not replaced:
        raise WorkerFailure("adapter-empty", f"{folder} holds no updates.", "Train the adapter again.")
    return Adapter(updates, replaced)


class MergedWeights:
    """A base's weights with an adapter merged into them, tensor by tensor, in float32, rounded once to bfloat16."""

    def __init__(self, base: FolderWeights, adapter: Adapter) -> None:
        self._base = base
        self._adapter = adapter
        for name, update in adapter.updates.items():
            if name not in base or base.shape(name) != (update.b.shape[0], update.a.shape[1]):
                raise _wrong_base(name)
        for name, value in adapter.replaced.items():
            if name in base and base.shape(name) != value.shape:
                raise _wrong_base(name)

    def names(self) -> list[str]:
        own = self._base.names()
        return own + [name for name in self._adapter.replaced if name not in own]

    def shape(self, name: str) -> tuple[int, ...]:
        return self._adapter.replaced[name].shape if name in self._adapter.replaced else self._base.shape(name)

    def bfloat16(self, name: str) -> np.ndarray:
        """The merged tensor as bfloat16 patterns (uint16)."""
        if name in self._adapter.replaced:
            return float32_to_bfloat16(self._adapter.replaced[name])
        update = self._adapter.updates.get(name)
        if update is None:
            return self._base.bfloat16(name)
        merged = update.merge(self._base.float32(name))
        if not np.isfinite(merged).all():
            raise WorkerFailure(
                "adapter-damaged", f"Merging {name} gave numbers that are not finite.", "Train the adapter again."
            )
        return float32_to_bfloat16(merged)


def scaling_of(module: str, rank: int, config: Mapping[str, Any]) -> float:
    """alpha / rank, or alpha / sqrt(rank) for rsLoRA; `alpha_pattern` may give the module its own alpha."""
    alpha = float(_by_pattern(config.get("alpha_pattern"), module, config["lora_alpha"]))
    return alpha / math.sqrt(rank) if config.get("use_rslora") else alpha / rank


def _by_pattern(patterns: object, module: str, default: float) -> float:
    for pattern, value in (patterns if isinstance(patterns, dict) else {}).items():
        if module == pattern or module.endswith(f".{pattern}") or re.fullmatch(rf"(.*\.)?({pattern})", module):
            return float(value)
    return default


def _update(module: str, pieces: Mapping[str, np.ndarray], config: Mapping[str, Any]) -> LowRankUpdate:
    a, b = pieces.get("lora_A"), pieces.get("lora_B")
    magnitude = pieces.get("lora_magnitude_vector")
    if a is None or b is None or a.ndim != 2 or b.ndim != 2 or a.shape[0] != b.shape[1] or a.shape[0] > MAXIMUM_RANK:
        raise WorkerFailure(
            "adapter-damaged", f"The update of {module} is incomplete or misshapen.", "Train the adapter again."
        )
    if magnitude is not None:
        magnitude = magnitude.reshape(-1)
        if magnitude.shape[0] != b.shape[0]:
            raise WorkerFailure(
                "adapter-damaged", f"The DoRA lengths of {module} do not fit it.", "Train the adapter again."
            )
    if bool(config.get("use_dora")) != (magnitude is not None):
        raise WorkerFailure(
            "adapter-damaged", f"{module}: adapter_config.json and the weights disagree on DoRA.", "Train it again."
        )
    return LowRankUpdate(a, b, scaling_of(module, a.shape[0], config), magnitude)


def _refuse_unsupported(config: Mapping[str, Any]) -> None:
    if config.get("peft_type", "LORA") != "LORA":
        raise _unsupported(f"it is of the kind {config.get('peft_type')!r}")
    if config.get("fan_in_fan_out"):
        raise _unsupported("its matrices are stored transposed (fan_in_fan_out)")
    if config.get("bias", "none") != "none" or config.get("lora_bias"):
        raise _unsupported("it trains biases")
    if "lora_alpha" not in config:
        raise _unsupported("adapter_config.json has no lora_alpha")


def _unsupported(why: str) -> WorkerFailure:
    return WorkerFailure(
        "adapter-unsupported",
        f"This adapter cannot be merged exactly: {why}.",
        "Use a LoRA or DoRA adapter on linear layers, without biases.",
    )


def _wrong_base(name: str) -> WorkerFailure:
    return WorkerFailure(
        "adapter-mismatch",
        f"The adapter does not fit this base model: {name} is missing there or has another shape.",
        "Choose the base model the adapter was trained on.",
    )

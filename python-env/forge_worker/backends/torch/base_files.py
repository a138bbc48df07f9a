"""Reading and writing base models in the Hugging Face folder layout, safetensors only."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from forge_worker.export.config_limits import refuse_absurd_config
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.files import read_json_bounded
from forge_worker.training.peft_layout import carry_base_files

_CONFIG_LIMIT_BYTES = 4 << 20
_INDEX_LIMIT_BYTES = 64 << 20


def read_config(folder: Path) -> dict[str, Any]:
    """config.json of a base. Raises WorkerFailure("base-unreadable" or "config-absurd")."""
    try:
        raw = read_json_bounded(folder / "config.json", _CONFIG_LIMIT_BYTES)
    except (OSError, ValueError) as error:
        raise _unreadable(folder, f"its config.json cannot be read ({error})") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("model_type"), str):
        raise _unreadable(folder, "its config.json names no model type")
    refuse_absurd_config(raw)
    return raw


def read_weights(folder: Path, dtype: torch.dtype) -> dict[str, Tensor]:
    """All weights of a base in `dtype`, by name. Raises WorkerFailure("base-unreadable") for broken files."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    tensors: dict[str, Tensor] = {}
    for path in _weight_files(folder):
        try:
            loaded = load_file(path)
        except (OSError, SafetensorError) as error:
            raise _unreadable(folder, f"{path.name} is broken ({error})") from error
        tensors.update({name: tensor.to(dtype) for name, tensor in loaded.items()})
    return tensors


def write_model(folder: Path, base: Path, config: dict[str, Any], tensors: Mapping[str, Tensor]) -> None:
    """Write a fully fine-tuned model beside the base's tokenizer and template files."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    contiguous = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    save_file(contiguous, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    carry_base_files(base, folder)


def _weight_files(folder: Path) -> list[Path]:
    index = folder / "model.safetensors.index.json"
    if not index.is_file():
        single = folder / "model.safetensors"
        if not single.is_file():
            raise _unreadable(folder, "it holds no model.safetensors")
        return [single]
    try:
        names = sorted(set(read_json_bounded(index, _INDEX_LIMIT_BYTES)["weight_map"].values()))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise _unreadable(folder, "its weight index is broken") from error
    if any(not isinstance(name, str) or Path(name).name != name for name in names):
        raise _unreadable(folder, "its weight index points outside the folder")
    return [folder / name for name in names]


def _unreadable(folder: Path, problem: str) -> WorkerFailure:
    return WorkerFailure(
        "base-unreadable",
        f"The base model in {folder.name} cannot be used: {problem}.",
        "Prepare the base model again.",
    )

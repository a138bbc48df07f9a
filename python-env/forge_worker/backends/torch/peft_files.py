"""The adapter on disk in PEFT's layout: adapter_config.json and adapter_model.safetensors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from torch import Tensor

from forge_worker.training.peft_layout import PEFT_PREFIX, write_adapter_config
from forge_worker.training.settings import Recipe


def write_adapter(folder: Path, base: Path, recipe: Recipe, weights: Mapping[str, Tensor]) -> None:
    """Write `weights` (names as `Projection.adapter_parameters` gives them) so that `peft.PeftModel` loads them."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {PEFT_PREFIX + name: tensor.detach().cpu().clone() for name, tensor in weights.items()}
    save_file(tensors, folder / "adapter_model.safetensors", metadata={"format": "pt"})
    write_adapter_config(folder, base, recipe, weights)

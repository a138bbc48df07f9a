"""Weights and training state on disk: safetensors and JSON, no pickle. Adapters are in PEFT's layout everywhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forge_worker.backends.mlx.adam import MasterOptimiser
from forge_worker.backends.mlx.runtime import random_state, set_random_state
from forge_worker.training.peft_layout import PEFT_PREFIX, carry_base_files, write_adapter_config
from forge_worker.training.settings import Recipe

if TYPE_CHECKING:
    import mlx.core as mx

WEIGHTS_FILE = "weights.safetensors"
_OPTIMISER_FILE = "optimiser.safetensors"
_GENERATORS_FILE = "generators.safetensors"
_TO_PEFT = {"lora_a": "lora_A.weight", "lora_b": "lora_B.weight", "m": "lora_magnitude_vector"}


def tensor_files(optimiser: MasterOptimiser) -> dict[str, Callable[[Path], None]]:
    """The files of tensors of a checkpoint and how to write each (for `write_checkpoint`)."""

    def generators() -> dict[str, Any]:
        import numpy as np

        return {"mlx": np.array([random_state()], dtype=np.uint64)}

    return {
        WEIGHTS_FILE: lambda path: _save(path, peft_tensors(optimiser.masters)),
        _OPTIMISER_FILE: lambda path: _save(path, _to_numpy(optimiser.moments())),
        _GENERATORS_FILE: lambda path: _save(path, generators()),
    }


def restore(folder: Path, optimiser: MasterOptimiser) -> None:
    """Put weights, moments and the random state of a verified checkpoint back."""
    restore_weights(folder, optimiser)
    optimiser.load_moments(_to_mlx(_load(folder / _OPTIMISER_FILE)))
    set_random_state(int(_load(folder / _GENERATORS_FILE)["mlx"][0]))


def restore_weights(folder: Path, optimiser: MasterOptimiser) -> None:
    """Put only the weights of a verified checkpoint back."""
    tensors = _load(folder / WEIGHTS_FILE)
    found = {name: _from_peft(name, tensors) for name in optimiser.masters}
    optimiser.load_weights(_to_mlx(found))


def peft_tensors(masters: Mapping[str, mx.array]) -> dict[str, Any]:
    """Masters as numpy arrays under PEFT's names and in its orientation: lora_A (rank, in), lora_B (out, rank).

    mlx-lm keeps both the other way round. Weights of a whole model keep their names and shapes.
    """
    import numpy as np

    found = {}
    for name, value in masters.items():
        array = np.array(value)
        found[peft_name(name)] = np.ascontiguousarray(array.T) if _is_factor(name) else array
    return found


def peft_name(name: str) -> str:
    """`model.layers.0.self_attn.q_proj.lora_a` as `model.layers.0.self_attn.q_proj.lora_A.weight`."""
    module, _, leaf = name.rpartition(".")
    return f"{module}.{_TO_PEFT[leaf]}" if leaf in _TO_PEFT else name


def write_adapter(folder: Path, base: Path, recipe: Recipe, masters: Mapping[str, mx.array]) -> None:
    """Write the adapter so that `peft.PeftModel` and Forge's export load it."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = peft_tensors(masters)
    _save(
        folder / "adapter_model.safetensors",
        {PEFT_PREFIX + name: array for name, array in tensors.items()},
        {"format": "pt"},
    )
    write_adapter_config(folder, base, recipe, tensors)


def write_model(folder: Path, base: Path, config: dict[str, Any], tensors: Mapping[str, mx.array]) -> None:
    """Write a fully fine-tuned model, in the precision of `tensors`, beside the base's tokenizer and template files."""
    import mlx.core as mx

    folder.mkdir(parents=True, exist_ok=True)
    ordered = {name: tensors[name] for name in sorted(tensors)}
    mx.save_safetensors(str(folder / "model.safetensors"), ordered, {"format": "pt"})
    names = {str(value.dtype).removeprefix("mlx.core.") for value in ordered.values()}
    written = {key: value for key, value in config.items() if key != "torch_dtype"}
    written["dtype"] = "bfloat16" if "bfloat16" in names else "float32"
    (folder / "config.json").write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    carry_base_files(base, folder)


def _from_peft(name: str, tensors: Mapping[str, Any]) -> Any:
    array = tensors[peft_name(name)]
    return array.T if _is_factor(name) else array


def _is_factor(name: str) -> bool:
    return name.rpartition(".")[2] in ("lora_a", "lora_b")


def _to_numpy(tensors: Mapping[str, mx.array]) -> dict[str, Any]:
    import numpy as np

    return {name: np.array(value) for name, value in tensors.items()}


def _to_mlx(arrays: Mapping[str, Any]) -> dict[str, mx.array]:
    import mlx.core as mx
    import numpy as np

    return {name: mx.array(np.ascontiguousarray(array)) for name, array in arrays.items()}


def _save(path: Path, arrays: Mapping[str, Any], metadata: dict[str, str] | None = None) -> None:
    from safetensors.numpy import save_file

    save_file({name: arrays[name] for name in sorted(arrays)}, str(path), metadata)


def _load(path: Path) -> dict[str, Any]:
    from safetensors.numpy import load_file

    return load_file(str(path))

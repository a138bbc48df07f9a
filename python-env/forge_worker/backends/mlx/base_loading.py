"""A base model in the Hugging Face folder layout, into mlx-lm's own model class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forge_worker.backends.mlx.runtime import dtype_of
from forge_worker.export.folder_weights import FolderWeights, read_json_table
from forge_worker.export.rope_settings import rope_settings
from forge_worker.protocol.errors import WorkerFailure

if TYPE_CHECKING:
    import mlx.nn as nn


@dataclass(frozen=True)
class LoadedBase:
    """`config` as config.json has it; `shapes` of the base's tensors by name; `rope_base` None where layers differ."""

    model: nn.Module
    config: dict[str, Any]
    shapes: dict[str, tuple[int, ...]]
    rope_base: float | None


def load_base(folder: Path, precision: str) -> LoadedBase:
    """The base in `folder`, in `precision`, evaluated. Raises WorkerFailure("base-unreadable")."""
    import mlx.core as mx
    from mlx_lm.utils import load_model

    config = read_json_table(folder / "config.json")
    with FolderWeights(folder) as weights:  # checks the files' headers before MLX sees them
        shapes = {name: weights.shape(name) for name in weights.names()}
    if config.get("quantization_config") or config.get("quantization"):
        raise _unreadable(folder, "its weights are quantised already")
    try:
        overrides = config_overrides(config, shapes)
        model, _ = load_model(folder, lazy=True, model_config=overrides)
        model.set_dtype(dtype_of(precision))
        mx.eval(model.parameters())
    except (KeyError, ValueError, TypeError, AttributeError, OSError) as error:
        raise _unreadable(folder, str(error).splitlines()[0] if str(error) else type(error).__name__) from error
    rope = rope_settings(config)
    return LoadedBase(model, config, shapes, rope.theta if rope.local_theta is None else None)


def config_overrides(config: Mapping[str, Any], names: Mapping[str, Any]) -> dict[str, Any]:
    """What mlx-lm must be told beside config.json, since it reads some settings only where older files had them.

    transformers 5 writes `rope_parameters`; most of mlx-lm's classes know only `rope_theta` and `rope_scaling` and
    would compute with 10,000 without a word. An absent `tie_word_embeddings` means tied to some of them even when the
    file has an output matrix.
    """
    found: dict[str, Any] = {}
    if "tie_word_embeddings" not in config:
        found["tie_word_embeddings"] = "lm_head.weight" not in names
    if not isinstance(config.get("rope_parameters"), dict):
        return found
    rope = rope_settings(config)
    found["rope_theta"] = rope.theta
    if rope.local_theta is not None:
        found["rope_local_base_freq"] = rope.local_theta
    if "partial_rotary_factor" in rope.scaling:
        found["partial_rotary_factor"] = rope.scaling["partial_rotary_factor"]
    if rope.kind != "default":
        rest = {name: value for name, value in rope.scaling.items() if name != "rope_theta"}
        found["rope_scaling"] = {**rest, "type": rope.kind, "rope_type": rope.kind}
    return found


def _unreadable(folder: Path, problem: str) -> WorkerFailure:
    return WorkerFailure(
        "base-unreadable",
        f"The base model in {folder.name} cannot be trained with MLX: {problem}.",
        "Prepare the base model again, or choose another one.",
    )

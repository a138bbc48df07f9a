"""A base model in the Hugging Face folder layout, into mlx-lm's own model class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forge_worker.backends.mlx.runtime import dtype_of
from forge_worker.export.config_limits import refuse_absurd_config
from forge_worker.export.folder_weights import FolderWeights, read_json_table
from forge_worker.export.rope_settings import rope_settings
from forge_worker.protocol.errors import WorkerFailure

if TYPE_CHECKING:
    import mlx.nn as nn


_IGNORE_WINDOWS = ("gemma2", "llama", "mistral", "phi3", "qwen2", "qwen3")


@dataclass(frozen=True)
class LoadedBase:
    """`config` as config.json has it; `shapes` of the base's tensors by name; `rope_base` None where layers differ.

    `exact_length`: the most tokens a row may have for mlx-lm's class to compute what the model is; None: any number.
    """

    model: nn.Module
    config: dict[str, Any]
    shapes: dict[str, tuple[int, ...]]
    rope_base: float | None
    exact_length: int | None = None


def load_base(folder: Path, precision: str) -> LoadedBase:
    """The base in `folder`, in `precision`, evaluated. Raises WorkerFailure("base-unreadable" or "config-absurd")."""
    import mlx.core as mx
    from mlx_lm.utils import load_model

    config = read_json_table(folder / "config.json")
    refuse_absurd_config(config)
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
    base = rope.theta if rope.local_theta is None else None
    return LoadedBase(model, config, shapes, base, exact_length(config))


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
    if rope.kind == "longrope" and "short_factor" in rope.scaling:
        # mlx-lm always takes the long factors; `exact_length` keeps rows where the short ones are right.
        found["rope_scaling"]["long_factor"] = rope.scaling["short_factor"]
    return found


def exact_length(config: Mapping[str, Any]) -> int | None:
    """Up to how many tokens mlx-lm computes this model as it was trained.

    Its Gemma 2, Phi-3, Qwen and Mistral classes attend to everything where the model attends to a sliding window, and
    long rope has one set of factors where the model has two (measured against transformers on tiny models).
    """
    limits = []
    window, kind = config.get("sliding_window"), config.get("model_type")
    windowed = config.get("use_sliding_window", kind not in ("qwen2", "qwen3"))
    told = "sliding_attention" in (config.get("layer_types") or []) and kind in ("llama", "mistral")
    if isinstance(window, int) and windowed and not told and kind in _IGNORE_WINDOWS:
        limits.append(window)
    rope = rope_settings(config)
    if rope.kind == "longrope":
        original = rope.scaling.get("original_max_position_embeddings")
        limits.append(int(original or config.get("original_max_position_embeddings") or 4096))
    return min(limits, default=None)


def _unreadable(folder: Path, problem: str) -> WorkerFailure:
    return WorkerFailure(
        "base-unreadable",
        f"The base model in {folder.name} cannot be trained with MLX: {problem}.",
        "Prepare the base model again, or choose another one.",
    )

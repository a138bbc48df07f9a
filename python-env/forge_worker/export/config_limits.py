"""What a config.json may say: checked before anything is allocated by what it says. No framework."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from forge_worker.protocol.errors import WorkerFailure

LIMITS = {
    "hidden_size": 1 << 17,
    "intermediate_size": 1 << 20,
    "num_hidden_layers": 1_024,
    "num_attention_heads": 4_096,
    "num_key_value_heads": 4_096,
    "head_dim": 4_096,
    "vocab_size": 1 << 22,
    "max_position_embeddings": 1 << 26,
    "original_max_position_embeddings": 1 << 26,
}
"""Largest sizes, several times those of the largest published models (Llama 3.1 405B: 126 layers of width 16,384;
Gemma 3: 262,208 tokens). The same bounds stand in native-bridge/base-models/model-sizes.ts."""
PARAMETER_LIMIT = 10**13
_DEPTH_LIMIT = 8


def refuse_absurd_config(config: Mapping[str, Any]) -> None:
    """Raise WorkerFailure("config-absurd") that names the key, when config.json says what no model has.

    Sizes must be whole numbers from 1 to `LIMITS` (absent or null where a family has no such size), every number
    finite, head counts must divide, and all of it together must not exceed `PARAMETER_LIMIT` weights.
    """
    _refuse_not_finite(config, "config.json", _DEPTH_LIMIT)
    for part in (config, config.get("text_config")):
        if isinstance(part, Mapping):
            _refuse_sizes(part)


def _refuse_sizes(config: Mapping[str, Any]) -> None:
    for key, limit in LIMITS.items():
        value = config.get(key)
        if value is not None and not _is_size(value, limit):
            raise _absurd(f"{key} is {value!r:.40} (1 to {limit})")
    heads, hidden = config.get("num_attention_heads"), config.get("hidden_size")
    keys = config.get("num_key_value_heads") or heads
    if heads and keys and heads % keys:
        raise _absurd(f"{heads} heads cannot share {keys} key heads")
    if heads and hidden and config.get("head_dim") is None and hidden % heads:
        raise _absurd(f"{heads} heads do not divide a width of {hidden}")
    layers = config.get("num_hidden_layers") or 0
    inner = config.get("intermediate_size") or 0
    width = hidden or 0
    parameters = width * (2 * (config.get("vocab_size") or 0) + layers * (2 * width + 3 * inner))
    if parameters > PARAMETER_LIMIT:
        raise _absurd(f"its sizes together make {parameters:.2g} weights")


def _is_size(value: object, limit: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= limit


def _refuse_not_finite(value: object, key: str, depth: int) -> None:
    """Python's JSON reads NaN and Infinity, which JSON does not have."""
    if isinstance(value, float) and not math.isfinite(value):
        raise _absurd(f"{key} is {value}")
    if depth == 0:
        raise _absurd(f"{key} is nested too deeply")
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _refuse_not_finite(inner, str(name)[:60], depth - 1)
    elif isinstance(value, list):
        for inner in value:
            _refuse_not_finite(inner, key, depth - 1)


def _absurd(what: str) -> WorkerFailure:
    return WorkerFailure(
        "config-absurd",
        f"The config.json of this base model cannot be right: {what}.",
        "Fetch the base model again, or compare its config.json with the original.",
    )

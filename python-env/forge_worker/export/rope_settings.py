"""Rotary position settings of a config.json, whichever generation of transformers wrote it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from forge_worker.protocol.errors import WorkerFailure


@dataclass(frozen=True)
class RopeSettings:
    """`theta`: base frequency of the global layers; `local_theta`: of sliding-window layers, where they differ."""

    theta: float
    local_theta: float | None = None
    kind: str = "default"
    scaling: Mapping[str, Any] = field(default_factory=dict)


def rope_settings(config: Mapping[str, Any]) -> RopeSettings:
    """Reads `rope_parameters` (transformers 5) or `rope_theta` + `rope_scaling` (before)."""
    parameters = config.get("rope_parameters") or {}
    if "full_attention" in parameters:
        whole = parameters["full_attention"] or {}
        local = (parameters.get("sliding_attention") or {}).get("rope_theta")
        return _settings(whole, config, local)
    if parameters:
        return _settings(parameters, config, None)
    return _settings(config.get("rope_scaling") or {}, config, config.get("rope_local_base_freq"))


def _settings(parameters: Mapping[str, Any], config: Mapping[str, Any], local_theta: float | None) -> RopeSettings:
    theta = parameters.get("rope_theta", config.get("rope_theta", 10_000.0))
    kind = parameters.get("rope_type") or parameters.get("type") or "default"
    return RopeSettings(float(theta), None if local_theta is None else float(local_theta), kind, dict(parameters))


def llama3_frequency_factors(settings: RopeSettings, head_size: int) -> np.ndarray:
    """Divisors of the rotary frequencies, shape (head_size / 2,), float32 (Llama 3.1's scaling).

    Source: transformers modeling_rope_utils, `_compute_llama3_parameters`.
    """
    scaling = settings.scaling
    factor = float(scaling.get("factor", 8.0))
    low, high = float(scaling.get("low_freq_factor", 1.0)), float(scaling.get("high_freq_factor", 4.0))
    original_length = float(scaling.get("original_max_position_embeddings", 8192))
    if low == high:
        raise WorkerFailure(
            "rope-unsupported",
            "This model's rope scaling has equal low and high frequency factors, which cannot be right.",
            "Compare config.json with the original.",
        )
    factors = []
    for index in range(0, head_size, 2):
        wavelength = 2 * math.pi * settings.theta ** (index / head_size)
        if wavelength < original_length / high:
            factors.append(1.0)
        elif wavelength > original_length / low:
            factors.append(factor)
        else:
            smooth = (original_length / wavelength - low) / (high - low)
            factors.append(1 / ((1 - smooth) / factor + smooth))
    return np.array(factors, dtype=np.float32)


def long_rope_attention_factor(longest: int, original: int) -> float:
    """How much Phi-3's long rope scales attention (transformers `_compute_longrope_parameters`)."""
    scale = longest / original
    return math.sqrt(1 + math.log(scale) / math.log(original)) if scale > 1 else 1.0

"""config.json -> GGUF metadata about the model's shape, and the extra rotary tensors some families carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from gguf import GGUFWriter
from gguf.constants import RopeScalingType

from forge_worker.export.families import Family
from forge_worker.export.rope_settings import (
    RopeSettings,
    llama3_frequency_factors,
    long_rope_attention_factor,
    rope_settings,
)
from forge_worker.protocol.errors import WorkerFailure

Config = Mapping[str, Any]
GEMMA_PERIODS = {"gemma2": 2, "gemma3": 6}  # llama.cpp's default: one global layer in every 2 or 6
LARGEST_GEMMA_LAYERS = {"gemma2": 46, "gemma3": 62}  # the 27B models scale attention by hidden size / heads


def head_size_of(config: Config) -> int:
    """Elements per attention head."""
    return int(config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"])


def write_model_metadata(writer: GGUFWriter, family: Family, config: Config) -> list[str]:
    """Adds every key llama.cpp needs to build the graph. Returns warnings in plain words.

    Raises `WorkerFailure` for a setting llama.cpp would silently compute differently.
    """
    warnings: list[str] = []
    head_size = head_size_of(config)
    writer.add_context_length(_context_length(family, config, warnings))
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config.get("num_key_value_heads") or config["num_attention_heads"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_vocab_size(config["vocab_size"])
    settings = rope_settings(config)
    writer.add_rope_freq_base(settings.theta)
    if family.name == "phi3":
        warnings += _write_phi3(writer, config, head_size)
    else:
        writer.add_rope_dimension_count(head_size)
        writer.add_key_length(head_size)
        writer.add_value_length(head_size)
    _write_rope_scaling(writer, family, settings)
    if family.name in GEMMA_PERIODS:
        _write_gemma(writer, family, config, settings)
    _refuse_what_would_differ(family, config, head_size)
    return warnings


def extra_tensors(family: Family, config: Config) -> dict[str, np.ndarray]:
    """GGUF tensors without a counterpart in the folder: rotary factors, float32, shape (rotary size / 2,)."""
    settings = rope_settings(config)
    if family.gguf_architecture == "llama" and settings.kind == "llama3":
        return {"rope_freqs.weight": llama3_frequency_factors(settings, head_size_of(config))}
    if family.name == "phi3" and settings.kind in ("longrope", "su"):
        return {
            "rope_factors_long.weight": np.array(settings.scaling["long_factor"], dtype=np.float32),
            "rope_factors_short.weight": np.array(settings.scaling["short_factor"], dtype=np.float32),
        }
    return {}


def _context_length(family: Family, config: Config, warnings: list[str]) -> int:
    longest = int(config["max_position_embeddings"])
    window = config.get("sliding_window")
    if family.name == "mistral" and window and window < longest:
        warnings.append(
            f"This Mistral attends to the last {window} tokens only, which llama.cpp does not do for it: "
            f"the context length is set to {window} instead of {longest}."
        )
        return int(window)
    return longest


def _write_rope_scaling(writer: GGUFWriter, family: Family, settings: RopeSettings) -> None:
    if settings.kind in ("default", "llama3"):
        if settings.kind == "llama3" and family.gguf_architecture != "llama":
            raise _rope_unsupported(family, settings)
        return
    if settings.kind == "linear":
        writer.add_rope_scaling_type(RopeScalingType.LINEAR)
        writer.add_rope_scaling_factor(float(settings.scaling["factor"]))
    elif settings.kind == "yarn":
        writer.add_rope_scaling_type(RopeScalingType.YARN)
        writer.add_rope_scaling_factor(float(settings.scaling["factor"]))
        writer.add_rope_scaling_orig_ctx_len(int(settings.scaling["original_max_position_embeddings"]))
    elif not (family.name == "phi3" and settings.kind in ("longrope", "su")):
        raise _rope_unsupported(family, settings)


def _rope_unsupported(family: Family, settings: RopeSettings) -> WorkerFailure:
    return WorkerFailure(
        "rope-unsupported",
        f"The rope scaling {settings.kind!r} of this {family.label} model cannot be exported.",
        "Choose a base model without it (default, linear, yarn; llama3 for Llama; longrope for Phi-3).",
    )


def _write_phi3(writer: GGUFWriter, config: Config, head_size: int) -> list[str]:
    settings = rope_settings(config)
    partial = float(settings.scaling.get("partial_rotary_factor", config.get("partial_rotary_factor", 1.0)))
    writer.add_rope_dimension_count(int(head_size * partial))
    longest = int(config["max_position_embeddings"])
    original = int(
        config.get("original_max_position_embeddings")
        or settings.scaling.get("original_max_position_embeddings")
        or longest
    )
    writer.add_rope_scaling_orig_ctx_len(original)
    writer.add_sliding_window(int(config.get("sliding_window") or 0))
    if settings.kind not in ("longrope", "su"):
        return []
    writer.add_rope_scaling_attn_factors(long_rope_attention_factor(longest, original))
    return [
        f"llama.cpp turns this model's long-text setting on as soon as it is opened with room for more than {original} "
        f"tokens, also for short texts. Serve it with at most {original} tokens to get what was trained."
    ]


def _write_gemma(writer: GGUFWriter, family: Family, config: Config, settings: RopeSettings) -> None:
    if config.get("attn_logit_softcapping") and family.name == "gemma2":
        writer.add_attn_logit_softcapping(float(config["attn_logit_softcapping"]))
    if config.get("final_logit_softcapping"):
        writer.add_final_logit_softcapping(float(config["final_logit_softcapping"]))
    writer.add_sliding_window(int(config["sliding_window"]))
    if settings.local_theta is not None:
        writer.add_rope_freq_base_swa(settings.local_theta)
    period = _global_layer_period(family, config)
    if period != GEMMA_PERIODS[family.name]:
        writer.add_sliding_window_pattern(period)


def _global_layer_period(family: Family, config: Config) -> int:
    """Every how many layers one attends to everything; refuses a mixture with no such period."""
    layer_types = config.get("layer_types")
    if not layer_types:
        return int(config.get("sliding_window_pattern") or GEMMA_PERIODS[family.name])
    layers = [kind == "full_attention" for kind in layer_types]
    period = layers.index(True) + 1 if True in layers else len(layers) + 1
    if layers != [(index + 1) % period == 0 for index in range(len(layers))]:
        raise WorkerFailure(
            "attention-unsupported",
            "This model mixes sliding-window and full attention layers in an order llama.cpp cannot express.",
            "Choose the original Gemma model as the base.",
        )
    return GEMMA_PERIODS[family.name] if _same_layers(period, GEMMA_PERIODS[family.name], len(layers)) else period


def _same_layers(first_period: int, second_period: int, layer_count: int) -> bool:
    return all((i % first_period == 0) == (i % second_period == 0) for i in range(1, layer_count + 1))


def _refuse_what_would_differ(family: Family, config: Config, head_size: int) -> None:
    hidden, heads = int(config["hidden_size"]), int(config["num_attention_heads"])
    problem = None
    if family.name in ("qwen2", "phi3") and head_size * heads != hidden:
        problem = f"its heads ({heads} x {head_size}) do not add up to its hidden size ({hidden})"
    if family.name.startswith("qwen") and config.get("use_sliding_window"):
        problem = "it uses sliding-window attention, which llama.cpp ignores for this family"
    if family.name in LARGEST_GEMMA_LAYERS:
        is_largest = config["num_hidden_layers"] == LARGEST_GEMMA_LAYERS[family.name]
        expected = hidden // heads if is_largest else head_size
        if config.get("query_pre_attn_scalar", head_size) != expected:
            problem = f"its attention scale ({config['query_pre_attn_scalar']}) is not the one llama.cpp assumes"
    activation = config.get("hidden_activation") or config.get("hidden_act") or family.activation
    if activation != family.activation:
        problem = f"its activation is {activation!r}, llama.cpp computes {family.activation!r}"
    if problem:
        raise WorkerFailure(
            "model-unsupported",
            f"This {family.label} model cannot be exported faithfully: {problem}.",
            "Choose the original model of this family as the base.",
        )

"""GGUF metadata -> config.json."""

from __future__ import annotations

from typing import Any

import numpy as np

from forge_worker.export.config_limits import LIMITS, refuse_absurd_config
from forge_worker.export.families import Family
from forge_worker.export.gguf_metadata import GgufMetadata
from forge_worker.export.model_metadata import GEMMA_PERIODS
from forge_worker.export.rope_settings import RopeSettings, llama3_frequency_factors
from forge_worker.protocol.errors import WorkerFailure


def config_from_metadata(
    family: Family, metadata: GgufMetadata, vocabulary_size: int, rope_factors: np.ndarray | None
) -> dict[str, Any]:
    """The config.json of the model in a GGUF file, without `tie_word_embeddings` (the tensors tell that).

    rope_factors: the file's `rope_freqs.weight`, if it has one. Raises `WorkerFailure` for missing or odd values.
    """
    keys = _Keys(family, metadata)
    heads = keys.whole("attention.head_count", LIMITS["num_attention_heads"])
    hidden = keys.whole("embedding_length", LIMITS["hidden_size"])
    if keys.whole("expert_count", 1 << 20, 0, lowest=0) > 0:
        raise keys.unsupported("it is a mixture of experts")
    head_size = keys.whole("attention.key_length", LIMITS["head_dim"], hidden // heads)
    config: dict[str, Any] = {
        "architectures": [family.hugging_face_class],
        "model_type": family.model_type,
        "dtype": "bfloat16",
        "vocab_size": vocabulary_size,
        "hidden_size": hidden,
        "intermediate_size": keys.whole("feed_forward_length", LIMITS["intermediate_size"]),
        "num_hidden_layers": keys.whole("block_count", LIMITS["num_hidden_layers"]),
        "num_attention_heads": heads,
        "num_key_value_heads": keys.whole("attention.head_count_kv", heads, heads),
        "head_dim": head_size,
        "max_position_embeddings": keys.whole("context_length", LIMITS["max_position_embeddings"]),
        "rms_norm_eps": keys.number("attention.layer_norm_rms_epsilon", 1e-6),
        "hidden_act": family.activation,
        "attention_dropout": 0.0,
        "use_cache": True,
        "rope_parameters": _rope(family, keys, head_size, rope_factors),
    }
    if heads % config["num_key_value_heads"]:
        raise keys.unsupported("its head counts do not divide")
    refuse_absurd_config(config)
    if head_size % 2:
        raise keys.unsupported("its head size is odd")
    for name, long_name in (("bos", "bos"), ("eos", "eos"), ("pad", "padding")):
        key = f"tokenizer.ggml.{long_name}_token_id"
        token_id = metadata.whole(key, vocabulary_size - 1, lowest=0) if key in metadata else None
        config[f"{name}_token_id"] = token_id
    if family.name in GEMMA_PERIODS:
        _add_gemma(config, family, keys, head_size)
    if family.name == "phi3":
        config["original_max_position_embeddings"] = keys.whole(
            "rope.scaling.original_context_length", 1 << 26, config["max_position_embeddings"]
        )
        config["sliding_window"] = keys.whole("attention.sliding_window", 1 << 26, 0, lowest=0) or None
    return config


def bias_settings(family: Family, names: set[str]) -> dict[str, bool]:
    """`attention_bias` and `mlp_bias` for the tensors (Hugging Face names) a file holds.

    Raises `WorkerFailure` for an arrangement of biases no config.json of this family can express.
    """
    found = {name.split(".", 3)[3].removesuffix(".bias") for name in names if name.endswith(".bias")}
    linear = [module for module in family.block_modules if module.endswith("_proj")]
    groups = {
        "attention_bias": {module for module in linear if module.startswith("self_attn.")},
        "mlp_bias": {module for module in linear if module.startswith("mlp.")},
    }
    always = groups["attention_bias"] - {"self_attn.o_proj"} if family.name == "qwen2" else set()
    settings = {key: groups[key] <= found for key in family.bias_settings}
    expressed = always.union(*[groups[key] for key, is_on in settings.items() if is_on])
    if found != expressed:
        odd = sorted(found ^ expressed)[0]
        raise WorkerFailure(
            "weights-unexpected",
            f"The biases of this GGUF file ({odd}) are not those a {family.label} model has.",
            "Choose a Hugging Face folder of the same model instead.",
        )
    return settings


class _Keys:
    """The keys under the architecture's own name."""

    def __init__(self, family: Family, metadata: GgufMetadata) -> None:
        self._family = family
        self._metadata = metadata

    def has(self, name: str) -> bool:
        return self._full(name) in self._metadata

    def text(self, name: str, default: str) -> str:
        value = self._metadata.text(self._full(name))
        return default if value is None else value

    def whole(self, name: str, limit: int, default: int | None = None, lowest: int = 1) -> int:
        return self._metadata.whole(self._full(name), limit, default, lowest)

    def number(self, name: str, default: float | None = None) -> float:
        return self._metadata.number(self._full(name), default)

    def unsupported(self, why: str) -> WorkerFailure:
        return WorkerFailure(
            "model-unsupported",
            f"This {self._family.label} file cannot be prepared: {why}.",
            "Choose a Hugging Face folder of the same model, or another base.",
        )

    def _full(self, name: str) -> str:
        return f"{self._family.gguf_architecture}.{name}"


def _rope(family: Family, keys: _Keys, head_size: int, rope_factors: np.ndarray | None) -> dict[str, Any]:
    theta = keys.number("rope.freq_base", 10_000.0)
    kind = keys.text("rope.scaling.type", "none")
    if rope_factors is not None:
        return _llama3_rope(keys, theta, head_size, rope_factors)
    if family.name == "gemma3":
        whole: dict[str, Any] = {"rope_type": "default", "rope_theta": theta}
        if kind == "linear":
            whole = {**whole, "rope_type": "linear", "factor": keys.number("rope.scaling.factor", 1.0)}
        local = {"rope_type": "default", "rope_theta": keys.number("rope.freq_base_swa", 10_000.0)}
        return {"full_attention": whole, "sliding_attention": local}
    if kind == "none":
        return {"rope_type": "default", "rope_theta": theta}
    if kind == "linear":
        return {"rope_type": "linear", "rope_theta": theta, "factor": keys.number("rope.scaling.factor", 1.0)}
    if kind == "yarn":
        return {
            "rope_type": "yarn",
            "rope_theta": theta,
            "factor": keys.number("rope.scaling.factor", 1.0),
            "original_max_position_embeddings": keys.whole("rope.scaling.original_context_length", 1 << 26),
        }
    raise keys.unsupported(f"its rope scaling is {kind[:40]!r}")


def _llama3_rope(keys: _Keys, theta: float, head_size: int, rope_factors: np.ndarray) -> dict[str, Any]:
    """The file holds the factors only; Llama 3.1's and 3.2's settings are tried and must give the same ones."""
    for length in (8_192, 4_096, 2_048):
        rope = {
            "rope_type": "llama3",
            "rope_theta": theta,
            "factor": float(np.max(rope_factors)),
            "low_freq_factor": 1.0,
            "high_freq_factor": 4.0,
            "original_max_position_embeddings": length,
        }
        expected = llama3_frequency_factors(RopeSettings(theta, None, "llama3", rope), head_size)
        if expected.shape == rope_factors.shape and np.allclose(expected, rope_factors, rtol=1e-4):
            return rope
    raise keys.unsupported("its rotary factors are not those of a known Llama 3")


def _add_gemma(config: dict[str, Any], family: Family, keys: _Keys, head_size: int) -> None:
    period = keys.whole("attention.sliding_window_pattern", 1_024, GEMMA_PERIODS[family.name])
    layers = range(1, config["num_hidden_layers"] + 1)
    config["layer_types"] = ["full_attention" if i % period == 0 else "sliding_attention" for i in layers]
    config["sliding_window"] = keys.whole("attention.sliding_window", 1 << 26, 4_096)
    config["query_pre_attn_scalar"] = head_size
    config["hidden_activation"] = config.pop("hidden_act")
    for name in ("final_logit_softcapping", "attn_logit_softcapping"):
        config[name] = keys.number(name) if keys.has(name) else None
    if config["num_hidden_layers"] in (46, 62):
        config["query_pre_attn_scalar"] = config["hidden_size"] // config["num_attention_heads"]

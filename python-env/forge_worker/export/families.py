"""The model families Forge can carry between Hugging Face folders and GGUF files, and how their tensors are named.

Names and transformations follow llama.cpp's own converter and loader (github.com/ggml-org/llama.cpp, tag v0.4.0:
conversion/ and src/models/). Each family is held to them by a logits test against libllama.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from forge_worker.protocol.errors import WorkerFailure

_ATTENTION = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
}
_FEED_FORWARD = {"mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}
_TWO_NORMS = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm"}
_QUERY_KEY_NORMS = {"self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm"}
_FOUR_NORMS = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "post_attention_norm",
    "pre_feedforward_layernorm": "ffn_norm",
    "post_feedforward_layernorm": "post_ffw_norm",
}
_FUSED = {
    "self_attn.qkv_proj": "attn_qkv",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_OUTSIDE_BLOCKS = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}


@dataclass(frozen=True)
class Family:
    """One row of the table. `block_modules`: Hugging Face module inside a layer -> GGUF name inside a block."""

    name: str
    label: str
    hugging_face_class: str
    gguf_architecture: str
    block_modules: Mapping[str, str]
    model_type: str
    permutes_rotary: bool = False
    norm_offset: float = 0.0
    activation: str = "silu"
    adapter_gguf: bool = True
    bias_settings: tuple[str, ...] = ()

    def pairs(self, layer_count: int) -> Iterator[tuple[str, str]]:
        """(Hugging Face tensor name, GGUF tensor name) for every tensor a model of this family may have."""
        yield from _OUTSIDE_BLOCKS.items()
        for layer in range(layer_count):
            for module, short in self.block_modules.items():
                for kind in ("weight", "bias"):
                    yield f"model.layers.{layer}.{module}.{kind}", f"blk.{layer}.{short}.{kind}"


FAMILIES: tuple[Family, ...] = (
    Family(
        "llama", "Llama 2 and 3, SmolLM2, TinyLlama", "LlamaForCausalLM", "llama",
        {**_TWO_NORMS, **_ATTENTION, **_FEED_FORWARD}, "llama", permutes_rotary=True,
        bias_settings=("attention_bias", "mlp_bias"),
    ),
    Family(
        "mistral", "Mistral", "MistralForCausalLM", "llama",
        {**_TWO_NORMS, **_ATTENTION, **_FEED_FORWARD}, "mistral", permutes_rotary=True,
    ),
    Family(
        "qwen2", "Qwen2 and Qwen2.5", "Qwen2ForCausalLM", "qwen2",
        {**_TWO_NORMS, **_ATTENTION, **_FEED_FORWARD}, "qwen2",
    ),
    Family(
        "qwen3", "Qwen3", "Qwen3ForCausalLM", "qwen3",
        {**_TWO_NORMS, **_ATTENTION, **_QUERY_KEY_NORMS, **_FEED_FORWARD}, "qwen3",
        bias_settings=("attention_bias",),
    ),
    Family(
        "gemma2", "Gemma 2", "Gemma2ForCausalLM", "gemma2",
        {**_FOUR_NORMS, **_ATTENTION, **_FEED_FORWARD}, "gemma2",
        norm_offset=1.0, activation="gelu_pytorch_tanh",
    ),
    Family(
        "gemma3", "Gemma 3 (text)", "Gemma3ForCausalLM", "gemma3",
        {**_FOUR_NORMS, **_ATTENTION, **_QUERY_KEY_NORMS, **_FEED_FORWARD}, "gemma3_text",
        norm_offset=1.0, activation="gelu_pytorch_tanh",
    ),
    Family(
        "phi3", "Phi-3", "Phi3ForCausalLM", "phi3",
        {**_TWO_NORMS, **_FUSED}, "phi3", adapter_gguf=False,
    ),
)  # fmt: skip


def supported_labels() -> str:
    return "; ".join(family.label for family in FAMILIES)


def family_of_config(config: Mapping[str, Any]) -> Family:
    """The family of a parsed config.json. Raises `WorkerFailure` that lists the supported ones."""
    classes = config.get("architectures")
    name = str(classes[0] if isinstance(classes, list) and classes else config.get("model_type"))[:60]
    for family in FAMILIES:
        if name in (family.hugging_face_class, family.model_type):
            return family
    raise WorkerFailure(
        "family-unsupported",
        f"Models of the kind {name!r} cannot be exported. Supported: {supported_labels()}.",
        "Choose a base model of a supported family.",
    )


def family_of_gguf(architecture: str | None) -> Family:
    """The family for `general.architecture`. Raises `WorkerFailure` that lists the supported ones."""
    for family in FAMILIES:
        if family.gguf_architecture == architecture:
            return family
    raise WorkerFailure(
        "family-unsupported",
        f"GGUF files of the kind {(architecture or '')[:40]!r} cannot be prepared. Supported: {supported_labels()}.",
        "Choose a base model of a supported family.",
    )


def rotary_head_count(family: Family, name: str, config: Mapping[str, Any]) -> int | None:
    """How many heads the rows of tensor `name` hold if llama.cpp wants them in its own rotary order, else None."""
    if not family.permutes_rotary:
        return None
    module = name.rsplit(".", 2)[-2] if name.count(".") >= 2 else ""
    if module == "q_proj":
        return int(config["num_attention_heads"])
    if module == "k_proj":
        return int(config.get("num_key_value_heads") or config["num_attention_heads"])
    return None


def to_interleaved_rotary(rows: np.ndarray, head_count: int) -> np.ndarray:
    """Hugging Face's split-halves order -> llama.cpp's interleaved pairs, along the first axis. Shape is kept."""
    halves = rows.reshape(head_count, 2, rows.shape[0] // head_count // 2, *rows.shape[1:])
    return halves.swapaxes(1, 2).reshape(rows.shape)


def to_split_rotary(rows: np.ndarray, head_count: int) -> np.ndarray:
    """The inverse of `to_interleaved_rotary`."""
    pairs = rows.reshape(head_count, rows.shape[0] // head_count // 2, 2, *rows.shape[1:])
    return pairs.swapaxes(1, 2).reshape(rows.shape)


def is_norm(name: str) -> bool:
    return name.endswith("norm.weight")

"""Our own decoder for the Llama family (Llama, SmolLM, Mistral, Qwen 2 and 3); computes what transformers computes.

Why not transformers' classes: their import costs seconds before a worker does anything, and a layout of our own lets
projections of one input run as one product, rows share a prefix, and the last layer's head see answer positions only.
Tests compare logits and gradients with transformers for every family in `SUPPORTED_FAMILIES`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from forge_worker.backends.torch.fused_ops import (
    EXPLICIT_ATTENTION_LIMIT,
    ExplicitAttention,
    RmsNorm,
    Rotary,
    SwiGlu,
)
from forge_worker.backends.torch.projections import Part, Projection

SUPPORTED_FAMILIES = ("llama", "mistral", "qwen2", "qwen3")


@dataclass(frozen=True)
class DecoderConfig:
    """The figures of config.json that the computation depends on."""

    layers: int
    hidden: int
    heads: int
    key_heads: int
    head_width: int
    vocabulary: int
    epsilon: float
    rope: dict[str, Any]
    tied: bool
    maximum_positions: int


def decoder_config(raw: dict[str, Any]) -> DecoderConfig | None:
    """Read a Hugging Face config.json; None when it asks for something our decoder does not compute."""
    if raw.get("model_type") not in SUPPORTED_FAMILIES or raw.get("hidden_act", "silu") != "silu":
        return None
    windowed = raw.get("sliding_window") is not None and raw.get("use_sliding_window", True)
    if windowed or raw.get("quantization_config") or raw.get("pretraining_tp", 1) != 1 or raw.get("mlp_bias"):
        return None
    rope = dict(raw.get("rope_parameters") or raw.get("rope_scaling") or {})
    rope.setdefault("rope_theta", raw.get("rope_theta", 10_000.0))
    rope.setdefault("rope_type", rope.pop("type", "default"))
    if rope["rope_type"] not in ("default", "linear", "llama3") or rope.get("partial_rotary_factor", 1) != 1:
        return None
    heads = raw["num_attention_heads"]
    return DecoderConfig(
        layers=raw["num_hidden_layers"],
        hidden=raw["hidden_size"],
        heads=heads,
        key_heads=raw.get("num_key_value_heads") or heads,
        head_width=raw.get("head_dim") or raw["hidden_size"] // heads,
        vocabulary=raw["vocab_size"],
        epsilon=raw.get("rms_norm_eps", 1e-6),
        rope=rope,
        tied=bool(raw.get("tie_word_embeddings", False)),
        maximum_positions=raw.get("max_position_embeddings", 2048),
    )


@dataclass
class Layout:
    """How the flat positions lie: `prefix` shared ones, then `lines` x `width`; with the tables a batch needs.

    Masks are additive, [1 or lines, query, keys]; `line_mask` is None when plain causal attention says the same.
    """

    prefix: int
    lines: int
    width: int
    cosine: Tensor
    sine: Tensor
    line_mask: Tensor
    prefix_mask: Tensor | None
    explicit: bool


class Norm(nn.Module):
    """RMS norm with the base's name, so that full fine-tuning finds it."""

    def __init__(self, name: str, weight: Tensor, epsilon: float) -> None:
        super().__init__()
        self.name = name
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.epsilon = epsilon

    def forward(self, x: Tensor) -> Tensor:
        """[..., width] to the same shape."""
        return RmsNorm.apply(x, self.weight, self.epsilon)


class DecoderLayer(nn.Module):
    """One block: attention and feed-forward, each on the normed input, added to it."""

    def __init__(self, number: int, config: DecoderConfig, tensors: dict[str, Tensor]) -> None:
        super().__init__()
        self.config = config
        name = f"model.layers.{number}"
        attention, mlp = f"{name}.self_attn", f"{name}.mlp"
        self.input_norm = _norm(f"{name}.input_layernorm", tensors, config)
        self.post_norm = _norm(f"{name}.post_attention_layernorm", tensors, config)
        self.qkv = _projection([f"{attention}.{part}_proj" for part in "qkv"], tensors)
        self.output = _projection([f"{attention}.o_proj"], tensors)
        self.gate_up = _projection([f"{mlp}.gate_proj", f"{mlp}.up_proj"], tensors)
        self.down = _projection([f"{mlp}.down_proj"], tensors)
        has_head_norms = f"{attention}.q_norm.weight" in tensors
        self.q_norm = _norm(f"{attention}.q_norm", tensors, config) if has_head_norms else None
        self.k_norm = _norm(f"{attention}.k_norm", tensors, config) if has_head_norms else None

    def forward(self, x: Tensor, layout: Layout) -> Tensor:
        """[T, hidden] to [T, hidden]."""
        q, k, v = self.split(self.qkv(self.input_norm(x)), layout.cosine, layout.sine)
        x = x + self.output(attend(q, k, v, layout))
        return x + self.down(SwiGlu.apply(self.gate_up(self.post_norm(x))))

    def split(self, qkv: Tensor, cosine: Tensor, sine: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Heads of the fused projection, rotated: q [T, heads, D], k and v [T, key heads, D]."""
        heads, keys = self.config.heads, self.config.key_heads
        parts = qkv.view(len(qkv), heads + 2 * keys, self.config.head_width)
        if self.q_norm is None or self.k_norm is None:
            rotated = Rotary.apply(parts[:, : heads + keys], cosine, sine)
            return rotated[:, :heads], rotated[:, heads:], parts[:, heads + keys :]
        q = Rotary.apply(self.q_norm(parts[:, :heads]), cosine, sine)
        k = Rotary.apply(self.k_norm(parts[:, heads : heads + keys]), cosine, sine)
        return q, k, parts[:, heads + keys :]


class Decoder(nn.Module):
    """Token ids to final hidden states; `head` [V, H] turns these into logits."""

    def __init__(self, config: DecoderConfig, tensors: dict[str, Tensor]) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Parameter(tensors["model.embed_tokens.weight"], requires_grad=False)
        self.layers = nn.ModuleList(DecoderLayer(number, config, tensors) for number in range(config.layers))
        self.norm = _norm("model.norm", tensors, config)
        self.own_head = None if config.tied else nn.Parameter(tensors["lm_head.weight"], requires_grad=False)
        self.gradient_checkpointing = False
        self._frequencies = rope_frequencies(config)
        self._tables: tuple[Tensor, Tensor] | None = None

    @property
    def head(self) -> Tensor:
        """The output matrix [V, H]; the embedding itself when the base ties them."""
        return self.embedding if self.own_head is None else self.own_head

    def forward(self, ids: Tensor, layout: Layout, selected: Tensor) -> Tensor:
        """Normed hidden states [N, H] of the `selected` flat positions."""
        x = functional.embedding(ids, self.embedding)
        for layer in self.layers:
            if self.gradient_checkpointing and torch.is_grad_enabled():
                x = checkpoint(layer, x, layout, use_reentrant=False)
            else:
                x = layer(x, layout)
        return self.norm(x[selected])

    def rotary(self, positions: Tensor) -> tuple[Tensor, Tensor]:
        """Cosine and sine [T, 1, D / 2] of flat positions, in the weights' precision."""
        highest = int(positions.max()) + 1
        dtype, device = self.embedding.dtype, self.embedding.device
        if self._tables is None or len(self._tables[0]) < highest or self._tables[0].dtype != dtype:
            length = max(1024, 1 << (highest - 1).bit_length())
            angles = torch.outer(torch.arange(length, dtype=torch.float32), self._frequencies)
            self._tables = (angles.cos().to(device, dtype), angles.sin().to(device, dtype))
        return self._tables[0][positions].unsqueeze(1), self._tables[1][positions].unsqueeze(1)


def attend(q: Tensor, k: Tensor, v: Tensor, layout: Layout) -> Tensor:
    """Attention of the prefix with itself, and of every line with the prefix and itself; [T, heads * D]."""
    shared = layout.prefix
    keys, width = k.shape[1], q.shape[2]
    line_shape = (layout.lines, layout.width)
    line_q = q[shared:].view(*line_shape, q.shape[1], width)
    line_k = k[shared:].reshape(*line_shape, keys, width).transpose(1, 2)
    line_v = v[shared:].reshape(*line_shape, keys, width).transpose(1, 2)
    if shared == 0:
        return _attention(line_q, line_k, line_v, layout.line_mask, layout.explicit)
    prefix_k, prefix_v = k[None, :shared].transpose(1, 2), v[None, :shared].transpose(1, 2)
    line_k = torch.cat([prefix_k.expand(layout.lines, -1, -1, -1), line_k], 2)
    line_v = torch.cat([prefix_v.expand(layout.lines, -1, -1, -1), line_v], 2)
    assert layout.prefix_mask is not None
    first = _attention(q[None, :shared], prefix_k, prefix_v, layout.prefix_mask, layout.explicit)
    return torch.cat([first, _attention(line_q, line_k, line_v, layout.line_mask, layout.explicit)])


def _attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor, explicit: bool) -> Tensor:
    """q [B, L, heads, D], k and v [B, key heads, K, D], mask [1 or B, L, K]; gives [B * L, heads * D]."""
    lines, length, heads, width = q.shape
    keys = k.shape[1]
    scale = 1 / math.sqrt(width)
    if not explicit:
        out = functional.scaled_dot_product_attention(
            q.transpose(1, 2), k, v, attn_mask=mask.unsqueeze(1), scale=scale, enable_gqa=heads != keys
        )
        return out.transpose(1, 2).reshape(lines * length, heads * width)
    group = heads // keys
    grouped = q.view(lines, length, keys, group, width).permute(0, 2, 3, 1, 4)
    grouped = grouped.reshape(lines * keys, group * length, width)
    out = ExplicitAttention.apply(
        grouped, k.reshape(lines * keys, -1, width), v.reshape(lines * keys, -1, width), mask, scale
    )
    out = out.view(lines, keys, group, length, width).permute(0, 3, 1, 2, 4)
    return out.reshape(lines * length, heads * width)


def explicit_is_faster(keys: int, device: torch.device) -> bool:
    """Whether plain products beat the fused kernel: short sequences on CPU."""
    return device.type == "cpu" and keys <= EXPLICIT_ATTENTION_LIMIT


def rope_frequencies(config: DecoderConfig) -> Tensor:
    """Rotation per position of each half-dimension [D / 2], fp32, by rope_type (default, linear, llama3)."""
    rope, width = config.rope, config.head_width
    exponents = torch.arange(0, width, 2, dtype=torch.int64).float() / width
    frequencies = 1.0 / (rope["rope_theta"] ** exponents)
    if rope["rope_type"] == "linear":
        return frequencies / rope["factor"]
    if rope["rope_type"] != "llama3":
        return frequencies
    factor, low, high = rope["factor"], rope["low_freq_factor"], rope["high_freq_factor"]
    original = rope["original_max_position_embeddings"]
    wavelengths = 2 * math.pi / frequencies
    smooth = ((original / wavelengths - low) / (high - low)).clamp(0, 1)
    return (1 - smooth) * frequencies / factor + smooth * frequencies


def _projection(names: list[str], tensors: dict[str, Tensor]) -> Projection:
    weights = [tensors.pop(f"{name}.weight") for name in names]
    biases = [tensors.pop(f"{name}.bias", None) for name in names]
    if any(bias is not None for bias in biases):
        filled = [torch.zeros(len(w), dtype=w.dtype) if b is None else b for w, b in zip(weights, biases, strict=True)]
        bias = torch.cat(filled)
    else:
        bias = None
    parts = [Part(name, len(weight)) for name, weight in zip(names, weights, strict=True)]
    return Projection(parts, weights[0] if len(weights) == 1 else torch.cat(weights), bias)


def _norm(name: str, tensors: dict[str, Tensor], config: DecoderConfig) -> Norm:
    return Norm(name, tensors.pop(f"{name}.weight"), config.epsilon)

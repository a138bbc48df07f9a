"""A base model small enough to train in a second: random weights, a byte tokenizer, a ChatML template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from tiny_files import HEADS, HIDDEN, INNER, KEY_HEADS, LAYERS, tiny_config, write_tokenizer


def write_tiny_base(folder: Path, **changes: Any) -> Path:
    """A Hugging Face folder of a Llama with about 30,000 random weights (fp32); `changes` go into config.json."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = write_tokenizer(folder)
    config = tiny_config(vocabulary)
    config.update(changes)
    (folder / "config.json").write_text(json.dumps(config))
    write_random_weights(folder, vocabulary)
    return folder


def write_random_weights(folder: Path, vocabulary: int) -> None:
    """model.safetensors with fixed random weights."""
    from safetensors.torch import save_file

    generator = torch.Generator().manual_seed(11)
    head_width = HIDDEN // HEADS

    def normal(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator) * 0.1

    weights = {"model.embed_tokens.weight": normal(vocabulary, HIDDEN) * 3, "model.norm.weight": normal(HIDDEN) + 1}
    for layer in range(LAYERS):
        name = f"model.layers.{layer}"
        weights[f"{name}.input_layernorm.weight"] = normal(HIDDEN) + 1
        weights[f"{name}.post_attention_layernorm.weight"] = normal(HIDDEN) + 1
        for part, rows in (("q", HIDDEN), ("k", KEY_HEADS * head_width), ("v", KEY_HEADS * head_width), ("o", HIDDEN)):
            weights[f"{name}.self_attn.{part}_proj.weight"] = normal(rows, HIDDEN)
        weights[f"{name}.mlp.gate_proj.weight"] = normal(INNER, HIDDEN)
        weights[f"{name}.mlp.up_proj.weight"] = normal(INNER, HIDDEN)
        weights[f"{name}.mlp.down_proj.weight"] = normal(HIDDEN, INNER)
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})

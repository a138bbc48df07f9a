"""Tiny random models of every family, with real (trained) tokenizers, built on the spot."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forge_worker.export.pre_tokenizers import pre_tokenizer_named

CORPUS = [
    "The quick brown fox jumps over the lazy dog. It's 12:45 on 2026-11-21, isn't it?",
    "def add(a, b):\n    return a + b\n\nprint(add(12345, 67))",
    "Tickets: printer broken, queue = hardware, urgency = high. Please don't wait!",
    "Übermäßig große Häuser; café, naïve; 日本語 и русский текст; 😀 👍🏽",
    "SELECT name FROM people WHERE age >= 30 ORDER BY name;   many   spaces\tand tabs",
] * 8
TEXTS = [
    "Hello world", "the lazy dog's 12345 jumps", "  two spaces, then\n\nlines\r\n", "日本語 😀 ü", "x" * 40, "a",
    "<|im_start|>user\nIt isn't 2026-11-21.<|im_end|>\n", "def f(x):\n\treturn x ** 2", "",
]  # fmt: skip
CHAT_TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
SHAPE = {
    "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "max_position_embeddings": 256, "tie_word_embeddings": False,
    "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 0,
}  # fmt: skip


@dataclass(frozen=True)
class TinyModel:
    """A name for the test, the transformers class, its settings beyond `SHAPE`, and the tokenizer it gets."""

    name: str
    config_class: str
    pre_tokenizer: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    space_prefix: bool = False


LLAMA3_ROPE = {
    "rope_type": "llama3", "rope_theta": 10_000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}  # fmt: skip
GEMMA3_ROPE = {
    "full_attention": {"rope_type": "linear", "rope_theta": 1_000_000.0, "factor": 2.0},
    "sliding_attention": {"rope_type": "default", "rope_theta": 25_000.0},
}
LONG_ROPE = {
    "rope_type": "longrope", "rope_theta": 10_000.0, "short_factor": [1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7],
    "long_factor": [2.0, 2.1, 2.2, 2.3, 2.4, 2.5, 2.6, 2.7], "original_max_position_embeddings": 256,
}  # fmt: skip
MODELS = (
    TinyModel("llama-3", "Llama", "llama-bpe", {"rope_parameters": LLAMA3_ROPE}),
    TinyModel("smollm2", "Llama", "smollm", {"tie_word_embeddings": True, "attention_bias": True, "mlp_bias": True}),
    TinyModel("tinyllama", "Llama", None, {"num_key_value_heads": 4}, space_prefix=True),
    TinyModel("mistral", "Mistral", None, {"head_dim": 32, "sliding_window": None}, space_prefix=True),
    TinyModel("qwen2", "Qwen2", "qwen2"),
    TinyModel("qwen3", "Qwen3", "qwen2", {"head_dim": 32, "tie_word_embeddings": True}),
    TinyModel("gemma2", "Gemma2", None, {"head_dim": 32, "query_pre_attn_scalar": 32, "sliding_window": 8,
                                         "tie_word_embeddings": True}),
    TinyModel("gemma3", "Gemma3Text", None, {"head_dim": 32, "query_pre_attn_scalar": 32, "sliding_window": 8,
                                             "num_hidden_layers": 7, "rope_parameters": GEMMA3_ROPE,
                                             "tie_word_embeddings": True}),
    TinyModel("phi3", "Phi3", None, {"num_key_value_heads": 4, "sliding_window": None}, space_prefix=True),
    TinyModel("phi3-long", "Phi3", None, {"rope_parameters": LONG_ROPE, "original_max_position_embeddings": 256,
                                          "max_position_embeddings": 512, "sliding_window": None}),
)  # fmt: skip


def model_named(name: str) -> TinyModel:
    return next(model for model in MODELS if model.name == name)


def build(model: TinyModel, folder: Path) -> Path:
    """Writes a Hugging Face folder with bfloat16 weights, a tokenizer and a chat template; returns it."""
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    size = _write_tokenizer(model, folder)
    torch.manual_seed(7)
    config = getattr(transformers, f"{model.config_class}Config")(vocab_size=size, **{**SHAPE, **model.settings})
    network = transformers.AutoModelForCausalLM.from_config(config)
    with torch.no_grad():
        for name, parameter in network.named_parameters():
            spread = 0.3 if "norm" in name or name.endswith("bias") else 0.15
            noise = torch.randn_like(parameter) * spread
            is_plain_norm = "norm" in name and not model.config_class.startswith("Gemma")
            parameter.copy_(noise + 1.0 if is_plain_norm else noise)
    network.to(torch.bfloat16).save_pretrained(folder)
    return folder


def hugging_face_logits(folder: Path, ids: list[int]):
    """float32 logits at every position, (tokens, vocabulary)."""
    import torch
    from transformers import AutoModelForCausalLM

    network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    with torch.inference_mode():
        return network(torch.tensor([ids])).logits[0].numpy()


def add_adapter(base: Path, folder: Path, change: Callable[[Any], None] | None = None, **settings: Any) -> Path:
    """A PEFT adapter with random (non-zero) weights for `base`; returns its folder."""
    import peft
    import torch
    from transformers import AutoModelForCausalLM

    network = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    options = {"r": 4, "lora_alpha": 10, "target_modules": "all-linear", **settings}
    wrapped = peft.get_peft_model(network, peft.LoraConfig(**options))
    torch.manual_seed(11)
    with torch.no_grad():
        for name, parameter in wrapped.named_parameters():
            if "lora_A" in name or "lora_B" in name:
                parameter.copy_(torch.randn_like(parameter) * 0.15)
            elif "magnitude" in name:
                parameter.mul_(torch.rand_like(parameter) + 0.5)
    if change is not None:
        change(wrapped)
    wrapped.save_pretrained(folder)
    return folder


def _write_tokenizer(model: TinyModel, folder: Path) -> int:
    from tokenizers import Tokenizer, trainers

    is_byte_level = model.pre_tokenizer is not None
    frame = _byte_level_frame(model) if is_byte_level else _sentencepiece_frame(model)
    tokenizer = Tokenizer.from_str(json.dumps(frame))
    special = ["<s>", "</s>", "<|im_start|>", "<|im_end|>"]
    if is_byte_level:
        from tokenizers.pre_tokenizers import ByteLevel

        alphabet = sorted(ByteLevel.alphabet())
        trainer = trainers.BpeTrainer(vocab_size=380, special_tokens=special, initial_alphabet=alphabet)
    else:
        special = ["<s>", "</s>", "<unk>", "<|im_start|>", "<|im_end|>"] + [f"<0x{byte:02X}>" for byte in range(256)]
        trainer = trainers.BpeTrainer(vocab_size=420, special_tokens=special)
    tokenizer.train_from_iterator(CORPUS, trainer)
    parsed = json.loads(tokenizer.to_str())
    parsed["added_tokens"] = [item for item in parsed["added_tokens"] if not item["content"].startswith("<0x")]
    parsed["model"]["ignore_merges"] = frame["model"]["ignore_merges"]
    (folder / "tokenizer.json").write_text(json.dumps(parsed), encoding="utf-8")
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "<|im_end|>",
        "pad_token": "<s>", "add_bos_token": False, "chat_template": CHAT_TEMPLATE,
    }  # fmt: skip
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    return len(parsed["model"]["vocab"]) + 5  # a few rows more than tokens, as Qwen has


def _byte_level_frame(model: TinyModel) -> dict[str, Any]:
    row = pre_tokenizer_named(model.pre_tokenizer)
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
        "normalizer": {"type": "NFC"} if row.normalises else None, "pre_tokenizer": row.to_json(),
        "post_processor": None,
        "decoder": {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
        "model": _empty_model(byte_fallback=False, ignore_merges=row.ignores_merges),
    }  # fmt: skip


def _sentencepiece_frame(model: TinyModel) -> dict[str, Any]:
    to_mark = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    prefix = [{"type": "Prepend", "prepend": "▁"}] if model.space_prefix else []
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [],
        "normalizer": {"type": "Sequence", "normalizers": [*prefix, to_mark]}, "pre_tokenizer": None,
        "post_processor": None,
        "decoder": {"type": "Sequence", "decoders": [
            {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
        ]},
        "model": {**_empty_model(byte_fallback=True, ignore_merges=False), "unk_token": "<unk>", "fuse_unk": True},
    }  # fmt: skip


def _empty_model(byte_fallback: bool, ignore_merges: bool) -> dict[str, Any]:
    return {
        "type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None,
        "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": byte_fallback,
        "ignore_merges": ignore_merges, "vocab": {}, "merges": [],
    }  # fmt: skip

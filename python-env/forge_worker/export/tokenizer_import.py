"""The tokenizer keys of a GGUF file -> tokenizer.json + tokenizer_config.json."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gguf.constants import TokenType

from forge_worker.export.folder_weights import write_json
from forge_worker.export.gguf_metadata import GgufMetadata
from forge_worker.export.pre_tokenizers import pre_tokenizer_named
from forge_worker.protocol.errors import WorkerFailure

PLACEHOLDER = re.compile(r"\[PAD\d+\]")
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
SPECIAL_KEYS = {
    "bos_token": "tokenizer.ggml.bos_token_id",
    "eos_token": "tokenizer.ggml.eos_token_id",
    "unk_token": "tokenizer.ggml.unknown_token_id",
    "pad_token": "tokenizer.ggml.padding_token_id",
}


def write_tokenizer(metadata: GgufMetadata, folder: Path) -> int:
    """Writes both files and returns the number of tokens. Raises `WorkerFailure` for an unknown tokenizer."""
    tokens, types = _tokens(metadata)
    kind = metadata.text("tokenizer.ggml.model")
    if kind == "gpt2":
        tokenizer = _byte_level(metadata, tokens, types)
    elif kind == "llama":
        tokenizer = _sentencepiece(metadata, tokens, types)
    else:
        raise WorkerFailure(
            "tokenizer-unsupported",
            f"The tokenizer kind {(kind or '')[:40]!r} of this GGUF file cannot be rebuilt (gpt2 and llama can).",
            "Choose a Hugging Face folder of the same model instead.",
        )
    special = _special_tokens(metadata, tokens)
    tokenizer["added_tokens"] = _added_tokens(tokens, types)
    adds_bos = _adds_bos(metadata, kind)
    adds_eos = metadata.flag("tokenizer.ggml.add_eos_token", False)
    tokenizer["post_processor"] = _post_processor(kind, special, tokens, (adds_bos, adds_eos))
    _check(tokenizer)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False), encoding="utf-8")
    settings: dict[str, Any] = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "add_bos_token": adds_bos,
        "add_eos_token": adds_eos,
        "clean_up_tokenization_spaces": False,
        "model_max_length": _context_length(metadata),
        **special,
    }
    template = metadata.text("tokenizer.chat_template")
    if template is not None and template.strip():
        settings["chat_template"] = template
    write_json(folder / "tokenizer_config.json", settings)
    return len(tokens)


def _tokens(metadata: GgufMetadata) -> tuple[list[str], list[int]]:
    tokens = metadata.texts("tokenizer.ggml.tokens")
    if not tokens or len(set(tokens)) != len(tokens):
        raise _damaged("its list of tokens is missing or holds a text twice")
    numbers = metadata.numbers("tokenizer.ggml.token_type")
    types = [int(TokenType.NORMAL)] * len(tokens) if numbers is None else [int(value) for value in numbers]
    if len(types) != len(tokens):
        raise _damaged(f"it has {len(tokens)} tokens and {len(types)} token types")
    return tokens, types


def _vocabulary(tokens: Sequence[str], types: Sequence[int]) -> dict[str, int]:
    return {
        text: index
        for index, text in enumerate(tokens)
        if not (types[index] == TokenType.UNUSED and PLACEHOLDER.fullmatch(text))
    }


def _byte_level(metadata: GgufMetadata, tokens: Sequence[str], types: Sequence[int]) -> dict[str, Any]:
    row = pre_tokenizer_named(metadata.text("tokenizer.ggml.pre"))
    vocabulary = _vocabulary(tokens, types)
    merges = []
    for merge in metadata.texts("tokenizer.ggml.merges"):
        cut = merge.find(" ", 1)  # as llama.cpp does: the first part may start with a space
        left, right = merge[:cut], merge[cut + 1 :]
        if cut < 0 or left not in vocabulary or right not in vocabulary or left + right not in vocabulary:
            raise _damaged(f"the merge {merge[:40]!r} names tokens that do not exist")
        merges.append([left, right])
    return {
        **_frame(),
        "normalizer": {"type": "NFC"} if row.normalises else None,
        "pre_tokenizer": row.to_json(),
        "decoder": BYTE_LEVEL,
        "model": {**_bpe(vocabulary, merges), "ignore_merges": row.ignores_merges},
    }


def _sentencepiece(metadata: GgufMetadata, tokens: Sequence[str], types: Sequence[int]) -> dict[str, Any]:
    scores = metadata.numbers("tokenizer.ggml.scores")
    if scores is None or len(scores) != len(tokens):
        raise _damaged("it has no score for every token")
    vocabulary = _vocabulary(tokens, types)
    has_prefix = metadata.flag("tokenizer.ggml.add_space_prefix", True)
    to_mark = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    steps = [{"type": "Prepend", "prepend": "▁"}, to_mark] if has_prefix else [to_mark]
    back: list[dict[str, Any]] = [
        {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
    ]
    if has_prefix:
        back.append({"type": "Strip", "content": " ", "start": 1, "stop": 0})
    unknown = next((tokens[i] for i, kind in enumerate(types) if kind == TokenType.UNKNOWN), None)
    mergeable = [index for index, kind in enumerate(types) if kind == TokenType.NORMAL]
    model = _bpe(vocabulary, _merges_from_scores([(tokens[i], float(scores[i])) for i in mergeable], vocabulary))
    return {
        **_frame(),
        "normalizer": {"type": "Sequence", "normalizers": steps},
        "pre_tokenizer": None,
        "decoder": {"type": "Sequence", "decoders": back},
        "model": {**model, "unk_token": unknown, "fuse_unk": True, "byte_fallback": True},
    }


def _merges_from_scores(pieces: Sequence[tuple[str, float]], vocabulary: Mapping[str, int]) -> list[list[str]]:
    """Every split of a piece into two known ones, best score first (the order transformers' own converter uses)."""
    found: list[tuple[float, str, str]] = []
    for text, score in pieces:
        splits = [(text[:cut], text[cut:]) for cut in range(1, len(text))]
        known = [pair for pair in splits if pair[0] in vocabulary and pair[1] in vocabulary]
        found += [(score, *pair) for pair in sorted(known, key=lambda pair: (vocabulary[pair[0]], vocabulary[pair[1]]))]
    found.sort(key=lambda item: (item[0], len(item[1]), len(item[2])), reverse=True)
    return [[left, right] for _, left, right in found]


def _frame() -> dict[str, Any]:
    return {"version": "1.0", "truncation": None, "padding": None}


def _bpe(vocabulary: dict[str, int], merges: list[list[str]]) -> dict[str, Any]:
    return {
        "type": "BPE",
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": False,
        "byte_fallback": False,
        "ignore_merges": False,
        "vocab": vocabulary,
        "merges": merges,
    }


def _added_tokens(tokens: Sequence[str], types: Sequence[int]) -> list[dict[str, Any]]:
    kinds = {int(TokenType.CONTROL): True, int(TokenType.UNKNOWN): True, int(TokenType.USER_DEFINED): False}
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return [
        {"id": index, "content": tokens[index], **plain, "special": kinds[kind]}
        for index, kind in enumerate(types)
        if kind in kinds
    ]


def _special_tokens(metadata: GgufMetadata, tokens: Sequence[str]) -> dict[str, str]:
    found = {}
    for name, key in SPECIAL_KEYS.items():
        if key in metadata:
            found[name] = tokens[metadata.whole(key, len(tokens) - 1, lowest=0)]
    return found


def _adds_bos(metadata: GgufMetadata, kind: str) -> bool:
    usual = kind == "llama" or pre_tokenizer_named(metadata.text("tokenizer.ggml.pre")).adds_bos
    return metadata.flag("tokenizer.ggml.add_bos_token", usual)


def _post_processor(
    kind: str, special: Mapping[str, str], tokens: Sequence[str], adds: tuple[bool, bool]
) -> dict[str, Any] | None:
    before = [special["bos_token"]] if adds[0] and "bos_token" in special else []
    after = [special["eos_token"]] if adds[1] and "eos_token" in special else []
    if not before and not after:
        return {**BYTE_LEVEL, "use_regex": True} if kind == "gpt2" else None
    ids = {text: index for index, text in enumerate(tokens)}

    def around(name: str, type_id: int) -> list[dict[str, Any]]:
        sides = [[{"SpecialToken": {"id": text, "type_id": type_id}} for text in side] for side in (before, after)]
        return [*sides[0], {"Sequence": {"id": name, "type_id": type_id}}, *sides[1]]

    named = {text: {"id": text, "ids": [ids[text]], "tokens": [text]} for text in before + after}
    pair = around("A", 0) + around("B", 1)
    return {"type": "TemplateProcessing", "single": around("A", 0), "pair": pair, "special_tokens": named}


def _context_length(metadata: GgufMetadata) -> int:
    return metadata.whole(f"{metadata.text('general.architecture')}.context_length", 1 << 26, 2_048)


def _check(tokenizer: Mapping[str, Any]) -> None:
    """Lets the tokenizers library load what was built, so a fault shows here and not in the middle of a training."""
    from tokenizers import Tokenizer

    try:
        Tokenizer.from_str(json.dumps(tokenizer, ensure_ascii=False))
    except Exception as error:  # the library raises plain Exception for every fault
        raise _damaged(f"its tokenizer cannot be rebuilt ({error})") from error


def _damaged(what: str) -> WorkerFailure:
    return WorkerFailure("file-damaged", f"This GGUF file is damaged: {what}.", "Fetch the file again.")

"""How text is cut before byte-pair merging: llama.cpp's names and the `pre_tokenizer` of tokenizer.json for each.

The expressions are those of the original tokenizer.json files; llama.cpp (src/llama-vocab.cpp, tag v0.4.0) holds
equivalents under the names used here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forge_worker.protocol.errors import WorkerFailure

_LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_WORD_UPPER = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
_WORD_LOWER = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
_REST = r" ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_TEKKEN = rf"{_WORD_UPPER}|{_WORD_LOWER}|\p{{N}}|{_REST}"
_ENDINGS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
_GPT4O = rf"{_WORD_UPPER}{_ENDINGS}|{_WORD_LOWER}{_ENDINGS}|\p{{N}}{{1,3}}|{_REST}"


@dataclass(frozen=True)
class PreTokenizer:
    """`expression`: a splitting regex, or None for GPT-2's; `ignores_merges`: words in the vocabulary stay whole."""

    name: str
    expression: str | None = None
    single_digits: bool = False
    ignores_merges: bool = False
    adds_bos: bool = False
    normalises: bool = False
    aliases: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The `pre_tokenizer` of a tokenizer.json."""
        parts: list[dict[str, Any]] = []
        if self.single_digits:
            parts.append({"type": "Digits", "individual_digits": True})
        if self.expression is not None:
            pattern = {"Regex": self.expression}
            parts.append({"type": "Split", "pattern": pattern, "behavior": "Isolated", "invert": False})
        own_regex = self.expression is None
        parts.append({"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": own_regex})
        return parts[0] if len(parts) == 1 else {"type": "Sequence", "pretokenizers": parts}


PRE_TOKENIZERS: tuple[PreTokenizer, ...] = (
    PreTokenizer(
        "smollm", single_digits=True, aliases=("starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b")
    ),
    PreTokenizer("gpt-2", aliases=("phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling")),
    PreTokenizer(
        "llama-bpe", _LLAMA3, ignores_merges=True, adds_bos=True,
        aliases=("llama3", "llama-v3", "falcon3", "pixtral", "midm-2.0", "lfm2"),
    ),
    PreTokenizer("dbrx", _LLAMA3, aliases=("smaug-bpe",)),
    PreTokenizer("qwen2", _QWEN2, normalises=True, aliases=("deepseek-r1-qwen", "stablelm2")),
    PreTokenizer("tekken", _TEKKEN, ignores_merges=True, adds_bos=True),
    PreTokenizer("gpt-4o", _GPT4O, aliases=("llama4",)),
)  # fmt: skip


def pre_tokenizer_named(name: str | None) -> PreTokenizer:
    """The row for llama.cpp's `tokenizer.ggml.pre`. Raises `WorkerFailure` for a name that is not in the table."""
    for row in PRE_TOKENIZERS:
        if name == row.name or name in row.aliases:
            return row
    raise _unknown(f"named {(name or '')[:40]!r}")


def pre_tokenizer_of(tokenizer: Mapping[str, Any]) -> PreTokenizer:
    """The row that cuts text as a parsed tokenizer.json does. Raises `WorkerFailure` when none does."""
    outer = tokenizer.get("pre_tokenizer") or {}
    parts = outer.get("pretokenizers", []) if outer.get("type") == "Sequence" else [outer]
    expressions = [_expression(part) for part in parts if part.get("type") == "Split"]
    byte_level = [part for part in parts if part.get("type") == "ByteLevel"]
    digits = any(part.get("type") == "Digits" and part.get("individual_digits") for part in parts)
    known = {"Split", "ByteLevel", "Digits"}
    if len(byte_level) != 1 or len(expressions) > 1 or any(part.get("type") not in known for part in parts):
        raise _unknown("of this tokenizer.json")
    own_regex = bool(byte_level[0].get("use_regex", True))
    ignores_merges = bool(tokenizer.get("model", {}).get("ignore_merges", False))
    wanted = expressions[0] if expressions else None
    same = [
        row
        for row in PRE_TOKENIZERS
        if row.expression == wanted and row.single_digits == digits and (row.expression is None) == own_regex
    ]
    if not same:
        raise _unknown("of this tokenizer.json")
    return next((row for row in same if row.ignores_merges == ignores_merges), same[0])


def _expression(part: Mapping[str, Any]) -> str:
    pattern = part.get("pattern") or {}
    return str(pattern.get("Regex", pattern.get("String", "")))


def _unknown(which: str) -> WorkerFailure:
    names = ", ".join(row.name for row in PRE_TOKENIZERS)
    return WorkerFailure(
        "tokenizer-unsupported",
        f"The way text is cut into words ({which}) is not one Forge can reproduce in llama.cpp. Known: {names}.",
        "Choose a base model with one of these tokenizers.",
    )

"""tokenizer.json + tokenizer_config.json -> the tokenizer keys of a GGUF file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gguf import GGUFWriter
from gguf.constants import TokenType

from forge_worker.export.folder_weights import read_json_table
from forge_worker.export.pre_tokenizers import pre_tokenizer_named, pre_tokenizer_of
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.chat_template import load_chat_template, special_tokens

BYTE_TOKEN = re.compile(r"<0x[0-9A-F]{2}>")
ADDED_TOKEN_SCORE = -1000.0
SPECIAL_NAMES = {"bos_token": "bos", "eos_token": "eos", "unk_token": "unk", "pad_token": "pad"}
GENERATION_TAG = re.compile(r"\{%(-|\+)?\s*(end)?generation\s*(-|\+)?%\}")


@dataclass
class TokenizerFields:
    """What a GGUF file says about its tokenizer. `model`: "gpt2" (byte-level BPE) or "llama" (sentencepiece)."""

    model: str
    pre: str
    tokens: list[str]
    types: list[int]
    merges: list[str] | None = None
    scores: list[float] | None = None
    special_ids: dict[str, int] = field(default_factory=dict)
    adds_bos: bool = False
    adds_eos: bool = False
    adds_space_prefix: bool | None = None
    chat_template: str | None = None
    warnings: list[str] = field(default_factory=list)


def read_tokenizer_fields(folder: Path, vocabulary_size: int, pre_tokenizer: str | None) -> TokenizerFields:
    """Reads the tokenizer of a Hugging Face folder.

    vocabulary_size: rows of the embedding (>= the tokenizer's own; the rest is filled with unused tokens);
    pre_tokenizer: the original's name where it is known, else None to derive it. Raises `WorkerFailure`.
    """
    tokenizer = read_json_table(folder / "tokenizer.json")
    settings = read_json_table(folder / "tokenizer_config.json")
    model = tokenizer.get("model") or {}
    if model.get("type") != "BPE":
        raise WorkerFailure(
            "tokenizer-unsupported",
            f"This tokenizer is of the kind {model.get('type')!r}; byte-pair tokenizers (BPE) can be exported.",
            "Choose a base model with a BPE tokenizer.",
        )
    fields = _vocabulary(tokenizer, vocabulary_size)
    if _is_sentencepiece(tokenizer):
        _fill_sentencepiece(fields, tokenizer)
    else:
        _fill_byte_level(fields, tokenizer, pre_tokenizer)
    _fill_special_tokens(fields, folder, tokenizer, settings)
    fields.chat_template = read_chat_template(folder, settings)
    _compare_beginning(fields, folder, settings)
    return fields


def write_tokenizer_fields(writer: GGUFWriter, fields: TokenizerFields) -> None:
    """Adds the tokenizer keys to a GGUF file being written."""
    writer.add_tokenizer_model(fields.model)
    writer.add_tokenizer_pre(fields.pre)
    writer.add_token_list(fields.tokens)
    if fields.scores is not None:
        writer.add_token_scores(fields.scores)
    writer.add_token_types(fields.types)
    if fields.merges is not None:
        writer.add_token_merges(fields.merges)
    add_id = {
        "bos": writer.add_bos_token_id,
        "eos": writer.add_eos_token_id,
        "eot": writer.add_eot_token_id,
        "unk": writer.add_unk_token_id,
        "pad": writer.add_pad_token_id,
    }
    for name, token_id in fields.special_ids.items():
        add_id[name](token_id)
    writer.add_add_bos_token(fields.adds_bos)
    writer.add_add_eos_token(fields.adds_eos)
    if fields.adds_space_prefix is not None:
        writer.add_add_space_prefix(fields.adds_space_prefix)
    if fields.chat_template is not None:
        writer.add_chat_template(without_generation_tags(fields.chat_template))


def without_generation_tags(template: str) -> str:
    """The template with `{% generation %}` tags turned into `{% if true %}`.

    Only transformers knows that tag; an always-true condition keeps the white-space rules of the original tag.
    """
    return GENERATION_TAG.sub(
        lambda tag: f"{{%{tag[1] or ''} {'endif' if tag[2] else 'if true'} {tag[3] or ''}%}}", template
    )


def read_chat_template(folder: Path, settings: Mapping[str, Any]) -> str | None:
    """The folder's chat template: chat_template.jinja wins, then tokenizer_config.json (its `default` when several)."""
    jinja_path = folder / "chat_template.jinja"
    if jinja_path.is_file():
        return jinja_path.read_text(encoding="utf-8")
    template = settings.get("chat_template")
    if isinstance(template, list):
        named = {item.get("name"): item.get("template") for item in template if isinstance(item, dict)}
        template = named.get("default")
    return template if isinstance(template, str) else None


def _vocabulary(tokenizer: Mapping[str, Any], vocabulary_size: int) -> TokenizerFields:
    texts = {int(token_id): text for text, token_id in tokenizer["model"]["vocab"].items()}
    types = dict.fromkeys(texts, int(TokenType.NORMAL))
    for added in tokenizer.get("added_tokens") or []:
        token_id, text = int(added["id"]), str(added["content"])
        is_control = bool(added.get("special")) or _looks_like_control(text)
        texts[token_id] = text if is_control else text.replace("▁", " ")
        types[token_id] = int(TokenType.CONTROL if is_control else TokenType.USER_DEFINED)
    if texts and max(texts) >= vocabulary_size:
        raise WorkerFailure(
            "tokenizer-mismatch",
            f"The tokenizer has token {max(texts)}, but the model only knows {vocabulary_size} tokens.",
            "Take tokenizer and weights from the same model.",
        )
    tokens = [texts.get(index, f"[PAD{index}]") for index in range(vocabulary_size)]
    if len(set(tokens)) != len(tokens):
        raise WorkerFailure(
            "tokenizer-mismatch", "Two tokens of this tokenizer have the same text.", "Choose another base model."
        )
    return TokenizerFields("gpt2", "", tokens, [types.get(i, int(TokenType.UNUSED)) for i in range(vocabulary_size)])


def _looks_like_control(text: str) -> bool:
    """Some models mark control tokens as ordinary ones (llama.cpp's converter has the same list)."""
    return text in ("<pad>", "<mask>", "<2mass>", "[@BOS@]") or (
        (text.startswith("<|") and text.endswith("|>")) or (text.startswith("<unused") and text.endswith(">"))
    )


def _is_sentencepiece(tokenizer: Mapping[str, Any]) -> bool:
    return bool(tokenizer["model"].get("byte_fallback"))


def _merge_pairs(tokenizer: Mapping[str, Any]) -> list[tuple[str, str]]:
    pairs = []
    for merge in tokenizer["model"].get("merges") or []:
        left, right = merge if isinstance(merge, list) else merge.split(" ", 1)
        pairs.append((left, right))
    return pairs


def _fill_byte_level(fields: TokenizerFields, tokenizer: Mapping[str, Any], original: str | None) -> None:
    fields.model = "gpt2"
    fields.merges = [f"{left} {right}" for left, right in _merge_pairs(tokenizer)]
    if original is None:
        fields.pre = pre_tokenizer_of(tokenizer).name
        return
    fields.pre = original
    try:
        derived = pre_tokenizer_of(tokenizer).name
    except WorkerFailure:
        derived = "an unknown one"
    if derived != pre_tokenizer_named(original).name:
        fields.warnings.append(
            f"The base came with the pre-tokenizer {original}, its tokenizer.json has {derived}; "
            f"{original} is written. The token comparison of the parity step tells whether that is right."
        )


def _fill_sentencepiece(fields: TokenizerFields, tokenizer: Mapping[str, Any]) -> None:
    """Scores from merge order: llama.cpp merges the highest score first, so rank r becomes -r."""
    fields.model, fields.pre = "llama", "default"
    pairs = _merge_pairs(tokenizer)
    ranks: dict[str, int] = {}
    for rank, (left, right) in enumerate(pairs):
        ranks.setdefault(left + right, rank)
    unknown = tokenizer["model"].get("unk_token")
    fields.scores = []
    for index, text in enumerate(fields.tokens):
        if fields.types[index] in (TokenType.CONTROL, TokenType.USER_DEFINED):
            fields.scores.append(0.0 if text == unknown else ADDED_TOKEN_SCORE)
        else:
            fields.scores.append(-float(ranks.get(text, len(pairs) + 1)))
        if text == unknown:
            fields.types[index] = int(TokenType.UNKNOWN)
        elif BYTE_TOKEN.fullmatch(text):
            fields.types[index] = int(TokenType.BYTE)
    fields.adds_space_prefix = _adds_space_prefix(tokenizer)


def _adds_space_prefix(tokenizer: Mapping[str, Any]) -> bool:
    normalizer = tokenizer.get("normalizer") or {}
    steps = normalizer.get("normalizers", []) if normalizer.get("type") == "Sequence" else [normalizer]
    if any(step.get("type") == "Prepend" for step in steps):
        return True
    outer = tokenizer.get("pre_tokenizer") or {}
    parts = outer.get("pretokenizers", []) if outer.get("type") == "Sequence" else [outer]
    for part in parts:
        if part.get("type") == "Metaspace":
            return part.get("prepend_scheme", "always" if part.get("add_prefix_space", True) else "never") != "never"
    return False


def _fill_special_tokens(
    fields: TokenizerFields, folder: Path, tokenizer: Mapping[str, Any], settings: Mapping[str, Any]
) -> None:
    ids = {text: index for index, text in enumerate(fields.tokens)}
    for key, name in SPECIAL_NAMES.items():
        value = settings.get(key)
        text = value.get("content") if isinstance(value, dict) else value
        if isinstance(text, str) and text in ids:
            fields.special_ids[name] = ids[text]
    generation_path = folder / "generation_config.json"
    ends = read_json_table(generation_path).get("eos_token_id") if generation_path.is_file() else None
    for token_id in ends if isinstance(ends, list) else []:
        if token_id != fields.special_ids.get("eos"):
            fields.special_ids.setdefault("eot", int(token_id))
    before, after = _added_tokens(tokenizer.get("post_processor") or {})
    fields.adds_bos = before is not None and ids.get(before) == fields.special_ids.get("bos")
    fields.adds_eos = after is not None and ids.get(after) == fields.special_ids.get("eos")


def _added_tokens(processor: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The tokens the tokenizer itself puts before and after a text.

    Its post-processor alone decides: transformers 5 computes the same ids whatever `add_bos_token` and `add_eos_token`
    of tokenizer_config.json say (a test compares). A wrong "adds one" here makes servers put a token before every
    prompt that the model never saw in training.
    """
    parts = processor.get("processors", []) if processor.get("type") == "Sequence" else [processor]
    for part in parts:
        if part.get("type") == "TemplateProcessing":
            pieces = [piece.get("SpecialToken", {}).get("id") for piece in part.get("single", [])]
            return (pieces[0], pieces[-1]) if pieces else (None, None)
    return None, None


def _compare_beginning(fields: TokenizerFields, folder: Path, settings: Mapping[str, Any]) -> None:
    """Warn where the tokenizer adds a beginning token that the chat template, and so every learned row, lacks."""
    text = special_tokens(dict(settings)).get("bos_token")
    if not fields.adds_bos or fields.chat_template is None or text is None:
        return
    try:
        rendered = load_chat_template(folder).render([{"role": "user", "content": "x"}], add_generation_prompt=True)
    except WorkerFailure:
        return  # a template that refuses this conversation is told of where rows are rendered
    if not rendered.startswith(text):
        fields.warnings.append(
            f"The tokenizer puts {text} before a text, but the chat template does not write it: a server that "
            "asks the tokenizer sees one token more than the model was trained with."
        )

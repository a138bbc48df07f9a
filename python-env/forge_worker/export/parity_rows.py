"""What a parity job measures with: held-out rows as tokens with their answer mask, and prompts for greedy answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.files import read_json_bounded
from forge_worker.training.chat_template import load_chat_template, special_tokens, tokenizer_config
from forge_worker.training.encoding import EncodedRow, RowEncoder, TokenizersEncoder, encode_rows
from forge_worker.training.rows import Row, read_rows

MAXIMUM_TEXTS_BYTES = 16 << 20
MAXIMUM_ROW_TOKENS = 4_096


@dataclass(frozen=True)
class GreedyPrompt:
    """A conversation up to where an answer begins, as messages, as text and as the reference's token ids."""

    messages: list[dict[str, str]]
    rendered: str
    ids: list[int]


@dataclass(frozen=True)
class ParityRows:
    """Rows rendered, tokenised and masked exactly as in training (forge_worker.training.encoding)."""

    rows: list[EncodedRow]
    prompts: list[GreedyPrompt]


@dataclass(frozen=True)
class RowChoice:
    """A forge.row/1 file, how many of its first rows are used, and how many of their prompts are answered."""

    path: Path
    limit_rows: int
    prompt_count: int


def read_parity_rows(reference: Path, choice: RowChoice) -> ParityRows:
    """The usable ones among the first rows, and their first prompts of different text.

    Raises `WorkerFailure` when no row is usable.
    """
    template, encoder = load_chat_template(reference), TokenizersEncoder(reference)
    end_token = special_tokens(tokenizer_config(reference)).get("eos_token")
    row_encoder = RowEncoder(template, encoder, encoder.token_id(end_token) if end_token is not None else None)
    rows = read_rows(choice.path)[: choice.limit_rows]
    encoded, _ = encode_rows(row_encoder, rows, MAXIMUM_ROW_TOKENS)
    usable = [row for row in encoded if len(row.ids) <= MAXIMUM_ROW_TOKENS]
    if not usable:
        raise WorkerFailure(
            "rows-unusable",
            f"None of {choice.limit_rows} rows of {choice.path.name} has an answer within {MAXIMUM_ROW_TOKENS} tokens.",
            "Choose a dataset with shorter conversations that end in an answer.",
        )
    prompts: dict[str, GreedyPrompt] = {}
    for row in rows:
        if len(prompts) >= choice.prompt_count:
            break
        messages = _prompt_messages(row)
        rendered = template.render(messages, add_generation_prompt=True)
        prompts.setdefault(rendered, GreedyPrompt(messages, rendered, encoder.encode_text(rendered)))
    return ParityRows(usable, list(prompts.values()))


def read_texts(path: Path) -> list[str]:
    """The JSON array of texts whose tokens are compared. Raises `WorkerFailure`."""
    try:
        texts = read_json_bounded(path, MAXIMUM_TEXTS_BYTES)
    except (OSError, ValueError) as error:
        raise WorkerFailure("texts-unreadable", f"{path.name} cannot be read: {error}.", "Start again.") from error
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise WorkerFailure("texts-unreadable", f"{path.name} is not a list of texts.", "Start again.")
    return texts


def reference_token_ids(reference: Path, texts: Sequence[str]) -> list[list[int]]:
    """The reference tokenizer's ids of each text, without added special tokens."""
    encoder = TokenizersEncoder(reference)
    return [encoder.encode_text(text) for text in texts]


def end_token_ids(reference: Path) -> set[int]:
    """Tokens after which an answer is over: generation_config.json, config.json, and the tokenizer's own."""
    ends: set[int] = set()
    for name in ("generation_config.json", "config.json"):
        path = reference / name
        value: Any = read_json_bounded(path, 1 << 20).get("eos_token_id") if path.is_file() else None
        ends.update(value if isinstance(value, list) else [] if value is None else [value])
    text = special_tokens(tokenizer_config(reference)).get("eos_token")
    token_id = TokenizersEncoder(reference).token_id(text) if text is not None else None
    return ends if token_id is None else ends | {token_id}


def _prompt_messages(row: Row) -> list[dict[str, str]]:
    last = max((index for index, weight in enumerate(row.weights) if weight > 0), default=len(row.messages))
    return [{"role": message["role"], "content": message["content"]} for message in row.messages[:last]]

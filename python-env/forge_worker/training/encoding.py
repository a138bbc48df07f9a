"""From rows to token ids with a weight per token: only answers are learned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.chat_template import ChatTemplate
from forge_worker.training.rows import Row


class TextEncoder(Protocol):
    """What is needed of a tokenizer: text to ids, without special tokens added."""

    def encode_text(self, text: str) -> list[int]: ...

    def decode_ids(self, ids: Sequence[int]) -> str: ...

    def is_special(self, token_id: int) -> bool: ...


class TokenizersEncoder:
    """The base model's tokenizer.json through the `tokenizers` package."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        path = folder / "tokenizer.json"
        if not path.is_file():
            raise WorkerFailure(
                "no-tokenizer",
                f"The base model in {folder.name} has no tokenizer.json.",
                "Prepare the base model again, or choose one in the Hugging Face layout.",
            )
        self._tokenizer = Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        added = self._tokenizer.get_added_tokens_decoder()
        self._special = {token_id for token_id, token in added.items() if token.special}

    def encode_text(self, text: str) -> list[int]:
        """Token ids of `text` as it stands."""
        return self._tokenizer.encode(text, add_special_tokens=False).ids

    def decode_ids(self, ids: Sequence[int]) -> str:
        """Text of `ids`, special tokens left out."""
        return self._tokenizer.decode(list(ids), skip_special_tokens=True)

    def is_special(self, token_id: int) -> bool:
        """Whether the token is a control token (end of turn and the like)."""
        return token_id in self._special

    def token_id(self, text: str) -> int | None:
        """The id of one token by its text."""
        return self._tokenizer.token_to_id(text)


@dataclass(frozen=True)
class EncodedRow:
    """`weights[i]` > 0 means token i is learned (predicted from what comes before it); same length as `ids`."""

    id: str
    ids: list[int]
    weights: list[float]

    @property
    def first_learned(self) -> int:
        """Index of the first learned token (the length when there is none)."""
        return next((index for index, weight in enumerate(self.weights) if weight > 0), len(self.ids))


@dataclass
class EncodingReport:
    """What happened to a file's rows."""

    rows: int = 0
    learned_tokens: int = 0
    prefix_breaks: int = 0
    truncated_rows: int = 0
    truncated_tokens: int = 0
    rows_without_answer: list[str] = field(default_factory=list)
    end_token_ids: set[int] = field(default_factory=set)
    added_end_tokens: int = 0


class RowEncoder:
    """Renders rows with the model's own template and marks what is learned.

    For every assistant message with a weight the rendering up to it must start with the rendering of the prompt
    (generation prompt included): learned is what follows, up to and with the end token, without the line break that
    templates put after it.
    """

    def __init__(self, template: ChatTemplate, encoder: TextEncoder, end_token_id: int | None) -> None:
        self._template = template
        self._encoder = encoder
        self._end_token_id = end_token_id

    def encode(self, row: Row, report: EncodingReport) -> EncodedRow | None:
        """The row as tokens, or None when its rendering breaks the prefix rule (counted in the report)."""
        if row.text is not None:
            return self._encode_passage(row.id, row.text, report)
        whole = self._template.render(row.messages)
        ids: list[int] = []
        weights: list[float] = []
        done = 0
        for index, weight in enumerate(row.weights):
            if weight == 0:
                continue
            prompt = self._template.render(row.messages[:index], add_generation_prompt=True)
            answered = self._template.render(row.messages[: index + 1])
            if not answered.startswith(prompt) or not whole.startswith(answered) or len(prompt) < done:
                report.prefix_breaks += 1
                return None
            learned_end = len(answered.rstrip())
            learned_end = max(learned_end, len(prompt))
            self._append((ids, weights), whole[:done], whole[done : len(prompt)], 0.0)
            self._append((ids, weights), whole[: len(prompt)], whole[len(prompt) : learned_end], weight)
            done = learned_end
            self._close(ids, weights, report)
        report.rows += 1
        return EncodedRow(row.id, ids, weights)

    def _encode_passage(self, row_id: str, text: str, report: EncodingReport) -> EncodedRow:
        """All of it is learned but the first token, which nothing comes before.

        No end token: a passage is cut out of a document, and a model that learned to stop there would stop in mid-text.
        """
        ids = self._encoder.encode_text(text)
        report.rows += 1
        return EncodedRow(row_id, ids, [0.0] + [1.0] * (len(ids) - 1) if ids else [])

    def prompt_ids(self, messages: Sequence[dict[str, Any]]) -> list[int]:
        """The ids a model sees before it answers `messages`."""
        return self._encoder.encode_text(self._template.render(messages, add_generation_prompt=True))

    def _append(self, tokens: tuple[list[int], list[float]], before: str, text: str, weight: float) -> None:
        """Add the tokens of `text`, which follows `before`.

        Some tokenizers put a space mark at the start of every text, so the two are encoded together when the tokens so
        far come out the same; else `text` is encoded alone, which is what a server does at the prompt's end.
        """
        ids, weights = tokens
        if not text:
            return
        together = self._encoder.encode_text(before + text)
        new = together[len(ids) :] if together[: len(ids)] == ids else self._encoder.encode_text(text)
        ids += new
        weights += [weight] * len(new)

    def _close(self, ids: list[int], weights: list[float], report: EncodingReport) -> None:
        """Note the end token; where the template writes none, the model's own is added, or it never learns to stop."""
        if ids and self._encoder.is_special(ids[-1]):
            report.end_token_ids.add(ids[-1])
        elif self._end_token_id is not None and ids:
            ids.append(self._end_token_id)
            weights.append(weights[-1])
            report.end_token_ids.add(self._end_token_id)
            report.added_end_tokens += 1


def encode_rows(encoder: RowEncoder, rows: Sequence[Row], max_length: int) -> tuple[list[EncodedRow], EncodingReport]:
    """Encode rows and leave out those without a learned token within `max_length`; both cases are in the report.

    Ids are kept whole (cut at batch time), so that a later shortening needs no second encoding.
    """
    report = EncodingReport()
    kept: list[EncodedRow] = []
    for row in rows:
        encoded = encoder.encode(row, report)
        if encoded is None:
            continue
        if len(encoded.ids) > max_length:
            report.truncated_rows += 1
            report.truncated_tokens += len(encoded.ids) - max_length
        learned = sum(1 for weight in encoded.weights[:max_length] if weight > 0)
        if learned == 0 or encoded.first_learned == 0:
            report.rows_without_answer.append(row.id)
            continue
        report.learned_tokens += learned
        kept.append(encoded)
    return kept, report

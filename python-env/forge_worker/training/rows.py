"""Reading forge.row/1 files without trusting them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forge_worker.protocol.errors import WorkerFailure

LINE_LIMIT_BYTES = 4 << 20
_BLOCK_BYTES = 1 << 20
_ROLES = ("system", "user", "assistant", "tool")
_HINT = "Import the dataset again: Forge then shows which rows it rejects and why."


@dataclass(frozen=True)
class Row:
    """One conversation; `weights[i]` (>= 0) is how much message i counts, 0 for messages that are not learned.

    With `text` it is a passage for continued pre-training: that text is learned instead, every token of it and without
    the chat form. Its messages are the question it is measured by.
    """

    id: str
    messages: tuple[dict[str, Any], ...]
    weights: tuple[float, ...]
    text: str | None = None


def read_rows(path: Path) -> list[Row]:
    """All rows of a JSONL file, in order; blank lines are passed over.

    An assistant message counts 1 unless it has a `weight`; other messages count 0.
    Raises WorkerFailure("row-invalid") with file name and line number for the first line that is no usable row.
    """
    return [_parse(path, number, line) for number, line in _lines(path) if line.strip()]


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    with open(path, "rb", buffering=_BLOCK_BYTES) as file:
        while line := file.readline(LINE_LIMIT_BYTES + 1):
            number += 1
            if len(line) > LINE_LIMIT_BYTES:
                raise _invalid(path, number, f"is longer than {LINE_LIMIT_BYTES >> 20} MB")
            yield number, line


def _parse(path: Path, number: int, line: bytes) -> Row:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _invalid(path, number, f"is not JSON ({error})") from error
    if not isinstance(raw, dict) or not isinstance(raw.get("messages"), list) or not raw["messages"]:
        raise _invalid(path, number, "has no messages")
    if raw.get("kind", "sft") != "sft":
        raise _invalid(path, number, f"has the kind {raw['kind']!r}; this training learns from 'sft' rows only")
    messages, weights = [], []
    for message in raw["messages"]:
        weights.append(_weight(path, number, message))
        messages.append({key: value for key, value in message.items() if key != "weight"})
    text = raw.get("text")
    if text is not None and (not isinstance(text, str) or not text):
        raise _invalid(path, number, "has a passage that is not text")
    return Row(str(raw.get("id", number)), tuple(messages), tuple(weights), text)


def _weight(path: Path, number: int, message: Any) -> float:
    if not isinstance(message, dict) or message.get("role") not in _ROLES:
        raise _invalid(path, number, f"has a message whose role is not one of {', '.join(_ROLES)}")
    if not isinstance(message.get("content"), str):
        raise _invalid(path, number, "has a message whose content is not text")
    if message["role"] != "assistant":
        return 0.0
    weight = message.get("weight", 1.0)
    if weight is None:
        return 1.0
    if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not math.isfinite(weight) or weight < 0:
        raise _invalid(path, number, "has a message weight that is not a number of at least 0")
    return float(weight)


def _invalid(path: Path, number: int, problem: str) -> WorkerFailure:
    return WorkerFailure("row-invalid", f"Line {number} of {path.name} {problem}.", _HINT)

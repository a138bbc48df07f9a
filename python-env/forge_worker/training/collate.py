"""From planned rows to one rectangular micro-batch, with what all rows have in common taken out once.

Rows of a chat dataset usually start with the same system prompt. A causal model computes the same states for it in
every row, so it is computed once per micro-batch and every row attends to it: the same loss and the same gradients,
for far fewer tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from forge_worker.training.batch_plan import Line
from forge_worker.training.encoding import EncodedRow

WIDTH_MULTIPLE = 8
MINIMUM_SHARED_PREFIX = 8


@dataclass(frozen=True)
class MicroBatch:
    """`prefix` (P tokens, shared) followed by `lines` (B x width, right-padded with `pad_id`).

    A flat index into P + B * width positions; `selected[i]` is the position whose output predicts `targets[i]` with
    `weights[i]`. `positions` are rotary positions. `segments` is None, or (packing) a number per position of a line:
    tokens attend only within their own number.
    """

    prefix: list[int]
    lines: list[list[int]]
    width: int
    positions: list[int]
    segments: list[list[int]] | None
    selected: list[int]
    targets: list[int]
    weights: list[float]

    @property
    def size(self) -> int:
        """Positions computed, padding included."""
        return len(self.prefix) + len(self.lines) * self.width


@dataclass(frozen=True)
class CollateSettings:
    """`share_prefix` is off for models whose attention cannot be given a prefix."""

    max_length: int
    pad_id: int
    share_prefix: bool


def collate(rows: Sequence[EncodedRow], lines: Sequence[Line], settings: CollateSettings) -> MicroBatch:
    """One micro-batch of `lines` (indices into `rows`), each row cut at `settings.max_length`."""
    packed = any(len(line) > 1 for line in lines)
    members = [[rows[index] for index in line] for line in lines]
    prefix = [] if packed or not settings.share_prefix else _shared_prefix([line[0] for line in members], settings)
    shared = len(prefix)
    cut = [[row.ids[shared : settings.max_length] for row in line] for line in members]
    longest = max(sum(len(part) for part in line) for line in cut)
    width = -(-longest // WIDTH_MULTIPLE) * WIDTH_MULTIPLE
    batch = MicroBatch(prefix, [], width, list(range(shared)), [] if packed else None, [], [], [])
    for number, (line, parts) in enumerate(zip(members, cut, strict=True)):
        _add_line(batch, line, parts, shared + number * width, settings.pad_id)
    return batch


def learned_weight(rows: Sequence[EncodedRow], lines: Sequence[Line], max_length: int) -> tuple[float, int]:
    """Sum of token weights and number of learned tokens in `lines` when rows are cut at `max_length`."""
    weights = [weight for line in lines for index in line for weight in rows[index].weights[1:max_length] if weight > 0]
    return sum(weights), len(weights)


def _add_line(batch: MicroBatch, line: list[EncodedRow], parts: list[list[int]], start: int, pad_id: int) -> None:
    shared = len(batch.prefix)
    ids: list[int] = []
    segments: list[int] = []
    for number, (row, part) in enumerate(zip(line, parts, strict=True)):
        offset = start + len(ids) - shared
        for index in range(max(1, shared), shared + len(part)):
            if row.weights[index] > 0:
                before = index - 1
                batch.selected.append(offset + before if before >= shared else before)
                batch.targets.append(row.ids[index])
                batch.weights.append(row.weights[index])
        batch.positions.extend(range(shared, shared + len(part)))
        ids += part
        segments += [number] * len(part)
    padding = batch.width - len(ids)
    batch.positions.extend([0] * padding)
    batch.lines.append(ids + [pad_id] * padding)
    if batch.segments is not None:
        batch.segments.append(segments + [-1] * padding)


def _shared_prefix(rows: Sequence[EncodedRow], settings: CollateSettings) -> list[int]:
    """The longest common start that leaves every row at least one own token and no learned token shared."""
    first = rows[0].ids
    limit = min(min(row.first_learned, len(row.ids), settings.max_length) for row in rows) - 1
    length = 0
    while length < limit and all(row.ids[length] == first[length] for row in rows):
        length += 1
    enough = len(rows) > 1 and length >= MINIMUM_SHARED_PREFIX
    return first[:length] if enough else []

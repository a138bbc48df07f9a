"""One GGUF file, measured in the library that will serve it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from forge_worker.export.llama_library import LlamaModel
from forge_worker.export.parity_measures import AnswerMeasures, gather, measure_logits
from forge_worker.training.encoding import EncodedRow

CELL_MULTIPLE = 256  # llama.cpp rounds the context up to this


def measure_rows(
    model: LlamaModel, rows: Sequence[EncodedRow], report: Callable[[float], None] = lambda fraction: None
) -> AnswerMeasures:
    """Teacher forcing of every row by itself: log-probability and argmax of each learned token."""
    measured, weights = [], []
    for index, row in enumerate(rows):
        report(index / len(rows))
        learned = [i for i, weight in enumerate(row.weights) if weight > 0]
        model.clear()
        predicts = {i - 1 for i in learned}
        count = learned[-1]  # what comes after the last learned token predicts nothing
        wanted = [i in predicts for i in range(count)]
        logits = model.decode(row.ids[:count], range(count), [0] * count, wanted)
        measured.append(measure_logits(logits, [row.ids[i] for i in learned]))
        weights += [row.weights[i] for i in learned]
    return gather(measured, weights)


def answer_prompts(
    model: LlamaModel, prompts: Sequence[Sequence[int]], token_count: int, ends: set[int]
) -> list[list[int]]:
    """Greedy answers of up to `token_count` tokens; the prompts run side by side, one sequence each.

    The model must have been opened with at least as many sequences, and room for all tokens together.
    """
    model.clear()
    answers: list[list[int]] = []
    for index, prompt in enumerate(prompts):
        wanted = [i == len(prompt) - 1 for i in range(len(prompt))]
        logits = model.decode(prompt, range(len(prompt)), [index] * len(prompt), wanted)
        answers.append([int(logits[-1].argmax())])
    for _ in range(token_count - 1):
        active = [index for index, answer in enumerate(answers) if answer[-1] not in ends]
        if not active:
            break
        positions = [len(prompts[index]) + len(answers[index]) - 1 for index in active]
        logits = model.decode([answers[index][-1] for index in active], positions, active, [True] * len(active))
        for row, index in enumerate(active):
            answers[index].append(int(logits[row].argmax()))
    return answers


def room_needed(rows: Sequence[EncodedRow], prompts: Sequence[Sequence[int]], token_count: int) -> int:
    """Context tokens for the longest row, or for all prompts with their answers side by side, rounded up."""
    longest_row = max((len(row.ids) for row in rows), default=0)
    together = sum(len(prompt) + token_count for prompt in prompts)
    return -(-max(longest_row, together, 1) // CELL_MULTIPLE) * CELL_MULTIPLE

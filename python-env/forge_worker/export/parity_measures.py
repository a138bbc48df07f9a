"""Figures that say how alike two runs of the same model over the same rows are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class AnswerMeasures:
    """Per learned token, over all rows in order: log-probability of the right token (nats), and the likeliest token."""

    log_probabilities: np.ndarray
    likeliest: np.ndarray
    weights: np.ndarray

    @property
    def loss(self) -> float:
        """Mean of -log p over learned tokens, weighted as in training."""
        return float(-(self.log_probabilities * self.weights).sum() / self.weights.sum())


@dataclass(frozen=True)
class Agreement:
    """`argmax`: share of positions with the same likeliest token (0..1); differences: absolute, in nats."""

    argmax: float
    largest_difference: float
    mean_difference: float


def measure_logits(logits: np.ndarray, targets: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """logits (positions, vocabulary) float32, targets (positions) -> (log-probability of each target, argmax)."""
    highest = logits.max(axis=1)
    spread = logits - highest[:, None]
    np.exp(spread, out=spread)
    normaliser = highest.astype(np.float64) + np.log(spread.sum(axis=1, dtype=np.float64))
    chosen = logits[np.arange(len(targets)), np.asarray(targets)]
    return chosen.astype(np.float64) - normaliser, logits.argmax(axis=1)


def gather(measured: Sequence[tuple[np.ndarray, np.ndarray]], weights: Sequence[float]) -> AnswerMeasures:
    """Joins the rows' `measure_logits` results."""
    return AnswerMeasures(
        np.concatenate([pair[0] for pair in measured]),
        np.concatenate([pair[1] for pair in measured]),
        np.asarray(weights, dtype=np.float64),
    )


def compare(reference: AnswerMeasures, candidate: AnswerMeasures) -> Agreement:
    """How far `candidate` is from `reference` on the same tokens."""
    differences = np.abs(reference.log_probabilities - candidate.log_probabilities)
    same = reference.likeliest == candidate.likeliest
    return Agreement(float(same.mean()), float(differences.max()), float(differences.mean()))


def until_end(tokens: Sequence[int], ends: set[int]) -> list[int]:
    """The answer without what would follow its end token."""
    answer: list[int] = []
    for token in tokens:
        answer.append(token)
        if token in ends:
            break
    return answer

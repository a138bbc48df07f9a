"""A smaller (or larger) adapter that says as nearly as possible what the present one says."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

_ROW_NORM = math.sqrt(1 / 3)
"""Norm of a row of a fresh A, which is uniform within +-1/sqrt(in): B alone carries the size, so both keep learning."""


def resized_factors(a: np.ndarray, b: np.ndarray, rank: int) -> tuple[np.ndarray, np.ndarray]:
    """(A [rank, in], B [out, rank]) for A [r, in] and B [out, r], fp32.

    Below r: the best approximation of B A of that rank (Eckart and Young 1936); above r: the same product, padded
    with zeros. A stays away from zero even where B is zero, or neither would ever get a gradient.
    """
    import numpy as np

    if rank >= len(a):
        more = rank - len(a)
        return np.pad(a, ((0, more), (0, 0))), np.pad(b, ((0, 0), (0, more)))
    q_out, r_out = np.linalg.qr(b.astype(np.float64))
    q_in, r_in = np.linalg.qr(a.T.astype(np.float64))
    left, sizes, right = np.linalg.svd(r_out @ r_in.T)
    new_a = right[:rank] @ q_in.T * _ROW_NORM
    new_b = q_out @ left[:, :rank] * (sizes[:rank] / _ROW_NORM)
    return np.ascontiguousarray(new_a, dtype=np.float32), np.ascontiguousarray(new_b, dtype=np.float32)

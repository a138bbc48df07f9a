"""bfloat16 in numpy, which has no such type: the upper 16 bits of a float32, kept as uint16."""

from __future__ import annotations

import numpy as np


def bfloat16_to_float32(bits: np.ndarray) -> np.ndarray:
    """uint16 patterns -> float32 of the same shape. Exact."""
    wide = bits.astype(np.uint32)
    wide <<= 16
    return wide.view(np.float32)


def float32_to_bfloat16(values: np.ndarray) -> np.ndarray:
    """float32 -> uint16 patterns of the same shape, rounded to nearest even; NaN stays NaN."""
    bits = np.ascontiguousarray(values, dtype=np.float32).view(np.uint32)
    rounded = bits >> 16
    rounded &= 1
    rounded += 0x7FFF
    rounded += bits
    rounded >>= 16
    result = rounded.astype(np.uint16)
    not_a_number = np.isnan(values)
    if not_a_number.any():
        result[not_a_number] = 0x7FC0
    return result

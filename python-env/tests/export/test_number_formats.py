"""bfloat16 in numpy is what PyTorch's is."""

from __future__ import annotations

import numpy as np
import pytest

from forge_worker.export.bfloat16 import bfloat16_to_float32, float32_to_bfloat16

pytestmark = pytest.mark.cpu


def test_rounding_to_bfloat16_equals_pytorch_for_ties_extremes_and_random_numbers() -> None:
    import torch

    generator = np.random.default_rng(5)
    edges = np.array([0.0, -0.0, np.inf, -np.inf, 3.4e38, 1e-40, 1.00390625, 1.01171875], dtype=np.float32)
    patterns = generator.integers(0, 2**32, size=20_000, dtype=np.uint64).astype(np.uint32).view(np.float32)
    values = np.concatenate([edges, patterns[np.isfinite(patterns)]])
    wanted = torch.from_numpy(values).bfloat16()
    np.testing.assert_array_equal(float32_to_bfloat16(values), wanted.view(torch.int16).numpy().view(np.uint16))
    np.testing.assert_array_equal(bfloat16_to_float32(float32_to_bfloat16(values)), wanted.float().numpy())


def test_not_a_number_stays_not_a_number() -> None:
    values = np.array([np.nan, -np.nan, 1.0], dtype=np.float32)
    back = bfloat16_to_float32(float32_to_bfloat16(values))
    assert np.isnan(back[:2]).all() and back[2] == 1.0

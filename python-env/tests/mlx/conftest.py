"""These tests train for real with MLX (on Linux: its CPU build). They need nothing of PyTorch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def memory_limit_is_put_back() -> Iterator[None]:
    """A recipe's memory cap becomes MLX's limit for the whole process."""
    import mlx.core as mx

    limit = mx.set_memory_limit(1 << 40)
    mx.set_memory_limit(limit)
    mx.reset_peak_memory()
    yield
    mx.set_memory_limit(limit)

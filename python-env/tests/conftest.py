"""Marks tests by their folder, and says aloud what was not proved here."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

_FOLDER_MARKS = ("unit", "cpu", "gpu", "mlx")


def _has_mlx() -> bool:
    """`tests/mlx` is itself a namespace package called mlx, so the package's own module is what tells."""
    try:
        return importlib.util.find_spec("mlx.core") is not None
    except ModuleNotFoundError:
        return False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test in tests/<mark>/ gets that mark; gpu and mlx tests are skipped with a reason where they cannot run."""
    for item in items:
        for name in _FOLDER_MARKS:
            if name in Path(item.path).parts:
                item.add_marker(getattr(pytest.mark, name))
        if item.get_closest_marker("mlx") and not _has_mlx():
            item.add_marker(pytest.mark.skip(reason="NOT PROVED HERE: the package mlx is not installed"))
        if item.get_closest_marker("gpu") and not _has_gpu():
            item.add_marker(pytest.mark.skip(reason="NOT PROVED HERE: this machine has no NVIDIA GPU"))


def _has_gpu() -> bool:
    if importlib.util.find_spec("torch") is None:
        return False
    import torch

    return torch.cuda.is_available()

"""Shared pieces of the export tests: the llama.cpp library of this repository, and tiny models built once."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from forge_worker.export.llama_library import LlamaLibrary

sys.path.insert(0, str(Path(__file__).parent))

REPOSITORY = Path(__file__).resolve().parents[3]
PLATFORMS = {"linux": "linux-x64", "darwin": "mac-arm64-metal", "win32": "win-x64"}


def find_llama_library() -> Path | None:
    """libllama inside node-llama-cpp's package for this machine, or None."""
    platform = PLATFORMS.get(sys.platform, "none")
    folder = REPOSITORY / "node_modules" / "@node-llama-cpp" / platform / "bins" / platform
    names = [path for pattern in ("libllama.*", "llama.dll") for path in sorted(folder.glob(pattern))]
    return names[0] if names else None


@pytest.fixture(scope="session")
def library_path() -> Path:
    path = find_llama_library()
    if path is None:
        pytest.skip(f"NOT PROVED: no libllama below {REPOSITORY}/node_modules/@node-llama-cpp for {sys.platform}")
    return path


@pytest.fixture(scope="session")
def library(library_path: Path) -> LlamaLibrary:
    return LlamaLibrary.load(library_path)


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`tiny_model("qwen2")`: the Hugging Face folder of that tiny model, built on first use."""
    import tiny_models

    root = tmp_path_factory.mktemp("tiny-models")

    def folder_of(name: str) -> Path:
        folder = root / name
        return folder if folder.exists() else tiny_models.build(tiny_models.model_named(name), folder)

    return folder_of

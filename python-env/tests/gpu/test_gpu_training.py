"""The train recipe on an NVIDIA GPU. Without one these tests are collected and skipped, and the skip is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="NOT PROVED HERE: the package torch is not installed, so nothing was run on a GPU")

import torch  # noqa: E402
from device_checks import (  # noqa: E402
    METHODS,
    check_export,
    check_fp16_loss_scale,
    check_learns,
    check_memory_ladder,
    check_resume,
)
from training_case import Case  # noqa: E402

RESUME_TOLERANCE = 1e-4
"""Not 1e-6 as on the processor: some CUDA kernels (index and scatter additions, split products of cuBLAS) add with
atomics in an order that differs between runs, so two uninterrupted runs differ in the last bits as well."""


@pytest.fixture
def memory_limit() -> Iterator[object]:
    """`limit(bytes)`: what PyTorch's allocator may take from the GPU, for one test."""
    device = torch.cuda.current_device()
    total = torch.cuda.get_device_properties(device).total_memory

    def limit(size_bytes: int) -> None:
        torch.cuda.empty_cache()
        torch.cuda.set_per_process_memory_fraction(min(1.0, size_bytes / total), device)

    yield limit
    torch.cuda.set_per_process_memory_fraction(1.0, device)
    torch.cuda.empty_cache()


@pytest.mark.parametrize("method", METHODS)
def test_every_method_learns_on_the_gpu(tmp_path: Path, method: str) -> None:
    if method == "qlora":
        pytest.importorskip("bitsandbytes", reason="NOT PROVED HERE: bitsandbytes is not installed")
    check_learns(tmp_path, "cuda", method)


def test_bf16_is_taken_from_ampere_on_and_refused_before(tmp_path: Path) -> None:
    run = Case(tmp_path, device="cuda").train(precision="bf16", epochs=1)
    precision = run.of("hello")[0]["effective"]["precision"]
    ampere_or_newer = torch.cuda.get_device_capability()[0] >= 8
    assert precision["value"] == ("bf16" if ampere_or_newer else "fp32")
    assert ampere_or_newer or "does not compute in bf16" in precision["reason"]


def test_fp16_starts_with_a_loss_scale_and_halves_it_when_it_overflows(tmp_path: Path) -> None:
    check_fp16_loss_scale(tmp_path, "cuda")


def test_paused_and_resumed_equals_uninterrupted_on_the_gpu(tmp_path: Path) -> None:
    check_resume(tmp_path, "cuda", RESUME_TOLERANCE)


def test_a_real_out_of_memory_error_climbs_down_the_ladder(tmp_path: Path, memory_limit) -> None:
    check_memory_ladder(tmp_path, "cuda", memory_limit)


def test_memory_that_never_suffices_ends_with_a_sentence(tmp_path: Path, memory_limit) -> None:
    case = Case(tmp_path, device="cuda")
    assert case.train(name="before", epochs=1).error is None  # kernels and libraries are loaded now
    memory_limit(1 << 20)
    run = case.train(epochs=1)
    assert run.error.code == "out-of-memory"


def test_an_adapter_trained_on_the_gpu_is_exported(tmp_path: Path) -> None:
    check_export(tmp_path, "cuda")

"""The bodies of the GPU tests, on the processor: the same code, so that a mistake in them shows where no GPU is."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from device_checks import (
    METHODS,
    check_export,
    check_fp16_loss_scale,
    check_learns,
    check_memory_ladder,
    check_resume,
)

from forge_worker.backends.torch.backend import TorchBackend
from forge_worker.backends.torch.runtime import kept_precision, usable_precision
from forge_worker.training.settings import Recipe

GPU = torch.device("cuda")


@pytest.fixture(autouse=True)
def bf16_counts_as_fast(monkeypatch):
    monkeypatch.setattr("forge_worker.backends.torch.runtime._SLOWER_TOLERANCE", 1e9)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_learns_in_twenty_steps(tmp_path: Path, method: str) -> None:
    check_learns(tmp_path, "cpu", method)


def test_fp16_starts_with_a_loss_scale_and_halves_it_when_it_overflows(tmp_path: Path, monkeypatch) -> None:
    patched = "forge_worker.backends.torch.runtime.possible_precision"
    monkeypatch.setattr(patched, lambda device, wanted: (wanted, None))  # a processor can, slowly
    check_fp16_loss_scale(tmp_path, "cpu")


def test_paused_and_resumed_equals_uninterrupted(tmp_path: Path) -> None:
    check_resume(tmp_path, "cpu", 1e-6)


@pytest.mark.slow
def test_memory_that_runs_out_is_answered_by_smaller_batches(tmp_path: Path, monkeypatch) -> None:
    """The cap is simulated: micro-batches larger than it raise the error a GPU raises."""
    caps: list[int] = []

    def limited(backend, model, optimiser, batch, scale):
        if caps and len(batch.lines) << 20 > caps[0]:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return plain(backend, model, optimiser, batch, scale)

    plain = TorchBackend.learn
    monkeypatch.setattr(TorchBackend, "learn", limited)
    check_memory_ladder(tmp_path, "cpu", caps.append)


def test_an_adapter_is_exported(tmp_path: Path) -> None:
    check_export(tmp_path, "cpu")


@pytest.mark.parametrize(("supported", "expected"), [(True, "bf16"), (False, "fp32")])
def test_a_gpu_computes_in_bf16_only_where_it_does_so_natively(monkeypatch, supported: bool, expected: str) -> None:
    def natively(including_emulation: bool = True) -> bool:
        return supported or including_emulation  # as torch answers for a GPU before Ampere

    monkeypatch.setattr("torch.cuda.is_bf16_supported", natively)
    precision, reason = usable_precision(GPU, "bf16")
    assert precision == expected and (reason is None) == supported
    assert usable_precision(GPU, "fp16") == ("fp16", None)
    assert kept_precision(GPU, "bf16", "fp16")[0] == "fp16"
    assert kept_precision(torch.device("cpu"), Recipe().precision, "fp16")[0] == "fp32"

"""The device, its precision, its memory: what is asked of the machine before and while a model trains."""

from __future__ import annotations

import ctypes
import gc
import platform
import sys
import time
from dataclasses import dataclass
from typing import Any

import torch

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.machine import installed_versions, processor_name, resident_bytes, total_memory_bytes
from forge_worker.protocol.spec import Spec
from forge_worker.training.progress_state import KEPT_PRECISION

DTYPES = {"bf16": torch.bfloat16, "fp32": torch.float32, "fp16": torch.float16}
_VERSIONED_PACKAGES = ("torch", "tokenizers", "safetensors", "transformers", "bitsandbytes")
_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4
_PROBE_ROUNDS = 5
_SLOWER_TOLERANCE = 1.2


class MemoryCapExceeded(MemoryError):
    """The process grew over the recipe's memoryCapBytes; handled like the device's own out-of-memory error."""


@dataclass(frozen=True)
class Runtime:
    """The device in use; `precision` is what it can do of what was asked, `precision_reason` says why it differs."""

    device: torch.device
    threads: int
    precision: str
    precision_reason: str | None

    @property
    def dtype(self) -> torch.dtype:
        return DTYPES[self.precision]


def prepare_runtime(spec: Spec, precision: str, kept: str | None = None) -> Runtime:
    """Set threads, seed and allocator, find the device, and probe the precision.

    `kept`: what an earlier attempt of the run found; it is taken without a probe where the device can compute in it.
    Raises WorkerFailure("device-missing") when the spec's device is not there.
    """
    torch.set_num_threads(spec.threads)
    torch.manual_seed(spec.seed)
    if spec.device == "cuda":
        if not torch.cuda.is_available():
            raise WorkerFailure(
                "device-missing",
                "The plan wants an NVIDIA GPU, but PyTorch finds none.",
                "Check the driver with nvidia-smi, or plan this run on the processor.",
            )
        device = torch.device("cuda", torch.cuda.current_device())
    else:
        device = torch.device("cpu")
        _keep_freed_memory()
    usable, reason = usable_precision(device, precision) if kept is None else kept_precision(device, precision, kept)
    return Runtime(device, torch.get_num_threads(), usable, reason)


def usable_precision(device: torch.device, wanted: str) -> tuple[str, str | None]:
    """`wanted`, or the precision to use instead and the reason."""
    possible, reason = possible_precision(device, wanted)
    if device.type == "cuda" or possible != "bf16":
        return possible, reason
    if _product_seconds(torch.bfloat16) > _SLOWER_TOLERANCE * _product_seconds(torch.float32):
        return "fp32", "This processor computes bf16 more slowly than fp32 (measured)."
    return "bf16", None


def possible_precision(device: torch.device, wanted: str) -> tuple[str, str | None]:
    """`wanted`, or fp32 and the reason where `device` does not compute in it. Nothing is measured."""
    if device.type == "cuda" and wanted == "bf16" and not torch.cuda.is_bf16_supported(including_emulation=False):
        return "fp32", "This GPU does not compute in bf16."
    if device.type != "cuda" and wanted == "fp16":
        return "fp32", "Processors do not train in fp16."
    return wanted, None


def kept_precision(device: torch.device, wanted: str, kept: str) -> tuple[str, str | None]:
    """The precision of the run's first attempt: another one would be another run (its losses part at once)."""
    possible, reason = possible_precision(device, kept if kept in DTYPES else wanted)
    return possible, reason or (None if possible == wanted else KEPT_PRECISION)


def describe_device(runtime: Runtime) -> dict[str, Any]:
    """`device` of the hello event."""
    if runtime.device.type == "cuda":
        properties = torch.cuda.get_device_properties(runtime.device)
        return {"kind": "cuda", "name": properties.name, "memoryBytes": properties.total_memory}
    return {"kind": "cpu", "name": processor_name(), "memoryBytes": total_memory_bytes()}


def versions() -> dict[str, str]:
    """`versions` of the hello event: Python and the packages that are installed."""
    return installed_versions(_VERSIONED_PACKAGES)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether `error` means that memory ran out, on a GPU, in the CPU allocator, or over the recipe's cap."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    return isinstance(error, RuntimeError) and "DefaultCPUAllocator: can't allocate" in str(error)


def release_memory() -> None:
    """Give unused memory back to the system, so that the next try starts from a clean measure."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    library = _c_library()
    if library is not None:
        library.malloc_trim(0)


def check_memory_cap(cap_bytes: int | None) -> None:
    """Raise MemoryCapExceeded when this process holds more than `cap_bytes`."""
    if cap_bytes is None:
        return
    held = resident_bytes()
    if held > cap_bytes:
        raise MemoryCapExceeded(f"{held >> 20} MB are held, {cap_bytes >> 20} MB are allowed")


def peak_memory_bytes(device: torch.device) -> int:
    """The most memory used so far: of the GPU's allocator, or of the process."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    try:
        import resource
    except ImportError:
        return resident_bytes()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _product_seconds(dtype: torch.dtype) -> float:
    x, w = torch.ones(256, 512, dtype=dtype), torch.ones(512, 512, dtype=dtype)
    seconds = []
    for _ in range(_PROBE_ROUNDS):
        start = time.perf_counter()
        torch.nn.functional.linear(x, w)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _keep_freed_memory() -> None:
    """Tell glibc to reuse large freed blocks instead of returning them: each step would fault the same pages in again.

    Measured on the 135 M model: 10 to 25 % of a CPU step. Elsewhere than glibc this does nothing.
    """
    library = _c_library()
    if library is not None:
        library.mallopt(_M_MMAP_MAX, 0)
        library.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
        library.mallopt(_M_TOP_PAD, 64 << 20)


def _c_library() -> ctypes.CDLL | None:
    if not sys.platform.startswith("linux") or platform.libc_ver()[0] != "glibc":
        return None
    return ctypes.CDLL("libc.so.6")

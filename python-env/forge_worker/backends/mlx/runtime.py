"""MLX's device, its precision, its memory and its random numbers. MLX is imported inside functions only."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forge_worker.protocol.machine import installed_versions, processor_name, total_memory_bytes
from forge_worker.protocol.spec import Spec
from forge_worker.training.progress_state import KEPT_PRECISION

if TYPE_CHECKING:
    import mlx.core as mx

_VERSIONED_PACKAGES = ("mlx", "mlx-lm", "tokenizers", "safetensors", "transformers")
_OUT_OF_MEMORY_MARKS = (
    "[malloc]",
    "[metal::malloc]",
    "Unable to allocate",
    "Insufficient Memory",
    "maximum allowed buffer size",
)
_PROBE_ROUNDS = 5
_SLOWER_TOLERANCE = 1.2


class MemoryCapExceeded(MemoryError):
    """MLX held more than the cap; handled like the device's own out-of-memory error."""


@dataclass(frozen=True)
class Runtime:
    """What is computed with. `precision` is what the device does of what was asked, `precision_reason` why it differs.

    MLX cannot be trusted to raise when memory runs out: its CPU build ends with a segmentation fault (measured), Metal
    may abort the process. So `memory_cap_bytes` bounds MLX's allocations: the recipe's cap, else the GPU's
    recommended working set, else None.
    """

    on_gpu: bool
    precision: str
    precision_reason: str | None
    memory_cap_bytes: int | None
    memory_cap_reason: str | None


def prepare_runtime(spec: Spec, memory_cap_bytes: int | None, precision: tuple[str, str | None]) -> Runtime:
    """Seed MLX, choose the precision and bound the memory. The cap also becomes MLX's own (soft) memory limit.

    `precision`: what is wanted, and what an earlier attempt of the run found (taken without a probe), or None.
    """
    import mlx.core as mx

    mx.random.seed(spec.seed)
    on_gpu = mx.metal.is_available() and mx.default_device().type == mx.gpu
    wanted, kept = precision
    if kept in ("bf16", "fp32"):
        usable, reason = kept, None if kept == wanted else KEPT_PRECISION
    else:
        usable, reason = usable_precision(on_gpu, wanted)
    cap, cap_reason = memory_cap_bytes, None
    if on_gpu:
        from mlx_lm.utils import maybe_set_recommended_wired_limit

        maybe_set_recommended_wired_limit()
        if cap is None:
            cap = int(mx.device_info().get("max_recommended_working_set_size", 0)) or None
            cap_reason = "what the system recommends for this GPU; more ends the process instead of raising an error"
    if memory_cap_bytes is not None:
        mx.set_memory_limit(memory_cap_bytes)
    return Runtime(on_gpu, usable, reason, cap, cap_reason)


def usable_precision(on_gpu: bool, wanted: str) -> tuple[str, str | None]:
    """`wanted`, or the precision to use instead and the reason."""
    if wanted == "fp32":
        return "fp32", None
    if not on_gpu and _product_seconds("bf16") > _SLOWER_TOLERANCE * _product_seconds("fp32"):
        return "fp32", f"MLX on this processor computes {wanted} more slowly than fp32 (measured)."
    if wanted == "fp16":
        return "bf16", "MLX trains in bf16: the same size as fp16, without its overflow."
    return wanted, None


def dtype_of(precision: str) -> mx.Dtype:
    """MLX's type for bf16 or fp32."""
    import mlx.core as mx

    return {"bf16": mx.bfloat16, "fp32": mx.float32}[precision]


def describe_device(runtime: Runtime) -> dict[str, Any]:
    """`device` of the hello event."""
    import mlx.core as mx

    if not runtime.on_gpu:
        return {"kind": "mlx", "name": processor_name(), "memoryBytes": total_memory_bytes()}
    found = mx.device_info()
    memory = int(found.get("memory_size", 0)) or total_memory_bytes()
    return {"kind": "mlx", "name": str(found.get("device_name", "Apple GPU")), "memoryBytes": memory}


def versions() -> dict[str, str]:
    """`versions` of the hello event: Python and the packages that are installed."""
    return installed_versions(_VERSIONED_PACKAGES)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether `error` means that memory ran out, in MLX's allocator, in Metal, or over the cap."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(mark in str(error) for mark in _OUT_OF_MEMORY_MARKS)


def release_memory() -> None:
    """Give unused memory back to the system, so that the next try starts from a clean measure."""
    import mlx.core as mx

    gc.collect()
    mx.clear_cache()
    mx.reset_peak_memory()


def check_memory_cap(cap_bytes: int | None) -> None:
    """Raise MemoryCapExceeded when MLX's arrays took more than `cap_bytes` since the last `release_memory`."""
    if cap_bytes is None:
        return
    held = peak_memory_bytes()
    if held > cap_bytes:
        raise MemoryCapExceeded(f"{held / 1e6:.1f} MB are held, {cap_bytes / 1e6:.1f} MB are allowed")


def peak_memory_bytes() -> int:
    """The most bytes MLX's arrays took since the last `release_memory`."""
    import mlx.core as mx

    return int(mx.get_peak_memory())


def random_state() -> int:
    """The 64-bit key all of MLX's implicit random draws come from."""
    import mlx.core as mx

    high, low = (int(half) for half in mx.random.state[0].tolist())
    return high << 32 | low


def set_random_state(state: int) -> None:
    """Put back what `random_state` gave. MLX's state cannot be assigned, but seeding with a 64-bit key sets it."""
    import mlx.core as mx

    mx.random.seed(state)


def _product_seconds(precision: str) -> float:
    import mlx.core as mx

    dtype = dtype_of("fp32" if precision == "fp32" else "bf16")
    x, w = mx.ones((64, 256), dtype=dtype), mx.ones((256, 256), dtype=dtype)
    mx.eval(x, w)
    seconds = []
    for _ in range(_PROBE_ROUNDS):
        started = time.perf_counter()
        mx.eval(x @ w)
        seconds.append(time.perf_counter() - started)
    return min(seconds)

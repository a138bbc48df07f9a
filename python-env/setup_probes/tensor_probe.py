"""Multiplies and differentiates on the device and prints {kind, name, bfloat16} as the last line.

Argument: cpu, cuda or mlx. The result is compared with known numbers, so a device that computes nonsense fails.
"""

from __future__ import annotations

import json
import platform
import sys

LEFT = [[1.0, 2.0], [3.0, 4.0]]
RIGHT = [[0.5, -1.0], [2.0, 0.25]]
PRODUCT = [[4.5, -0.5], [9.5, -2.0]]
GRADIENT_OF_SUM = [[-0.5, 2.25], [-0.5, 2.25]]


def close(got: list[list[float]], wanted: list[list[float]]) -> bool:
    return all(abs(a - b) < 1e-2 for row, want in zip(got, wanted) for a, b in zip(row, want))


def probe_torch(kind: str) -> dict[str, object]:
    import torch

    if kind == "cuda" and not torch.cuda.is_available():
        raise SystemExit("torch does not see an NVIDIA card")
    device = torch.device(kind)
    left = torch.tensor(LEFT, device=device, requires_grad=True)
    product = left @ torch.tensor(RIGHT, device=device)
    product.sum().backward()
    if not close(product.tolist(), PRODUCT) or not close(left.grad.tolist(), GRADIENT_OF_SUM):
        raise SystemExit("a matrix product or its gradient came out wrong")
    name = torch.cuda.get_device_name(0) if kind == "cuda" else processor_name()
    return {"kind": kind, "name": name, "bfloat16": torch_has_bfloat16(torch, device)}


def torch_has_bfloat16(torch, device) -> bool:
    try:
        half = torch.tensor(LEFT, device=device, dtype=torch.bfloat16)
        return close((half @ half).float().tolist(), [[7.0, 10.0], [15.0, 22.0]])
    except RuntimeError:
        return False


def probe_mlx() -> dict[str, object]:
    import mlx.core as mx

    left, right = mx.array(LEFT), mx.array(RIGHT)
    product = left @ right
    gradient = mx.grad(lambda value: (value @ right).sum())(left)
    if not close(product.tolist(), PRODUCT) or not close(gradient.tolist(), GRADIENT_OF_SUM):
        raise SystemExit("a matrix product or its gradient came out wrong")
    half = left.astype(mx.bfloat16)
    exact = close((half @ half).astype(mx.float32).tolist(), [[7.0, 10.0], [15.0, 22.0]])
    return {"kind": "mlx", "name": f"{processor_name()} ({mx.default_device().type.name})", "bfloat16": exact}


def processor_name() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass  # not Linux: the platform module's answer is all there is
    return platform.processor() or platform.machine()


def main(kind: str) -> int:
    print(json.dumps(probe_mlx() if kind == "mlx" else probe_torch(kind)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""Linear layers with what a fine-tuning method adds to them: LoRA, QLoRA, DoRA, or trainable weights."""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from forge_worker.backends.torch.fused_ops import FrozenLinear, LoraLinear, LoraPlan
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.low_rank import resized_factors


@dataclass(frozen=True)
class AdapterSettings:
    """`scale` is alpha / rank; `dropout` applies to the adapter's input."""

    rank: int
    alpha: float
    dropout: float
    dora: bool

    @property
    def scale(self) -> float:
        return self.alpha / self.rank


@dataclass(frozen=True)
class Part:
    """One linear layer of the base: its name as in the base's weight files, and its output width."""

    name: str
    width: int


class DenseWeight:
    """A frozen weight kept as it is computed with."""

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor

    def dense(self, dtype: torch.dtype) -> Tensor:
        """[out, in] in `dtype` (no copy when it is stored so)."""
        return self.tensor.to(dtype)

    @property
    def device(self) -> torch.device:
        """Where it is stored."""
        return self.tensor.device

    def cast(self, dtype: torch.dtype) -> None:
        """Store it in another precision."""
        self.tensor = self.tensor.to(dtype)

    @property
    def stored_bytes(self) -> int:
        """Bytes held."""
        return self.tensor.numel() * self.tensor.element_size()


class FourBitWeight:
    """A frozen weight in nf4 with doubly quantised scales, dense where it is used (QLoRA: Dettmers et al. 2023)."""

    def __init__(self, tensor: Tensor) -> None:
        self._quantiser = _four_bit_functions()
        self.packed, self.state = self._quantiser.quantize_4bit(
            tensor.contiguous(), blocksize=64, compress_statistics=True, quant_type="nf4"
        )

    def dense(self, dtype: torch.dtype) -> Tensor:
        """[out, in] in `dtype`, a new tensor."""
        return self._quantiser.dequantize_4bit(self.packed, self.state).to(dtype)

    @property
    def device(self) -> torch.device:
        """Where it is stored."""
        return self.packed.device

    def cast(self, dtype: torch.dtype) -> None:
        """Nothing is stored in a floating type that matters."""

    @property
    def stored_bytes(self) -> int:
        """Bytes of the packed weight (its scales add about 1 %)."""
        return self.packed.numel() * self.packed.element_size()


class Projection(nn.Module):
    """One or several linear layers of the same input, computed as one product: [T, in] to [T, sum of widths]."""

    def __init__(self, parts: Sequence[Part], weight: Tensor, bias: Tensor | None) -> None:
        super().__init__()
        self.parts = list(parts)
        self.in_features = weight.shape[1]
        self.weight: DenseWeight | FourBitWeight = DenseWeight(weight)
        self.bias = bias
        self.trainable_weight: nn.Parameter | None = None
        self.trainable_bias: nn.Parameter | None = None
        self.adapted: list[Part] = []
        self.settings: AdapterSettings | None = None
        self.lora_a: nn.ParameterList = nn.ParameterList()
        self.lora_b: nn.ParameterList = nn.ParameterList()
        self.magnitude: nn.ParameterList = nn.ParameterList()
        self._plans: dict[bool, LoraPlan] = {}
        self._squared_norms = torch.empty(0)

    def add_adapter(self, names: set[str], settings: AdapterSettings, generator: torch.Generator) -> int:
        """Give the parts whose names are in `names` an adapter (fp32, A uniform as nn.Linear's, B zero); how many."""
        self.adapted = [part for part in self.parts if part.name in names]
        self.settings = settings
        device = self.weight.device
        bound = 1 / math.sqrt(self.in_features)
        for part in self.adapted:
            a = torch.empty(settings.rank, self.in_features).uniform_(-bound, bound, generator=generator)
            self.lora_a.append(nn.Parameter(a.to(device)))
            self.lora_b.append(nn.Parameter(torch.zeros(part.width, settings.rank, device=device)))
        if settings.dora:
            self._squared_norms = self.weight.dense(torch.float32).square().sum(1)
            for start, end in self._ranges():
                self.magnitude.append(nn.Parameter(self._squared_norms[start:end].sqrt()))
        self._plan()
        return len(self.adapted)

    def resize_adapter(self, rank: int, alpha: float) -> None:
        """Give the adapter another rank; what it adds to the weight stays as near as that rank allows."""
        assert self.settings is not None
        self.settings = replace(self.settings, rank=rank, alpha=alpha)
        factors = zip(list(self.lora_a), list(self.lora_b), strict=True)
        resized = [
            resized_factors(a.detach().float().cpu().numpy(), b.detach().float().cpu().numpy(), rank)
            for a, b in factors
        ]
        device = self.weight.device
        self.lora_a = nn.ParameterList(nn.Parameter(torch.from_numpy(a.copy()).to(device)) for a, _ in resized)
        self.lora_b = nn.ParameterList(nn.Parameter(torch.from_numpy(b.copy()).to(device)) for _, b in resized)
        self._plan()

    def _plan(self) -> None:
        assert self.settings is not None
        for training in (True, False):
            dropout = self.settings.dropout if training else 0.0
            self._plans[training] = LoraPlan(self._ranges(), self.settings.rank, self.settings.scale, dropout)

    def adapter_parameters(self) -> dict[str, nn.Parameter]:
        """Adapter parameters under the base's names, ending as in PEFT's files."""
        found: dict[str, nn.Parameter] = {}
        for index, part in enumerate(self.adapted):
            found[f"{part.name}.lora_A.weight"] = self.lora_a[index]
            found[f"{part.name}.lora_B.weight"] = self.lora_b[index]
            if self.magnitude:
                found[f"{part.name}.lora_magnitude_vector"] = self.magnitude[index]
        return found

    def make_trainable(self) -> dict[str, nn.Parameter]:
        """Full fine-tuning: the weight itself becomes a parameter. Returned under the first part's name."""
        self.trainable_weight = nn.Parameter(self.weight.dense(self.dtype))
        found = {f"{self.parts[0].name}.weight": self.trainable_weight}
        if self.bias is not None:
            self.trainable_bias = nn.Parameter(self.bias)
            found[f"{self.parts[0].name}.bias"] = self.trainable_bias
        return found

    def base_tensors(self) -> dict[str, Tensor]:
        """The base weights (trained ones when full) split back into the base's own layers."""
        weight = self.trainable_weight if self.trainable_weight is not None else self.weight.dense(self.dtype)
        bias = self.trainable_bias if self.trainable_bias is not None else self.bias
        found: dict[str, Tensor] = {}
        start = 0
        for part in self.parts:
            found[f"{part.name}.weight"] = weight.detach()[start : start + part.width].contiguous()
            if bias is not None:
                found[f"{part.name}.bias"] = bias.detach()[start : start + part.width].contiguous()
            start += part.width
        return found

    @property
    def dtype(self) -> torch.dtype:
        """The precision weights are stored in (bf16 for 4-bit)."""
        return self.weight.tensor.dtype if isinstance(self.weight, DenseWeight) else torch.bfloat16

    def quantise(self) -> None:
        """Store the frozen weight in 4 bits."""
        if isinstance(self.weight, DenseWeight):
            self.weight = FourBitWeight(self.weight.tensor)

    def cast(self, dtype: torch.dtype) -> None:
        """Compute in another precision from now on."""
        self.weight.cast(dtype)
        self.bias = None if self.bias is None else self.bias.to(dtype)

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        if self.trainable_weight is not None:
            bias = self.trainable_bias
            return functional.linear(x, self.trainable_weight, bias)
        if not self.adapted:
            return FrozenLinear.apply(x, self.weight, self.bias)
        if self.magnitude:
            return self._dora(x)
        a = self.lora_a[0] if len(self.adapted) == 1 else torch.cat(list(self.lora_a))
        return LoraLinear.apply(x, self.weight, self.bias, self._plans[self.training], a, *self.lora_b)

    def _dora(self, x: Tensor) -> Tensor:
        """(magnitude / ||W + scale B A||) * (W x + scale B A x); the norm is a constant for the gradient.

        DoRA: Liu et al. 2024, https://arxiv.org/abs/2402.09353, section 4.3.
        """
        assert self.settings is not None
        a = self.lora_a[0] if len(self.adapted) == 1 else torch.cat(list(self.lora_a))
        y = LoraLinear.apply(x, self.weight, None, self._plans[self.training], a, *self.lora_b)
        factors = torch.ones(y.shape[1], dtype=torch.float32, device=y.device)
        for index, (start, end) in enumerate(self._ranges()):
            norm = self._dora_norm(index, slice(start, end), x.dtype)
            factors = factors.slice_scatter(self.magnitude[index] / norm, 0, start, end)
        y = y * factors.to(y.dtype)
        return y if self.bias is None else y + self.bias

    @torch.no_grad()
    def _dora_norm(self, index: int, rows: slice, dtype: torch.dtype) -> Tensor:
        """Row norms of W + scale B A without making B A: ||w||^2 + 2 scale (W A^T) b + scale^2 b (A A^T) b."""
        assert self.settings is not None
        a, b, scale = self.lora_a[index], self.lora_b[index], self.settings.scale
        cross = (self.weight.dense(dtype)[rows] @ a.to(dtype).t()).float()
        squared = self._squared_norms[rows] + (cross.mul_(2 * scale).add_(b @ (a @ a.t()), alpha=scale**2) * b).sum(1)
        return squared.clamp_min_(0).sqrt_()

    def _ranges(self) -> list[tuple[int, int]]:
        ranges, start = [], 0
        adapted = {part.name for part in self.adapted}
        for part in self.parts:
            if part.name in adapted:
                ranges.append((start, start + part.width))
            start += part.width
        return ranges


def four_bit_available() -> bool:
    """Whether bitsandbytes is installed (it is not imported: that alone takes seconds)."""
    return importlib.util.find_spec("bitsandbytes") is not None


def _four_bit_functions():  # noqa: ANN202  (a module of an optional package)
    try:
        import bitsandbytes.functional as quantiser
    except ImportError as error:
        raise WorkerFailure(
            "package-missing",
            "QLoRA needs the package bitsandbytes, which this Python environment does not have.",
            "Choose the method LoRA, or set Python up again with a profile that has bitsandbytes.",
        ) from error
    return quantiser

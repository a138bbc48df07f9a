"""AdamW over one flat fp32 buffer: one fused call a step instead of hundreds, and one place to look for NaN."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn

BETAS = (0.9, 0.999)
EPSILON = 1e-8


class FlatOptimiser:
    """Master weights, gradients and moments of all trainable parameters, each in one fp32 tensor.

    Parameters in fp32 become views of the master, so a step changes them at once. Parameters in a smaller type (full
    fine-tuning in bf16) stay working copies: `collect` adds their gradients, `step` writes them back.
    Matrices get weight decay, vectors (norms, magnitudes, biases) do not. AdamW: Loshchilov & Hutter 2019.
    """

    def __init__(self, parameters: Mapping[str, nn.Parameter], weight_decay: float) -> None:
        decayed = [name for name, parameter in parameters.items() if parameter.dim() >= 2]
        plain = [name for name, parameter in parameters.items() if parameter.dim() < 2]
        self._parameters = {name: parameters[name] for name in [*decayed, *plain]}
        device = next(iter(parameters.values())).device
        count = sum(parameter.numel() for parameter in parameters.values())
        self.master = torch.empty(count, dtype=torch.float32, device=device)
        self.gradients = torch.zeros(count, dtype=torch.float32, device=device)
        for name, view in self._views(self.master):
            view.copy_(self._parameters[name].detach())
        split = sum(parameters[name].numel() for name in decayed)
        self._groups = [
            AdamGroup(self.master[part], self.gradients[part], decay)
            for part, decay in ((slice(0, split), weight_decay), (slice(split, count), 0.0))
            if part.stop > part.start
        ]
        self.learning_rate = 0.0
        self.bind()

    def bind(self) -> None:
        """Tie the parameters to the buffers; again after their precision changed."""
        for (name, master), (_, gradient) in zip(self._views(self.master), self._views(self.gradients), strict=True):
            parameter = self._parameters[name]
            if parameter.dtype == torch.float32:
                parameter.data = master
                parameter.grad = gradient
            else:
                parameter.data.copy_(master)
                parameter.grad = None

    @property
    def count(self) -> int:
        """Trainable numbers."""
        return self.master.numel()

    @property
    def weight_decay(self) -> float:
        """The decay matrices get."""
        return self._groups[0].decay

    def clear(self) -> None:
        """Zero the gradients before a step."""
        self.gradients.zero_()

    def collect(self) -> None:
        """After a backward pass: move gradients of smaller types into the flat buffer."""
        for name, view in self._views(self.gradients):
            parameter = self._parameters[name]
            if parameter.dtype != torch.float32 and parameter.grad is not None:
                view.add_(parameter.grad)
                parameter.grad = None

    def gradient_norm(self) -> float:
        """Euclidean norm of all gradients; not finite when any of them is not."""
        return float(torch.linalg.vector_norm(self.gradients))

    def clip(self, norm: float, limit: float) -> None:
        """Scale gradients of norm `norm` down to `limit`; a limit of 0 means no clipping."""
        if 0 < limit < norm:
            self.gradients.mul_(limit / (norm + 1e-6))

    def step(self) -> None:
        """One AdamW step with the current learning rate."""
        for group in self._groups:
            group.step(self.learning_rate)
        for name, view in self._views(self.master):
            parameter = self._parameters[name]
            if parameter.dtype != torch.float32:
                parameter.data.copy_(view)

    def masters_now(self) -> Tensor:
        """A copy of the master weights, for `distance_from`."""
        return self.master.clone()

    def distance_from(self, before: Tensor) -> float:
        """Euclidean distance of the master weights from an earlier copy."""
        return float(torch.linalg.vector_norm(self.master - before))

    def forget(self) -> None:
        """Drop the moments: as if no step had been made."""
        for group in self._groups:
            group.forget()

    def weights(self) -> dict[str, Tensor]:
        """The master weights by name (views)."""
        return dict(self._views(self.master))

    def load_weights(self, weights: Mapping[str, Tensor]) -> None:
        """Put weights in by name; names and shapes must be the same. Raises KeyError or RuntimeError."""
        for name, view in self._views(self.master):
            view.copy_(weights[name])
        self.bind()

    def moments(self) -> dict[str, Tensor]:
        """First and second moments and the step count, for a checkpoint; zeros before the first step."""
        found: dict[str, Tensor] = {}
        for index, group in enumerate(self._groups):
            found.update({f"{index}.first": group.first, f"{index}.second": group.second, f"{index}.step": group.count})
        return found

    def load_moments(self, moments: Mapping[str, Tensor]) -> None:
        """Put back what `moments` gave."""
        for index, group in enumerate(self._groups):
            group.first.copy_(moments[f"{index}.first"])
            group.second.copy_(moments[f"{index}.second"])
            group.count.copy_(moments[f"{index}.step"])

    def _views(self, buffer: Tensor) -> Iterator[tuple[str, Tensor]]:
        start = 0
        for name, parameter in self._parameters.items():
            end = start + parameter.numel()
            yield name, buffer[start:end].view(parameter.shape)
            start = end


class AdamGroup:
    """AdamW on a stretch of the flat buffers, all with one weight decay.

    PyTorch's fused kernel is called directly: `torch.optim` imports its compiler first, which costs a worker 4 s.
    """

    def __init__(self, weights: Tensor, gradients: Tensor, decay: float) -> None:
        self._weights = weights
        self._gradients = gradients
        self.decay = decay
        self.first = torch.zeros_like(weights)
        self.second = torch.zeros_like(weights)
        self.count = torch.zeros((), dtype=torch.float32, device=weights.device)

    def step(self, rate: float) -> None:
        """One update with learning rate `rate`."""
        self.count += 1
        if not hasattr(torch, "_fused_adamw_"):
            self._plain_step(rate)
            return
        torch._fused_adamw_(
            [self._weights],
            [self._gradients],
            [self.first],
            [self.second],
            [],
            [self.count],
            lr=rate,
            beta1=BETAS[0],
            beta2=BETAS[1],
            weight_decay=self.decay,
            eps=EPSILON,
            amsgrad=False,
            maximize=False,
        )

    def forget(self) -> None:
        """As if no step had been made."""
        for tensor in (self.first, self.second, self.count):
            tensor.zero_()

    def _plain_step(self, rate: float) -> None:
        """The same by single operations, for a PyTorch without the kernel."""
        count = float(self.count)
        self.first.lerp_(self._gradients, 1 - BETAS[0])
        self.second.mul_(BETAS[1]).addcmul_(self._gradients, self._gradients, value=1 - BETAS[1])
        root = self.second.sqrt().div_(math.sqrt(1 - BETAS[1] ** count)).add_(EPSILON)
        self._weights.mul_(1 - rate * self.decay)
        self._weights.addcdiv_(self.first, root, value=-rate / (1 - BETAS[0] ** count))

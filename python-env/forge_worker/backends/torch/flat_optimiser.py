"""AdamW over one flat fp32 buffer: one fused call a step instead of hundreds, and one place to look for NaN."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn


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
        self._slices = [nn.Parameter(part) for part in (self.master[:split], self.master[split:]) if part.numel()]
        for piece, start in zip(self._slices, self._starts(), strict=True):
            piece.grad = self.gradients[start : start + piece.numel()]
        groups = [{"params": [p], "weight_decay": weight_decay} for p in self._slices[:1]]
        groups += [{"params": [p], "weight_decay": 0.0} for p in self._slices[1:]]
        if not decayed:
            groups[0]["weight_decay"] = 0.0
        self._adam = torch.optim.AdamW(groups, lr=0.0, betas=(0.9, 0.999), eps=1e-8, fused=True)
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
    def learning_rate(self) -> float:
        """The rate of the last step."""
        return self._adam.param_groups[0]["lr"]

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        for group in self._adam.param_groups:
            group["lr"] = rate

    @property
    def weight_decay(self) -> float:
        """The decay matrices get."""
        return self._adam.param_groups[0]["weight_decay"]

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
        self._adam.step()
        for name, view in self._views(self.master):
            parameter = self._parameters[name]
            if parameter.dtype != torch.float32:
                parameter.data.copy_(view)

    def forget(self) -> None:
        """Drop the moments: as if no step had been made."""
        self._adam.state.clear()

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
        for index, piece in enumerate(self._slices):
            state = self._adam.state.get(piece) or {}
            found[f"{index}.first"] = state.get("exp_avg", torch.zeros_like(piece.data))
            found[f"{index}.second"] = state.get("exp_avg_sq", torch.zeros_like(piece.data))
            found[f"{index}.step"] = torch.as_tensor(state.get("step", 0.0), dtype=torch.float32).reshape(1)
        return found

    def load_moments(self, moments: Mapping[str, Tensor]) -> None:
        """Put back what `moments` gave."""
        for index, piece in enumerate(self._slices):
            device = piece.device
            self._adam.state[piece] = {
                "step": moments[f"{index}.step"].reshape(()).clone().to(device if device.type == "cuda" else "cpu"),
                "exp_avg": moments[f"{index}.first"].clone().to(device),
                "exp_avg_sq": moments[f"{index}.second"].clone().to(device),
            }

    def _views(self, buffer: Tensor) -> Iterator[tuple[str, Tensor]]:
        start = 0
        for name, parameter in self._parameters.items():
            end = start + parameter.numel()
            yield name, buffer[start:end].view(parameter.shape)
            start = end

    def _starts(self) -> list[int]:
        starts, start = [], 0
        for piece in self._slices:
            starts.append(start)
            start += piece.numel()
        return starts

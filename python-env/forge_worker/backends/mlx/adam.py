"""mlx's AdamW over fp32 master weights, with gradients that can be looked at before they are applied."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import mlx.core as mx

BETAS = [0.9, 0.999]
EPSILON = 1e-8


class MasterOptimiser:
    """Masters, gradients and moments by parameter name, all fp32; `bind` gives the masters to the model.

    Matrices get weight decay, vectors (norms, magnitudes, biases) do not. AdamW: Loshchilov & Hutter 2019, with bias
    correction, which mlx's optimiser leaves out unless asked.
    """

    def __init__(
        self, masters: Mapping[str, mx.array], weight_decay: float, bind: Callable[[dict[str, mx.array]], None]
    ) -> None:
        import mlx.core as mx

        self.masters = {name: value.astype(mx.float32) for name, value in masters.items()}
        self.gradients: dict[str, mx.array] = {}
        self.learning_rate = 0.0
        self.weight_decay = weight_decay
        self._bind = bind
        self.forget()
        self.bind()

    def bind(self) -> None:
        """Give the masters to the model."""
        import mlx.core as mx

        mx.eval(self.masters)
        self._bind(self.masters)

    @property
    def count(self) -> int:
        """Trainable numbers."""
        return sum(value.size for value in self.masters.values())

    def clear(self) -> None:
        """Drop the gradients before a step."""
        self.gradients = {}

    def collect(self, gradients: Mapping[str, mx.array]) -> None:
        """Add the gradients of one micro-batch."""
        import mlx.core as mx

        for name, gradient in gradients.items():
            own = gradient.astype(mx.float32)
            self.gradients[name] = self.gradients[name] + own if name in self.gradients else own

    def gradient_norm(self) -> float:
        """Euclidean norm of all gradients; not finite when any of them is not."""
        import mlx.core as mx

        if not self.gradients:
            return 0.0
        return math.sqrt(float(mx.stack([mx.square(value).sum() for value in self.gradients.values()]).sum()))

    def clip(self, norm: float, limit: float) -> None:
        """Scale gradients of norm `norm` down to `limit`; a limit of 0 means no clipping."""
        if 0 < limit < norm:
            factor = limit / (norm + 1e-6)
            self.gradients = {name: value * factor for name, value in self.gradients.items()}

    def step(self) -> None:
        """One AdamW step with the current learning rate."""
        import mlx.core as mx

        for adam, names in self._groups:
            adam.learning_rate = self.learning_rate
            gradients = {name: self.gradients[name] for name in names if name in self.gradients}
            self.masters.update(adam.apply_gradients(gradients, {name: self.masters[name] for name in gradients}))
        mx.eval(self.masters, [adam.state for adam, _ in self._groups])
        self.bind()

    def masters_now(self) -> dict[str, mx.array]:
        """The masters as they are, for `distance_from` (a step makes new arrays)."""
        return dict(self.masters)

    def distance_from(self, before: Mapping[str, mx.array]) -> float:
        """Euclidean distance of the masters from `before`."""
        import mlx.core as mx

        return math.sqrt(sum(float(mx.square(value - before[name]).sum()) for name, value in self.masters.items()))

    def forget(self) -> None:
        """Drop the moments: as if no step had been made."""
        import mlx.optimizers

        matrices = [name for name, value in self.masters.items() if value.ndim >= 2]
        vectors = [name for name, value in self.masters.items() if value.ndim < 2]
        self._groups: list[tuple[Any, list[str]]] = []
        for names, decay in ((matrices, self.weight_decay), (vectors, 0.0)):
            adam = mlx.optimizers.AdamW(0.0, BETAS, EPSILON, decay, bias_correction=True)
            adam.init({name: self.masters[name] for name in names})
            self._groups.append((adam, names))

    def load_weights(self, weights: Mapping[str, mx.array]) -> None:
        """Put weights in by name. Raises KeyError or ValueError when names or shapes differ."""
        for name, master in self.masters.items():
            if weights[name].shape != master.shape:
                raise ValueError(f"{name} has the shape {weights[name].shape}, expected {master.shape}")
        self.masters = {name: weights[name] for name in self.masters}
        self.bind()

    def moments(self) -> dict[str, mx.array]:
        """First and second moments and the step counts, for a checkpoint; zeros before the first step."""
        found: dict[str, mx.array] = {}
        for index, (adam, names) in enumerate(self._groups):
            found[f"{index}.step"] = adam.state["step"]
            for name in names:
                found[f"{name}.first"] = adam.state[name]["m"]
                found[f"{name}.second"] = adam.state[name]["v"]
        return found

    def load_moments(self, moments: Mapping[str, mx.array]) -> None:
        """Put back what `moments` gave. Raises KeyError."""
        for index, (adam, names) in enumerate(self._groups):
            adam.state["step"] = moments[f"{index}.step"]
            for name in names:
                adam.state[name] = {"m": moments[f"{name}.first"], "v": moments[f"{name}.second"]}

"""Recomputing layers in the backward pass, with the same dropout both times.

mlx-lm's own `grad_checkpoint` patches the layer's class for good, and with dropout it draws another mask when it
recomputes, so that its gradients are wrong (measured: a sum of -18,545 where -55,807 is right). Here every layer
object gets a subclass that can be taken off again, and the recomputation starts from the same random state.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from forge_worker.backends.mlx.runtime import random_state, set_random_state

if TYPE_CHECKING:
    import mlx.nn as nn

_MARK = "Checkpointed"


def set_checkpointing(layers: Sequence[nn.Module], on: bool, draws_random: bool) -> None:
    """Turn recomputation of `layers` on or off; `draws_random` when they have dropout."""
    subclasses: dict[type, type] = {}
    for layer in layers:
        plain = type(layer).__mro__[1] if type(layer).__name__.startswith(_MARK) else type(layer)
        if on and plain not in subclasses:
            subclasses[plain] = _subclass(plain, draws_random)
        layer.__class__ = subclasses[plain] if on else plain


def is_checkpointing(layers: Sequence[nn.Module]) -> bool:
    """Whether every layer recomputes."""
    return all(type(layer).__name__.startswith(_MARK) for layer in layers)


def _subclass(plain: type, draws_random: bool) -> type:
    import mlx.core as mx

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        if not layer.training:
            return plain.__call__(layer, *args, **kwargs)
        start = random_state() if draws_random else None

        def compute(parameters: Any, *args: Any, **kwargs: Any) -> Any:
            layer.update(parameters)
            if start is None:
                return plain.__call__(layer, *args, **kwargs)
            before = random_state()
            set_random_state(start)
            result = plain.__call__(layer, *args, **kwargs)
            if before != start:  # the recomputation: what is drawn after it must not notice
                set_random_state(before)
            return result

        return mx.checkpoint(compute)(layer.trainable_parameters(), *args, **kwargs)

    return type(f"{_MARK}{plain.__name__}", (plain,), {"__call__": call})

"""What mlx-lm's attention layers take for a key-value cache, used to share a prefix and to keep packed rows apart.

mlx-lm's models ask the cache for the position offset, for the keys and values to attend to, and for the mask. Answering
these three questions gives both effects with the models' own code, and gradients flow through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import mlx.core as mx


class PrefixRecorder:
    """One layer's cache while the shared prefix is computed: keeps its keys and values, (1, heads, P, width)."""

    offset = 0
    keys: mx.array
    values: mx.array

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        """Keep and pass on."""
        self.keys, self.values = keys, values
        return keys, values

    def make_mask(self, length: int, return_array: bool = False, window_size: int | None = None) -> Any:
        """The model's own causal mask."""
        return _causal(length, 0, window_size) if return_array or window_size else "causal"


class PrefixFollower:
    """One layer's cache while the lines are computed: they attend to the recorded prefix and to themselves."""

    def __init__(self, recorded: PrefixRecorder) -> None:
        self._recorded = recorded
        self.offset = recorded.keys.shape[2]

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        """Prefix and own keys and values, (B, heads, P + width, size)."""
        return _after(self._recorded.keys, keys), _after(self._recorded.values, values)

    def make_mask(self, length: int, return_array: bool = False, window_size: int | None = None) -> Any:
        """Causal, after the prefix."""
        return _causal(length, self.offset, window_size)


class SegmentCache:
    """Packing: tokens attend only within their own segment. Rotary positions run on, and only differences matter."""

    offset = 0

    def __init__(self, segments: mx.array) -> None:
        self._apart = segments[:, None, :, None] == segments[:, None, None, :]

    def update_and_fetch(self, keys: mx.array, values: mx.array) -> tuple[mx.array, mx.array]:
        """Nothing was before."""
        return keys, values

    def make_mask(self, length: int, return_array: bool = False, window_size: int | None = None) -> Any:
        """Causal within segments, (B, 1, length, length)."""
        return _causal(length, 0, window_size) & self._apart


def _after(prefix: mx.array, own: mx.array) -> mx.array:
    import mlx.core as mx

    shape = (own.shape[0], *prefix.shape[1:])
    return mx.concatenate([mx.broadcast_to(prefix, shape), own], axis=2)


def _causal(length: int, offset: int, window_size: int | None) -> mx.array:
    from mlx_lm.models.base import create_causal_mask

    return create_causal_mask(length, offset, window_size=window_size)

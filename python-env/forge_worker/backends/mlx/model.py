"""What the training loop needs of a model, over mlx-lm's model classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forge_worker.backends.mlx.attention_context import PrefixFollower, PrefixRecorder, SegmentCache
from forge_worker.backends.mlx.base_loading import LoadedBase
from forge_worker.backends.mlx.gradient_checkpointing import is_checkpointing, set_checkpointing
from forge_worker.backends.mlx.runtime import dtype_of
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.collate import MicroBatch
from forge_worker.training.low_rank import resized_factors
from forge_worker.training.peft_layout import chosen_modules

if TYPE_CHECKING:
    import mlx.core as mx
    import mlx.nn as nn

_ADAPTER_LEAVES = ("lora_a", "lora_b", "m")
_BITS = 4
_GROUP_SIZES = (64, 32)
_CHECK_TOKENS = 8


@dataclass(frozen=True)
class AdapterSettings:
    """`scale` is alpha / rank; `dropout` applies to the adapter's input."""

    rank: int
    scale: float
    dropout: float
    dora: bool


class MlxModel:
    """A base with a fine-tuning method on it. Flat positions are those of `MicroBatch`."""

    def __init__(self, base: LoadedBase, precision: str) -> None:
        self.base = base
        self.module = base.model
        self.config = base.config
        self.precision = precision
        self._head = _answer_head(self.module)
        self._plain_caches = _has_plain_caches(self.module)
        self._draws_random = False

    # --- what it computes --------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """Which of mlx-lm's classes computes, and whether logits are computed on answer positions only."""
        head = "answer positions only" if self._head is not None else "all positions"
        return f"mlx-lm {type(self.module).__module__.rsplit('.', 1)[-1]}, logits on {head}"

    @property
    def shares_prefix(self) -> bool:
        """Whether rows' common prefix can be computed once (not with recomputed layers: they may keep nothing)."""
        return self._plain_caches and not is_checkpointing(self.module.layers)

    @property
    def packs(self) -> bool:
        """Whether packed rows can be kept apart."""
        return self._plain_caches

    @property
    def exact_length(self) -> int | None:
        """Up to how many tokens a row is computed as the base was trained; None: any number."""
        return self.base.exact_length

    def loss_sum(self, batch: MicroBatch) -> mx.array:
        """Weighted sum of the cross-entropies of the learned tokens (fp32 scalar)."""
        import mlx.core as mx
        import mlx.nn as nn

        states = self._states(batch)[mx.array(batch.selected)]
        logits = (states if self._head is None else self._head(states)).astype(mx.float32)
        losses = nn.losses.cross_entropy(logits, mx.array(batch.targets))
        return (losses * mx.array(batch.weights, dtype=mx.float32)).sum()

    def loss_and_gradients(self, batch: MicroBatch, scale: float) -> tuple[float, dict[str, mx.array]]:
        """(loss sum, gradients of loss sum x scale by parameter name), evaluated."""
        import mlx.core as mx
        import mlx.nn as nn
        from mlx.utils import tree_flatten

        parameters = self.module.trainable_parameters()
        try:
            value, gradients = nn.value_and_grad(self.module, lambda: self.loss_sum(batch) * scale)()
            flat = dict(tree_flatten(gradients))
            mx.eval(value, flat)
        finally:
            self.module.update(parameters)  # tracing leaves its own arrays in the model, also when it fails
        return float(value) / scale, flat

    def generate(self, ids: Sequence[int], limit: int, stop_ids: set[int]) -> list[int]:
        """Up to `limit` greedy tokens after `ids`, without the stop token (mlx-lm's own generation loop)."""
        import mlx.core as mx
        from mlx_lm.generate import generate_step

        was_training = self.module.training
        self.module.eval()
        answer: list[int] = []
        try:
            for token, _ in generate_step(mx.array(list(ids)), self.module, max_tokens=limit):
                if int(token) in stop_ids:
                    break
                answer.append(int(token))
        finally:
            self.module.train(was_training)
        return answer

    def _states(self, batch: MicroBatch) -> mx.array:
        """Hidden states (logits when there is no separate head) of all positions, (P + B x width, size)."""
        import mlx.core as mx

        layers = len(self.module.layers)
        compute: Callable[..., mx.array] = self.module if self._head is None else self.module.model
        lines = mx.array(batch.lines)
        if batch.segments is not None:
            states = compute(lines, cache=[SegmentCache(mx.array(batch.segments))] * layers)
        elif batch.prefix:
            recorders = [PrefixRecorder() for _ in range(layers)]
            before = compute(mx.array([batch.prefix]), cache=recorders)
            states = compute(lines, cache=[PrefixFollower(recorder) for recorder in recorders])
            return mx.concatenate([before[0], states.reshape(-1, states.shape[-1])])
        else:
            states = compute(lines)
        return states.reshape(-1, states.shape[-1])

    # --- what is trained ---------------------------------------------------------------------------------------------

    def layer_linears(self) -> dict[str, nn.Module]:
        """Linear layers inside the decoder blocks by name (adapted ones as the adapter that wraps them)."""
        import mlx.nn as nn
        from mlx_lm.tuner.dora import DoRALinear
        from mlx_lm.tuner.lora import LoRALinear

        kinds = (nn.Linear, nn.QuantizedLinear, LoRALinear, DoRALinear)
        found = {name: module for name, module in self.module.named_modules() if isinstance(module, kinds)}
        inside = {name: module for name, module in found.items() if ".layers." in f".{name}"}
        return {name: module for name, module in inside.items() if not name.endswith(".linear")}

    def adapters(self) -> dict[str, Any]:
        """mlx-lm's LoRALinear and DoRALinear objects by the name of the layer they adapt."""
        return {name: module for name, module in self.layer_linears().items() if "lora_a" in module}

    def add_adapters(self, targets: str | Sequence[str], settings: AdapterSettings) -> dict[str, mx.array]:
        """Adapters on `targets` ("all-linear", or last parts of layer names); returns the trainable parameters.

        Raises WorkerFailure("target-missing") when a name matches nothing, and ("layout-unsupported") when a layer is
        not one of the base's own tensors, since its adapter could not be merged.
        """
        from mlx_lm.tuner.utils import linear_to_lora_layers

        names = chosen_modules(list(self.layer_linears()), targets)
        self._refuse_unknown({f"{name}.weight": None for name in names})
        self.module.freeze()
        config = {"rank": settings.rank, "scale": settings.scale, "dropout": settings.dropout, "keys": set(names)}
        linear_to_lora_layers(self.module, len(self.module.layers), config, use_dora=settings.dora)
        self._draws_random = settings.dropout > 0
        return self.trainable()

    def resize_adapters(self, rank: int) -> dict[str, mx.array]:
        """The adapters, lora_a (in, rank) and lora_b (rank, out), with another rank, saying as nearly the same."""
        import mlx.core as mx
        import numpy as np

        for adapter in self.adapters().values():
            a, b = resized_factors(np.array(adapter.lora_a).T, np.array(adapter.lora_b).T, rank)
            adapter.lora_a, adapter.lora_b = mx.array(a.T), mx.array(b.T)
        return self.trainable()

    def make_all_trainable(self) -> dict[str, mx.array]:
        """Every weight becomes trainable. Raises WorkerFailure("layout-unsupported") when names differ."""
        self.module.unfreeze()
        parameters = self.trainable()
        self._refuse_unknown({name: tuple(value.shape) for name, value in parameters.items()})
        return parameters

    def trainable(self) -> dict[str, mx.array]:
        """Trainable parameters by name, as they are computed with."""
        from mlx.utils import tree_flatten

        return dict(tree_flatten(self.module.trainable_parameters()))

    def bind(self, masters: Mapping[str, mx.array]) -> None:
        """Compute with `masters` (fp32) from now on: adapters as they are, whole models in the model's precision."""
        from mlx.utils import tree_unflatten

        dtype = dtype_of(self.precision)
        leaves = [
            (name, value if name.rsplit(".", 1)[-1] in _ADAPTER_LEAVES else value.astype(dtype))
            for name, value in masters.items()
        ]
        self.module.update(tree_unflatten(leaves))

    # --- what changes while it runs ----------------------------------------------------------------------------------

    def can_quantise(self) -> bool:
        """Whether 4-bit storage would make any layer smaller."""
        return bool(self._quantisable())

    def quantise(self) -> None:
        """Store the frozen linear weights of the decoder blocks in 4 bits (mlx's affine quantisation)."""
        import mlx.core as mx
        import mlx.nn as nn
        from mlx.utils import tree_unflatten

        chosen = self._quantisable()
        if not chosen:
            raise WorkerFailure(
                "four-bit-impossible",
                "No layer of this base model has a width that MLX can store in 4 bits (a multiple of 32).",
                "Choose the method LoRA.",
            )
        smaller = []
        for name, linear in chosen.items():
            group = next(size for size in _GROUP_SIZES if linear.weight.shape[1] % size == 0)
            quantised = nn.QuantizedLinear.from_linear(linear, group, _BITS)
            quantised.freeze()
            mx.eval(quantised.parameters())
            smaller.append((name, quantised))
        self.module.update_modules(tree_unflatten(smaller))
        self.module.train(self.module.training)

    def quantised_layers(self) -> int:
        """How many linear layers are stored in 4 bits."""
        import mlx.nn as nn

        return sum(isinstance(module, nn.QuantizedLinear) for _, module in self.module.named_modules())

    def set_gradient_checkpointing(self, on: bool) -> None:
        """Recompute layers in the backward pass instead of keeping their results."""
        set_checkpointing(self.module.layers, on, self._draws_random)

    @property
    def gradient_checkpointing(self) -> bool:
        """Whether layers are recomputed."""
        return is_checkpointing(self.module.layers)

    def cast(self, precision: str) -> None:
        """Compute in another precision from now on; the optimiser's masters are to be bound again."""
        import mlx.core as mx

        self.precision = precision
        self.module.set_dtype(dtype_of(precision))
        mx.eval(self.module.parameters())

    def stored_precision(self) -> str:
        """The precision of the norms, which is what states are computed in."""
        from mlx.utils import tree_flatten

        names = [str(value.dtype) for name, value in tree_flatten(self.module.parameters()) if "norm" in name]
        return {"mlx.core.bfloat16": "bf16", "mlx.core.float32": "fp32"}.get(names[0], names[0])

    def _quantisable(self) -> dict[str, Any]:
        import mlx.nn as nn

        found = {}
        for name, module in self.layer_linears().items():
            inner, path = (module.linear, f"{name}.linear") if "linear" in module else (module, name)
            if isinstance(inner, nn.Linear) and inner.weight.shape[1] % _GROUP_SIZES[-1] == 0:
                found[path] = inner
        return found

    def _refuse_unknown(self, shapes: Mapping[str, tuple[int, ...] | None]) -> None:
        for name, shape in shapes.items():
            if name not in self.base.shapes or shape not in (None, tuple(self.base.shapes[name])):
                raise WorkerFailure(
                    "layout-unsupported",
                    f"MLX arranges this base model's weights in its own way ({name}), so they could not be exported.",
                    "Choose a base model of the Llama, Mistral, Qwen, Gemma or Phi family.",
                )


def _answer_head(module: Any) -> Callable[[mx.array], mx.array] | None:
    """States to logits, when `module` does exactly that after its inner model (tried on a few tokens), else None."""
    import mlx.core as mx

    inner = getattr(module, "model", None)
    if inner is None:
        return None
    tied = getattr(getattr(inner, "embed_tokens", None), "as_linear", None)
    head = module.get("lm_head", tied)
    if head is None:
        return None
    tokens = mx.arange(_CHECK_TOKENS)[None]
    same = mx.array_equal(head(inner(tokens)), module(tokens))
    return head if bool(same) else None


def _has_plain_caches(module: Any) -> bool:
    """Whether every layer is attention with a plain key-value cache, so that our contexts can stand in for it."""
    from mlx_lm.models.cache import KVCache, make_prompt_cache

    caches = make_prompt_cache(module)
    return len(caches) == len(module.layers) and all(type(cache) is KVCache for cache in caches)

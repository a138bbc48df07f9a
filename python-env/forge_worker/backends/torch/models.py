"""What the training loop needs of a model, over our own decoder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from forge_worker.backends.torch.decoder import Decoder, Layout, Norm, explicit_is_faster
from forge_worker.backends.torch.fused_ops import AnswerLoss, SwiGlu
from forge_worker.backends.torch.projections import AdapterSettings, Projection, four_bit_available
from forge_worker.backends.torch.runtime import DTYPES
from forge_worker.training.collate import MicroBatch
from forge_worker.training.peft_layout import chosen_modules

_MASKED = float("-inf")


class TrainableModel(ABC):
    """A base with a fine-tuning method on it. Flat positions are those of `MicroBatch`."""

    decoder_name: str
    shares_prefix: bool
    packs = True
    exact_length: int | None = None
    config: dict[str, Any]
    module: nn.Module
    device: torch.device
    dtype: torch.dtype

    @abstractmethod
    def loss_sum(self, batch: MicroBatch) -> Tensor:
        """Weighted sum of the cross-entropies of the learned tokens (fp32 scalar)."""

    @abstractmethod
    def generate(self, ids: Sequence[int], limit: int, stop_ids: set[int]) -> list[int]:
        """Up to `limit` greedy tokens after `ids`, without the stop token."""

    @abstractmethod
    def full_parameters(self) -> dict[str, nn.Parameter]:
        """Make every weight trainable and return them by name."""

    @abstractmethod
    def full_tensors(self) -> dict[str, Tensor]:
        """All weights under the base's own names."""

    @abstractmethod
    def set_gradient_checkpointing(self, on: bool) -> None:
        """Recompute layers in the backward pass instead of keeping their results."""

    @abstractmethod
    def cast(self, precision: str) -> None:
        """Compute in another precision (bf16, fp32 or fp16) from now on."""

    def projections(self) -> list[Projection]:
        """The linear layers of the decoder blocks, in order."""
        return [module for module in self.module.modules() if isinstance(module, Projection)]

    def add_adapters(
        self, targets: str | Sequence[str], settings: AdapterSettings, seed: int
    ) -> dict[str, nn.Parameter]:
        """Adapters on `targets` ("all-linear", or last parts of layer names such as q_proj), initialised by `seed`.

        Raises WorkerFailure("target-missing") when a name matches nothing.
        """
        generator = torch.Generator().manual_seed(seed)
        names = chosen_modules([part.name for projection in self.projections() for part in projection.parts], targets)
        parameters: dict[str, nn.Parameter] = {}
        for projection in self.projections():
            projection.add_adapter(set(names), settings, generator)
            parameters.update(projection.adapter_parameters())
        return parameters

    def resize_adapters(self, rank: int, alpha: float) -> dict[str, nn.Parameter]:
        """The adapters with another rank, saying as nearly as possible the same; returns the new parameters."""
        parameters: dict[str, nn.Parameter] = {}
        for projection in self.projections():
            if projection.adapted:
                projection.resize_adapter(rank, alpha)
                parameters.update(projection.adapter_parameters())
        return parameters

    def can_quantise(self) -> bool:
        """Whether 4-bit storage is to be had here."""
        return four_bit_available()

    def quantise(self) -> None:
        """Store the frozen linear weights in 4 bits."""
        for projection in self.projections():
            projection.quantise()


class OwnModel(TrainableModel):
    """Our decoder (decoder.py)."""

    decoder_name = "own"
    shares_prefix = True

    def __init__(self, decoder: Decoder, config: dict[str, Any], device: torch.device, dtype: torch.dtype) -> None:
        self.module = self.decoder = decoder
        self.config = config
        self.device = device
        self.dtype = dtype
        for projection in self.projections():
            projection.weight.tensor = projection.weight.tensor.to(device)  # type: ignore[union-attr]
            projection.bias = None if projection.bias is None else projection.bias.to(device)
        decoder.to(device)

    def loss_sum(self, batch: MicroBatch) -> Tensor:
        flat = [*batch.prefix, *(token for line in batch.lines for token in line)]
        ids = torch.tensor(flat, device=self.device)
        hidden = self.decoder(ids, self._layout(batch), torch.tensor(batch.selected, device=self.device))
        targets = torch.tensor(batch.targets, device=self.device)
        weights = torch.tensor(batch.weights, dtype=torch.float32, device=self.device)
        return AnswerLoss.apply(hidden, self.decoder.head, targets, weights)

    def generate(self, ids: Sequence[int], limit: int, stop_ids: set[int]) -> list[int]:
        was_training = self.module.training
        self.module.eval()
        try:
            with torch.no_grad():
                return self._generate(list(ids), limit, stop_ids)
        finally:
            self.module.train(was_training)

    def full_parameters(self) -> dict[str, nn.Parameter]:
        parameters = {"model.embed_tokens.weight": self.decoder.embedding}
        if self.decoder.own_head is not None:
            parameters["lm_head.weight"] = self.decoder.own_head
        for projection in self.projections():
            parameters.update(projection.make_trainable())
        for norm in self._norms():
            parameters[f"{norm.name}.weight"] = norm.weight
        for parameter in parameters.values():
            parameter.requires_grad_(True)
        return parameters

    def full_tensors(self) -> dict[str, Tensor]:
        tensors = {"model.embed_tokens.weight": self.decoder.embedding.detach()}
        if self.decoder.own_head is not None:
            tensors["lm_head.weight"] = self.decoder.own_head.detach()
        for projection in self.projections():
            tensors.update(projection.base_tensors())
        tensors.update({f"{norm.name}.weight": norm.weight.detach() for norm in self._norms()})
        return tensors

    def set_gradient_checkpointing(self, on: bool) -> None:
        self.decoder.gradient_checkpointing = on

    def cast(self, precision: str) -> None:
        self.dtype = dtype = DTYPES[precision]
        adapters = {id(p) for projection in self.projections() for p in projection.adapter_parameters().values()}
        for parameter in self.decoder.parameters():
            if id(parameter) not in adapters:
                parameter.data = parameter.data.to(dtype)
        for projection in self.projections():
            projection.cast(dtype)

    def _norms(self) -> list[Norm]:
        return [module for module in self.decoder.modules() if isinstance(module, Norm)]

    def _layout(self, batch: MicroBatch) -> Layout:
        shared = len(batch.prefix)
        cosine, sine = self.decoder.rotary(torch.tensor(batch.positions, device=self.device))
        line_mask = self._causal(batch.width, shared)
        if batch.segments is not None:
            segments = torch.tensor(batch.segments, device=self.device)
            apart = segments.unsqueeze(2) != segments.unsqueeze(1)
            line_mask = line_mask.masked_fill(apart, _MASKED)
        prefix_mask = self._causal(shared, 0) if shared else None
        explicit = explicit_is_faster(shared + batch.width, self.device)
        return Layout(shared, len(batch.lines), batch.width, cosine, sine, line_mask, prefix_mask, explicit)

    def _causal(self, queries: int, before: int) -> Tensor:
        allowed = torch.ones(queries, before + queries, dtype=torch.bool, device=self.device).tril(before)
        return torch.zeros(1, queries, before + queries, dtype=self.dtype, device=self.device).masked_fill_(
            ~allowed, _MASKED
        )

    def _generate(self, ids: list[int], limit: int, stop_ids: set[int]) -> list[int]:
        cache: list[tuple[Tensor, Tensor]] = []
        answer: list[int] = []
        new = ids
        for _ in range(limit):
            logits = self._cached_logits(new, len(ids) + len(answer) - len(new), cache)
            token = int(logits.argmax())
            if token in stop_ids:
                break
            answer.append(token)
            new = [token]
        return answer

    def _cached_logits(self, new: list[int], start: int, cache: list[tuple[Tensor, Tensor]]) -> Tensor:
        """Logits after `new` tokens at positions from `start`; `cache` holds each layer's keys and values so far."""
        count = len(new)
        cosine, sine = self.decoder.rotary(torch.arange(start, start + count, device=self.device))
        mask = self._causal(count, start)
        x = torch.nn.functional.embedding(torch.tensor(new, device=self.device), self.decoder.embedding)
        for number, layer in enumerate(self.decoder.layers):
            q, k, v = layer.split(layer.qkv(layer.input_norm(x)), cosine, sine)
            if start:
                k, v = torch.cat([cache[number][0], k]), torch.cat([cache[number][1], v])
                cache[number] = (k, v)
            else:
                cache.append((k, v))
            x = x + layer.output(_attend_cached(q, k, v, mask))
            x = x + layer.down(SwiGlu.apply(layer.gate_up(layer.post_norm(x))))
        return self.decoder.norm(x[-1:]) @ self.decoder.head.t()


def _attend_cached(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    out = torch.nn.functional.scaled_dot_product_attention(
        q.transpose(0, 1).unsqueeze(0),
        k.transpose(0, 1).unsqueeze(0),
        v.transpose(0, 1).unsqueeze(0),
        attn_mask=mask.unsqueeze(0),
        enable_gqa=q.shape[1] != k.shape[1],
    )
    return out[0].transpose(0, 1).reshape(len(q), -1)

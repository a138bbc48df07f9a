"""Any other causal language model, through its transformers class: slower to start, no shared prefix, same method."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from forge_worker.backends.torch.fused_ops import AnswerLoss
from forge_worker.backends.torch.models import TrainableModel
from forge_worker.backends.torch.projections import Part, Projection
from forge_worker.backends.torch.runtime import DTYPES
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.collate import MicroBatch

_HEAD_ATTRIBUTES = ("final_logit_softcapping", "logit_scale", "logits_scaling", "lm_head_multiplier")
"""Settings that change logits after the output matrix: then the model's own head is used, not ours."""


class AdaptedLinear(nn.Module):
    """A Projection in the place of an nn.Linear."""

    def __init__(self, projection: Projection) -> None:
        super().__init__()
        self.projection = projection
        self.out_features = sum(part.width for part in projection.parts)

    @property
    def weight(self) -> Tensor:
        """The dense weight, for model code that looks at its type or device."""
        return self.projection.weight.dense(self.projection.dtype)

    def forward(self, x: Tensor) -> Tensor:
        """[..., in] to [..., out]."""
        return self.projection(x.reshape(-1, x.shape[-1])).view(*x.shape[:-1], self.out_features)


class TransformersModel(TrainableModel):
    """A model of the transformers package whose decoder blocks' linear layers are ours."""

    decoder_name = "transformers"
    shares_prefix = False

    def __init__(self, folder: Path, config: dict[str, Any], device: torch.device, dtype: torch.dtype) -> None:
        self.config = config
        self.device = device
        self.dtype = dtype
        self.module = self._model = _load(folder, dtype).to(device)
        self._full = False
        for parameter in self._model.parameters():
            parameter.requires_grad_(False)
        text_config = self._model.config.get_text_config()
        changed = any(getattr(text_config, name, None) not in (None, 1, 1.0) for name in _HEAD_ATTRIBUTES)
        head = self._model.get_output_embeddings()
        self._own_head = not changed and getattr(head, "bias", None) is None
        self._adapt()

    def loss_sum(self, batch: MicroBatch) -> Tensor:
        ids = torch.tensor(batch.lines, device=self.device)
        inputs: dict[str, Any] = {"input_ids": ids, "use_cache": False}
        if batch.segments is not None:
            inputs["attention_mask"] = self._packed_mask(batch)
            inputs["position_ids"] = torch.tensor(batch.positions, device=self.device).view(ids.shape)
        selected = torch.tensor(batch.selected, device=self.device)
        targets = torch.tensor(batch.targets, device=self.device)
        weights = torch.tensor(batch.weights, dtype=torch.float32, device=self.device)
        if self._own_head:
            hidden = self._model.base_model(**inputs).last_hidden_state.flatten(0, 1)[selected]
            return AnswerLoss.apply(hidden, self._model.get_output_embeddings().weight, targets, weights)
        logits = self._model(**inputs).logits.flatten(0, 1)[selected].float()
        return (functional.cross_entropy(logits, targets, reduction="none") * weights).sum()

    def generate(self, ids: Sequence[int], limit: int, stop_ids: set[int]) -> list[int]:
        was_training = self.module.training
        self.module.eval()
        answer: list[int] = []
        new, cache = torch.tensor([list(ids)], device=self.device), None
        try:
            with torch.no_grad():
                for _ in range(limit):
                    output = self._model(input_ids=new, past_key_values=cache, use_cache=True)
                    token = int(output.logits[0, -1].argmax())
                    if token in stop_ids:
                        break
                    answer.append(token)
                    new, cache = torch.tensor([[token]], device=self.device), output.past_key_values
        finally:
            self.module.train(was_training)
        return answer

    def full_parameters(self) -> dict[str, nn.Parameter]:
        self._full = True
        parameters: dict[str, nn.Parameter] = {}
        for projection in self.projections():
            parameters.update(projection.make_trainable())
        ours = {id(parameter) for parameter in parameters.values()}
        for name, parameter in self._model.named_parameters():
            if id(parameter) not in ours:
                parameters[name] = parameter
        for parameter in parameters.values():
            parameter.requires_grad_(True)
        return parameters

    def full_tensors(self) -> dict[str, Tensor]:
        tensors: dict[str, Tensor] = {}
        for projection in self.projections():
            tensors.update(projection.base_tensors())
        seen = {id(p) for projection in self.projections() for p in projection.parameters()}
        for name, parameter in self._model.named_parameters():
            if id(parameter) not in seen:
                tensors[name] = parameter.detach()
        return tensors

    def set_gradient_checkpointing(self, on: bool) -> None:
        if on:
            self._model.gradient_checkpointing_enable({"use_reentrant": False})
            self._model.enable_input_require_grads()
        else:
            self._model.gradient_checkpointing_disable()

    def cast(self, precision: str) -> None:
        self.dtype = dtype = DTYPES[precision]
        adapters = {id(p) for projection in self.projections() for p in projection.adapter_parameters().values()}
        for parameter in self._model.parameters():
            if id(parameter) not in adapters:
                parameter.data = parameter.data.to(dtype)
        for projection in self.projections():
            projection.cast(dtype)

    def _adapt(self) -> None:
        """Replace the linear layers inside the decoder blocks (everything below a `layers` list)."""
        linear = [(n, m) for n, m in self._model.named_modules() if isinstance(m, nn.Linear) and ".layers." in f".{n}"]
        if not linear:
            raise WorkerFailure(
                "family-unknown",
                f"Forge finds no trainable layers in a model of the family {self.config['model_type']}.",
                "Choose another base model.",
            )
        for name, module in linear:
            bias = None if module.bias is None else module.bias.detach()
            projection = Projection([Part(name, module.out_features)], module.weight.detach(), bias)
            parent, _, last = name.rpartition(".")
            setattr(self._model.get_submodule(parent), last, AdaptedLinear(projection))

    def _packed_mask(self, batch: MicroBatch) -> Tensor:
        segments = torch.tensor(batch.segments, device=self.device)
        causal = torch.ones(batch.width, batch.width, dtype=torch.bool, device=self.device).tril()
        allowed = (segments.unsqueeze(2) == segments.unsqueeze(1)) & causal
        mask = torch.zeros(allowed.shape, dtype=self.dtype, device=self.device)
        return mask.masked_fill_(~allowed, torch.finfo(self.dtype).min).unsqueeze(1)


def _load(folder: Path, dtype: torch.dtype) -> nn.Module:
    from transformers import AutoModelForCausalLM

    try:
        return AutoModelForCausalLM.from_pretrained(
            str(folder), dtype=dtype, local_files_only=True, use_safetensors=True, trust_remote_code=False
        )
    except (OSError, ValueError) as error:
        raise WorkerFailure(
            "base-unreadable",
            f"The base model in {folder.name} cannot be loaded: {error}.",
            "Prepare the base model again, or choose another one.",
        ) from error

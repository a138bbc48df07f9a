"""PyTorch (NVIDIA GPUs and processors) as the shared training loop needs it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import torch

from forge_worker.backends.torch.base_files import write_model
from forge_worker.backends.torch.flat_optimiser import FlatOptimiser
from forge_worker.backends.torch.model_loading import load_model
from forge_worker.backends.torch.models import TrainableModel
from forge_worker.backends.torch.peft_files import write_adapter
from forge_worker.backends.torch.projections import AdapterSettings
from forge_worker.backends.torch.runtime import (
    DTYPES,
    check_memory_cap,
    describe_device,
    is_out_of_memory,
    peak_memory_bytes,
    prepare_runtime,
    release_memory,
    versions,
)
from forge_worker.backends.torch.training_state import (
    generator_states,
    restore,
    restore_weights,
    set_generator_states,
    tensor_files,
)
from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.spec import Spec
from forge_worker.training.collate import MicroBatch
from forge_worker.training.settings import Recipe

_FP16_LOSS_SCALE = 8192.0


class TorchBackend:
    """`forge_worker.training.backend.Backend` over our modules for PyTorch."""

    fingerprint: ClassVar[dict[str, Any]] = {}

    def __init__(self, spec: Spec, recipe: Recipe, settled: Mapping[str, Any]) -> None:
        self._spec = spec
        self.runtime = prepare_runtime(spec, recipe.precision, settled.get("precision"))
        self.precision = self.runtime.precision
        reason = self.runtime.precision_reason
        self.explained = {} if reason is None else {"precision": reason}
        self.memory_cap_bytes = recipe.memory_cap_bytes
        self.loss_scale = _FP16_LOSS_SCALE if self.precision == "fp16" else 1.0

    # --- the model ---

    def load_model(self, base: Path) -> TrainableModel:
        return load_model(base, self.runtime.device, self.runtime.dtype)

    def add_method(self, model: TrainableModel, recipe: Recipe) -> FlatOptimiser:
        for parameter in model.module.parameters():
            parameter.requires_grad_(False)
        if recipe.method == "full":
            parameters = model.full_parameters()
        else:
            if recipe.method == "qlora":
                model.quantise()
            settings = AdapterSettings(recipe.rank, recipe.alpha, recipe.dropout, recipe.method == "dora")
            parameters = model.add_adapters(recipe.target_modules, settings, self._spec.seed)
        return FlatOptimiser(parameters, recipe.weight_decay)

    def resize_adapters(self, model: TrainableModel, recipe: Recipe) -> FlatOptimiser:
        return FlatOptimiser(model.resize_adapters(recipe.rank, recipe.alpha), recipe.weight_decay)

    # --- one step ---

    def learn(self, model: TrainableModel, optimiser: FlatOptimiser, batch: MicroBatch, scale: float) -> float:
        loss = model.loss_sum(batch)
        (loss * scale).backward()
        optimiser.collect()
        return float(loss.detach())

    def unscale(self, optimiser: FlatOptimiser, loss_scale: float) -> None:
        optimiser.gradients.div_(loss_scale)

    @torch.no_grad()
    def validation_loss(self, model: TrainableModel, batch: MicroBatch) -> float:
        return float(model.loss_sum(batch))

    # --- the device ---

    def random_state(self) -> dict[str, torch.Tensor]:
        return generator_states()

    def set_random_state(self, state: dict[str, torch.Tensor]) -> None:
        set_generator_states(state)

    def is_out_of_memory(self, error: BaseException) -> bool:
        return is_out_of_memory(error)

    def release_memory(self) -> None:
        release_memory()

    def check_memory_cap(self) -> None:
        check_memory_cap(self.memory_cap_bytes)

    def peak_memory_bytes(self) -> int:
        return peak_memory_bytes(self.runtime.device)

    # --- what is told ---

    def describe_device(self) -> dict[str, Any]:
        return describe_device(self.runtime)

    def versions(self) -> dict[str, str]:
        return versions()

    def warn_of_environment(self, context: WorkerContext) -> None:
        passive = os.environ.get("OMP_WAIT_POLICY", "").upper() == "PASSIVE"
        if passive != self._spec.passive_wait:
            told = "on" if self._spec.passive_wait else "off"
            context.warn("passive-wait", f"The plan wants passive waiting {told}, but the environment says otherwise.")

    def built_settings(self, model: TrainableModel, recipe: Recipe) -> dict[str, Any]:
        projections = [p for p in model.projections() if p.adapted]
        found: dict[str, Any] = {
            "device": self.runtime.device.type,
            "threads": self.runtime.threads,
            "precision": next(name for name, dtype in DTYPES.items() if dtype == model.dtype),
            "decoder": model.decoder_name,
            "method": _built_method(model),
        }
        if not projections:
            return found
        adapter = projections[0].settings
        assert adapter is not None
        return {
            **found,
            "rank": projections[0].lora_a[0].shape[0],
            "alpha": adapter.scale * adapter.rank,
            "dropout": adapter.dropout,
            "adaptedLayers": sum(len(p.adapted) for p in projections),
        }

    def base_settings(self, model: TrainableModel) -> dict[str, Any]:
        return {}

    # --- files ---

    def tensor_files(self, optimiser: FlatOptimiser) -> dict[str, Callable[[Path], None]]:
        return tensor_files(optimiser)

    def restore(self, folder: Path, optimiser: FlatOptimiser) -> None:
        restore(folder, optimiser)

    def restore_weights(self, folder: Path, optimiser: FlatOptimiser) -> None:
        restore_weights(folder, optimiser)

    def write_model(self, folder: Path, base: Path, model: TrainableModel) -> None:
        write_model(folder, base, model.config, model.full_tensors())

    def write_adapter(self, folder: Path, base: Path, recipe: Recipe, optimiser: FlatOptimiser) -> None:
        write_adapter(folder, base, recipe, optimiser.weights())


def _built_method(model: TrainableModel) -> str:
    projections = model.projections()
    if any(p.trainable_weight is not None for p in projections):
        return "full"
    if any(len(p.magnitude) for p in projections):
        return "dora"
    return "qlora" if any(type(p.weight).__name__ == "FourBitWeight" for p in projections) else "lora"

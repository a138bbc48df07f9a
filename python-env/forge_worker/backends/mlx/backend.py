"""MLX (Apple silicon) as the shared training loop needs it. MLX itself is imported inside functions only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from forge_worker.backends.mlx.adam import MasterOptimiser
from forge_worker.backends.mlx.base_loading import load_base
from forge_worker.backends.mlx.model import AdapterSettings, MlxModel
from forge_worker.backends.mlx.runtime import (
    check_memory_cap,
    describe_device,
    is_out_of_memory,
    peak_memory_bytes,
    prepare_runtime,
    random_state,
    release_memory,
    set_random_state,
    versions,
)
from forge_worker.backends.mlx.tensor_files import restore, restore_weights, tensor_files, write_adapter, write_model
from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.spec import Spec
from forge_worker.training.collate import MicroBatch
from forge_worker.training.settings import Recipe


class MlxBackend:
    """`forge_worker.training.backend.Backend` over mlx-lm's models."""

    fingerprint: ClassVar[dict[str, Any]] = {"framework": "mlx"}
    loss_scale = 1.0

    def __init__(self, spec: Spec, recipe: Recipe, settled: Mapping[str, Any]) -> None:
        wanted, kept = recipe.precision, settled.get("precision")
        self._runtime = runtime = prepare_runtime(spec, recipe.memory_cap_bytes, (wanted, kept))
        self.precision = runtime.precision
        self.memory_cap_bytes = runtime.memory_cap_bytes
        reasons = {"precision": runtime.precision_reason, "memoryCapBytes": runtime.memory_cap_reason}
        self.explained = {name: reason for name, reason in reasons.items() if reason is not None}

    # --- the model ---

    def load_model(self, base: Path) -> MlxModel:
        return MlxModel(load_base(base, self.precision), self.precision)

    def add_method(self, model: MlxModel, recipe: Recipe) -> MasterOptimiser:
        if recipe.method == "full":
            parameters = model.make_all_trainable()
        else:
            if recipe.method == "qlora":
                model.quantise()
            scale = recipe.alpha / recipe.rank
            settings = AdapterSettings(recipe.rank, scale, recipe.dropout, recipe.method == "dora")
            parameters = model.add_adapters(recipe.target_modules, settings)
        optimiser = MasterOptimiser(parameters, recipe.weight_decay, model.bind)
        release_memory()
        return optimiser

    def resize_adapters(self, model: MlxModel, recipe: Recipe) -> MasterOptimiser:
        return MasterOptimiser(model.resize_adapters(recipe.rank), recipe.weight_decay, model.bind)

    # --- one step ---

    def learn(self, model: MlxModel, optimiser: MasterOptimiser, batch: MicroBatch, scale: float) -> float:
        loss, gradients = model.loss_and_gradients(batch, scale)
        optimiser.collect(gradients)
        return loss

    def unscale(self, optimiser: MasterOptimiser, loss_scale: float) -> None:
        optimiser.gradients = {name: value / loss_scale for name, value in optimiser.gradients.items()}

    def validation_loss(self, model: MlxModel, batch: MicroBatch) -> float:
        return float(model.loss_sum(batch))

    # --- the device ---

    def random_state(self) -> int:
        return random_state()

    def set_random_state(self, state: int) -> None:
        set_random_state(state)

    def is_out_of_memory(self, error: BaseException) -> bool:
        return is_out_of_memory(error)

    def release_memory(self) -> None:
        release_memory()

    def check_memory_cap(self) -> None:
        check_memory_cap(self.memory_cap_bytes)

    def peak_memory_bytes(self) -> int:
        return peak_memory_bytes()

    # --- what is told ---

    def describe_device(self) -> dict[str, Any]:
        return describe_device(self._runtime)

    def versions(self) -> dict[str, str]:
        return versions()

    def warn_of_environment(self, context: WorkerContext) -> None:
        """Nothing to compare: MLX has neither a thread count nor a way of waiting that could be read back."""

    def built_settings(self, model: MlxModel, recipe: Recipe) -> dict[str, Any]:
        found: dict[str, Any] = {
            "device": "mlx",
            "precision": model.stored_precision(),
            "decoder": model.name,
            "method": _built_method(model),
            "gradientCheckpointing": model.gradient_checkpointing,
        }
        if self.memory_cap_bytes is not None:
            found["memoryCapBytes"] = self.memory_cap_bytes
        rope = _built_rope_base(model)
        if rope is not None:
            found["ropeBase"] = rope
        adapters = list(model.adapters().values())
        if adapters:
            rank = adapters[0].lora_a.shape[1]
            found["rank"] = rank
            found["alpha"] = adapters[0].scale * rank
            found["dropout"] = round(1 - adapters[0].dropout._p_1, 12)
            found["adaptedLayers"] = len(adapters)
        if model.quantised_layers():
            found["fourBitLayers"] = model.quantised_layers()
        return found

    def base_settings(self, model: MlxModel) -> dict[str, Any]:
        return {"ropeBase": model.base.rope_base}

    # --- files ---

    def tensor_files(self, optimiser: MasterOptimiser) -> dict[str, Callable[[Path], None]]:
        return tensor_files(optimiser)

    def restore(self, folder: Path, optimiser: MasterOptimiser) -> None:
        restore(folder, optimiser)

    def restore_weights(self, folder: Path, optimiser: MasterOptimiser) -> None:
        restore_weights(folder, optimiser)

    def write_model(self, folder: Path, base: Path, model: MlxModel) -> None:
        write_model(folder, base, model.config, model.trainable())

    def write_adapter(self, folder: Path, base: Path, recipe: Recipe, optimiser: MasterOptimiser) -> None:
        write_adapter(folder, base, recipe, optimiser.masters)


def _built_method(model: MlxModel) -> str:
    adapters = model.adapters()
    if not adapters:
        return "full"
    if any("m" in adapter for adapter in adapters.values()):
        return "dora"
    return "qlora" if model.quantised_layers() else "lora"


def _built_rope_base(model: MlxModel) -> float | None:
    """The rotary base the first layer computes with, where the class says it and the base has only one."""
    attention = getattr(model.module.layers[0], "self_attn", None)
    base = getattr(getattr(attention, "rope", None), "base", None)
    return None if model.base.rope_base is None or base is None else float(base)

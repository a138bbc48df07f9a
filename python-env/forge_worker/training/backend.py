"""What a training needs of a framework: the one seam between the shared loop and PyTorch or MLX."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.spec import Spec
from forge_worker.training.collate import MicroBatch
from forge_worker.training.settings import Recipe


class Optimiser(Protocol):
    """The trainable weights (masters in fp32), their gradients and their moments."""

    learning_rate: float

    @property
    def count(self) -> int:
        """Trainable numbers."""

    @property
    def weight_decay(self) -> float:
        """The decay matrices get."""

    def bind(self) -> None:
        """Tie the model's parameters to the masters; again after their precision changed."""

    def clear(self) -> None:
        """Forget the gradients before a step."""

    def gradient_norm(self) -> float:
        """Euclidean norm of all gradients; not finite when any of them is not."""

    def clip(self, norm: float, limit: float) -> None:
        """Scale gradients of norm `norm` down to `limit`; a limit of 0 means no clipping."""

    def step(self) -> None:
        """One step with the current learning rate."""

    def forget(self) -> None:
        """Drop the moments: as if no step had been made."""

    def masters_now(self) -> Any:
        """A copy of the masters, for `distance_from`."""

    def distance_from(self, before: Any) -> float:
        """Euclidean distance of the masters from an earlier copy."""


class Model(Protocol):
    """A base with a fine-tuning method on it."""

    module: Any

    @property
    def shares_prefix(self) -> bool:
        """Whether rows' common prefix can be computed once."""

    @property
    def packs(self) -> bool:
        """Whether packed rows can be kept apart."""

    @property
    def exact_length(self) -> int | None:
        """The most tokens a row may have to be computed as the model was trained; None: any number."""

    def can_quantise(self) -> bool:
        """Whether the frozen weights can be stored in 4 bits."""

    def quantise(self) -> None:
        """Store the frozen linear weights in 4 bits."""

    def cast(self, precision: str) -> None:
        """Compute in another precision from now on; the optimiser is to be bound again."""

    def set_gradient_checkpointing(self, on: bool) -> None:
        """Recompute layers in the backward pass instead of keeping their results."""

    def generate(self, ids: Sequence[int], limit: int, stop_ids: set[int]) -> list[int]:
        """Up to `limit` greedy tokens after `ids`, without the stop token."""


class Backend(Protocol):
    """One attempt's device and framework. Made once, before the model; `Make` is how."""

    fingerprint: Mapping[str, Any]
    """What a checkpoint of this framework has in its fingerprint beside the recipe's."""
    precision: str
    """What is computed with: what was asked, what the device can do of it, or what the first attempt settled on."""
    explained: dict[str, str]
    """Reasons for settings that differ from what was asked, by their names in camel case."""
    memory_cap_bytes: int | None
    loss_scale: float
    """With what losses are multiplied before the backward pass at the start (above 1 for fp16 only)."""

    # --- the model ---

    def load_model(self, base: Path) -> Model:
        """The base in `base`, in `precision`. Raises WorkerFailure("base-unreadable")."""

    def add_method(self, model: Any, recipe: Recipe) -> Any:
        """Make trainable what the method trains; returns the optimiser."""

    def resize_adapters(self, model: Any, recipe: Recipe) -> Any:
        """Give the adapters `recipe.rank`, keeping the most of what they learned; returns a new optimiser."""

    # --- one step ---

    def learn(self, model: Any, optimiser: Any, batch: MicroBatch, scale: float) -> float:
        """Add the gradients of (loss sum x `scale`) to the optimiser's; returns the loss sum, unscaled."""

    def unscale(self, optimiser: Any, loss_scale: float) -> None:
        """Divide the collected gradients by `loss_scale`."""

    def validation_loss(self, model: Any, batch: MicroBatch) -> float:
        """The loss sum without gradients."""

    # --- the device ---

    def random_state(self) -> Any:
        """What the next random draws depend on."""

    def set_random_state(self, state: Any) -> None:
        """Put back what `random_state` gave."""

    def is_out_of_memory(self, error: BaseException) -> bool:
        """Whether `error` means that memory ran out."""

    def release_memory(self) -> None:
        """Give unused memory back, so that the next try starts from a clean measure."""

    def check_memory_cap(self) -> None:
        """Raise a MemoryError when more than `memory_cap_bytes` are held."""

    def peak_memory_bytes(self) -> int:
        """The most memory used so far."""

    # --- what is told ---

    def describe_device(self) -> dict[str, Any]:
        """`device` of the hello event."""

    def versions(self) -> dict[str, str]:
        """`versions` of the hello event."""

    def warn_of_environment(self, context: WorkerContext) -> None:
        """Warn where the environment differs from the spec."""

    def built_settings(self, model: Any, recipe: Recipe) -> dict[str, Any]:
        """Settings as the built objects say them, by their names in camel case."""

    def base_settings(self, model: Any) -> dict[str, Any]:
        """What `built_settings` must say because the base asks for it."""

    # --- files ---

    def tensor_files(self, optimiser: Any) -> dict[str, Callable[[Path], None]]:
        """A checkpoint's files of tensors and how to write each."""

    def restore(self, folder: Path, optimiser: Any) -> None:
        """Put weights, moments and random state of a verified checkpoint back."""

    def restore_weights(self, folder: Path, optimiser: Any) -> None:
        """Put only the weights of a verified checkpoint back."""

    def write_model(self, folder: Path, base: Path, model: Any) -> None:
        """Write the whole model as it is now in the Hugging Face layout."""

    def write_adapter(self, folder: Path, base: Path, recipe: Recipe, optimiser: Any) -> None:
        """Write the adapter in PEFT's layout."""


class MakeBackend(Protocol):
    """How a backend is made. `settled`: what the first attempt measured and chose (empty in a first attempt)."""

    def __call__(self, spec: Spec, recipe: Recipe, settled: Mapping[str, Any]) -> Backend: ...

"""Everything a training needs to go on exactly where it was, in a checkpoint without pickle."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor

from forge_worker.backends.torch.flat_optimiser import FlatOptimiser

WEIGHTS_FILE = "weights.safetensors"
_OPTIMISER_FILE = "optimiser.safetensors"
_GENERATORS_FILE = "generators.safetensors"


def tensor_files(optimiser: FlatOptimiser) -> dict[str, Callable[[Path], None]]:
    """The files of tensors of a checkpoint and how to write each (for `write_checkpoint`)."""

    def tensors(make: Callable[[], dict[str, Tensor]]) -> Callable[[Path], None]:
        def write(path: Path) -> None:
            from safetensors import SafetensorError
            from safetensors.torch import save_file

            try:
                save_file({name: tensor.detach().cpu().clone() for name, tensor in make().items()}, path)
            except SafetensorError as error:
                # The library hides the system's refusal (a full disk) in a sentence of its own: "... (os error 28)".
                code = re.search(r"os error (\d+)", str(error))
                if code is None:
                    raise
                raise OSError(int(code[1]), os.strerror(int(code[1])), str(path)) from error

        return write

    return {
        WEIGHTS_FILE: tensors(optimiser.weights),
        _OPTIMISER_FILE: tensors(optimiser.moments),
        _GENERATORS_FILE: tensors(generator_states),
    }


def restore(folder: Path, optimiser: FlatOptimiser) -> None:
    """Put weights, moments and generators of a verified checkpoint back."""
    from safetensors.torch import load_file

    optimiser.load_weights(load_file(folder / WEIGHTS_FILE))
    optimiser.load_moments(load_file(folder / _OPTIMISER_FILE))
    set_generator_states(load_file(folder / _GENERATORS_FILE))


def restore_weights(folder: Path, optimiser: FlatOptimiser) -> None:
    """Put only the weights of a verified checkpoint back."""
    from safetensors.torch import load_file

    optimiser.load_weights(load_file(folder / WEIGHTS_FILE))


def generator_states() -> dict[str, Tensor]:
    """States of the generators training draws from (uint8)."""
    states = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        states["cuda"] = torch.cuda.get_rng_state()
    return states


def set_generator_states(states: dict[str, Tensor]) -> None:
    """Put back what `generator_states` gave."""
    torch.set_rng_state(states["cpu"])
    if "cuda" in states and torch.cuda.is_available():
        torch.cuda.set_rng_state(states["cuda"])

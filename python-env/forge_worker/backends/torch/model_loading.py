"""Which implementation a base gets, and its weights into it."""

from __future__ import annotations

from pathlib import Path

import torch

from forge_worker.backends.torch.base_files import read_config, read_weights
from forge_worker.backends.torch.decoder import Decoder, decoder_config
from forge_worker.backends.torch.models import OwnModel, TrainableModel
from forge_worker.protocol.errors import WorkerFailure


def load_model(folder: Path, device: torch.device, dtype: torch.dtype) -> TrainableModel:
    """The base in `folder` on `device` in `dtype`: our decoder where it computes that family, else transformers.

    Raises WorkerFailure("base-unreadable") when files are missing or do not fit together.
    """
    config = read_config(folder)
    own = decoder_config(config)
    if own is None:
        from forge_worker.backends.torch.transformers_model import TransformersModel

        return TransformersModel(folder, config, device, dtype)
    tensors = read_weights(folder, dtype)
    try:
        decoder = Decoder(own, tensors)
    except (KeyError, RuntimeError) as error:
        raise WorkerFailure(
            "base-unreadable",
            f"The base model in {folder.name} lacks weights its config.json speaks of ({error}).",
            "Prepare the base model again.",
        ) from error
    return OwnModel(decoder, config, device, dtype)

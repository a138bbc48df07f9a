"""What both frameworks write beside weights: PEFT's adapter_config.json, and the base's own small files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.settings import Recipe

PEFT_PREFIX = "base_model.model."
_CARRIED_FILES = (
    "tokenizer.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "chat_template.jinja",
    "generation_config.json",
    "forge-base.json",
)


def write_adapter_config(folder: Path, base: Path, recipe: Recipe, names: Iterable[str]) -> None:
    """Write adapter_config.json for tensors of these `names` (as in PEFT's files, without the prefix)."""
    modules = sorted({name.rsplit(".lora_", 1)[0].rsplit(".", 1)[-1] for name in names})
    config = {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "base_model_name_or_path": str(base),
        "inference_mode": True,
        "r": recipe.rank,
        "lora_alpha": recipe.alpha,
        "lora_dropout": recipe.dropout,
        "target_modules": modules,
        "use_dora": recipe.method == "dora",
        "use_rslora": False,
        "bias": "none",
        "fan_in_fan_out": False,
        "init_lora_weights": True,
        "modules_to_save": None,
        "rank_pattern": {},
        "alpha_pattern": {},
    }
    (folder / "adapter_config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")


def carry_base_files(base: Path, folder: Path) -> None:
    """Copy the base's tokenizer and template files beside trained weights."""
    for name in _CARRIED_FILES:
        if (base / name).is_file():
            shutil.copyfile(base / name, folder / name)


def chosen_modules(names: Sequence[str], targets: str | Sequence[str]) -> list[str]:
    """The layers of `names` that `targets` means: "all-linear", or last parts of layer names such as q_proj.

    Raises WorkerFailure("target-missing") when a target matches nothing.
    """
    if targets == "all-linear":
        return list(names)
    for target in targets:
        if not any(_matches(name, target) for name in names):
            raise WorkerFailure(
                "target-missing",
                f"The base model has no layer named {target}.",
                'Choose "all-linear" as target modules.',
            )
    return [name for name in names if any(_matches(name, target) for target in targets)]


def _matches(name: str, target: str) -> bool:
    return name == target or name.endswith(f".{target}")

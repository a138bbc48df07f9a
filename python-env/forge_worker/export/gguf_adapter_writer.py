"""A LoRA adapter as a GGUF file that llama.cpp can lay over its base (general.type = adapter)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFWriter
from gguf.constants import GGMLQuantizationType

from forge_worker.export.adapter import Adapter
from forge_worker.export.families import FAMILIES, Family, rotary_head_count, to_interleaved_rotary
from forge_worker.protocol.errors import WorkerFailure


@dataclass(frozen=True)
class GgufAdapterPlan:
    """family and config: of the base; name: what a person reads in the file."""

    family: Family
    config: Mapping[str, Any]
    adapter: Adapter
    name: str


def write_gguf_adapter(plan: GgufAdapterPlan, path: Path) -> None:
    """Writes the adapter in float32 at `path` (make it a temporary one).

    llama.cpp applies alpha / rank itself with one alpha for all; differing scalings are folded into b, so that alpha
    stands for rank r of each update. DoRA and whole replaced tensors have no counterpart there: `WorkerFailure`.
    """
    family, config, adapter = plan.family, plan.config, plan.adapter
    _refuse_unsupported(family, adapter)
    targets = dict(family.pairs(int(config["num_hidden_layers"])))
    writer = GGUFWriter(path=None, arch=family.gguf_architecture)
    writer.add_type("adapter")
    writer.add_name(plan.name)
    writer.add_string("adapter.type", "lora")
    first = next(iter(adapter.updates.values()))
    alpha = first.scaling * first.rank
    writer.add_float32("adapter.lora.alpha", alpha)
    for source, update in sorted(adapter.updates.items()):
        target = targets.get(source)
        if target is None or source == "lm_head.weight":
            raise _unsupported(f"llama.cpp has no place for an update of {source}")
        head_count = rotary_head_count(family, source, config)
        b = update.b if head_count is None else to_interleaved_rotary(update.b, head_count)
        b = b * np.float32(update.scaling * update.rank / alpha)
        for suffix, data in (("lora_a", update.a), ("lora_b", b)):
            writer.add_tensor(f"{target}.{suffix}", np.ascontiguousarray(data), raw_dtype=GGMLQuantizationType.F32)
    try:
        writer.write_header_to_file(path)
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
    finally:
        writer.close()


def _refuse_unsupported(family: Family, adapter: Adapter) -> None:
    if not family.adapter_gguf:
        labels = "; ".join(item.label for item in FAMILIES if item.adapter_gguf)
        raise _unsupported(f"{family.label} fuses the matrices it trains. Possible for: {labels}")
    if adapter.is_dora:
        raise _unsupported("DoRA rescales whole rows of the base, which llama.cpp's adapters cannot")
    if adapter.replaced:
        raise _unsupported("it replaces whole tensors of the base")


def _unsupported(why: str) -> WorkerFailure:
    return WorkerFailure(
        "adapter-gguf-unsupported",
        f"This adapter cannot become a GGUF adapter: {why}.",
        "Export the merged model instead (gguf-f16).",
    )

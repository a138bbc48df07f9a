"""Hugging Face weights -> a GGUF file, one tensor in memory at a time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from gguf import GGUFWriter
from gguf.constants import GGML_QUANT_VERSION, GGMLQuantizationType, LlamaFileType

from forge_worker.export.bfloat16 import bfloat16_to_float32
from forge_worker.export.families import Family, is_norm, rotary_head_count, to_interleaved_rotary
from forge_worker.export.model_metadata import extra_tensors, write_model_metadata
from forge_worker.export.tokenizer_fields import TokenizerFields, write_tokenizer_fields
from forge_worker.protocol.errors import WorkerFailure

FILE_TYPES = {"f16": LlamaFileType.MOSTLY_F16, "bf16": LlamaFileType.MOSTLY_BF16}
LARGEST_FLOAT16 = 65_504.0
ROTARY_BUFFER = re.compile(r"\.rotary_emb\.inv_freq$")


class Weights(Protocol):
    """What the writer reads from: `FolderWeights` or `MergedWeights`. Values are bfloat16 patterns (uint16)."""

    def names(self) -> list[str]: ...

    def shape(self, name: str) -> tuple[int, ...]: ...

    def bfloat16(self, name: str) -> np.ndarray: ...


@dataclass(frozen=True)
class ModelLabels:
    """What a person reads in the file: its name, its licence, and the base it came from."""

    name: str
    licence: str | None = None
    base_name: str | None = None


@dataclass(frozen=True)
class GgufPlan:
    """Everything that goes into one file. `file_type`: "f16" or "bf16"; norms and vectors are float32 in both."""

    family: Family
    config: Mapping[str, Any]
    weights: Weights
    tokenizer: TokenizerFields
    labels: ModelLabels
    file_type: str


@dataclass(frozen=True)
class _Tensor:
    name: str
    shape: tuple[int, ...]
    type: GGMLQuantizationType
    produce: Callable[[], np.ndarray]


def write_gguf_model(plan: GgufPlan, path: Path, advance: Callable[[int], None]) -> list[str]:
    """Writes the file at `path` (make it a temporary one) and returns warnings; `advance(bytes)` after each tensor.

    Raises `WorkerFailure` for tensors the family does not have or numbers float16 cannot hold.
    """
    writer = GGUFWriter(path=None, arch=plan.family.gguf_architecture)
    _write_labels(writer, plan.labels)
    writer.add_file_type(FILE_TYPES[plan.file_type])
    writer.add_quantization_version(GGML_QUANT_VERSION)
    warnings = write_model_metadata(writer, plan.family, plan.config)
    write_tokenizer_fields(writer, plan.tokenizer)
    tensors = _tensors(plan)
    for tensor in tensors:
        bytes_each = 4 if tensor.type == GGMLQuantizationType.F32 else 2
        size_bytes = int(np.prod(tensor.shape, dtype=np.int64)) * bytes_each
        writer.add_tensor_info(tensor.name, tensor.shape, np.dtype(np.float32), size_bytes, raw_dtype=tensor.type)
    try:
        writer.write_header_to_file(path)
        writer.write_kv_data_to_file()
        writer.write_ti_data_to_file()
        for tensor in tensors:
            data = np.ascontiguousarray(tensor.produce())
            writer.write_tensor_data(data)
            advance(data.nbytes)
    finally:
        writer.close()
    return warnings + plan.tokenizer.warnings


def tensor_names(family: Family, config: Mapping[str, Any], weights: Weights) -> list[tuple[str, str]]:
    """(Hugging Face name, GGUF name) of every tensor to be written; refuses lost or missing tensors."""
    present = set(weights.names())
    pairs = [pair for pair in family.pairs(int(config["num_hidden_layers"])) if pair[0] in present]
    known = {name for name, _ in pairs}
    lost = sorted(name for name in present - known if not ROTARY_BUFFER.search(name))
    layers = range(int(config["num_hidden_layers"]))
    needed = [f"model.layers.{layer}.{module}.weight" for layer in layers for module in family.block_modules]
    missing = [name for name in ["model.embed_tokens.weight", "model.norm.weight", *needed] if name not in known]
    if lost or missing:
        which = f"{lost[0]} has no place in a {family.label} model" if lost else f"{missing[0]} is missing"
        raise WorkerFailure(
            "weights-unexpected", f"The weights do not fit config.json: {which}.", "Fetch the base model again."
        )
    is_tied = bool(config.get("tie_word_embeddings")) or "lm_head.weight" not in known
    return [pair for pair in pairs if not (is_tied and pair[0] == "lm_head.weight")]


def _tensors(plan: GgufPlan) -> list[_Tensor]:
    tensors = [_Tensor(name, data.shape, GGMLQuantizationType.F32, lambda data=data: data)
               for name, data in extra_tensors(plan.family, plan.config).items()]  # fmt: skip
    for source, target in tensor_names(plan.family, plan.config, plan.weights):
        shape = plan.weights.shape(source)
        if len(shape) == 1:
            kind = GGMLQuantizationType.F32
        else:
            kind = GGMLQuantizationType.F16 if plan.file_type == "f16" else GGMLQuantizationType.BF16
        tensors.append(_Tensor(target, shape, kind, lambda source=source, kind=kind: _data(plan, source, kind)))
    return tensors


def _data(plan: GgufPlan, name: str, kind: GGMLQuantizationType) -> np.ndarray:
    bits = plan.weights.bfloat16(name)
    head_count = rotary_head_count(plan.family, name, plan.config)
    if head_count is not None:
        bits = to_interleaved_rotary(bits, head_count)
    if kind == GGMLQuantizationType.BF16:
        return bits
    values = bfloat16_to_float32(bits)
    if kind == GGMLQuantizationType.F32:
        return values + np.float32(plan.family.norm_offset) if is_norm(name) and plan.family.norm_offset else values
    if not (values.max() <= LARGEST_FLOAT16 and values.min() >= -LARGEST_FLOAT16):  # also catches NaN
        raise WorkerFailure(
            "float16-overflow",
            f"{name} holds numbers beyond {LARGEST_FLOAT16:.0f}, which f16 cannot keep.",
            "Export as gguf-bf16 instead.",
        )
    return values.astype(np.float16)


def _write_labels(writer: GGUFWriter, labels: ModelLabels) -> None:
    writer.add_type("model")
    writer.add_name(labels.name)
    if labels.licence:
        writer.add_license(labels.licence)
    if labels.base_name:
        writer.add_base_model_count(1)
        writer.add_base_model_name(0, labels.base_name)


def labels_from_base(name: str, folder: Path) -> ModelLabels:
    """Licence and base name from the folder's forge-base.json, where there is one."""
    path = folder / "forge-base.json"
    if not path.is_file():
        return ModelLabels(name)
    described = json.loads(path.read_text(encoding="utf-8"))
    return ModelLabels(name, described.get("licence"), described.get("name") or described.get("id"))

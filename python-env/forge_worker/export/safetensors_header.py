"""Reading safetensors files that nobody has vouched for, and writing them.

Format: https://github.com/huggingface/safetensors#format: 8 bytes length, a JSON header, then the data without holes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from forge_worker.export.bfloat16 import bfloat16_to_float32
from forge_worker.export.byte_cursor import ByteCursor, MappedFile, damaged
from forge_worker.protocol.errors import WorkerFailure

MAXIMUM_HEADER_BYTES = 25 * 1024 * 1024
MAXIMUM_DIMENSIONS = 8
MAXIMUM_ELEMENTS = 1 << 48
TYPE_BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2,
    "I32": 4, "U32": 4, "F32": 4, "I64": 8, "U64": 8, "F64": 8,
}  # fmt: skip
FLOAT_TYPES = ("F64", "F32", "F16", "BF16")


@dataclass(frozen=True)
class SafetensorsEntry:
    """One tensor: `type` as the file names it, `offset` in bytes from the file's start."""

    name: str
    type: str
    shape: tuple[int, ...]
    offset: int
    size_bytes: int


def read_safetensors_header(mapped: MappedFile) -> dict[str, SafetensorsEntry]:
    """Parses and checks the header. Raises `WorkerFailure` for whatever is not a sound safetensors file."""
    cursor = ByteCursor(mapped)
    header_bytes = cursor.count("Q", "the header's length", min(MAXIMUM_HEADER_BYTES, mapped.size_bytes - 8))
    parsed = _parse_json(mapped.path, cursor.raw(header_bytes, "the header"))
    parsed.pop("__metadata__", None)
    entries = [_entry(mapped, name, value, 8 + header_bytes) for name, value in parsed.items()]
    end = 8 + header_bytes
    for entry in sorted(entries, key=lambda item: (item.offset, item.size_bytes)):
        if entry.offset != end:
            raise damaged(mapped.path, f"tensor {entry.name!r} starts at {entry.offset}, expected {end}")
        end = entry.offset + entry.size_bytes
    if end != mapped.size_bytes:
        raise damaged(mapped.path, f"its tensors end at {end}, the file at {mapped.size_bytes}")
    return {entry.name: entry for entry in entries}


def read_bits(mapped: MappedFile, entry: SafetensorsEntry) -> np.ndarray:
    """The tensor as it lies in the file, without a copy: uint16 for BF16, else the numpy type of the same name."""
    if entry.type not in FLOAT_TYPES:
        raise WorkerFailure(
            "weights-type",
            f"Tensor {entry.name} is stored as {entry.type}; weights in F32, F16 or BF16 are needed here.",
            "Choose the unquantised version of this model.",
        )
    numpy_type = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}[entry.type]
    count = entry.size_bytes // TYPE_BYTES[entry.type]
    return np.frombuffer(mapped.view, dtype=numpy_type, count=count, offset=entry.offset).reshape(entry.shape)


def read_float32(mapped: MappedFile, entry: SafetensorsEntry) -> np.ndarray:
    """The tensor as float32 in its own shape."""
    bits = read_bits(mapped, entry)
    return bfloat16_to_float32(bits) if entry.type == "BF16" else bits.astype(np.float32)


@dataclass(frozen=True)
class PlannedTensor:
    """A tensor to be written: `produce()` gives its data when its turn comes, so only one is held at a time."""

    name: str
    type: str
    shape: tuple[int, ...]
    produce: Callable[[], np.ndarray]

    @property
    def size_bytes(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64)) * TYPE_BYTES[self.type]


def write_safetensors(file: BinaryIO, tensors: Iterable[PlannedTensor], advance: Callable[[int], None]) -> None:
    """Writes header and data; `advance(byte count)` is called after each tensor."""
    planned = list(tensors)
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for tensor in planned:
        header[tensor.name] = {
            "dtype": tensor.type,
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + tensor.size_bytes],
        }
        offset += tensor.size_bytes
    encoded = json.dumps(header, separators=(",", ":")).encode("utf-8")
    encoded += b" " * (-len(encoded) % 8)
    file.write(struct.pack("<Q", len(encoded)))
    file.write(encoded)
    for tensor in planned:
        data = np.ascontiguousarray(tensor.produce())
        if data.nbytes != tensor.size_bytes:
            raise ValueError(f"{tensor.name}: {data.nbytes} bytes produced, {tensor.size_bytes} planned")
        file.write(memoryview(data).cast("B"))
        advance(data.nbytes)


def _parse_json(path: Path, raw: bytes) -> dict[str, object]:
    def without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
        keys = [key for key, _ in pairs]
        if len(set(keys)) != len(keys):
            raise damaged(path, "a name stands twice in its header")
        return dict(pairs)

    try:
        parsed = json.loads(raw.decode("utf-8"), object_pairs_hook=without_doubles)
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
        raise damaged(path, "its header is not readable JSON") from error
    if not isinstance(parsed, dict):
        raise damaged(path, "its header is not a table of tensors")
    return parsed


def _entry(mapped: MappedFile, name: str, value: object, data_start: int) -> SafetensorsEntry:
    if not isinstance(value, dict):
        raise damaged(mapped.path, f"tensor {name!r} is not described")
    type_name, shape, offsets = value.get("dtype"), value.get("shape"), value.get("data_offsets")
    if not isinstance(type_name, str) or type_name not in TYPE_BYTES:
        raise damaged(mapped.path, f"tensor {name!r} has the unknown type {str(type_name)[:40]!r}")
    if not _is_list_of_counts(shape, MAXIMUM_DIMENSIONS):
        raise damaged(mapped.path, f"tensor {name!r} has a shape that cannot be right")
    if not _is_list_of_counts(offsets, 2) or len(offsets) != 2:
        raise damaged(mapped.path, f"tensor {name!r} has offsets that cannot be right")
    elements = 1
    for size in shape:
        elements *= size
    start, end = offsets
    if elements > MAXIMUM_ELEMENTS or end - start != elements * TYPE_BYTES[type_name]:
        raise damaged(mapped.path, f"tensor {name!r}: shape and byte range disagree")
    if data_start + end > mapped.size_bytes:
        raise damaged(mapped.path, f"tensor {name!r} reaches past the end of the file")
    return SafetensorsEntry(name, type_name, tuple(shape), data_start + start, end - start)


def _is_list_of_counts(value: object, limit: int) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= limit
        and all(
            isinstance(item, int) and not isinstance(item, bool) and 0 <= item <= MAXIMUM_ELEMENTS for item in value
        )
    )

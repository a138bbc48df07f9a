"""Reading GGUF files that nobody has vouched for.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little-endian. All sizes, counts,
offsets, shapes, types and names are checked against the file's length before anything is allocated for them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from gguf.constants import GGML_QUANT_SIZES, GGMLQuantizationType

from forge_worker.export.byte_cursor import ByteCursor, MappedFile
from forge_worker.protocol.errors import WorkerFailure

MAXIMUM_KEYS = 65_536
MAXIMUM_TENSORS = 65_536
MAXIMUM_NAME_BYTES = 65_535
MAXIMUM_TENSOR_NAME_BYTES = 63  # GGML_MAX_NAME less the closing zero
MAXIMUM_STRING_BYTES = 16 * 1024 * 1024
MAXIMUM_DIMENSIONS = 4
MAXIMUM_ELEMENTS = 1 << 48
MAXIMUM_ALIGNMENT_BYTES = 1 << 20
STRING_TYPE, ARRAY_TYPE, BOOLEAN_TYPE = 8, 9, 7
SCALAR_FORMATS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "B", 10: "Q", 11: "q", 12: "d"}
SCALAR_BYTES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

MetadataValue = "str | int | float | bool | list[str] | np.ndarray"


@dataclass(frozen=True)
class GgufTensor:
    """One tensor: `shape` outermost dimension first, as Hugging Face has it; `offset` in bytes from the start."""

    name: str
    shape: tuple[int, ...]
    type: GGMLQuantizationType
    offset: int
    size_bytes: int


@dataclass(frozen=True)
class GgufHeader:
    version: int
    metadata: dict[str, MetadataValue]
    tensors: dict[str, GgufTensor]


def read_gguf_header(mapped: MappedFile) -> GgufHeader:
    """Parses and checks everything before the tensor data. Raises `WorkerFailure` for an unsound file."""
    cursor = ByteCursor(mapped)
    if cursor.raw(4, "the magic number") != b"GGUF":
        raise WorkerFailure(
            "not-gguf",
            f"{mapped.path.name} is not a GGUF file: it does not start with the letters GGUF.",
            "Choose a .gguf file or a Hugging Face folder.",
        )
    version = int(cursor.number("I", "the version"))
    if version not in (2, 3):
        raise WorkerFailure(
            "gguf-version",
            f"{mapped.path.name} has GGUF version {version}; versions 2 and 3 (little-endian) can be read.",
            "Convert the file with a current llama.cpp.",
        )
    tensor_count = cursor.count("Q", "the number of tensors", min(MAXIMUM_TENSORS, mapped.size_bytes // 25))
    key_count = cursor.count("Q", "the number of keys", min(MAXIMUM_KEYS, mapped.size_bytes // 13))
    metadata = _read_metadata(cursor, key_count)
    alignment = _alignment(cursor, metadata)
    described = [_read_tensor_description(cursor) for _ in range(tensor_count)]
    data_start = cursor.position + (-cursor.position) % alignment
    return GgufHeader(version, metadata, _place_tensors(mapped, cursor, described, data_start, alignment))


def read_gguf_tensor(mapped: MappedFile, tensor: GgufTensor) -> np.ndarray:
    """The tensor dequantised to float32, in `tensor.shape`. Raises `WorkerFailure` for a type without a way back."""
    from gguf.quants import dequantize

    raw = np.frombuffer(mapped.view, dtype=np.uint8, count=tensor.size_bytes, offset=tensor.offset)
    if tensor.type == GGMLQuantizationType.F32:
        return raw.view(np.float32).reshape(tensor.shape)
    if tensor.type == GGMLQuantizationType.F16:
        return raw.view(np.float16).astype(np.float32).reshape(tensor.shape)
    row_bytes = tensor.size_bytes // max(1, int(np.prod(tensor.shape[:-1], dtype=np.int64)))
    try:
        return dequantize(raw.reshape(-1, row_bytes), tensor.type).reshape(tensor.shape)
    except NotImplementedError as error:
        raise WorkerFailure(
            "gguf-type",
            f"Tensor {tensor.name} is stored as {tensor.type.name}, which cannot be turned back into plain numbers.",
            "Choose a Q4_1, Q8_0, f16 or bf16 file of the same model.",
        ) from error


def _read_metadata(cursor: ByteCursor, key_count: int) -> dict[str, MetadataValue]:
    metadata: dict[str, MetadataValue] = {}
    for _ in range(key_count):
        key = _read_string(cursor, "a key", MAXIMUM_NAME_BYTES)
        if key in metadata:
            raise cursor.fail(f"the key {key!r} stands twice in its header")
        metadata[key] = _read_value(cursor, key, int(cursor.number("I", f"the type of {key!r}")))
    return metadata


def _read_value(cursor: ByteCursor, key: str, kind: int) -> MetadataValue:
    if kind == STRING_TYPE:
        return _read_string(cursor, f"the text of {key!r}", MAXIMUM_STRING_BYTES)
    if kind == ARRAY_TYPE:
        return _read_array(cursor, key)
    if kind not in SCALAR_FORMATS:
        raise cursor.fail(f"{key!r} has the unknown type {kind}")
    value = cursor.number(SCALAR_FORMATS[kind], f"the value of {key!r}")
    return bool(value) if kind == BOOLEAN_TYPE else value


def _read_array(cursor: ByteCursor, key: str) -> MetadataValue:
    kind = int(cursor.number("I", f"the element type of {key!r}"))
    if kind == STRING_TYPE:
        length = cursor.count("Q", f"the length of {key!r}", cursor.remaining_bytes // 8)
        return [_read_string(cursor, f"an entry of {key!r}", MAXIMUM_STRING_BYTES) for _ in range(length)]
    if kind not in SCALAR_FORMATS:
        raise cursor.fail(f"the list {key!r} has the element type {kind}, which cannot be right")
    length = cursor.count("Q", f"the length of {key!r}", cursor.remaining_bytes // SCALAR_BYTES[kind])
    raw = cursor.raw(length * SCALAR_BYTES[kind], f"the list {key!r}")
    return np.frombuffer(raw, dtype=np.dtype("<" + SCALAR_FORMATS[kind]))


def _read_string(cursor: ByteCursor, what: str, limit_bytes: int) -> str:
    length = cursor.count("Q", f"the length of {what}", min(limit_bytes, cursor.remaining_bytes))
    raw = cursor.raw(length, what)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise cursor.fail(f"{what} is not UTF-8 text") from error


def _alignment(cursor: ByteCursor, metadata: dict[str, MetadataValue]) -> int:
    alignment = metadata.get("general.alignment", 32)
    if not isinstance(alignment, int) or isinstance(alignment, bool):
        raise cursor.fail("its alignment is not a whole number")
    if alignment < 8 or alignment > MAXIMUM_ALIGNMENT_BYTES or alignment & (alignment - 1):
        raise cursor.fail(f"its alignment is {alignment}, not a power of two between 8 and {MAXIMUM_ALIGNMENT_BYTES}")
    return alignment


def _read_tensor_description(cursor: ByteCursor) -> GgufTensor:
    name = _read_string(cursor, "a tensor's name", MAXIMUM_TENSOR_NAME_BYTES)
    dimensions = cursor.count("I", f"the number of dimensions of {name!r}", MAXIMUM_DIMENSIONS)
    if dimensions == 0:
        raise cursor.fail(f"tensor {name!r} has no dimensions")
    sizes = [cursor.count("Q", f"a dimension of {name!r}", MAXIMUM_ELEMENTS) for _ in range(dimensions)]
    kind = int(cursor.number("I", f"the type of {name!r}"))
    offset = cursor.count("Q", f"the offset of {name!r}", (1 << 63) - 1)
    elements = 1
    for size in sizes:
        elements *= size  # Python integers cannot overflow; the limit keeps the product sane
    if elements == 0 or elements > MAXIMUM_ELEMENTS:
        raise cursor.fail(f"tensor {name!r} has the shape {sizes}, which cannot be right")
    if kind not in {member.value for member in GGML_QUANT_SIZES}:
        raise cursor.fail(f"tensor {name!r} has the unknown type {kind}")
    tensor_type = GGMLQuantizationType(kind)
    block_elements, block_bytes = GGML_QUANT_SIZES[tensor_type]
    if sizes[0] % block_elements:
        raise cursor.fail(f"tensor {name!r}: rows of {sizes[0]} are no multiple of the {tensor_type.name} block")
    return GgufTensor(name, tuple(reversed(sizes)), tensor_type, offset, elements // block_elements * block_bytes)


def _place_tensors(
    mapped: MappedFile, cursor: ByteCursor, described: list[GgufTensor], data_start: int, alignment: int
) -> dict[str, GgufTensor]:
    tensors: dict[str, GgufTensor] = {}
    for tensor in described:
        if tensor.name in tensors:
            raise cursor.fail(f"tensor {tensor.name!r} stands twice in its header")
        if tensor.offset % alignment:
            raise cursor.fail(f"tensor {tensor.name!r} starts at {tensor.offset}, not a multiple of {alignment}")
        start = data_start + tensor.offset
        if start + tensor.size_bytes > mapped.size_bytes:
            missing = start + tensor.size_bytes - mapped.size_bytes
            raise cursor.fail(f"tensor {tensor.name!r} reaches {missing} bytes past the end of the file")
        tensors[tensor.name] = GgufTensor(tensor.name, tensor.shape, tensor.type, start, tensor.size_bytes)
    end = data_start
    for tensor in sorted(tensors.values(), key=lambda item: item.offset):
        if tensor.offset < end:
            raise cursor.fail(f"tensor {tensor.name!r} overlaps the one before it")
        end = tensor.offset + tensor.size_bytes
    return tensors

"""Files nobody has vouched for: damaged, cut off, absurd. Every fault is a sentence, none costs memory."""

from __future__ import annotations

import json
import random
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from forge_worker.export.byte_cursor import MappedFile
from forge_worker.export.folder_weights import FolderWeights
from forge_worker.export.gguf_reader import read_gguf_header, read_gguf_tensor
from forge_worker.export.safetensors_header import PlannedTensor, read_safetensors_header, write_safetensors
from forge_worker.protocol.errors import WorkerFailure

pytestmark = pytest.mark.unit
UINT32, FLOAT32, STRING, ARRAY = 4, 6, 8, 9
F32, Q8_0 = 0, 8


def text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def key(name: str, kind: int, payload: bytes) -> bytes:
    return text(name) + struct.pack("<I", kind) + payload


def tensor(name: str, sizes: list[int], kind: int, offset: int) -> bytes:
    return text(name) + struct.pack(f"<I{len(sizes)}QIQ", len(sizes), *sizes, kind, offset)


def gguf(keys: list[bytes], tensors: list[bytes], data: bytes, version: int = 3) -> bytes:
    head = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(keys)) + b"".join(keys) + b"".join(tensors)
    return head + b"\0" * (-len(head) % 32) + data


SOUND_KEYS = [
    key("general.architecture", STRING, text("llama")),
    key("llama.block_count", UINT32, struct.pack("<I", 1)),
    key("tokens", ARRAY, struct.pack("<IQ", STRING, 2) + text("a") + text("b")),
    key("scores", ARRAY, struct.pack("<IQff", FLOAT32, 2, 0.5, 1.5)),
]
VALUES = np.arange(64, dtype=np.float32)
BLOCKS = struct.pack("<e", 0.5) + bytes(range(32))
SOUND_TENSORS = [tensor("one", [32, 2], F32, 0), tensor("two", [32], Q8_0, 256)]
SOUND = gguf(SOUND_KEYS, SOUND_TENSORS, VALUES.tobytes() + BLOCKS)


def read(content: bytes, folder: Path) -> None:
    path = folder / "file.gguf"
    path.write_bytes(content)
    with MappedFile(path) as mapped:
        header = read_gguf_header(mapped)
        for item in header.tensors.values():
            read_gguf_tensor(mapped, item)


def test_a_sound_file_is_read_with_its_values(tmp_path: Path) -> None:
    path = tmp_path / "file.gguf"
    path.write_bytes(SOUND)
    with MappedFile(path) as mapped:
        header = read_gguf_header(mapped)
        one = read_gguf_tensor(mapped, header.tensors["one"]).copy()
        two = read_gguf_tensor(mapped, header.tensors["two"]).copy()
        assert header.metadata["tokens"] == ["a", "b"]
        assert list(header.metadata["scores"]) == [0.5, 1.5]
    np.testing.assert_array_equal(one, VALUES.reshape(2, 32))
    np.testing.assert_array_equal(two, np.arange(32, dtype=np.float32) * 0.5)


HUGE = (1 << 62) + 7
HOSTILE = {
    "empty": b"",
    "another format": b"PK\x03\x04" + SOUND[4:],
    "version 1": gguf(SOUND_KEYS, SOUND_TENSORS, b"\0" * 320, version=1),
    "big-endian": b"GGUF" + struct.pack(">I", 3) + SOUND[8:],
    "a huge number of tensors": b"GGUF" + struct.pack("<IQQ", 3, HUGE, 1) + SOUND[24:],
    "a huge number of keys": b"GGUF" + struct.pack("<IQQ", 3, 1, HUGE) + SOUND[24:],
    "a huge key": b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, HUGE) + b"x" * 64,
    "a huge list of texts": gguf([key("k", ARRAY, struct.pack("<IQ", STRING, HUGE))], [], b""),
    "a huge list of numbers": gguf([key("k", ARRAY, struct.pack("<IQ", FLOAT32, HUGE))], [], b""),
    "a list of lists": gguf([key("k", ARRAY, struct.pack("<IQ", ARRAY, 1) + b"\0" * 32)], [], b""),
    "an unknown value type": gguf([key("k", 77, b"\0" * 32)], [], b""),
    "a key twice": gguf([SOUND_KEYS[1], SOUND_KEYS[1]], [], b""),
    "text that is no text": gguf([key("k", STRING, struct.pack("<Q", 2) + b"\xff\xfe")], [], b""),
    "alignment zero": gguf([key("general.alignment", UINT32, struct.pack("<I", 0))], SOUND_TENSORS, b"\0" * 320),
    "odd alignment": gguf([key("general.alignment", UINT32, struct.pack("<I", 48))], SOUND_TENSORS, b"\0" * 320),
    "a tensor twice": gguf([], [SOUND_TENSORS[0], tensor("one", [32], F32, 256)], b"\0" * 512),
    "no dimensions": gguf([], [tensor("t", [], F32, 0)], b"\0" * 64),
    "nine dimensions": gguf([], [tensor("t", [1] * 9, F32, 0)], b"\0" * 64),
    "a dimension of zero": gguf([], [tensor("t", [0, 4], F32, 0)], b"\0" * 64),
    "a product beyond 64 bits": gguf([], [tensor("t", [1 << 47, 1 << 47, 1 << 47], F32, 0)], b"\0" * 64),
    "an unknown tensor type": gguf([], [tensor("t", [32], 99, 0)], b"\0" * 64),
    "a broken block": gguf([], [tensor("t", [31], Q8_0, 0)], b"\0" * 64),
    "past the end": gguf([], [tensor("t", [32], F32, 0)], b"\0" * 127),
    "an offset past the end": gguf([], [tensor("t", [32], F32, 1 << 40)], b"\0" * 128),
    "an offset off the grid": gguf([], [tensor("t", [32], F32, 8)], b"\0" * 256),
    "overlap": gguf([], [tensor("a", [32], F32, 0), tensor("b", [32], F32, 64)], b"\0" * 256),
    "a long tensor name": gguf([], [tensor("n" * 64, [32], F32, 0)], b"\0" * 128),
}


@pytest.mark.parametrize("what", list(HOSTILE))
def test_a_hostile_gguf_file_is_refused_with_a_sentence(what: str, tmp_path: Path) -> None:
    with pytest.raises(WorkerFailure) as refused:
        read(HOSTILE[what], tmp_path)
    assert refused.value.code in ("file-damaged", "not-gguf", "gguf-version")
    assert refused.value.message.endswith(".") and refused.value.hint


def mutations(content: bytes, count: int, seed: int) -> list[bytes]:
    """Cuts, flipped bits, absurd numbers and swapped pieces; the same for the same seed."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        changed = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(changed))
            how = chance.randrange(4)
            if how == 0:
                changed[at] ^= 1 << chance.randrange(8)
            elif how == 1 and len(changed) > 16:
                del changed[at:]
                changed += b"" if changed else b"\0"
            elif how == 2:
                changed[at : at + 8] = struct.pack("<Q", chance.choice([0, 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1]))
            else:
                other = chance.randrange(len(changed))
                changed[at : at + 8], changed[other : other + 8] = changed[other : other + 8], changed[at : at + 8]
        made.append(bytes(changed))
    return made


def assert_refused_or_read_within_memory(parse: Callable[[bytes], None], samples: list[bytes]) -> int:
    """Runs the parser over the samples; returns how many were refused. Anything but WorkerFailure fails the test."""
    refused = 0
    tracemalloc.start()
    try:
        for sample in samples:
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            try:
                parse(sample)
            except WorkerFailure:
                refused += 1
            assert tracemalloc.get_traced_memory()[1] - before < 2_000_000
    finally:
        tracemalloc.stop()
    return refused


def test_no_mutation_of_a_gguf_file_crashes_the_reader_or_costs_memory(tmp_path: Path) -> None:
    samples = mutations(SOUND, 1_500, seed=1)
    samples += [SOUND[:length] for length in range(0, len(SOUND), 3)]
    refused = assert_refused_or_read_within_memory(lambda content: read(content, tmp_path), samples)
    assert refused > len(samples) // 2


def safetensors(header: object, data: bytes) -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw)) + raw + data


def entry(kind: str, shape: object, begin: object, end: object) -> dict:
    return {"dtype": kind, "shape": shape, "data_offsets": [begin, end]}


SOUND_SAFETENSORS = safetensors({"a": entry("F32", [2, 2], 0, 16), "b": entry("BF16", [4], 16, 24)}, b"\0" * 24)


def read_safetensors(content: bytes, folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(content)
    with FolderWeights(folder) as weights:
        for name in weights.names():
            weights.float32(name)


HOSTILE_SAFETENSORS = {
    "empty": b"",
    "a huge header": struct.pack("<Q", HUGE) + b"{}",
    "a header of nothing": struct.pack("<Q", 0),
    "no JSON": safetensors(b"{not json", b""),
    "a list": safetensors([1, 2], b""),
    "a deep header": safetensors(b"[" * 100_000, b""),
    "a name twice": safetensors(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{}}', b"\0"),
    "an unknown type": safetensors({"a": entry("Q9", [1], 0, 1)}, b"\0"),
    "a negative dimension": safetensors({"a": entry("F32", [-1], 0, 4)}, b"\0" * 4),
    "a dimension that is a fraction": safetensors({"a": entry("F32", [1.0], 0, 4)}, b"\0" * 4),
    "a product beyond 64 bits": safetensors({"a": entry("F32", [1 << 47, 1 << 47], 0, 4)}, b"\0" * 4),
    "shape and range disagree": safetensors({"a": entry("F32", [2], 0, 4)}, b"\0" * 8),
    "a range backwards": safetensors({"a": entry("F32", [0], 4, 0)}, b"\0" * 4),
    "past the end": safetensors({"a": entry("F32", [4], 0, 16)}, b"\0" * 8),
    "a hole": safetensors({"a": entry("F32", [1], 4, 8)}, b"\0" * 8),
    "overlap": safetensors({"a": entry("F32", [2], 0, 8), "b": entry("F32", [2], 4, 12)}, b"\0" * 12),
    "bytes too many": safetensors({"a": entry("F32", [1], 0, 4)}, b"\0" * 8),
}


@pytest.mark.parametrize("what", list(HOSTILE_SAFETENSORS))
def test_a_hostile_safetensors_file_is_refused_with_a_sentence(what: str, tmp_path: Path) -> None:
    with pytest.raises(WorkerFailure) as refused:
        read_safetensors(HOSTILE_SAFETENSORS[what], tmp_path)
    assert refused.value.code == "file-damaged"


def test_no_mutation_of_a_safetensors_file_crashes_the_reader_or_costs_memory(tmp_path: Path) -> None:
    samples = mutations(SOUND_SAFETENSORS, 1_500, seed=2)
    refused = assert_refused_or_read_within_memory(lambda content: read_safetensors(content, tmp_path), samples)
    assert refused > len(samples) // 2


def test_what_is_written_as_safetensors_is_read_by_the_safetensors_library(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    planned = [
        PlannedTensor("a", "F32", (3, 4), lambda: values),
        PlannedTensor("b", "F32", (2,), lambda: values[0, :2]),
    ]
    with open(tmp_path / "written.safetensors", "wb") as file:
        write_safetensors(file, planned, lambda size_bytes: None)
    loaded = load_file(tmp_path / "written.safetensors")
    np.testing.assert_array_equal(loaded["a"], values)
    np.testing.assert_array_equal(loaded["b"], values[0, :2])
    with MappedFile(tmp_path / "written.safetensors") as mapped:
        assert set(read_safetensors_header(mapped)) == {"a", "b"}


@pytest.mark.parametrize("change", [{"vocab_size": 10**12}, {"num_attention_heads": -4}, {"num_hidden_layers": 10**6}])
def test_an_absurd_config_is_refused_wherever_a_base_is_read(tmp_path: Path, change: dict) -> None:
    from forge_worker.export.export_model import ExportRequest, export_model
    from forge_worker.export.parity_reference import ReferenceModel
    from forge_worker.export.prepare_base import BaseRequest, prepare_from_folder

    sizes = {"hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4, "vocab_size": 100}
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", **sizes, **change}
    (tmp_path / "config.json").write_text(json.dumps(config))
    reads = (
        lambda: prepare_from_folder(BaseRequest(tmp_path, tmp_path / "base", "id")),
        lambda: export_model(ExportRequest(tmp_path, None, tmp_path / "out", "name", ("merged",), None)),
        lambda: ReferenceModel(tmp_path, 1),
    )
    for read_base in reads:
        with pytest.raises(WorkerFailure) as refused:
            read_base()
        assert refused.value.code == "config-absurd"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.json"]


def test_a_gguf_file_with_the_sizes_of_no_model_is_refused(tmp_path: Path) -> None:
    from forge_worker.export.families import family_of_gguf
    from forge_worker.export.gguf_metadata import GgufMetadata
    from forge_worker.export.model_config import config_from_metadata

    sound = {"attention.head_count": 4, "embedding_length": 64, "feed_forward_length": 128, "block_count": 2}
    sound["context_length"] = 128
    odd = {"block_count": 10**6, "embedding_length": 10**9, "attention.head_count": -1, "feed_forward_length": 1 << 40}

    def read_config(sizes: dict) -> dict:
        metadata = GgufMetadata({f"llama.{name}": value for name, value in sizes.items()})
        return config_from_metadata(family_of_gguf("llama"), metadata, 100, None)

    assert read_config(sound)["num_hidden_layers"] == 2
    for name, value in odd.items():
        with pytest.raises(WorkerFailure, match=name) as refused:
            read_config({**sound, name: value})
        assert refused.value.code == "file-damaged"
    with pytest.raises(WorkerFailure, match="together make"):
        large = {"block_count": 1024, "embedding_length": 1 << 17, "feed_forward_length": 1 << 20}
        read_config({**sound, **large, "attention.head_count": 64})

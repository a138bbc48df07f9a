"""prepare-base: from a GGUF file, from a Hugging Face folder, and from files that lie."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGUFValueType, GGUFWriter
from test_family_parity import export_one
from tiny_models import CHAT_TEMPLATE, hugging_face_logits

from forge_worker.export.byte_cursor import MappedFile
from forge_worker.export.gguf_reader import read_gguf_header, read_gguf_tensor
from forge_worker.export.prepare_base import BaseRequest, prepare_from_folder, prepare_from_gguf
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.files import sha256_of_file

pytestmark = pytest.mark.cpu
NONSENSE = [None, 0, -1, 2**31, 3.5, float("nan"), True, "x", ["a"], [1, 2]]


def rewrite(source: Path, target: Path, change: dict[str, Any]) -> Path:
    """The GGUF file with some metadata changed; a value of None takes the key out."""
    with MappedFile(source) as mapped:
        header = read_gguf_header(mapped)
        metadata = {**header.metadata, **change}
        writer = GGUFWriter(target, arch="x")
        writer.kv_data[0].clear()
        for key, value in metadata.items():
            if value is not None:
                add_value(writer, key, value)
        for tensor in header.tensors.values():
            writer.add_tensor(tensor.name, read_gguf_tensor(mapped, tensor).copy())
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
    return target


def add_value(writer: GGUFWriter, key: str, value: Any) -> None:
    if isinstance(value, bool):
        writer.add_bool(key, value)
    elif isinstance(value, int):
        writer.add_int64(key, value)
    elif isinstance(value, float):
        writer.add_float32(key, value)
    elif isinstance(value, str):
        writer.add_key_value(key, value, GGUFValueType.STRING)
    else:
        items = [item if isinstance(item, str) else item.item() if hasattr(item, "item") else item for item in value]
        if items:
            writer.add_array(key, items)


@pytest.mark.parametrize(("name", "prefix"), [("smollm2", ""), ("tinyllama", "tokenizer."), ("gemma3", "gemma3.")])
def test_nonsense_in_any_metadata_key_is_refused_with_a_sentence_or_harmless(
    name: str, prefix: str, tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    source = export_one(tiny_model(name), tmp_path, "gguf-bf16")
    with MappedFile(source) as mapped:
        keys = [key for key in read_gguf_header(mapped).metadata if key.startswith(prefix)]
    refused = 0
    for key in keys:
        for value in NONSENSE:
            changed = rewrite(source, tmp_path / "changed.gguf", {key: value})
            try:
                prepare_from_gguf(BaseRequest(changed, tmp_path / "out", "x"))
            except WorkerFailure as failure:
                assert failure.hint, (key, value)
                refused += 1
    assert refused > len(keys) * 2


def test_a_quantised_file_is_dequantised_within_its_step(
    tiny_model: Callable[[str], Path], tmp_path: Path, library_path: Path
) -> None:
    from forge_worker.export.quantise import QuantiseRequest, quantise

    base = tiny_model("smollm2")
    source = export_one(base, tmp_path, "gguf-f16")
    file = quantise(QuantiseRequest(source, tmp_path, ("Q8_0",), library_path, 1))["Q8_0"]
    prepared = prepare_from_gguf(BaseRequest(file, tmp_path / "prepared", "tiny"))
    own, wanted = (hugging_face_logits(folder, list(range(40))) for folder in (tmp_path / "prepared", base))
    assert prepared.pre_tokenizer == "smollm"
    assert 0 < np.abs(own - wanted).max() < 1.0  # eight bits, not nonsense and not the original either
    assert np.corrcoef(own.ravel(), wanted.ravel())[0, 1] > 0.999


def test_the_description_holds_source_digest_family_and_template(
    tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    source = export_one(tiny_model("qwen2"), tmp_path, "gguf-bf16")
    prepared = prepare_from_gguf(BaseRequest(source, tmp_path / "prepared", "tiny-qwen"))
    described = json.loads((tmp_path / "prepared" / "forge-base.json").read_text())
    settings = json.loads((tmp_path / "prepared" / "tokenizer_config.json").read_text())
    assert described["id"] == "tiny-qwen" and described["family"] == "qwen2"
    assert described["source"] == {"kind": "gguf", "file": source.name, "sha256": sha256_of_file(source)}
    assert described["preTokenizer"] == "qwen2" == prepared.pre_tokenizer
    assert settings["chat_template"] == CHAT_TEMPLATE
    assert prepared.layers == 2 and prepared.hidden_size == 64 and prepared.context_length == 256


def test_a_folder_is_checked_linked_and_described(tiny_model: Callable[[str], Path], tmp_path: Path) -> None:
    source = tiny_model("gemma2")
    prepared = prepare_from_folder(BaseRequest(source, tmp_path / "prepared", "tiny-gemma"))
    weights = tmp_path / "prepared" / "model.safetensors"
    assert weights.read_bytes() == (source / "model.safetensors").read_bytes()
    if source.stat().st_dev == tmp_path.stat().st_dev:
        assert os.path.samefile(weights, source / "model.safetensors")
    assert prepared.family == "gemma2" and prepared.pre_tokenizer is None
    assert not (source / "forge-base.json").exists()


def test_code_and_pickled_weights_are_left_behind(tiny_model: Callable[[str], Path], tmp_path: Path) -> None:
    source = prepare_copy(tiny_model("qwen2"), tmp_path / "source")
    for name in ("modeling_custom.py", "pytorch_model.bin", "model.pkl"):
        (source / name).write_bytes(b"x")
    prepare_from_folder(BaseRequest(source, tmp_path / "prepared", "x"))
    names = {path.name for path in (tmp_path / "prepared").iterdir()}
    assert not names & {"modeling_custom.py", "pytorch_model.bin", "model.pkl"}


def test_preparing_again_does_not_write_into_the_source(tiny_model: Callable[[str], Path], tmp_path: Path) -> None:
    source = prepare_copy(tiny_model("qwen2"), tmp_path / "source")
    prepare_from_folder(BaseRequest(source, tmp_path / "one", "first"))
    prepare_from_folder(BaseRequest(tmp_path / "one", tmp_path / "two", "second"))
    assert json.loads((tmp_path / "one" / "forge-base.json").read_text())["id"] == "first"
    assert json.loads((tmp_path / "two" / "forge-base.json").read_text())["id"] == "second"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"architectures": ["BertForMaskedLM"], "model_type": "bert"}, "family-unsupported"),
        ({"quantization_config": {"bits": 4}}, "base-quantised"),
        ({"num_hidden_layers": 3}, "weights-unexpected"),
        ({"num_hidden_layers": 1}, "weights-unexpected"),
    ],
    ids=["family", "quantised", "missing tensors", "tensors too many"],
)
def test_a_folder_that_cannot_be_a_base_is_refused(
    change: dict, code: str, tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    source = prepare_copy(tiny_model("qwen2"), tmp_path / "source")
    config = json.loads((source / "config.json").read_text())
    (source / "config.json").write_text(json.dumps({**config, **change}))
    with pytest.raises(WorkerFailure) as refused:
        prepare_from_folder(BaseRequest(source, tmp_path / "prepared", "x"))
    assert refused.value.code == code
    assert not (tmp_path / "prepared").exists()
    if code == "family-unsupported":
        assert all(label in refused.value.message for label in ("SmolLM2", "Qwen3", "Gemma 3", "Phi-3"))


def prepare_copy(source: Path, target: Path) -> Path:
    target.mkdir()
    for path in source.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target

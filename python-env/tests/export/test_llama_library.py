"""llama.cpp through ctypes: the layout is proved before use, and quantised files are what they claim."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import numpy as np
import pytest
from test_family_parity import export_one, some_tokens

from forge_worker.export import llama_structs as structs
from forge_worker.export.byte_cursor import MappedFile
from forge_worker.export.gguf_reader import read_gguf_header, read_gguf_tensor
from forge_worker.export.llama_library import LlamaLibrary, LlamaModel
from forge_worker.export.physical_cores import physical_core_count, threads_within
from forge_worker.export.quantise import QUANTISATION_TYPES, QuantiseRequest, quantise
from forge_worker.protocol.errors import StopRequested, WorkerFailure

pytestmark = pytest.mark.cpu


def test_the_structures_of_the_shipped_library_are_the_known_ones(library: LlamaLibrary) -> None:
    for function, defaults in (
        ("llama_model_default_params", structs.MODEL_DEFAULTS),
        ("llama_context_default_params", structs.CONTEXT_DEFAULTS),
        ("llama_model_quantize_default_params", structs.QUANTISE_DEFAULTS),
    ):
        assert structs.layout_problem(getattr(library.calls, function)(), defaults) is None


@pytest.mark.parametrize("function", ["llama_model_default_params", "llama_context_default_params"])
def test_a_field_that_moved_by_four_bytes_is_noticed(function: str, library: LlamaLibrary) -> None:
    sound = getattr(library.calls, function)()
    defaults = structs.MODEL_DEFAULTS if "model" in function else structs.CONTEXT_DEFAULTS
    content = bytes(sound)
    for at in range(0, 48, 4):
        moved = content[:at] + b"\x2a\0\0\0" + content[at:-4]
        problem = structs.layout_problem(type(sound).from_buffer_copy(moved), defaults)
        assert problem is not None, f"a field inserted at {at} went unnoticed"


def test_a_library_with_another_layout_is_refused_before_anything_runs(
    library_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(structs.CONTEXT_DEFAULTS, "n_ubatch", 513)
    with pytest.raises(WorkerFailure) as refused:
        LlamaLibrary(library_path)
    assert refused.value.code == "llama-library-version"
    assert "n_ubatch is 512, expected 513" in refused.value.message


def test_a_missing_library_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(WorkerFailure) as refused:
        LlamaLibrary(tmp_path / "libllama.so")
    assert refused.value.code == "llama-library"
    assert "npm install" in refused.value.hint


def test_a_file_that_is_no_model_is_refused_with_the_library_s_words(library: LlamaLibrary, tmp_path: Path) -> None:
    (tmp_path / "bad.gguf").write_bytes(b"GGUF" + b"\0" * 100)
    with pytest.raises(WorkerFailure) as refused:
        LlamaModel(library, tmp_path / "bad.gguf", threads=1, context_tokens=64)
    assert refused.value.code == "llama-model"


@pytest.fixture(scope="module")
def quantised(
    tiny_model: Callable[[str], Path], library_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("quantised")
    source = export_one(tiny_model("qwen3"), folder, "gguf-f16")
    files = quantise(QuantiseRequest(source, folder, tuple(QUANTISATION_TYPES), library_path, 1))
    return {"F16": source, **files}


@pytest.mark.parametrize(("kind", "largest"), [("Q8_0", 0.02), ("Q6_K", 0.06), ("Q5_K_M", 0.12), ("Q4_K_M", 0.25)])
def test_a_quantised_tensor_is_within_its_step_of_the_original(
    kind: str, largest: float, quantised: dict[str, Path]
) -> None:
    with MappedFile(quantised["F16"]) as before, MappedFile(quantised[kind]) as after:
        headers = read_gguf_header(before), read_gguf_header(after)
        assert headers[0].metadata["tokenizer.ggml.tokens"] == headers[1].metadata["tokenizer.ggml.tokens"]
        smaller = 0
        for name, tensor in headers[0].tensors.items():
            was = read_gguf_tensor(before, tensor)
            now = read_gguf_tensor(after, headers[1].tensors[name])
            assert np.abs(was - now).max() <= largest * np.abs(was).max(), name
            smaller += headers[1].tensors[name].size_bytes < tensor.size_bytes
    assert smaller >= 10
    assert quantised[kind].stat().st_size < quantised["F16"].stat().st_size


def test_a_quantised_file_runs(quantised: dict[str, Path], tiny_model: Callable[[str], Path], library: LlamaLibrary):
    ids = some_tokens(tiny_model("qwen3"))
    answers = []
    for kind in ("F16", "Q8_0"):
        with LlamaModel(library, quantised[kind], threads=1, context_tokens=256) as model:
            answers.append(model.logits_of(ids, 0))
    agreement = (answers[0].argmax(axis=1) == answers[1].argmax(axis=1)).mean()
    assert 0.8 < agreement <= 1.0
    assert not np.array_equal(answers[0], answers[1])


def test_a_quantised_file_is_not_quantised_again(
    quantised: dict[str, Path], library_path: Path, tmp_path: Path
) -> None:
    with pytest.raises(WorkerFailure) as refused:
        quantise(QuantiseRequest(quantised["Q8_0"], tmp_path, ("Q4_K_M",), library_path, 1))
    assert refused.value.code == "already-quantised"
    assert list(tmp_path.iterdir()) == []


def test_stopping_between_types_keeps_the_finished_files_only(
    quantised: dict[str, Path], library_path: Path, tmp_path: Path
) -> None:
    def stop_at_second(kind: str, fraction: float) -> None:
        if fraction > 0:
            raise StopRequested("stop")

    with pytest.raises(StopRequested):
        quantise(QuantiseRequest(quantised["F16"], tmp_path, ("Q8_0", "Q6_K"), library_path, 1), stop_at_second)
    assert [path.name for path in tmp_path.iterdir()] == ["tiny.Q8_0.gguf"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="NOT PROVED: this system has no /dev/full")
def test_a_write_that_fails_inside_llama_is_an_error_with_its_words(
    quantised: dict[str, Path], library_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(target: Path) -> AbstractContextManager[Path]:
        os.symlink("/dev/full", target)
        return nullcontext(target)

    monkeypatch.setattr("forge_worker.export.quantise.atomic_file", full_disk)
    with pytest.raises(WorkerFailure) as failed:
        quantise(QuantiseRequest(quantised["F16"], tmp_path, ("Q8_0",), library_path, 1))
    assert failed.value.code == "quantise-failed"
    assert failed.value.message.startswith("tiny.f16.gguf could not be written as Q8_0")


def test_threads_never_exceed_the_physical_cores() -> None:
    cores = physical_core_count()
    assert 1 <= cores <= (os.cpu_count() or 1)
    assert threads_within(10_000) == cores
    assert threads_within(0) == 1


def test_the_log_of_the_library_is_kept_short(library: LlamaLibrary) -> None:
    for index in range(100):
        library._keep_log(4, f"line {index}".encode(), None)
    assert len(library.log_lines) == 20
    assert library.last_words().endswith("line 99")
    assert ctypes.sizeof(structs.Batch) == 56

"""The `quantise` kind: an f16 or bf16 GGUF file becomes smaller ones, by llama.cpp's own library."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from ctypes import byref
from dataclasses import dataclass
from pathlib import Path

from forge_worker.export.atomic_output import atomic_file, disk_full
from forge_worker.export.byte_cursor import MappedFile
from forge_worker.export.gguf_reader import read_gguf_header
from forge_worker.export.llama_library import LlamaLibrary
from forge_worker.export.payload import text_field, text_list_field
from forge_worker.export.physical_cores import threads_within
from forge_worker.protocol.context import Artefact, Outcome, WorkerContext
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.files import sha256_of_file

QUANTISATION_TYPES = {"Q8_0": 7, "Q6_K": 18, "Q5_K_M": 17, "Q4_K_M": 15}  # llama_ftype of llama.h
UNQUANTISED_FILE_TYPES = (0, 1, 32)  # all f32, mostly f16, mostly bf16


@dataclass(frozen=True)
class QuantiseRequest:
    source: Path
    output_folder: Path
    types: tuple[str, ...]
    library: Path
    threads: int


def run(context: WorkerContext) -> Outcome:
    """Runs one quantise job. See docs/worker-protocol.md."""
    payload = context.spec.payload
    request = QuantiseRequest(
        source=Path(text_field(payload, "gguf")),
        output_folder=Path(text_field(payload, "outDir")),
        types=tuple(text_list_field(payload, "types", tuple(QUANTISATION_TYPES))),
        library=Path(text_field(payload, "llamaLibrary")),
        threads=threads_within(context.spec.threads),
    )

    def report(kind: str, fraction: float) -> None:
        context.leave_if_asked()
        context.phase("quantising", fraction)
        context.log("info", "quantise", f"Writing {kind} with {request.threads} threads.")

    files = quantise(request, report)
    context.phase("digesting")
    outcome_files = {
        kind: {"path": str(path), "bytes": path.stat().st_size, "sha256": sha256_of_file(path)}
        for kind, path in files.items()
    }
    return context.finish([Artefact(kind, path) for kind, path in files.items()], {"files": outcome_files})


def quantise(
    request: QuantiseRequest, report: Callable[[str, float], None] = lambda kind, fraction: None
) -> dict[str, Path]:
    """Writes one file a type into the output folder and returns {type: path}.

    `report(type, 0..1)` is called before each type and may raise to stop. Every written file's header is read back.
    Raises `WorkerFailure`.
    """
    _refuse_quantised(request.source)
    library = LlamaLibrary.load(request.library)
    stem = request.source.name.removesuffix(".gguf").removesuffix(".f16").removesuffix(".bf16")
    files: dict[str, Path] = {}
    for index, kind in enumerate(request.types):
        report(kind, index / len(request.types))
        target = request.output_folder / f"{stem}.{kind}.gguf"
        with atomic_file(target) as path:
            _quantise_one(library, request, kind, path)
            with MappedFile(path) as mapped:
                read_gguf_header(mapped)
        files[kind] = target
    return files


def _quantise_one(library: LlamaLibrary, request: QuantiseRequest, kind: str, path: Path) -> None:
    parameters = library.calls.llama_model_quantize_default_params()
    parameters.nthread = request.threads
    parameters.ftype = QUANTISATION_TYPES[kind]
    library.log_lines = []
    source, target = os.fsencode(request.source), os.fsencode(path)
    if library.calls.llama_model_quantize(source, target, byref(parameters)) == 0:
        return
    _check_space(request, path)
    raise WorkerFailure(
        "quantise-failed",
        f"{request.source.name} could not be written as {kind} by llama.cpp {library.version}: {library.last_words()}.",
        "Export the model again, then quantise; if it repeats, report it with this message.",
    )


def _check_space(request: QuantiseRequest, path: Path) -> None:
    """llama.cpp does not say why a write failed; a disk with less room than the source is the likely reason."""
    if shutil.disk_usage(path.parent).free < request.source.stat().st_size // 8:
        raise disk_full(path)


def _refuse_quantised(source: Path) -> None:
    with MappedFile(source) as mapped:
        file_type = read_gguf_header(mapped).metadata.get("general.file_type")
    if file_type not in UNQUANTISED_FILE_TYPES:
        raise WorkerFailure(
            "already-quantised",
            f"{source.name} is quantised already; doing it twice loses quality.",
            "Start from the f16 or bf16 file.",
        )

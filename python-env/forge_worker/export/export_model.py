"""The `export` kind: a base and perhaps an adapter become a merged folder, a GGUF model, or a GGUF adapter."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from forge_worker.export.adapter import Adapter, MergedWeights, read_adapter
from forge_worker.export.atomic_output import atomic_file, atomic_folder
from forge_worker.export.config_limits import refuse_absurd_config
from forge_worker.export.families import Family, family_of_config
from forge_worker.export.folder_weights import FolderWeights, read_json_table, write_json
from forge_worker.export.gguf_adapter_writer import GgufAdapterPlan, write_gguf_adapter
from forge_worker.export.gguf_model_writer import GgufPlan, Weights, labels_from_base, write_gguf_model
from forge_worker.export.payload import text_field, text_list_field
from forge_worker.export.progress import PhaseProgress
from forge_worker.export.safetensors_header import PlannedTensor, write_safetensors
from forge_worker.export.tokenizer_fields import read_tokenizer_fields
from forge_worker.protocol.context import Artefact, Outcome, WorkerContext
from forge_worker.protocol.errors import WorkerFailure

FORMATS = ("merged", "gguf-f16", "gguf-bf16", "gguf-adapter")
CARRIED_FILES = (
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja",
    "generation_config.json", "tokenizer.model", "added_tokens.json", "forge-base.json",
)  # fmt: skip


@dataclass(frozen=True)
class ExportRequest:
    """base: a Hugging Face folder with unquantised weights; adapter: a PEFT folder or None; formats: of `FORMATS`."""

    base: Path
    adapter: Path | None
    output_folder: Path
    name: str
    formats: tuple[str, ...]
    pre_tokenizer: str | None


@dataclass(frozen=True)
class ExportResult:
    family: Family
    files: dict[str, Path]
    warnings: list[str]


def run(context: WorkerContext) -> Outcome:
    """Runs one export job. See docs/worker-protocol.md."""
    payload = context.spec.payload
    request = ExportRequest(
        base=Path(text_field(payload, "base")),
        adapter=Path(text_field(payload, "adapter")) if payload.get("adapter") is not None else None,
        output_folder=Path(text_field(payload, "outDir")),
        name=text_field(payload, "name"),
        formats=tuple(text_list_field(payload, "formats", FORMATS)),
        pre_tokenizer=payload.get("preTokenizer"),
    )
    context.phase("merging" if request.adapter is not None else "writing", 0.0)
    result = export_model(request, PhaseProgress(context, "writing").advance_to)
    for warning in result.warnings:
        context.warn("export", warning)
    context.phase("digesting")
    artefacts = [Artefact(kind, path) for kind, path in result.files.items()]
    files = {kind: str(path) for kind, path in result.files.items()}
    return context.finish(artefacts, {"family": result.family.name, "files": files})


def export_model(request: ExportRequest, report: Callable[[float], None] = lambda fraction: None) -> ExportResult:
    """Writes every asked-for format into the output folder; `report(0..1)` as it goes, and may raise to stop.

    Each file appears whole or not at all. Raises `WorkerFailure`.
    """
    config = read_json_table(request.base / "config.json")
    refuse_absurd_config(config)
    family = family_of_config(config)
    _refuse_quantised(config)
    adapter = read_adapter(request.adapter) if request.adapter is not None else None
    if Path(request.name).name != request.name or not request.name.strip("."):
        raise WorkerFailure("name-invalid", f"{request.name!r} cannot be a file name.", "Choose letters and digits.")
    if "gguf-adapter" in request.formats and adapter is None:
        raise WorkerFailure(
            "adapter-missing", "An adapter file was asked for, but there is no adapter.", "Export gguf-f16 instead."
        )
    if adapter is not None and config.get("tie_word_embeddings"):
        _refuse_tied(adapter)
    job = _Export(request, config, family, adapter, report)
    with FolderWeights(request.base) as base:
        job.write_all(base if adapter is None else MergedWeights(base, adapter))
    return ExportResult(family, job.files, job.warnings)


@dataclass
class _Export:
    """One export under way: what it has written, and how far it is."""

    request: ExportRequest
    config: dict[str, Any]
    family: Family
    adapter: Adapter | None
    report: Callable[[float], None]
    files: dict[str, Path] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    written_bytes: int = 0
    total_bytes: int = 1

    def write_all(self, weights: Weights) -> None:
        bytes_each = 2 * sum(_element_count(weights.shape(name)) for name in weights.names())
        self.total_bytes = max(1, bytes_each * sum(kind != "gguf-adapter" for kind in self.request.formats))
        if "merged" in self.request.formats:
            self._write_merged(weights)
        if "gguf-adapter" in self.request.formats:
            self._write_adapter()
        for kind in self.request.formats:
            if kind not in ("gguf-f16", "gguf-bf16"):
                continue
            if "merged" in self.files:  # the same numbers, merged once
                with FolderWeights(self.files["merged"]) as merged:
                    self._write_gguf(merged, kind)
            else:
                self._write_gguf(weights, kind)

    def _advance(self, size_bytes: int) -> None:
        self.written_bytes += size_bytes
        self.report(min(1.0, self.written_bytes / self.total_bytes))

    def _write_merged(self, weights: Weights) -> None:
        target = self.request.output_folder / "merged"
        is_tied = bool(self.config.get("tie_word_embeddings"))
        names = [name for name in weights.names() if not (is_tied and name == "lm_head.weight")]
        with atomic_folder(target) as folder:
            planned = [
                PlannedTensor(name, "BF16", weights.shape(name), lambda name=name: weights.bfloat16(name))
                for name in names
            ]
            with open(folder / "model.safetensors", "wb") as file:
                write_safetensors(file, planned, self._advance)
            config = {key: value for key, value in self.config.items() if key != "torch_dtype"}
            write_json(folder / "config.json", {**config, "dtype": "bfloat16"})
            for name in CARRIED_FILES:
                if (self.request.base / name).is_file():
                    shutil.copyfile(self.request.base / name, folder / name)
        self.files["merged"] = target

    def _write_gguf(self, weights: Weights, kind: str) -> None:
        file_type = kind.removeprefix("gguf-")
        rows = weights.shape("model.embed_tokens.weight")[0] if "model.embed_tokens.weight" in weights.names() else 0
        original = self.request.pre_tokenizer or _original_pre_tokenizer(self.request.base)
        plan = GgufPlan(
            family=self.family,
            config={**self.config, "vocab_size": rows},
            weights=weights,
            tokenizer=read_tokenizer_fields(self.request.base, rows, original),
            labels=labels_from_base(self.request.name, self.request.base),
            file_type=file_type,
        )
        target = self.request.output_folder / f"{self.request.name}.{file_type}.gguf"
        with atomic_file(target) as path:
            warnings = write_gguf_model(plan, path, self._advance)
        self.warnings += [warning for warning in warnings if warning not in self.warnings]
        self.files[kind] = target

    def _write_adapter(self) -> None:
        assert self.adapter is not None  # checked before the export starts
        target = self.request.output_folder / f"{self.request.name}.adapter.gguf"
        with atomic_file(target) as path:
            write_gguf_adapter(GgufAdapterPlan(self.family, self.config, self.adapter, self.request.name), path)
        self.files["gguf-adapter"] = target


def _element_count(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _original_pre_tokenizer(folder: Path) -> str | None:
    path = folder / "forge-base.json"
    return read_json_table(path).get("preTokenizer") if path.is_file() else None


def _refuse_quantised(config: dict[str, Any]) -> None:
    if config.get("quantization_config"):
        raise WorkerFailure(
            "base-quantised",
            "The base model's weights are quantised; merging needs the unquantised ones.",
            "Choose the unquantised version of the same model as the base.",
        )


def _refuse_tied(adapter: Adapter) -> None:
    tied = {"lm_head.weight", "model.embed_tokens.weight"} & (set(adapter.updates) | set(adapter.replaced))
    if tied:
        raise WorkerFailure(
            "adapter-tied",
            f"The adapter changes {sorted(tied)[0]}, which this model shares between its input and its output.",
            "Train without it (target the linear layers).",
        )

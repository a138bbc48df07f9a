"""The `prepare-base` kind: a GGUF file or a Hugging Face folder becomes a base Forge can train on."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from forge_worker import __version__
from forge_worker.export.atomic_output import atomic_folder
from forge_worker.export.bfloat16 import float32_to_bfloat16
from forge_worker.export.byte_cursor import MappedFile
from forge_worker.export.families import (
    Family,
    family_of_config,
    family_of_gguf,
    is_norm,
    rotary_head_count,
    to_split_rotary,
)
from forge_worker.export.folder_weights import FolderWeights, read_json_table, write_json
from forge_worker.export.gguf_model_writer import tensor_names
from forge_worker.export.gguf_reader import GgufHeader, read_gguf_header, read_gguf_tensor
from forge_worker.export.model_config import config_from_metadata
from forge_worker.export.payload import text_field
from forge_worker.export.progress import PhaseProgress
from forge_worker.export.safetensors_header import PlannedTensor, write_safetensors
from forge_worker.export.tokenizer_fields import read_chat_template, read_tokenizer_fields
from forge_worker.export.tokenizer_import import write_tokenizer
from forge_worker.protocol.context import Artefact, Outcome, WorkerContext
from forge_worker.protocol.errors import ProtocolError, WorkerFailure
from forge_worker.protocol.files import sha256_of_file

IGNORED_GGUF_TENSORS = ("rope_freqs.weight",)
FOLDER_FILES = ("*.json", "*.safetensors", "*.jinja", "tokenizer.model", "LICENSE*", "README.md")

Report = Callable[[float], None]


@dataclass(frozen=True)
class PreparedBase:
    """What a person and the engine want to know about the base; the same facts stand in forge-base.json."""

    family: str
    parameters: int
    context_length: int
    has_chat_template: bool
    vocabulary_size: int
    layers: int
    hidden_size: int
    pre_tokenizer: str | None

    def summary(self) -> dict[str, Any]:
        return {
            "family": self.family,
            "parameters": self.parameters,
            "contextLength": self.context_length,
            "hasChatTemplate": self.has_chat_template,
            "vocabularySize": self.vocabulary_size,
            "layers": self.layers,
            "hiddenSize": self.hidden_size,
            "preTokenizer": self.pre_tokenizer,
        }


def run(context: WorkerContext) -> Outcome:
    """Runs one prepare-base job. See docs/worker-protocol.md."""
    payload = context.spec.payload
    source = payload.get("source")
    if not isinstance(source, dict) or source.get("kind") not in ("gguf", "folder"):
        raise ProtocolError("payload.source is missing or of an unknown kind")
    path, target = Path(text_field(source, "path")), Path(text_field(payload, "outDir"))
    identifier = text_field(payload, "id")
    context.phase("reading")
    report = PhaseProgress(context, "writing").advance_to
    prepare = prepare_from_gguf if source["kind"] == "gguf" else prepare_from_folder
    prepared = prepare(path, target, identifier, report)
    context.phase("digesting")
    return context.finish([Artefact("base", target)], prepared.summary())


def prepare_from_gguf(
    source: Path, target: Path, identifier: str, report: Report = lambda fraction: None
) -> PreparedBase:
    """Dequantises a GGUF file into a Hugging Face folder at `target` with bfloat16 weights. Raises `WorkerFailure`."""
    with MappedFile(source) as mapped:
        header = read_gguf_header(mapped)
        family = family_of_gguf(header.metadata.get("general.architecture"))
        pairs = _gguf_pairs(family, header)
        factors = header.tensors.get("rope_freqs.weight")
        rows = header.tensors["token_embd.weight"].shape[0]
        config = config_from_metadata(
            family, header.metadata, rows, None if factors is None else read_gguf_tensor(mapped, factors)
        )
        config["tie_word_embeddings"] = "lm_head.weight" not in dict(pairs)
        config.update(_bias_settings(family, {name for name, _ in pairs}))
        with atomic_folder(target) as folder:
            write_tokenizer(header.metadata, folder)
            _write_configs(folder, config)
            _write_weights(mapped, header, _Conversion(family, config, pairs), (folder, report))
            facts = {
                "name": header.metadata.get("general.name"),
                "licence": header.metadata.get("general.license"),
                "source": {"kind": "gguf", "file": source.name, "sha256": sha256_of_file(source)},
            }
            is_byte_level = header.metadata.get("tokenizer.ggml.model") == "gpt2"
            original = header.metadata.get("tokenizer.ggml.pre") if is_byte_level else None
            return _describe(folder, _Identity(family, identifier, original), facts)


def prepare_from_folder(
    source: Path, target: Path, identifier: str, report: Report = lambda fraction: None
) -> PreparedBase:
    """Checks a Hugging Face folder (headers, tensors, tokenizer, family) and brings it to `target`.

    Files are hard-linked where the disk allows it and copied elsewhere; only safetensors, JSON and text come along,
    never code or pickled weights. Raises `WorkerFailure`.
    """
    config = read_json_table(source / "config.json")
    family = family_of_config(config)
    if config.get("quantization_config"):
        raise WorkerFailure(
            "base-quantised",
            "The weights in this folder are quantised; a base for training needs the unquantised ones.",
            "Choose the unquantised version of the same model.",
        )
    with FolderWeights(source) as weights:
        tensor_names(family, config, weights)
        rows = weights.shape("model.embed_tokens.weight")[0]
    fields = read_tokenizer_fields(source, rows, None)
    files = sorted({path for pattern in FOLDER_FILES for path in source.glob(pattern) if path.is_file()})
    with atomic_folder(target) as folder:
        for index, path in enumerate(files):
            _link_or_copy(path, folder / path.name)
            report((index + 1) / len(files))
        digests = {path.name: sha256_of_file(path) for path in files if path.suffix == ".safetensors"}
        facts = {
            "name": source.name,
            "licence": _licence(source, config),
            "source": {"kind": "folder", "file": source.name, "sha256": digests},
        }
        original = fields.pre if fields.model == "gpt2" else None
        return _describe(folder, _Identity(family, identifier, original), facts)


@dataclass(frozen=True)
class _Identity:
    family: Family
    identifier: str
    pre_tokenizer: str | None


@dataclass(frozen=True)
class _Conversion:
    family: Family
    config: dict[str, Any]
    pairs: list[tuple[str, str]]


def _gguf_pairs(family: Family, header: GgufHeader) -> list[tuple[str, str]]:
    """(Hugging Face name, GGUF name) of every tensor in the file; refuses a file with missing or unknown ones."""
    layers = header.metadata.get(f"{family.gguf_architecture}.block_count")
    if not isinstance(layers, int) or not 1 <= layers <= 1_024:
        raise WorkerFailure("file-damaged", f"This GGUF file claims {layers!r} layers.", "Fetch the file again.")
    pairs = [pair for pair in family.pairs(layers) if pair[1] in header.tensors]
    known = {target for _, target in pairs}
    unknown = sorted(set(header.tensors) - known - set(IGNORED_GGUF_TENSORS))
    needed = [f"blk.{layer}.{short}.weight" for layer in range(layers) for short in family.block_modules.values()]
    missing = [name for name in ["token_embd.weight", "output_norm.weight", *needed] if name not in known]
    if unknown or missing:
        which = f"it holds {unknown[0]}" if unknown else f"{missing[0]} is missing"
        raise WorkerFailure(
            "weights-unexpected",
            f"This GGUF file is not a plain {family.label} model: {which}.",
            "Choose a GGUF file of a supported model, or its Hugging Face folder.",
        )
    return pairs


def _bias_settings(family: Family, names: set[str]) -> dict[str, bool]:
    """`attention_bias` and `mlp_bias` as transformers means them; refuses a mixture no config.json can express."""
    found = {name.split(".", 3)[3].removesuffix(".bias") for name in names if name.endswith(".bias")}
    attention = {module for module in family.block_modules if module.startswith("self_attn.") and "norm" not in module}
    feed_forward = {module for module in family.block_modules if module.startswith("mlp.")}
    if family.name == "qwen2":
        attention, possible = attention - {"self_attn.o_proj"}, ("attention",)
    else:
        possible = {"llama": ("attention", "mlp"), "qwen3": ("attention",), "gemma2": ("attention",)}.get(
            family.name, ()
        )
    settings = {}
    for kind, modules in (("attention", attention), ("mlp", feed_forward)):
        has = bool(found & modules)
        if has and (kind not in possible or not modules <= found):
            raise WorkerFailure(
                "weights-unexpected",
                f"This GGUF file has biases in an arrangement {family.label} models do not have.",
                "Choose a Hugging Face folder of the same model instead.",
            )
        if kind in possible and family.name != "qwen2":
            settings[f"{kind}_bias"] = has
        found -= modules
    if found:
        raise WorkerFailure(
            "weights-unexpected", f"{sorted(found)[0]} has a bias, which {family.label} models do not.", "Choose another."
        )
    return settings


def _write_weights(
    mapped: MappedFile, header: GgufHeader, conversion: _Conversion, output: tuple[Path, Report]
) -> None:
    folder, report = output
    planned = [
        PlannedTensor(
            name, "BF16", header.tensors[source].shape, lambda name=name, source=source: _weight(name, source)
        )
        for name, source in conversion.pairs
    ]
    total_bytes = sum(tensor.size_bytes for tensor in planned)
    written_bytes = 0

    def _weight(name: str, source: str) -> np.ndarray:
        values = read_gguf_tensor(mapped, header.tensors[source])
        head_count = rotary_head_count(conversion.family, name, conversion.config)
        if head_count is not None:
            if values.shape[0] % (2 * head_count):
                raise WorkerFailure("file-damaged", f"{source} does not fit its head count.", "Fetch the file again.")
            values = to_split_rotary(values, head_count)
        if is_norm(name) and conversion.family.norm_offset:
            values = values - np.float32(conversion.family.norm_offset)
        return float32_to_bfloat16(values)

    def advance(size_bytes: int) -> None:
        nonlocal written_bytes
        written_bytes += size_bytes
        report(written_bytes / total_bytes)

    with open(folder / "model.safetensors", "wb") as file:
        write_safetensors(file, planned, advance)


def _write_configs(folder: Path, config: dict[str, Any]) -> None:
    write_json(folder / "config.json", config)
    ids = {key: config[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id") if config[key] is not None}
    write_json(folder / "generation_config.json", ids)


def _describe(folder: Path, identity: _Identity, facts: dict[str, Any]) -> PreparedBase:
    config = read_json_table(folder / "config.json")
    settings = read_json_table(folder / "tokenizer_config.json")
    with FolderWeights(folder) as weights:
        parameters, rows = weights.parameter_count(), weights.shape("model.embed_tokens.weight")[0]
    prepared = PreparedBase(
        family=identity.family.name,
        parameters=parameters,
        context_length=int(config["max_position_embeddings"]),
        has_chat_template=read_chat_template(folder, settings) is not None,
        vocabulary_size=rows,
        layers=int(config["num_hidden_layers"]),
        hidden_size=int(config["hidden_size"]),
        pre_tokenizer=identity.pre_tokenizer,
    )
    described = {"v": 1, "id": identity.identifier, **facts, **prepared.summary()}
    write_json(folder / "forge-base.json", {**described, "preparedBy": f"forge-worker {__version__}"})
    return prepared


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source.resolve())
    except OSError:  # another disk, or a file system without hard links
        shutil.copyfile(source, target)


def _licence(source: Path, config: dict[str, Any]) -> str | None:
    """From an older forge-base.json, config.json, or the front matter of README.md (`license: apache-2.0`)."""
    if (source / "forge-base.json").is_file():
        return read_json_table(source / "forge-base.json").get("licence")
    if isinstance(config.get("license"), str):
        return config["license"]
    readme = source / "README.md"
    if not readme.is_file():
        return None
    with open(readme, encoding="utf-8", errors="replace") as file:
        lines = file.read(4_096).splitlines()
    if not lines or lines[0].strip() != "---":
        return None
    found = [line.split(":", 1)[1].strip() for line in lines[1:] if line.startswith("license:")]
    return found[0] or None if found else None

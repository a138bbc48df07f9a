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
from forge_worker.export.config_limits import LIMITS, refuse_absurd_config
from forge_worker.export.families import (
    Family,
    family_of_config,
    family_of_gguf,
    is_norm,
    rotary_head_count,
    to_split_rotary,
)
from forge_worker.export.folder_weights import FolderWeights, read_json_table, write_json
from forge_worker.export.gguf_metadata import GgufMetadata
from forge_worker.export.gguf_model_writer import tensor_names
from forge_worker.export.gguf_reader import GgufHeader, read_gguf_header, read_gguf_tensor
from forge_worker.export.model_config import bias_settings, config_from_metadata
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
    request = BaseRequest(path, target, text_field(payload, "id"))
    context.phase("reading")
    report = PhaseProgress(context, "writing").advance_to
    prepare = prepare_from_gguf if source["kind"] == "gguf" else prepare_from_folder
    prepared = prepare(request, report)
    context.phase("digesting")
    return context.finish([Artefact("base", target)], prepared.summary())


@dataclass(frozen=True)
class BaseRequest:
    """source: a GGUF file or a Hugging Face folder; target: the folder to make; identifier: the base's id in Forge."""

    source: Path
    target: Path
    identifier: str


def prepare_from_gguf(request: BaseRequest, report: Report = lambda fraction: None) -> PreparedBase:
    """Dequantises a GGUF file into a Hugging Face folder with bfloat16 weights. Raises `WorkerFailure`."""
    source, target = request.source, request.target
    with MappedFile(source) as mapped:
        header = read_gguf_header(mapped)
        metadata = GgufMetadata(header.metadata)
        family = family_of_gguf(metadata.text("general.architecture"))
        conversion = _plan_conversion(mapped, header, family, metadata)
        is_byte_level = metadata.text("tokenizer.ggml.model") == "gpt2"
        original = metadata.text("tokenizer.ggml.pre") if is_byte_level else None
        facts = {
            "name": metadata.text("general.name"),
            "licence": metadata.text("general.license"),
            "source": {"kind": "gguf", "file": source.name, "sha256": sha256_of_file(source)},
        }
        with atomic_folder(target) as folder:
            write_tokenizer(metadata, folder)
            _write_configs(folder, conversion.config)
            _write_weights(mapped, header, conversion, (folder, report))
            return _describe(folder, _Identity(family, request.identifier, original), facts)


def prepare_from_folder(request: BaseRequest, report: Report = lambda fraction: None) -> PreparedBase:
    """Checks a Hugging Face folder (headers, tensors, tokenizer, family) and brings it to the target.

    Files are hard-linked where the disk allows it and copied elsewhere; only safetensors, JSON and text come along,
    never code or pickled weights. Raises `WorkerFailure`.
    """
    source = request.source
    config = read_json_table(source / "config.json")
    refuse_absurd_config(config)
    family = family_of_config(config)
    if config.get("quantization_config"):
        raise WorkerFailure(
            "base-quantised",
            "The weights in this folder are quantised; a base for training needs the unquantised ones.",
            "Choose the unquantised version of the same model.",
        )
    with FolderWeights(source) as weights:
        tensor_names(family, config, weights)
        _check_embedding(config, weights.shape("model.embed_tokens.weight"))
    fields = read_tokenizer_fields(source, config["vocab_size"], None)
    files = sorted({path for pattern in FOLDER_FILES for path in source.glob(pattern) if path.is_file()})
    with atomic_folder(request.target) as folder:
        for index, path in enumerate(path for path in files if path.name != "forge-base.json"):
            _link_or_copy(path, folder / path.name)
            report((index + 1) / len(files))
        digests = {path.name: sha256_of_file(path) for path in files if path.suffix == ".safetensors"}
        facts = {
            "name": source.name,
            "licence": _licence(source, config),
            "source": {"kind": "folder", "file": source.name, "sha256": digests},
        }
        original = fields.pre if fields.model == "gpt2" else None
        return _describe(folder, _Identity(family, request.identifier, original), facts)


def _check_embedding(config: dict[str, Any], shape: tuple[int, ...]) -> None:
    """transformers would make a matrix of the size config.json promises, whatever the file holds."""
    promised = (config.get("vocab_size"), config.get("hidden_size"))
    if shape != promised:
        raise WorkerFailure(
            "weights-unexpected",
            f"The weights do not fit config.json: the embedding is {' x '.join(map(str, shape))}, "
            f"config.json says {promised[0]} x {promised[1]}.",
            "Fetch the base model again.",
        )


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


def _plan_conversion(mapped: MappedFile, header: GgufHeader, family: Family, metadata: GgufMetadata) -> _Conversion:
    pairs = _gguf_pairs(family, header, metadata)
    factors = header.tensors.get("rope_freqs.weight")
    rows = header.tensors["token_embd.weight"].shape[0]
    rope_factors = None if factors is None else read_gguf_tensor(mapped, factors)
    config = config_from_metadata(family, metadata, rows, rope_factors)
    config["tie_word_embeddings"] = "lm_head.weight" not in dict(pairs)
    config.update(bias_settings(family, {name for name, _ in pairs}))
    _check_shapes(header, dict(pairs), config)
    return _Conversion(family, config, pairs)


def _check_shapes(header: GgufHeader, pairs: dict[str, str], config: dict[str, Any]) -> None:
    """Every tensor must have the shape config.json promises; transformers would fail on it much later."""
    hidden, inner, head_size = config["hidden_size"], config["intermediate_size"], config["head_dim"]
    queries, keys = config["num_attention_heads"] * head_size, config["num_key_value_heads"] * head_size
    expected = {
        "embed_tokens": (config["vocab_size"], hidden), "lm_head": (config["vocab_size"], hidden),
        "q_proj": (queries, hidden), "k_proj": (keys, hidden), "v_proj": (keys, hidden), "o_proj": (hidden, queries),
        "gate_proj": (inner, hidden), "up_proj": (inner, hidden), "down_proj": (hidden, inner),
        "qkv_proj": (queries + 2 * keys, hidden), "gate_up_proj": (2 * inner, hidden),
        "q_norm": (head_size,), "k_norm": (head_size,),
    }  # fmt: skip
    for name, source in pairs.items():
        module, kind = name.rsplit(".", 2)[-2:]
        shape = expected.get(module, (hidden,))
        if header.tensors[source].shape != (shape if kind == "weight" else shape[:1]):
            found = " x ".join(str(size) for size in header.tensors[source].shape)
            raise WorkerFailure(
                "file-damaged",
                f"This GGUF file is damaged: {source} is {found}, which does not fit its own metadata.",
                "Fetch the file again.",
            )


def _gguf_pairs(family: Family, header: GgufHeader, metadata: GgufMetadata) -> list[tuple[str, str]]:
    """(Hugging Face name, GGUF name) of every tensor in the file; refuses a file with missing or unknown ones."""
    layers = metadata.whole(f"{family.gguf_architecture}.block_count", LIMITS["num_hidden_layers"])
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

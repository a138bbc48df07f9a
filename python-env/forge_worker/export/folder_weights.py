"""The weights of a Hugging Face folder, one tensor at a time."""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from forge_worker.export.bfloat16 import float32_to_bfloat16
from forge_worker.export.byte_cursor import MappedFile
from forge_worker.export.safetensors_header import (
    SafetensorsEntry,
    read_bits,
    read_float32,
    read_safetensors_header,
)
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.files import read_json_bounded

MAXIMUM_JSON_BYTES = 64 * 1024 * 1024
MAXIMUM_SHARDS = 1_000


def read_json_table(path: Path) -> dict[str, Any]:
    """A JSON object from `path`. Raises `WorkerFailure` when it is missing, too large or something else."""
    try:
        value = read_json_bounded(path, MAXIMUM_JSON_BYTES)
    except FileNotFoundError as error:
        raise WorkerFailure(
            "base-incomplete",
            f"{path.name} is missing in {path.parent}.",
            "Choose the folder that holds config.json, tokenizer.json and the .safetensors files.",
        ) from error
    except (ValueError, RecursionError) as error:
        raise WorkerFailure("file-damaged", f"{path} is not readable JSON.", "Fetch the file again.") from error
    if not isinstance(value, dict):
        raise WorkerFailure("file-damaged", f"{path} is not a JSON object.", "Fetch the file again.")
    return value


class FolderWeights:
    """All tensors of a folder with `model.safetensors` or a sharded index. Close it, or use it in a `with` block."""

    def __init__(self, folder: Path) -> None:
        self._files: list[MappedFile] = []
        self._entries: dict[str, tuple[MappedFile, SafetensorsEntry]] = {}
        try:
            for path in _weight_files(folder):
                self._add(path)
        except BaseException:
            self.close()
            raise

    def _add(self, path: Path) -> None:
        mapped = MappedFile(path)
        self._files.append(mapped)
        for name, entry in read_safetensors_header(mapped).items():
            if name in self._entries:
                raise WorkerFailure(
                    "file-damaged", f"Tensor {name} stands in two files of {path.parent}.", "Fetch the folder again."
                )
            self._entries[name] = (mapped, entry)

    def names(self) -> list[str]:
        return list(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def shape(self, name: str) -> tuple[int, ...]:
        return self._entries[name][1].shape

    def parameter_count(self) -> int:
        return sum(int(np.prod(entry.shape, dtype=np.int64)) for _, entry in self._entries.values())

    def float32(self, name: str) -> np.ndarray:
        """The tensor as float32."""
        return read_float32(*self._entries[name])

    def bfloat16(self, name: str) -> np.ndarray:
        """The tensor as bfloat16 patterns (uint16): as stored when it is stored so, else rounded to nearest even."""
        mapped, entry = self._entries[name]
        return read_bits(mapped, entry) if entry.type == "BF16" else float32_to_bfloat16(read_float32(mapped, entry))

    def close(self) -> None:
        for mapped in self._files:
            mapped.close()

    def __enter__(self) -> FolderWeights:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _weight_files(folder: Path) -> list[Path]:
    single = folder / "model.safetensors"
    if single.is_file():
        return [single]
    index_path = folder / "model.safetensors.index.json"
    if not index_path.is_file():
        raise WorkerFailure(
            "base-incomplete",
            f"{folder} has no model.safetensors (nor an index of several).",
            "Choose a folder with safetensors weights; pickled .bin files are not read, as they can run code.",
        )
    weight_map = read_json_table(index_path).get("weight_map")
    if not isinstance(weight_map, dict) or not all(isinstance(name, str) for name in weight_map.values()):
        raise WorkerFailure("file-damaged", f"{index_path} has no weight_map.", "Fetch the file again.")
    names = sorted(set(weight_map.values()))
    if len(names) > MAXIMUM_SHARDS or any(Path(name).name != name for name in names):
        raise WorkerFailure("file-damaged", f"{index_path} names files outside its folder.", "Fetch the file again.")
    return [folder / name for name in names]


def write_json(path: Path, value: object) -> None:
    """Pretty JSON, UTF-8, closing newline. Not atomic: for files inside a folder that is."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n", encoding="utf-8")

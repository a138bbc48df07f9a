"""checkpoints/<step>/: folders that exist whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from forge_worker.protocol.files import (
    read_json_bounded,
    sha256_of_file,
    sync_file,
    sync_folder,
    write_json_atomically,
)

_MANIFEST_LIMIT_BYTES = 4 << 20
_FOLDER = re.compile(r"^\d{8}$")
_SHA256 = re.compile(r"^[0-9a-f]{64}$")


@dataclass(frozen=True)
class Checkpoint:
    """A verified checkpoint; `sha256` is the digest of its manifest.json, `size_bytes` of its files together."""

    path: Path
    step: int
    size_bytes: int
    sha256: str
    validation_loss: float | None
    best: bool


@dataclass(frozen=True)
class CheckpointMark:
    """What the manifest says beside the files."""

    step: int
    validation_loss: float | None
    best: bool


def write_checkpoint(folder: Path, mark: CheckpointMark, files: Mapping[str, Callable[[Path], None]]) -> Checkpoint:
    """Write `<folder>/<step, 8 digits>`: `files` maps a plain file name to a function that writes it.

    Order: temp folder, files, fsync each, manifest last, fsync, rename, fsync of the parent; then it is read back.
    Raises OSError when the disk refuses (the temp folder is removed) or when what was read back differs.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{mark.step:08d}"
    temporary = folder / f".{target.name}.{os.getpid()}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        entries = []
        for name, write in files.items():
            path = temporary / name
            write(path)
            sync_file(path)
            entries.append({"path": name, "bytes": path.stat().st_size, "sha256": sha256_of_file(path)})
        manifest = {"v": 1, "step": mark.step, "files": entries}
        manifest.update(validationLoss=mark.validation_loss, best=mark.best)
        write_json_atomically(temporary / "manifest.json", manifest)
        if target.exists():
            shutil.rmtree(target)
        os.replace(temporary, target)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_folder(folder)
    written = verify_checkpoint(target)
    if written is None:
        raise OSError(f"checkpoint {target.name} could not be read back as it was written")
    return written


def verify_checkpoint(path: Path) -> Checkpoint | None:
    """The checkpoint at `path` when its manifest and every file's size and digest are right, else None."""
    try:
        raw = read_json_bounded(path / "manifest.json", _MANIFEST_LIMIT_BYTES)
        entries = [(path / _plain_name(e["path"]), int(e["bytes"]), _digest(e["sha256"])) for e in raw["files"]]
        step, loss, best = int(raw["step"]), raw["validationLoss"], bool(raw["best"])
        if raw["v"] != 1 or not entries:
            return None
        if any(file.stat().st_size != size or sha256_of_file(file) != sha for file, size, sha in entries):
            return None
        digest = hashlib.sha256((path / "manifest.json").read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError, TypeError):
        return None
    size_bytes = sum(size for _, size, _ in entries)
    return Checkpoint(path, step, size_bytes, digest, None if loss is None else float(loss), best)


def list_checkpoints(folder: Path) -> list[Path]:
    """Folders that look like checkpoints, oldest step first (not verified)."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if _FOLDER.match(path.name) and path.is_dir())


def prune_checkpoints(folder: Path, keep_steps: set[int], keep_newest: int = 1) -> list[int]:
    """Remove checkpoints that are neither in `keep_steps` nor among the `keep_newest`; call after a verified write.

    Returns the steps removed. Left-over temp folders of dead writers go too.
    """
    for left_over in folder.glob(".*.tmp"):
        shutil.rmtree(left_over, ignore_errors=True)
    paths = list_checkpoints(folder)
    removable = [path for path in paths[: max(0, len(paths) - keep_newest)] if int(path.name) not in keep_steps]
    for path in removable:
        (path / "manifest.json").unlink(missing_ok=True)  # first: half a folder must not pass for a checkpoint
        shutil.rmtree(path)
    return [int(path.name) for path in removable]


def _plain_name(name: object) -> str:
    if not isinstance(name, str) or not name or name != os.path.basename(name) or name in (".", ".."):
        raise ValueError("a checkpoint's file name must be plain")
    return name


def _digest(value: object) -> str:
    if not isinstance(value, str) or not _SHA256.match(value):
        raise ValueError("not a SHA-256")
    return value

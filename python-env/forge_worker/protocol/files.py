"""Durable writes and digests."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

_DIGEST_BLOCK_BYTES = 1 << 20


def write_json_atomically(path: Path, value: Any) -> None:
    """Write `value` as JSON so that a reader sees the old file or the whole new one (temp file, fsync, rename)."""
    write_bytes_atomically(path, (json.dumps(value, allow_nan=False, indent=1) + "\n").encode())


def write_bytes_atomically(path: Path, content: bytes) -> None:
    """Write `content` to a temp file beside `path`, fsync it and rename it over `path`."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with open(temporary, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Flush one file's bytes to the disk."""
    descriptor = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Flush a folder's entries, so that a rename inside it survives a power cut (a no-op on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of_file(path: Path) -> str:
    """SHA-256 of a file's bytes, in lower-case hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(_DIGEST_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def read_json_bounded(path: Path, limit_bytes: int) -> Any:
    """Parse a JSON file of at most `limit_bytes`.

    Raises ValueError when it is larger or not JSON, OSError when it cannot be read.
    """
    with open(path, "rb") as file:
        content = file.read(limit_bytes + 1)
    if len(content) > limit_bytes:
        raise ValueError(f"{path.name} is larger than {limit_bytes} bytes")
    return json.loads(content)

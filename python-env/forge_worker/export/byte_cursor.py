"""Bounded reading of a memory-mapped file: each read is checked against the file's end before anything is allocated."""

from __future__ import annotations

import mmap
import struct
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from forge_worker.protocol.errors import WorkerFailure


def damaged(path: Path, what: str) -> WorkerFailure:
    """The error for a file whose header contradicts itself or the file's length."""
    return WorkerFailure(
        "file-damaged",
        f"{path.name} is damaged: {what}.",
        "Fetch the file again, compare its size with the original, and retry.",
    )


class MappedFile:
    """A read-only memory map with a life: open, read, `close` (or use it in a `with` block)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise WorkerFailure(
                "file-unreadable", f"{path} cannot be read: {error.strerror}.", "Check that the file exists."
            ) from error
        self.size_bytes = path.stat().st_size
        if self.size_bytes == 0:
            self._file.close()
            raise damaged(path, "it is empty")
        self.view = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)

    def close(self) -> None:
        """Releases the map. While an array still points into it the map stays, and goes with the last of them."""
        with suppress(BufferError):
            self.view.close()
        self._file.close()

    def __enter__(self) -> MappedFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ByteCursor:
    """A reading position in a mapped file. Every method raises `WorkerFailure` instead of reading past the end."""

    def __init__(self, mapped: MappedFile, position: int = 0) -> None:
        self._mapped = mapped
        self.position = position

    @property
    def remaining_bytes(self) -> int:
        return self._mapped.size_bytes - self.position

    def fail(self, what: str) -> WorkerFailure:
        return damaged(self._mapped.path, what)

    def need(self, byte_count: int, what: str) -> None:
        """Refuses when fewer than `byte_count` bytes are left."""
        if byte_count < 0 or byte_count > self.remaining_bytes:
            raise self.fail(f"{what} needs {byte_count} bytes at {self.position}, {self.remaining_bytes} are left")

    def number(self, format_code: str, what: str) -> int | float:
        """One little-endian number in `struct` notation (without the byte order)."""
        self.need(struct.calcsize("<" + format_code), what)
        (value,) = struct.unpack_from("<" + format_code, self._mapped.view, self.position)
        self.position += struct.calcsize("<" + format_code)
        return value

    def count(self, format_code: str, what: str, limit: int) -> int:
        """An unsigned count that may not exceed `limit`."""
        value = int(self.number(format_code, what))
        if value > limit:
            raise self.fail(f"{what} is {value}, more than the {limit} that can be right here")
        return value

    def raw(self, byte_count: int, what: str) -> bytes:
        self.need(byte_count, what)
        value = self._mapped.view[self.position : self.position + byte_count]
        self.position += byte_count
        return value

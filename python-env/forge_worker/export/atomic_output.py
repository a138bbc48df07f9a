"""Files and folders that appear whole or not at all: temp beside the target, fsync, rename."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.files import sync_file, sync_folder
from forge_worker.protocol.machine import process_started_at_ms

DISK_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)


@contextmanager
def atomic_file(target: Path) -> Iterator[Path]:
    """Yields a temporary path beside `target`; on success it is fsynced and renamed to `target`, else removed.

    A full disk becomes a `WorkerFailure` with the space that is left; any other error passes through.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        yield temporary
        sync_file(temporary)
        os.replace(temporary, target)
        sync_folder(target.parent)
    except OSError as error:
        if error.errno in DISK_FULL:
            raise disk_full(target) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Yields an empty folder beside `target`; on success its files are fsynced and it takes `target`'s place.

    An older `target` is moved aside first and removed only once the new one stands.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.partial")
    temporary.mkdir()
    try:
        yield temporary
        for path in temporary.rglob("*"):
            if path.is_file():
                sync_file(path)
        sync_folder(temporary)
        _take_place(temporary, target)
        sync_folder(target.parent)
    except OSError as error:
        if error.errno in DISK_FULL:
            raise disk_full(target) from error
        raise
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _take_place(temporary: Path, target: Path) -> None:
    if not target.exists():
        os.replace(temporary, target)
        return
    aside = target.with_name(f".{target.name}.{os.getpid()}.old")
    os.replace(target, aside)
    try:
        os.replace(temporary, target)
    except OSError:
        os.replace(aside, target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _remove_leftovers(target: Path) -> None:
    """Takes away what an earlier process left half-made when it was killed; a living process keeps its own."""
    leftover = re.compile(rf"\.{re.escape(target.name)}\.(\d+)\.(partial|old)")
    for path in target.parent.iterdir():
        match = leftover.fullmatch(path.name)
        if match is None or (int(match[1]) != os.getpid() and process_started_at_ms(int(match[1])) is not None):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def disk_full(target: Path) -> WorkerFailure:
    """The failure for a disk without room for `target`."""
    free_megabytes = shutil.disk_usage(target.parent).free // 1_000_000
    return WorkerFailure(
        "disk-full",
        f"The disk is full ({free_megabytes} MB free): {target.name} could not be written. Nothing half-made is left.",
        "Free some space or choose another folder, then start this step again.",
    )

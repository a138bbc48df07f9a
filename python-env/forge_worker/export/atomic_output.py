"""Files and folders that appear whole or not at all: temp beside the target, fsync, rename."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.files import sync_file, sync_folder


@contextmanager
def atomic_file(target: Path) -> Iterator[Path]:
    """Yields a temporary path beside `target`; on success it is fsynced and renamed to `target`, else removed.

    A full disk becomes a `WorkerFailure` with the space that is left; any other error passes through.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        yield temporary
        sync_file(temporary)
        os.replace(temporary, target)
        sync_folder(target.parent)
    except OSError as error:
        raise _disk_full(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(target: Path) -> Iterator[Path]:
    """Yields an empty folder beside `target`; on success its files are fsynced and it takes `target`'s place.

    An older `target` is moved aside first and removed only once the new one stands.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.partial")
    shutil.rmtree(temporary, ignore_errors=True)
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
        raise _disk_full(target, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _take_place(temporary: Path, target: Path) -> None:
    if not target.exists():
        os.replace(temporary, target)
        return
    aside = target.with_name(f".{target.name}.{os.getpid()}.old")
    shutil.rmtree(aside, ignore_errors=True)
    os.replace(target, aside)
    try:
        os.replace(temporary, target)
    except OSError:
        os.replace(aside, target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _disk_full(target: Path, error: OSError) -> Exception:
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return error
    free_megabytes = shutil.disk_usage(target.parent).free // 1_000_000
    return WorkerFailure(
        "disk-full",
        f"The disk is full: {target.name} could not be written ({free_megabytes} MB are free). Nothing half-made is left.",
        "Free some space or choose another folder, then start this step again.",
    )

"""Files and folders appear whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from forge_worker.export.atomic_output import atomic_file, atomic_folder
from forge_worker.protocol.errors import StopRequested, WorkerFailure

pytestmark = pytest.mark.unit


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def test_a_finished_file_takes_its_name_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    with atomic_file(tmp_path / "new" / "a.bin") as path:
        path.write_bytes(b"whole")
        assert not (tmp_path / "new" / "a.bin").exists()
    assert listing(tmp_path) == ["a.bin", "new"]
    assert (tmp_path / "new" / "a.bin").read_bytes() == b"whole"


@pytest.mark.parametrize("error", [StopRequested("stop"), KeyboardInterrupt(), ValueError("bug")])
def test_an_interrupted_file_leaves_the_old_one_untouched(error: BaseException, tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    target.write_bytes(b"old")
    with pytest.raises(type(error)):
        with atomic_file(target) as path:
            path.write_bytes(b"half")
            raise error
    assert listing(tmp_path) == ["a.bin"]
    assert target.read_bytes() == b"old"


def test_a_full_disk_is_told_with_the_space_that_is_left(tmp_path: Path) -> None:
    with pytest.raises(WorkerFailure) as failed:
        with atomic_file(tmp_path / "a.bin") as path:
            path.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
    assert failed.value.code == "disk-full"
    assert "MB free" in failed.value.message
    assert listing(tmp_path) == []


def test_what_a_killed_process_left_is_cleared_and_what_a_living_one_writes_is_kept(tmp_path: Path) -> None:
    gone = 2**22 + 5  # beyond the largest process number of Linux
    (tmp_path / f".a.bin.{gone}.partial").write_bytes(b"half")
    (tmp_path / f".a.bin.{os.getppid()}.partial").write_bytes(b"another writer")
    (tmp_path / f".model.{gone}.old").mkdir()
    with atomic_file(tmp_path / "a.bin") as path:
        path.write_bytes(b"whole")
    with atomic_folder(tmp_path / "model"):
        pass
    assert listing(tmp_path) == [f".a.bin.{os.getppid()}.partial", "a.bin", "model"]


def test_a_folder_replaces_the_old_one_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "model"
    with atomic_folder(target) as folder:
        (folder / "one").write_text("first")
    with pytest.raises(OSError, match="broken"):
        with atomic_folder(target) as folder:
            (folder / "two").write_text("half")
            raise OSError(errno.EIO, "broken")
    assert listing(tmp_path) == ["model", "one"]
    with atomic_folder(target) as folder:
        (folder / "three").write_text("second")
    assert listing(tmp_path) == ["model", "three"]

import json

import pytest
from run_directory import write_spec

from forge_worker.protocol.checkpoints import (
    CheckpointMark,
    list_checkpoints,
    prune_checkpoints,
    verify_checkpoint,
    write_checkpoint,
)
from forge_worker.protocol.context import Artefact, WorkerContext
from forge_worker.protocol.control import ControlPoller
from forge_worker.protocol.errors import ProtocolError, StopRequested
from forge_worker.protocol.files import sha256_of_file
from forge_worker.protocol.spec import load_spec


def save(folder, step, best=False):
    files = {
        "weights.bin": lambda path: path.write_bytes(b"w" * step),
        "state.json": lambda path: path.write_text("{}"),
    }
    return write_checkpoint(folder, CheckpointMark(step, 1.5, best), files)


def test_a_checkpoint_reads_back_and_notices_every_change(tmp_path):
    written = save(tmp_path, 12, best=True)
    assert written == verify_checkpoint(written.path)
    assert (written.step, written.validation_loss, written.best, written.size_bytes) == (12, 1.5, True, 14)
    assert written.sha256 == sha256_of_file(written.path / "manifest.json")
    (written.path / "weights.bin").write_bytes(b"v" * 12)
    assert verify_checkpoint(written.path) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(v=2),
        lambda manifest: manifest.update(files=[]),
        lambda manifest: manifest["files"][0].update(path="../outside"),
        lambda manifest: manifest["files"][0].update(sha256="zz"),
        lambda manifest: manifest["files"][0].update(bytes=None),
        lambda manifest: manifest.pop("step"),
    ],
)
def test_a_checkpoint_with_a_strange_manifest_is_none(tmp_path, change):
    path = save(tmp_path, 3).path
    manifest = json.loads((path / "manifest.json").read_text())
    change(manifest)
    (path / "manifest.json").write_text(json.dumps(manifest))
    assert verify_checkpoint(path) is None


def test_a_writer_that_fails_leaves_no_folder_behind(tmp_path):
    def refuse(path):
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        write_checkpoint(tmp_path, CheckpointMark(1, None, False), {"a": refuse})
    assert list(tmp_path.iterdir()) == []


def test_pruning_keeps_the_newest_and_the_best(tmp_path):
    for step in (0, 10, 20, 30):
        save(tmp_path, step)
    (tmp_path / ".00000040.99.tmp").mkdir()
    assert prune_checkpoints(tmp_path, {10}, 1) == [0, 20]
    assert [path.name for path in list_checkpoints(tmp_path)] == ["00000010", "00000030"]
    assert not (tmp_path / ".00000040.99.tmp").exists()


def test_commands_come_in_order_and_once(tmp_path):
    (tmp_path / "0010-finish.json").write_text("{}")
    (tmp_path / "0009-stop.json").write_text('{"keep": "none"}')
    (tmp_path / "0008-dance.json").write_text("{}")
    (tmp_path / "note.txt").write_text("")
    poller = ControlPoller(tmp_path)
    first, second = poller.poll(), poller.poll()
    assert (first.name, first.values, second.name) == ("stop", {"keep": "none"}, "finish")
    assert poller.poll() is None
    assert poller.refused == ["0008-dance.json: unknown command"]
    assert sorted(path.name for path in tmp_path.glob("*.done")) == [
        "0008-dance.json.done",
        "0009-stop.json.done",
        "0010-finish.json.done",
    ]


def test_a_command_file_of_garbage_still_counts_by_its_name(tmp_path):
    (tmp_path / "0001-stop.json").write_text("{")
    poller = ControlPoller(tmp_path)
    assert poller.poll().name == "stop"
    assert len(poller.refused) == 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [({"v": 2}, "version"), ({"kind": "dance"}, "kind"), ({"threads": "two"}, "threads"), ({"payload": []}, "payload")],
)
def test_a_wrong_spec_is_refused_with_the_field(tmp_path, change, problem):
    write_spec(tmp_path, "train", {})
    spec = json.loads((tmp_path / "spec.json").read_text())
    (tmp_path / "spec.json").write_text(json.dumps({**spec, **change}))
    with pytest.raises(ProtocolError, match=problem):
        load_spec(tmp_path)


def test_finish_writes_digests_of_files_and_folders(tmp_path):
    context = WorkerContext(load_spec(write_spec(tmp_path, "export", {})))
    (context.outputs / "adapter" / "deep").mkdir(parents=True)
    (context.outputs / "adapter" / "a.json").write_text("{}")
    (context.outputs / "adapter" / "deep" / "b.bin").write_bytes(b"123")
    outcome = context.finish([Artefact("adapter", context.outputs / "adapter")], {"steps": 3})
    context.close()
    result = json.loads((tmp_path / "result.json").read_text())
    assert result["outcome"] == "done" and result["summary"] == {"steps": 3}
    assert [(item["name"], item["path"], item["bytes"]) for item in result["artefacts"]] == [
        ("adapter/a.json", "outputs/adapter/a.json", 2),
        ("adapter/deep/b.bin", "outputs/adapter/deep/b.bin", 3),
    ]
    assert outcome.artefacts == result["artefacts"]


def test_recipes_without_state_leave_when_asked(tmp_path):
    context = WorkerContext(load_spec(write_spec(tmp_path, "export", {})))
    context.leave_if_asked()
    context.control.request("pause")
    with pytest.raises(StopRequested):
        context.leave_if_asked()
    context.close()

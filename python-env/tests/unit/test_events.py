import errno
import math
import os
import threading

import pytest
from event_schema import read_events

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.events import EventWriter


def test_numbers_are_gapless_when_threads_write_together(tmp_path):
    writer = EventWriter(tmp_path / "events.jsonl", "job/1")
    threads = [
        threading.Thread(
            target=lambda: [writer.emit("log", level="info", code="x", text="é\n" * 9) for _ in range(200)]
        )
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    assert len(read_events(tmp_path)) == 800


def test_non_finite_values_become_null_with_their_name(tmp_path):
    writer = EventWriter(tmp_path / "events.jsonl", "job/1")
    values = {"loss": math.nan, "gradientNorm": math.inf, "learningRate": 0.1}
    writer.emit("metric", step=1, epoch=0.1, tokens=3, values=values, nonFinite=[])
    writer.close()
    (event,) = read_events(tmp_path)
    assert event["values"] == {"loss": None, "gradientNorm": None, "learningRate": 0.1}
    assert event["nonFinite"] == ["gradientNorm", "loss"]


def test_lone_surrogates_do_not_break_the_file(tmp_path):
    writer = EventWriter(tmp_path / "events.jsonl", "job/1")
    writer.emit("log", level="info", code="x", text="bad \ud800 text")
    writer.close()
    assert read_events(tmp_path)[0]["text"].startswith("bad ")


def test_a_second_process_continues_the_numbers_after_a_torn_line(tmp_path):
    path = tmp_path / "events.jsonl"
    first = EventWriter(path, "job/1")
    first.emit("log", level="info", code="a", text="one")
    first.close()
    with open(path, "ab") as file:
        file.write(b'{"v":1,"seq":2,"ty')
    second = EventWriter(path, "job/1")
    second.emit("log", level="info", code="b", text="two")
    second.close()
    lines = path.read_bytes().split(b"\n")
    assert b'"seq":2' in lines[2] and b'"code":"b"' in lines[2]


class FullDisk:
    """Stands in for os.write: refuses while `full`, and writes at most `most` bytes at once."""

    def __init__(self):
        self.full = True
        self.real = os.write
        self.most = 1 << 30

    def __call__(self, descriptor, content):
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return self.real(descriptor, bytes(content)[: self.most])


def test_a_full_disk_loses_nothing_when_space_comes_back(tmp_path, monkeypatch):
    disk = FullDisk()
    writer = EventWriter(tmp_path / "events.jsonl", "job/1")
    monkeypatch.setattr("forge_worker.protocol.events.os.write", disk)
    for number in range(3):
        writer.emit("log", level="info", code="x", text=str(number))
    disk.full, disk.most = False, 7
    writer.emit("log", level="info", code="x", text="3")
    writer.close()
    assert [event["text"] for event in read_events(tmp_path)] == ["0", "1", "2", "3"]


def test_a_disk_that_stays_full_fails_with_a_sentence(tmp_path, monkeypatch):
    writer = EventWriter(tmp_path / "events.jsonl", "job/1", patience_seconds=0.0)
    monkeypatch.setattr("forge_worker.protocol.events.os.write", FullDisk())
    with pytest.raises(WorkerFailure) as caught:
        for _ in range(5):
            writer.emit("log", level="info", code="x", text="lost")
    assert caught.value.code == "disk-full"
    assert "disk is full" in caught.value.message

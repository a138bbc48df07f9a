import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from event_schema import of_type, read_events
from run_directory import write_spec

from forge_worker.protocol.checkpoints import list_checkpoints, verify_checkpoint
from forge_worker.protocol.machine import process_started_at_ms

FAKE = Path(__file__).resolve().parents[3] / "tests" / "fixtures" / "fake-worker.py"
pytestmark = pytest.mark.skipif(os.name == "nt", reason="NOT PROVED HERE: signals are those of Unix")


def start(directory, **payload):
    write_spec(directory, "train", {"steps": 12, "stepMs": 10, **payload})
    return subprocess.Popen([sys.executable, str(FAKE), str(directory)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for(condition, seconds=10.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (value := condition()) is not None:
            return value
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def read_json(path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


def step_reached(directory, step):
    def look():
        path = directory / "events.jsonl"
        lines = path.read_text().splitlines() if path.exists() else []
        steps = [json.loads(line)["step"] for line in lines[:-1] if '"metric"' in line]
        return True if steps and max(steps) >= step else None

    return look


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("mode", "code", "last"),
    [
        ("ok", 0, "done"),
        ("nan", 0, "done"),
        ("oom", 0, "done"),
        ("flood", 0, "done"),
        ("fail", 4, "failed"),
        ("exit-zero-without-done", 0, None),
        ("crash", 137, None),
        ("torn-line", 137, None),
    ],
)
def test_every_mode_of_the_fake_worker_ends_as_it_says(tmp_path, mode, code, last):
    process = start(tmp_path, mode=mode, eventsPerSecond=3000)
    process.communicate(timeout=30)
    events = read_events(tmp_path)
    assert process.returncode == code
    written = read_json(tmp_path / "exit.json")
    assert written["exitCode"] == (None if code == 137 else code)
    assert written["signal"] == ("SIGKILL" if code == 137 else None)
    assert (events[-1]["type"] == last) if last else not of_type(events, "done")
    assert (tmp_path / "result.json").exists() == (last == "done")


def test_worker_json_names_both_processes_with_their_start_times(tmp_path):
    process = start(tmp_path, mode="ok", stepMs=100)
    worker = wait_for(lambda: read_json(tmp_path / "worker.json"))
    assert worker["launcherPid"] == process.pid
    assert worker["launcherStartedAtMs"] == process_started_at_ms(process.pid)
    assert worker["workerStartedAtMs"] == process_started_at_ms(worker["workerPid"])
    assert abs(worker["workerStartedAtMs"] - time.time() * 1000) < 30_000
    process.terminate()
    process.communicate(timeout=10)


def test_sigterm_reaches_the_worker_which_saves_and_leaves_with_3(tmp_path):
    process = start(tmp_path, mode="ok", stepMs=50, steps=500, checkpointEvery=1000)
    wait_for(step_reached(tmp_path, 2))
    process.terminate()
    process.communicate(timeout=10)
    assert process.returncode == 3
    (checkpoint,) = list_checkpoints(tmp_path / "checkpoints")
    assert verify_checkpoint(checkpoint) is not None


def test_pause_then_resume_goes_on_at_the_same_step(tmp_path):
    first = start(tmp_path / "1", mode="ok", stepMs=30, steps=40)
    wait_for(step_reached(tmp_path / "1", 3))
    (tmp_path / "1" / "control" / "0001-pause.json").write_text("{}")
    first.communicate(timeout=10)
    assert first.returncode == 3
    newest = list_checkpoints(tmp_path / "1" / "checkpoints")[-1]
    directory = write_spec(tmp_path / "2", "train", {"steps": 40, "stepMs": 1}, attempt=2, resumeFrom=str(newest))
    second = subprocess.run([sys.executable, str(FAKE), str(directory)], capture_output=True, timeout=20)
    assert second.returncode == 0
    steps = [event["step"] for event in of_type(read_events(directory), "metric") if "loss" in event["values"]]
    assert steps == list(range(int(newest.name) + 1, 41))


def test_finish_ends_early_with_a_result(tmp_path):
    process = start(tmp_path, mode="ok", stepMs=30, steps=500)
    wait_for(step_reached(tmp_path, 2))
    (tmp_path / "control" / "0001-finish.json").write_text("{}")
    process.communicate(timeout=10)
    assert process.returncode == 0
    assert read_json(tmp_path / "result.json")["reason"] == "stop-requested"


def test_the_worker_goes_on_when_its_launcher_is_killed(tmp_path):
    process = start(tmp_path, mode="ok", stepMs=50, steps=30)
    worker = wait_for(lambda: read_json(tmp_path / "worker.json"))
    wait_for(step_reached(tmp_path, 2))
    process.kill()
    process.wait()
    assert alive(worker["workerPid"])
    wait_for(lambda: read_json(tmp_path / "result.json"), 15)
    assert read_events(tmp_path)[-1]["type"] == "done"
    assert not (tmp_path / "exit.json").exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="NOT PROVED HERE: pty behaviour is that of Linux")
def test_a_lost_terminal_costs_no_line(tmp_path):
    import pty

    write_spec(tmp_path, "train", {"steps": 40, "stepMs": 40})
    pid, master = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, str(FAKE), str(tmp_path)])
    seen = b""
    while b"step 5 of" not in seen:
        seen += os.read(master, 4096)
    os.close(master)  # the job host is gone: SIGHUP to the group, EIO on every print
    wait_for(lambda: read_json(tmp_path / "exit.json"), 20)
    os.waitpid(pid, 0)
    assert read_json(tmp_path / "exit.json")["exitCode"] == 0
    printed = (tmp_path / "console.log").read_text()
    assert "step 40 of 40" in printed
    assert len([line for line in (seen.decode() + printed).splitlines() if line.startswith("step ")]) >= 39
    assert read_events(tmp_path)[-1]["type"] == "done"


def test_the_heartbeat_beats_while_a_step_takes_long(tmp_path):
    process = start(tmp_path, mode="ok", stepMs=4500, steps=1)
    process.communicate(timeout=20)
    beats = of_type(read_events(tmp_path), "heartbeat")
    assert len(beats) >= 2
    assert all(beat["memoryBytes"] > 1 << 20 for beat in beats)


def test_a_hanging_worker_stops_beating_and_dies_by_kill(tmp_path):
    process = start(tmp_path, mode="hang", steps=4, stepMs=5)
    wait_for(step_reached(tmp_path, 2))
    worker = read_json(tmp_path / "worker.json")
    os.kill(worker["workerPid"], signal.SIGKILL)
    process.communicate(timeout=10)
    assert read_json(tmp_path / "exit.json")["signal"] == "SIGKILL"

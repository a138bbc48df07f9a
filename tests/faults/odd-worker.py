"""Workers that misbehave in ways the fake worker (tests/fixtures/fake-worker.py) does not.

payload.mode: exit-17 (prints and leaves without an event), deaf (ignores SIGTERM and every command), wrong-digest (result.json
names another digest than the file has).
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python-env"))

from forge_worker.__main__ import run_recipe  # noqa: E402
from forge_worker.launcher import launch  # noqa: E402
from forge_worker.protocol.context import Artefact, Outcome, WorkerContext  # noqa: E402


def run(context: WorkerContext) -> Outcome:
    mode = context.spec.payload["mode"]
    hello = {"device": {"kind": "cpu", "name": "odd", "memoryBytes": None}, "versions": {}, "effective": {}}
    context.events.emit("hello", pid=os.getpid(), **hello)
    if mode == "exit-17":
        print("Traceback: the dog ate it", flush=True)
        os._exit(17)
    if mode == "deaf":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        while True:
            time.sleep(60)
    answer = context.outputs / "answer.txt"
    answer.write_text("42\n")
    outcome = context.finish([Artefact("answer", answer)], {}, "completed")
    result = context.directory / "result.json"
    content = json.loads(result.read_text())
    content["artefacts"][0]["sha256"] = "0" * 64
    result.write_text(json.dumps(content))
    return outcome


def main(arguments: list[str]) -> int:
    directory = Path(arguments[-1]).resolve()
    if arguments[:1] == ["--recipe"]:
        return run_recipe(directory, lambda _spec: run)
    return launch(directory, [sys.executable, str(Path(__file__).resolve()), "--recipe", str(directory)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

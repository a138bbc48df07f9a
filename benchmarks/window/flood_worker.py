"""A worker that prints and tells as much as it is asked to, for the window's figures: started as `fake-worker.py` is.

payload: {seconds, linesPerSecond = 0, metricsPerSecond = 0, delaySeconds = 0 (silence before it all)}.
It owes by the clock, so a late moment brings what it missed. At the end a `log` event with the code `pace` says
what it wrote and for how long it was held up at most.
"""

import json
import math
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "python-env"))

from forge_worker.__main__ import run_recipe  # noqa: E402
from forge_worker.launcher import launch  # noqa: E402
from forge_worker.protocol.context import Artefact, Outcome, WorkerContext  # noqa: E402

TICK_SECONDS = 0.01


def run(context: WorkerContext) -> Outcome:
    payload = context.spec.payload
    seconds = float(payload["seconds"])
    lines_per_second = float(payload.get("linesPerSecond", 0))
    metrics_per_second = float(payload.get("metricsPerSecond", 0))
    hello = {"device": {"kind": "cpu", "name": "flood", "memoryBytes": None}, "versions": {}, "effective": {}}
    context.events.emit("hello", pid=os.getpid(), **hello)
    context.phase("training")
    time.sleep(float(payload.get("delaySeconds", 0)))
    begun = time.monotonic()
    lines = metrics = 0
    longest_write = 0.0
    while (passed := time.monotonic() - begun) < seconds:
        before = time.monotonic()
        lines = print_lines(lines, int(passed * lines_per_second))
        longest_write = max(longest_write, time.monotonic() - before)
        while metrics < passed * metrics_per_second:
            metrics += 1
            tell(context, metrics)
        time.sleep(max(0.0, TICK_SECONDS - (time.monotonic() - before)))
    pace = {
        "lines": lines,
        "metrics": metrics,
        "seconds": time.monotonic() - begun,
        "longestWriteSeconds": longest_write,
    }
    context.log("info", "pace", json.dumps(pace))
    answer = context.outputs / "pace.json"
    answer.write_text(json.dumps(pace))
    return context.finish([Artefact("pace", answer)], {}, "completed")


def print_lines(printed: int, owed: int) -> int:
    """One write for all that is owed, as a program that prints fast does through its buffer."""
    text = "".join(
        f"step {number}  loss {2 + math.sin(number / 500):.4f}  tokens/s 1234\n" for number in range(printed, owed)
    )
    sys.stdout.write(text)
    sys.stdout.flush()
    return max(printed, owed)


def tell(context: WorkerContext, step: int) -> None:
    """Curves as a real run has them: the loss falls through noise, the rate is smooth, norm and speed are all noise."""
    noise = math.sin(step * 7.13)
    loss = 0.5 + 3 * math.exp(-step / 2000) + 0.2 * noise
    values = {
        "loss": loss,
        "validationLoss": loss + 0.2,
        "learningRate": 1e-3 * (1 + math.cos(step / 5000)),
        "gradientNorm": 1 + 0.5 * noise,
        "tokensPerSecond": 1000 + 40 * noise,
        "memoryBytes": 1e9 + 1e7 * noise,
    }
    context.events.emit("metric", step=step, epoch=0.0, tokens=step * 80, values=values, nonFinite=[])


def main(arguments: list[str]) -> int:
    """Launcher or recipe, as in forge_worker.__main__."""
    directory = Path(arguments[-1]).resolve()
    if arguments[:1] == ["--recipe"]:
        return run_recipe(directory, lambda _spec: run)
    return launch(directory, [sys.executable, str(Path(__file__).resolve()), "--recipe", str(directory)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

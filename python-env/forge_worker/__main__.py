"""`python -m forge_worker <attempt directory>`: the launcher; with `--recipe` before it: the recipe process."""

from __future__ import annotations

import importlib
import os
import platform
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from forge_worker.launcher import launch, recipe_command
from forge_worker.protocol.console import ConsoleGuard
from forge_worker.protocol.context import Outcome, WorkerContext
from forge_worker.protocol.errors import (
    EXIT_DONE,
    EXIT_FAILED,
    EXIT_STOPPED,
    ProtocolError,
    StopRequested,
    WorkerFailure,
)
from forge_worker.protocol.spec import Spec, load_spec

Recipe = Callable[[WorkerContext], Outcome]

RECIPES: dict[str, str] = {
    "probe": "forge_worker.recipes.probe:run",
    "probe on mlx": "forge_worker.recipes.probe_mlx:run",
    "train": "forge_worker.recipes.train_torch:run",
    "train on mlx": "forge_worker.recipes.train_mlx:run",
    "prepare-base": "forge_worker.export.prepare_base:run",
    "export": "forge_worker.export.export_model:run",
    "quantise": "forge_worker.export.quantise:run",
    "parity": "forge_worker.export.parity:run",
}
"""Kind -> module:function; imported only when that kind runs, so that no recipe pays for another's framework."""

KINDS_THAT_SAY_HELLO = ("probe", "train")
"""They read their settings back from the built objects first; for the others hello only says that the worker lives."""

USAGE = "usage: python -m forge_worker <attempt directory>"


def load_recipe(spec: Spec) -> Recipe:
    """The recipe for the spec's kind and device. Raises ImportError when its framework is not installed."""
    on_mlx = f"{spec.kind} on mlx"
    key = on_mlx if spec.device == "mlx" and on_mlx in RECIPES else spec.kind
    module, function = RECIPES[key].split(":")
    return getattr(importlib.import_module(module), function)


def run_recipe(directory: Path, choose: Callable[[Spec], Recipe] = load_recipe) -> int:
    """Run the recipe of one attempt in this process and return its exit code (0, 3 or 4)."""
    spec = load_spec(directory)
    ConsoleGuard(directory / "console.log").install()
    context = WorkerContext(spec)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: context.control.request("stop"))
    context.heartbeat.start()
    try:
        if spec.kind not in KINDS_THAT_SAY_HELLO:
            _say_hello(context)
        context.phase("starting")
        choose(spec)(context)
        return EXIT_DONE
    except StopRequested as stop:
        context.log("info", "stopped", f"The run stopped because {stop.command} was asked for.")
        return EXIT_STOPPED
    except WorkerFailure as failure:
        return _fail(context, failure)
    except Exception as error:  # the process edge: whatever it is, a person gets a sentence and the console the trace
        traceback.print_exc()
        return _fail(context, failure_for(error))
    finally:
        context.close()


def _say_hello(context: WorkerContext) -> None:
    """The first event of a kind that has no settings to read back."""
    device = {"kind": "cpu", "name": platform.processor() or platform.machine(), "memoryBytes": None}
    versions = {"python": platform.python_version()}
    context.events.emit("hello", pid=os.getpid(), device=device, versions=versions, effective={})


def failure_for(error: Exception) -> WorkerFailure:
    """The sentence for an exception no recipe handled."""
    if isinstance(error, ImportError):
        return WorkerFailure(
            "package-missing",
            f"A Python package this job needs could not be loaded: {error}.",
            "Run the Python set-up again (forge env setup).",
        )
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return WorkerFailure(
            "out-of-memory",
            "The machine ran out of memory and no smaller setting was left to try.",
            "Choose a smaller base model or a shorter maximum length.",
        )
    if isinstance(error, OSError) and error.errno is not None:
        return WorkerFailure(
            "file-error",
            f"A file could not be read or written: {error}.",
            "Check that the disk has space and the folder is yours.",
        )
    return WorkerFailure(
        "internal",
        f"The worker met an error it did not expect: {type(error).__name__}: {error}.",
        "Open the console tab for the details and report them.",
    )


def _fail(context: WorkerContext, failure: WorkerFailure) -> int:
    print(f"failed ({failure.code}): {failure.message} {failure.hint}", file=sys.stderr)
    try:
        context.events.emit("failed", code=failure.code, message=failure.message, hint=failure.hint)
    except WorkerFailure:
        print("the disk is full: the failed event could not be written", file=sys.stderr)
    return EXIT_FAILED


def main(arguments: list[str]) -> int:
    """Entry of both processes; returns the exit code."""
    is_recipe = arguments[:1] == ["--recipe"]
    rest = arguments[1:] if is_recipe else arguments
    if len(rest) != 1 or not Path(rest[0]).is_dir():
        print(USAGE, file=sys.stderr)
        return 2
    directory = Path(rest[0]).resolve()
    try:
        return run_recipe(directory) if is_recipe else launch(directory, recipe_command(directory))
    except ProtocolError as error:
        print(f"refused: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

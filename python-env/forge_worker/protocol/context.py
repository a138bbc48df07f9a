"""What a recipe gets, and how it ends.

A recipe is a function `run(context: WorkerContext) -> Outcome`. It emits events through `context.events`, looks at
`context.control` once per step, writes below `context.outputs`, and ends in exactly one of three ways:

- `return context.finish(artefacts, summary)`: writes result.json, emits `done`; exit code 0;
- `raise StopRequested(command.name)` after its state is saved: exit code 3;
- `raise WorkerFailure(code, message, hint)`: the `failed` event is emitted for it; exit code 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forge_worker.protocol.control import ControlPoller
from forge_worker.protocol.errors import StopRequested
from forge_worker.protocol.events import EventWriter
from forge_worker.protocol.files import sha256_of_file, sync_file, write_json_atomically
from forge_worker.protocol.heartbeat import Heartbeat
from forge_worker.protocol.spec import PROTOCOL_VERSION, Spec

DONE_REASONS = ("completed", "early-stop", "time-budget", "stop-requested")


@dataclass(frozen=True)
class Artefact:
    """A produced file or folder. A folder counts as all files in it, named `<name>/<path inside>`."""

    name: str
    path: Path


@dataclass(frozen=True)
class Outcome:
    """What `finish` wrote to result.json."""

    reason: str
    summary: dict[str, Any]
    artefacts: list[dict[str, Any]]


class WorkerContext:
    """One attempt: its spec, its folders, and its lines to the engine."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.directory = spec.directory
        self.outputs = spec.directory / "outputs"
        self.checkpoints = spec.directory / "checkpoints"
        for folder in (self.outputs, self.checkpoints, spec.directory / "control"):
            folder.mkdir(parents=True, exist_ok=True)
        self.events = EventWriter(spec.directory / "events.jsonl", spec.run)
        self.control = ControlPoller(spec.directory / "control")
        self.heartbeat = Heartbeat(self.events)

    def phase(self, name: str, fraction: float | None = None, eta_seconds: float | None = None) -> None:
        """Emit `phase`: where the job is. `fraction` is 0..1 of this phase."""
        self.events.emit("phase", name=name, fraction=fraction, etaSeconds=eta_seconds)

    def log(self, level: str, code: str, text: str) -> None:
        """Emit `log`; `level` is debug, info, warning or error. Never put a secret or a row's text in it."""
        self.events.emit("log", level=level, code=code, text=text)

    def warn(self, code: str, text: str) -> None:
        """Emit `warning`."""
        self.events.emit("warning", code=code, text=text)

    def leave_if_asked(self) -> None:
        """For recipes without state worth saving: raise StopRequested when `stop` or `pause` has come."""
        command = self.control.poll()
        if command is not None and command.name in ("stop", "pause"):
            raise StopRequested(command.name)

    def finish(self, artefacts: Iterable[Artefact], summary: Mapping[str, Any], reason: str = "completed") -> Outcome:
        """Digest the artefacts, write result.json durably, then emit `done`. Call it once, last.

        Paths inside the attempt directory are recorded relative to it, others absolute.
        """
        if reason not in DONE_REASONS:
            raise ValueError(f"unknown reason {reason!r}")
        files = [self._record(name, path) for name, path in _files_of(artefacts)]
        result = {"v": PROTOCOL_VERSION, "run": self.spec.run, "outcome": "done", "reason": reason}
        result.update(summary=dict(summary), artefacts=files)
        write_json_atomically(self.directory / "result.json", result)
        self.events.emit("done", reason=reason, summary=dict(summary))
        return Outcome(reason, dict(summary), files)

    def close(self) -> None:
        """Stop the heartbeat and close the events file."""
        self.heartbeat.stop()
        self.events.close()

    def _record(self, name: str, path: Path) -> dict[str, Any]:
        sync_file(path)
        path = path.resolve()
        inside = path.is_relative_to(self.directory)
        shown = path.relative_to(self.directory).as_posix() if inside else str(path)
        return {"name": name, "path": shown, "bytes": path.stat().st_size, "sha256": sha256_of_file(path)}


def _files_of(artefacts: Iterable[Artefact]) -> list[tuple[str, Path]]:
    files: list[tuple[str, Path]] = []
    for artefact in artefacts:
        if artefact.path.is_dir():
            inside = sorted(path for path in artefact.path.rglob("*") if path.is_file())
            files += [(f"{artefact.name}/{path.relative_to(artefact.path).as_posix()}", path) for path in inside]
        else:
            files.append((artefact.name, artefact.path))
    return files

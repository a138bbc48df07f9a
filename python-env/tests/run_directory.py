"""Run directories for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_spec(directory: Path, kind: str, payload: dict[str, Any], **changes: Any) -> Path:
    """Create an attempt directory with its spec.json; returns it."""
    directory.mkdir(parents=True, exist_ok=True)
    spec = {
        "v": 1,
        "run": f"job/{changes.get('attempt', 1)}",
        "job": "job",
        "attempt": 1,
        "kind": kind,
        "directory": str(directory),
        "device": "cpu",
        "threads": 1,
        "passiveWait": False,
        "seed": 7,
        "resumeFrom": None,
        "payload": payload,
    }
    spec.update(changes)
    (directory / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    return directory

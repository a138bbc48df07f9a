"""The event table of docs/worker-protocol.md as a check: every event a test's worker wrote must pass."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NUMBER = (int, float)
OPTIONAL_NUMBER = (int, float, type(None))
FIELDS: dict[str, dict[str, Any]] = {
    "hello": {"pid": int, "device": dict, "versions": dict, "effective": dict},
    "phase": {"name": str, "fraction": OPTIONAL_NUMBER, "etaSeconds": OPTIONAL_NUMBER},
    "measured": {
        "secondsPerStep": NUMBER,
        "peakMemoryBytes": int,
        "checkpointBytes": int,
        "forecastSeconds": NUMBER,
        "plannedSteps": int,
    },
    "metric": {"step": int, "epoch": NUMBER, "tokens": int, "values": dict, "nonFinite": list},
    "sample": {"step": int, "promptIndex": int, "prompt": str, "answer": str, "expected": (str, type(None))},
    "checkpoint": {
        "path": str,
        "step": int,
        "bytes": int,
        "sha256": str,
        "best": bool,
        "validationLoss": OPTIONAL_NUMBER,
    },
    "invariant": {"name": str, "ok": bool, "detail": str},
    "intervention": {"action": str, "reason": str, "before": dict, "after": dict},
    "log": {"level": str, "code": str, "text": str},
    "heartbeat": {"step": int, "memoryBytes": int},
    "warning": {"code": str, "text": str},
    "done": {"reason": str, "summary": dict},
    "failed": {"code": str, "message": str, "hint": str},
}
ACTIONS = {
    "halve-batch",
    "checkpointing-on",
    "shorten",
    "four-bit",
    "skip-step",
    "roll-back",
    "lower-learning-rate",
    "precision-up",
    "lower-rank",
    "loader-restart",
}


def read_events(directory: Path) -> list[dict[str, Any]]:
    """The events of a run directory, each checked, `seq` without a gap. A torn last line is left out."""
    events = []
    for line in (directory / "events.jsonl").read_text(encoding="utf-8").splitlines(keepends=True):
        if line.endswith("\n"):
            events.append(check_event(json.loads(line, parse_constant=_refuse_constant)))
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    return events


def check_event(event: dict[str, Any]) -> dict[str, Any]:
    """Assert the envelope and the fields of one event; returns it."""
    assert event["v"] == 1 and isinstance(event["run"], str) and event["t"] > 1_600_000_000_000, event
    fields = FIELDS[event["type"]]
    for name, kind in fields.items():
        assert name in event, (name, event)
        assert isinstance(event[name], kind), (name, event)
    unknown = set(event) - set(fields) - {"v", "run", "seq", "t", "type", "nonFinite"}
    assert not unknown, (unknown, event)
    if event["type"] == "intervention":
        assert event["action"] in ACTIONS
    if event["type"] == "metric":
        for name, value in event["values"].items():
            assert value is not None or name in event["nonFinite"], event
    return event


def of_type(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    """The events of one type."""
    return [event for event in events if event["type"] == kind]


def _refuse_constant(name: str) -> None:
    raise AssertionError(f"{name} in events.jsonl")

"""spec.json: what the engine asks of one attempt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forge_worker.protocol.errors import ProtocolError
from forge_worker.protocol.files import read_json_bounded

PROTOCOL_VERSION = 1
KINDS = ("probe", "prepare-base", "train", "export", "quantise", "parity")
DEVICES = ("cpu", "cuda", "mlx")
_SPEC_LIMIT_BYTES = 16 << 20


@dataclass(frozen=True)
class Spec:
    """The parsed spec.json; `payload` is left as parsed JSON for the recipe of `kind` to read."""

    run: str
    job: str
    attempt: int
    kind: str
    directory: Path
    device: str
    threads: int
    passive_wait: bool
    seed: int
    resume_from: Path | None
    payload: dict[str, Any]


def load_spec(directory: Path) -> Spec:
    """Read and check `<directory>/spec.json`. Raises ProtocolError with the field that is wrong."""
    try:
        raw = read_json_bounded(directory / "spec.json", _SPEC_LIMIT_BYTES)
    except (OSError, ValueError) as error:
        raise ProtocolError(f"spec.json cannot be read: {error}") from error
    if not isinstance(raw, dict):
        raise ProtocolError("spec.json is not an object")
    if raw.get("v") != PROTOCOL_VERSION:
        raise ProtocolError(f"spec.json has version {raw.get('v')!r}, this worker speaks {PROTOCOL_VERSION}")
    resume_from = _field(raw, "resumeFrom", (str, type(None)), optional=True)
    return Spec(
        run=_field(raw, "run", str),
        job=_field(raw, "job", str),
        attempt=_field(raw, "attempt", int),
        kind=_choice(raw, "kind", KINDS),
        directory=directory.resolve(),
        device=_choice(raw, "device", DEVICES),
        threads=max(1, _field(raw, "threads", int)),
        passive_wait=bool(raw.get("passiveWait", False)),
        seed=_field(raw, "seed", int),
        resume_from=None if resume_from is None else Path(resume_from),
        payload=_field(raw, "payload", dict),
    )


def _field(raw: dict[str, Any], name: str, kind: type | tuple[type, ...], optional: bool = False) -> Any:
    if name not in raw and optional:
        return None
    value = raw.get(name)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is int):
        raise ProtocolError(f"spec.json: {name} is missing or of the wrong type")
    return value


def _choice(raw: dict[str, Any], name: str, choices: tuple[str, ...]) -> str:
    value = _field(raw, name, str)
    if value not in choices:
        raise ProtocolError(f"spec.json: {name} is {value!r}, expected one of {', '.join(choices)}")
    return value

"""Reading a job's payload: wrong fields are told by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forge_worker.protocol.errors import ProtocolError


def text_field(payload: Mapping[str, Any], name: str) -> str:
    """A non-empty string. Raises `ProtocolError`."""
    value = payload.get(name)
    if not isinstance(value, str) or not value:
        raise ProtocolError(f"payload.{name} is missing or not a text")
    return value


def text_list_field(payload: Mapping[str, Any], name: str, choices: Sequence[str] | None = None) -> list[str]:
    """A list of strings, each one of `choices` where given. Raises `ProtocolError`."""
    value = payload.get(name)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ProtocolError(f"payload.{name} is missing or not a list of texts")
    unknown = [item for item in value if choices is not None and item not in choices]
    if unknown or len(set(value)) != len(value):
        raise ProtocolError(f"payload.{name} may hold each of {', '.join(choices or ())} once; it holds {value}")
    return value


def number_field(payload: Mapping[str, Any], name: str, default: float) -> float:
    """A number, or `default` when the field is absent or null. Raises `ProtocolError`."""
    value = payload.get(name)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProtocolError(f"payload.{name} is not a number")
    return value

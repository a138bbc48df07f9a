"""Typed, bounded reading of GGUF metadata: a value of the wrong kind is a damaged file, not a crash later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from forge_worker.protocol.errors import WorkerFailure

MAXIMUM_TEXT_CHARACTERS = 1 << 20


class GgufMetadata:
    """The metadata of a `GgufHeader`; every method raises `WorkerFailure` for a value of another kind."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def text(self, key: str) -> str | None:
        """A string of at most a million characters, or None when the key is absent."""
        value = self._values.get(key)
        if value is not None and (not isinstance(value, str) or len(value) > MAXIMUM_TEXT_CHARACTERS):
            raise self._odd(key)
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            raise self._odd(key)
        return value

    def whole(self, key: str, limit: int, default: int | None = None, lowest: int = 1) -> int:
        """A whole number within lowest..limit. An absent key without a default is a damaged file, too."""
        value = self._values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= limit:
            raise self._odd(key)
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """A positive finite number, as the decimal a person wrote: float32 9.999999747e-06 -> 1e-05."""
        value = self._values.get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not np.isfinite(value) or value <= 0:
            raise self._odd(key)
        return float(str(np.float32(value)))

    def texts(self, key: str) -> list[str]:
        """A list of strings; empty when the key is absent."""
        value = self._values.get(key, [])
        if not isinstance(value, list):
            raise self._odd(key)
        return value

    def numbers(self, key: str) -> np.ndarray | None:
        """A list of finite numbers, or None when the key is absent."""
        value = self._values.get(key)
        if value is not None and (not isinstance(value, np.ndarray) or not np.isfinite(value).all()):
            raise self._odd(key)
        return value

    def _odd(self, key: str) -> WorkerFailure:
        shown = repr(self._values.get(key))[:60] if key in self._values else "missing"
        return WorkerFailure(
            "file-damaged", f"This GGUF file is damaged: {key} is {shown}.", "Fetch the file again and retry."
        )

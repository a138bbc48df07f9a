"""Law 4: every setting is read back from what was built, and a difference is an error."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

_DEFAULT_REASON = "asked for in the plan"
_BUILT_REASON = "read from the built model"


@dataclass(frozen=True)
class EffectiveSettings:
    """`shown` is `effective` of the hello event; `differences` are sentences about settings that did not take."""

    shown: dict[str, dict[str, Any]]
    differences: list[str]


def check_effective(built: dict[str, Any], expectation: dict[str, Any], reasons: dict[str, str]) -> EffectiveSettings:
    """Compare `built` settings with `expectation` {expected, explained}; settings nobody asked for are only shown."""
    expected, explained = expectation["expected"], expectation["explained"]
    shown: dict[str, dict[str, Any]] = {}
    differences: list[str] = []
    for name, value in built.items():
        asked = name in expected
        reason = explained.get(name) or reasons.get(name) or (_DEFAULT_REASON if asked else _BUILT_REASON)
        shown[name] = {"value": value, "reason": reason}
        if asked and not _same(value, expected[name]):
            differences.append(f"{name} is {value} where {expected[name]} was asked for")
    return EffectiveSettings(shown, differences)


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, (int, float)) and isinstance(right, (int, float)) and not isinstance(left, bool):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)
    return left == right

"""How many real cores there are: llama.cpp with more threads than these is up to a hundred times slower."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def physical_core_count() -> int:
    """Physical cores this process may use, at least 1."""
    if sys.platform.startswith("linux"):
        allowed = os.sched_getaffinity(0)
        siblings = {_siblings(cpu) for cpu in allowed}
        return max(1, len(siblings))
    if sys.platform == "darwin":
        answer = subprocess.run(["sysctl", "-n", "hw.physicalcpu"], capture_output=True, text=True)
        return int(answer.stdout) if answer.stdout.strip().isdigit() else (os.cpu_count() or 1)
    return max(1, (os.cpu_count() or 2) // 2)


def threads_within(asked: int) -> int:
    """`asked`, but never more than the physical cores and never less than 1."""
    return max(1, min(asked, physical_core_count()))


def _siblings(cpu: int) -> str:
    path = Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list")
    try:
        return path.read_text().strip()
    except OSError:  # no such file in some containers: the logical processor counts as a core of its own
        return str(cpu)

"""What the operating system says about processes: start time and memory, without packages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path


def process_started_at_ms(pid: int) -> int | None:
    """Start time of process `pid` in Unix ms, or None when it is gone or cannot be told.

    Linux: `btime` of /proc/stat (s) x 1000 + field 22 of /proc/<pid>/stat (clock ticks since boot) x 1000 / ticks
    per second, integer division. The engine computes the same figure to know a pid from a later process with the
    same number; as btime moves with the wall clock, compare with 2 s of tolerance. macOS: `ps -o lstart=` (whole
    seconds). Windows: GetProcessTimes.
    """
    if sys.platform.startswith("linux"):
        return _linux_started_at_ms(pid)
    if sys.platform == "win32":
        return _windows_started_at_ms(pid)
    return _ps_started_at_ms(pid)


def installed_versions(packages: Iterable[str]) -> dict[str, str]:
    """Python's version, and those of `packages` that are installed (they are not imported)."""
    import importlib.metadata
    import platform

    found = {"python": platform.python_version()}
    for package in packages:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def resident_bytes() -> int:
    """Resident memory of this process in bytes (0 where the system does not say)."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        pass  # not Linux: ask for the peak instead
    try:
        import resource
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def total_memory_bytes() -> int:
    """Physical memory in bytes (0 where the system does not say)."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 0


def processor_name() -> str:
    """The processor's name for a person, e.g. 'AMD EPYC 9354'."""
    import platform

    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass  # not Linux: the platform module's answer is all there is
    return platform.processor() or platform.machine()


def _linux_started_at_ms(pid: int) -> int | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
        boot_line = next(line for line in Path("/proc/stat").read_text().splitlines() if line.startswith("btime "))
    except (OSError, StopIteration):
        return None
    start_ticks = int(stat[stat.rindex(")") + 2 :].split()[19])
    return int(boot_line.split()[1]) * 1000 + start_ticks * 1000 // os.sysconf("SC_CLK_TCK")


def _ps_started_at_ms(pid: int) -> int | None:
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"}
    )
    try:
        return int(datetime.strptime(answer.stdout.strip(), "%a %b %d %H:%M:%S %Y").timestamp() * 1000)
    except ValueError:
        return None


def _windows_started_at_ms(pid: int) -> int | None:
    import ctypes

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    query_limited_information = 0x1000
    handle = kernel.OpenProcess(query_limited_information, False, pid)
    if not handle:
        return None
    times = [ctypes.c_ulonglong() for _ in range(4)]
    try:
        if not kernel.GetProcessTimes(handle, *[ctypes.byref(item) for item in times]):
            return None
    finally:
        kernel.CloseHandle(handle)
    hundred_ns_to_unix_epoch = 116_444_736_000_000_000
    return (times[0].value - hundred_ns_to_unix_epoch) // 10_000

"""Forge's Python worker: one process per job attempt, driven by files in a run directory (docs/worker-protocol.md)."""

__version__ = "0.1.0"

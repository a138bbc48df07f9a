"""The wire between the engine and a worker. Standard library only: no framework is imported from here."""

from forge_worker.protocol.context import Artefact, Outcome, WorkerContext
from forge_worker.protocol.errors import ProtocolError, StopRequested, WorkerFailure
from forge_worker.protocol.spec import Spec, load_spec

__all__ = [
    "Artefact",
    "Outcome",
    "ProtocolError",
    "Spec",
    "StopRequested",
    "WorkerContext",
    "WorkerFailure",
    "load_spec",
]

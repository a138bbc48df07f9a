"""Makes the next step's batches while the current one computes, and notices when that stops coming."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from forge_worker.protocol.errors import WorkerFailure

T = TypeVar("T")
RESTART_LIMIT = 3


class BatchLoader(Generic[T]):
    """`get(step)` gives `make(step)`, made ahead in a thread when steps are asked for in order.

    A batch that does not come within `stall_seconds` is made again in a new thread and `on_restart(step)` is told;
    after three restarts for one step WorkerFailure("loader-stalled") is raised. `make` must depend on the step alone.
    """

    def __init__(
        self, make: Callable[[int], T], on_restart: Callable[[int], None], stall_seconds: float = 60.0
    ) -> None:
        self._make = make
        self._on_restart = on_restart
        self._stall_seconds = stall_seconds
        self._ahead: tuple[int, queue.Queue[T | BaseException]] | None = None

    def get(self, step: int) -> T:
        """The batches of `step`."""
        box = self._start(step) if self._ahead is None or self._ahead[0] != step else self._ahead[1]
        for _ in range(RESTART_LIMIT + 1):
            try:
                result = box.get(timeout=self._stall_seconds)
            except queue.Empty:
                self._on_restart(step)
                box = self._start(step)
                continue
            self._ahead = (step + 1, self._start(step + 1))
            if isinstance(result, BaseException):
                raise result
            return result
        raise WorkerFailure(
            "loader-stalled",
            f"The rows for step {step} did not arrive, also after {RESTART_LIMIT} new tries.",
            "Check the disk the dataset is on, then resume the run.",
        )

    def reset(self) -> None:
        """Forget what was made ahead: settings changed."""
        self._ahead = None

    def _start(self, step: int) -> queue.Queue[T | BaseException]:
        box: queue.Queue[T | BaseException] = queue.Queue(maxsize=1)
        make = self._make

        def fill() -> None:
            try:
                box.put(make(step))
            except Exception as error:  # handed to the thread that waits, which raises it
                box.put(error)

        threading.Thread(target=fill, name=f"batches-{step}", daemon=True).start()
        return box

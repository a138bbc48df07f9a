"""What a training tells while it runs: metrics, phases, samples, invariants."""

from __future__ import annotations

import time

from forge_worker.protocol.machine import resident_bytes
from forge_worker.training.session import Session
from forge_worker.training.step_gradients import StepGradients

_PHASE_EVERY_SECONDS = 0.5
_SAMPLE_TOKENS = 48
_FIRST_SAMPLE_TOKENS = 24
SAMPLE_TIME_SHARE = 0.08


class TrainingReporter:
    """Events of one session; reads its state, changes nothing of it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._context = session.context
        self._phase = ""
        self._phase_at = 0.0
        self.sample_seconds = 0.0

    def step(self, gradients: StepGradients, rate: float, tokens_per_second: float) -> None:
        """The metric event of one finished (or skipped) step."""
        values = {"loss": gradients.loss, "learningRate": rate, "gradientNorm": gradients.norm}
        self._metric({**values, "tokensPerSecond": tokens_per_second, "memoryBytes": resident_bytes()})

    def validation(self, loss: float) -> None:
        """The metric event of one evaluation."""
        self._metric({"validationLoss": loss})

    def phase(self, name: str, fraction: float, eta_seconds: float | None = None) -> None:
        """A phase is told when it begins, then at most every half second."""
        now = time.monotonic()
        if name != self._phase or now - self._phase_at >= _PHASE_EVERY_SECONDS:
            self._phase, self._phase_at = name, now
            self._context.phase(name, fraction, eta_seconds)

    def intervention(self, action: str, reason: str, before: dict[str, object], after: dict[str, object]) -> None:
        """Something was changed to keep the run going."""
        self._context.events.emit("intervention", action=action, reason=reason, before=before, after=after)

    def invariant(self, name: str, ok: bool, detail: str) -> None:
        """A fact that must hold, and whether it does."""
        self._context.events.emit("invariant", name=name, ok=ok, detail=detail)

    def samples(self, elapsed_seconds: float, final: bool) -> None:
        """Greedy answers to the sample prompts, as long as they cost little of the run's time."""
        session, step = self._session, self._session.state.step
        affordable = self.sample_seconds <= SAMPLE_TIME_SHARE * elapsed_seconds
        if not (final or affordable or step == 0):
            return
        started = time.monotonic()
        most = _SAMPLE_TOKENS if step else _FIRST_SAMPLE_TOKENS
        for index, sample in enumerate(session.samples):
            answer = session.model.generate(sample.ids, min(most, sample.limit), session.stop_ids)
            self._context.events.emit(
                "sample",
                step=step,
                promptIndex=index,
                prompt=sample.text,
                answer=session.encoder.decode_ids(answer),
                expected=sample.expected,
            )
        self.sample_seconds += time.monotonic() - started

    def rows_seen(self) -> None:
        """Whether the rows learned from are those the plan holds."""
        state = self._session.state
        planned = self._session.rows_in_steps(state.step)
        detail = f"{state.rows_seen} seen, {planned} planned in {state.step} steps"
        self.invariant("rows-seen", planned == state.rows_seen, detail)

    def _metric(self, values: dict[str, float]) -> None:
        state = self._session.state
        self._context.events.emit(
            "metric",
            step=state.step,
            epoch=round(state.step / self._session.plan.steps_per_epoch, 4),
            tokens=state.learned_tokens,
            values=values,
            nonFinite=[],
        )

"""One attempt of a supervised fine-tuning: plan, load, measure, train, save; the same loop for every framework.

docs/worker-protocol.md says what it reports. The shared prompt prefix of a batch is computed once, the loss is on
answer positions only, resuming is exact, and what can be healed is (healing.py).
"""

from __future__ import annotations

import os
import time

from forge_worker.protocol.context import Outcome, WorkerContext
from forge_worker.protocol.control import Command
from forge_worker.protocol.errors import StopRequested, WorkerFailure
from forge_worker.training.backend import MakeBackend
from forge_worker.training.batch_plan import Line
from forge_worker.training.guards import EarlyStopping
from forge_worker.training.healing import Healer
from forge_worker.training.measuring import Overheads, first_line, forecast, measure_steps
from forge_worker.training.progress_state import ProgressState
from forge_worker.training.run_clock import RunClock
from forge_worker.training.schedule import Schedule
from forge_worker.training.session import Session, TrainHooks
from forge_worker.training.session_checkpoints import load_best, save_checkpoint, with_best_kept, write_outputs
from forge_worker.training.session_opening import open_session
from forge_worker.training.settings import parse_train_payload
from forge_worker.training.step_gradients import StepGradients, compute_gradients
from forge_worker.training.training_reporter import TrainingReporter


def train(context: WorkerContext, make_backend: MakeBackend, hooks: TrainHooks | None) -> Outcome:
    """Train as the spec says. `hooks` let tests break things at chosen places."""
    payload = parse_train_payload(context.spec.payload)
    context.phase("loading")
    session = open_session(context, payload, (make_backend, hooks or TrainHooks()))
    return TrainingRun(session).run()


class TrainingRun:
    """The loop over one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.context = session.context
        self.tell = TrainingReporter(session)
        self.healer = Healer(session, self.tell)
        recipe, state = session.recipe, session.state
        self.early = EarlyStopping(recipe.early_stopping, state.best_loss, state.best_step, state.without_gain)
        self.planned_steps = session.plan.planned_steps(recipe.epochs)
        self.clock = RunClock(state.elapsed_seconds)
        self._finish_asked = False
        self._first_step_done = False

    @property
    def state(self) -> ProgressState:
        """Where the training is; another object after a roll-back."""
        return self.session.state

    # --- the run -----------------------------------------------------------------------------------------------------

    def run(self) -> Outcome:
        """Measure (or continue), train, evaluate, and write the best adapter."""
        if self.session.resumed and self.state.measured:
            self._continue()
        else:
            self._begin()
        try:
            reason = self._train()
            if self.session.validation and self.state.evaluated_step != self.state.step:
                self._evaluate(final=True)
            self.tell.rows_seen()
            self.context.phase("saving")
            if not self.session.validation:
                self._save(best=True)
        except WorkerFailure as failure:
            raise with_best_kept(self.session, self._best_step(), failure) from failure
        seconds = self.clock.elapsed()
        load_best(self.session, self._best_step())
        artefact = write_outputs(self.session)
        return self.context.finish([artefact], self._summary(reason, seconds), reason)

    def _begin(self) -> None:
        self.clock.restart()
        if self.session.validation:
            loss = self._validate()
            self.state.initial_validation_loss = loss
            self.early.observe(0, loss)
            self.tell.validation(loss)
            self.tell.samples(0.0, final=False)
        self._measure()
        self.clock.restart()
        checkpoint_bytes = self._save(best=True)
        beside = Overheads(checkpoint_bytes, self.clock.checkpoint_seconds, self.tell.sample_seconds)
        self.state.measured = forecast(self.session, self.planned_steps, beside)
        self.context.events.emit("measured", **self.state.measured)

    def _measure(self) -> None:
        measure_steps(self.session, self.healer, lambda share: self.tell.phase("measuring", share))

    def _continue(self) -> None:
        self.context.log("info", "resumed", f"The training continues after step {self.state.step}.")
        self.context.events.emit("measured", **self.state.measured)
        self.clock.restart()

    def _train(self) -> str:
        while True:
            if self._evaluation_is_due():
                self._evaluate(final=False)
            self._obey(self.context.control.poll())
            if self._finish_asked:
                return "stop-requested"
            if self.state.step >= self.planned_steps:
                return "completed"
            if self._time_is_up():
                return "time-budget"
            if self.early.exhausted:
                return "early-stop"
            self._tell_phase()
            self._step()
            if self.clock.since_saved() >= self.session.recipe.checkpoint_every_seconds:
                self._save(best=False)

    def _evaluation_is_due(self) -> bool:
        state, every = self.state, self.session.recipe.evaluate_every_steps
        fresh = state.step not in (0, state.evaluated_step) and state.step < self.planned_steps
        return bool(self.session.validation) and state.step % every == 0 and fresh

    def _obey(self, command: Command | None) -> None:
        """Between steps and between validation batches: note `finish`; save and leave on `stop` and `pause`."""
        if command is None:
            return
        if command.name == "finish":
            self._finish_asked = True
            return
        self.session.model.module.train()
        self.context.phase("saving")
        self._save(best=False)
        raise StopRequested(command.name)

    def _tell_phase(self) -> None:
        """How far the training is, by steps or by time, and how long the rest takes at the pace so far."""
        elapsed = self.clock.elapsed()
        share = self._schedule().progress(self.state.step, elapsed)
        left = self.state.measured.get("forecastSeconds")
        if share > 0.05:
            left = elapsed * (1 - share) / share
        self.tell.phase("training", share, left)

    # --- one step ----------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        """One optimiser step, healed where it can be: memory down the ladder, NaN through the guard."""
        session, state = self.session, self.state
        started = time.perf_counter()
        generators = session.backend.random_state()
        lines = session.plan.step(state.step)
        try:
            gradients, shortage = compute_gradients(session, session.loader.get(state.step)), ""
        except Exception as error:
            if not session.backend.is_out_of_memory(error):
                raise
            gradients, shortage = None, first_line(error)
        if gradients is None:
            session.backend.set_random_state(generators)
            self.healer.climb_down(shortage)
            return
        if gradients.tokens == 0:
            self.tell.invariant("trained-tokens", False, f"step {state.step + 1} has none")
        if not gradients.finite:
            self._leave_out(gradients, lines)
            return
        schedule = self._schedule()
        rate = schedule.factor(schedule.progress(state.step, self.clock.elapsed()))
        rate *= session.recipe.learning_rate * state.learning_rate_factor
        self._apply(gradients.norm, rate)
        seconds = time.perf_counter() - started
        self._count(lines, gradients.tokens, seconds)
        self.tell.step(gradients, rate, gradients.tokens / max(1e-9, seconds))

    def _leave_out(self, bad: StepGradients, lines: list[Line]) -> None:
        if self.healer.lower_loss_scale():
            return
        step = self.state.step
        self._count(lines, 0, 0.0)
        self.tell.step(bad, 0.0, 0.0)
        self.healer.heal_non_finite(step, bad)

    def _apply(self, norm: float, rate: float) -> None:
        optimiser = self.session.optimiser
        before = None if self._first_step_done else optimiser.masters_now()
        optimiser.learning_rate = rate
        optimiser.clip(norm, self.session.recipe.gradient_clip)
        optimiser.step()
        if before is None:
            return
        self._first_step_done = True
        change = optimiser.distance_from(before)
        self.tell.invariant("adapter-changed", change > 0, f"change {change:.6g}")
        self.tell.invariant("loss-finite", True, f"step {self.state.step + 1}")
        if change == 0 and rate > 0:
            raise WorkerFailure(
                "nothing-learned",
                "The first training step changed no weight.",
                "Report this: the trained layers are not connected to the loss.",
            )

    def _count(self, lines: list[Line], tokens: int, seconds: float) -> None:
        self.state.step += 1
        self.state.learned_tokens += tokens
        self.state.rows_seen += sum(len(line) for line in lines)
        self.state.train_seconds += seconds
        self.context.heartbeat.step = self.state.step

    # --- evaluation and saving ---------------------------------------------------------------------------------------

    def _evaluate(self, final: bool) -> None:
        loss = self._validate()
        better = self.early.observe(self.state.step, loss)
        self.tell.validation(loss)
        if better:
            self._save(best=True)
        self.tell.samples(self.clock.elapsed(), final)

    def _validate(self) -> float:
        """Mean loss per learned token of the validation rows."""
        started = time.monotonic()
        session = self.session
        self.tell.phase("validating", 0.0)
        session.model.module.eval()
        total, weight = 0.0, 0.0
        for number, batch in enumerate(session.validation):
            total += session.backend.validation_loss(session.model, batch)
            weight += sum(batch.weights)
            self._obey(self.context.control.poll())
            self.tell.phase("validating", (number + 1) / len(session.validation))
        session.model.module.train()
        self.state.evaluated_step = self.state.step
        self.state.validation_seconds = time.monotonic() - started
        return total / max(weight, 1e-9)

    def _save(self, best: bool) -> int:
        """Write a checkpoint, tell it, and remove what is neither the newest nor the best. Returns its bytes."""
        started = time.monotonic()
        state, guard = self.state, self.healer.guard
        state.elapsed_seconds = self.clock.elapsed()
        state.best_loss, state.best_step = self.early.best_loss, self.early.best_step
        state.without_gain = self.early.without_gain
        state.bad_steps, state.roll_backs = list(guard.bad_steps), guard.roll_backs
        validation_loss = self.early.best_loss if best else None
        checkpoint = save_checkpoint(self.session, best, validation_loss, self._best_step())
        self.context.events.emit(
            "checkpoint",
            path=os.path.relpath(checkpoint.path, self.context.directory).replace(os.sep, "/"),
            step=checkpoint.step,
            bytes=checkpoint.size_bytes,
            sha256=checkpoint.sha256,
            best=best,
            validationLoss=validation_loss,
        )
        self.clock.saved(time.monotonic() - started)
        return checkpoint.size_bytes

    def _best_step(self) -> int | None:
        """The step of the best checkpoint; None without validation rows (then the newest counts)."""
        return self.early.best_step if self.session.validation else None

    # --- time --------------------------------------------------------------------------------------------------------

    def _budget_seconds(self) -> float | None:
        return self.clock.budget_seconds(self.session.recipe.max_minutes, self.state.validation_seconds)

    def _time_is_up(self) -> bool:
        budget = self._budget_seconds()
        return budget is not None and self.clock.elapsed() >= budget

    def _schedule(self) -> Schedule:
        recipe = self.session.recipe
        return Schedule(recipe.schedule, recipe.warmup_fraction, self.planned_steps, self._budget_seconds())

    def _summary(self, reason: str, seconds: float) -> dict[str, object]:
        state = self.state
        return {
            "steps": state.step,
            "epochs": round(state.step / self.session.plan.steps_per_epoch, 4),
            "trainedTokens": state.learned_tokens,
            "tokensPerSecond": state.learned_tokens / max(1e-9, state.train_seconds),
            "trainSeconds": state.train_seconds,
            "forecastSeconds": state.measured.get("forecastSeconds"),
            "actualSeconds": seconds,
            "initialValidationLoss": state.initial_validation_loss,
            "bestValidationLoss": self.early.best_loss,
            "bestStep": state.step if self._best_step() is None else self.early.best_step,
            "adapterParameters": self.session.optimiser.count,
            "truncatedRows": self.session.report.truncated_rows,
            "rowsSeen": state.rows_seen,
            "stopReason": reason,
        }

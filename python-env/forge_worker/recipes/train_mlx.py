"""The `train` recipe in MLX: plan, load, measure, train, save. One supervised fine-tuning on Apple silicon.

The models, adapters, quantisation, optimiser and generation are mlx-lm's and MLX's own; the loop is Forge's, with the
same steps, events and checkpoints as train_torch.py (docs/worker-protocol.md). mlx-lm's `train` cannot be resumed,
averages over batches, applies NaN, and cannot be stopped between two steps. MLX is imported inside functions only.
"""

from __future__ import annotations

import math
import os
import time

from forge_worker.backends.mlx.runtime import (
    check_memory_cap,
    is_out_of_memory,
    peak_memory_bytes,
    random_state,
    release_memory,
    set_random_state,
)
from forge_worker.backends.mlx.session_checkpoints import load_best, load_newest, save_checkpoint, write_outputs
from forge_worker.backends.mlx.session_opening import open_session
from forge_worker.backends.mlx.training_reporter import TrainingReporter
from forge_worker.backends.mlx.training_session import Session, TrainHooks
from forge_worker.protocol.context import Outcome, WorkerContext
from forge_worker.protocol.control import Command
from forge_worker.protocol.errors import StopRequested, WorkerFailure
from forge_worker.training.batch_plan import Line
from forge_worker.training.collate import MicroBatch
from forge_worker.training.guards import ROLL_BACK_RATE_FACTOR, EarlyStopping, NanGuard, next_memory_rung
from forge_worker.training.schedule import Schedule
from forge_worker.training.settings import parse_train_payload

MEASURED_STEPS = 3


def run(context: WorkerContext, hooks: TrainHooks | None = None) -> Outcome:
    """Train as the spec says. `hooks` let tests break things at chosen places."""
    payload = parse_train_payload(context.spec.payload)
    context.phase("loading")
    session = open_session(context, payload, hooks or TrainHooks())
    return TrainingRun(session).run()


class TrainingRun:
    """The loop over one session."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.context = session.context
        self.events = session.context.events
        self.state = session.state
        self.tell = TrainingReporter(session)
        recipe = session.recipe
        self.guard = NanGuard(list(self.state.bad_steps), self.state.roll_backs)
        self.early = EarlyStopping(
            recipe.early_stopping, self.state.best_loss, self.state.best_step, self.state.without_gain
        )
        self.planned_steps = session.plan.planned_steps(recipe.epochs)
        self._prior_elapsed = self.state.elapsed_seconds
        self._started = time.monotonic()
        self._saved_at = time.monotonic()
        self._checkpoint_seconds = 0.0
        self._finish_asked = False
        self._first_step_done = False

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
            raise self._with_best_kept(failure) from failure
        load_best(self.session, self._best_step())
        artefact = write_outputs(self.session)
        return self.context.finish([artefact], self._summary(reason), reason)

    def _begin(self) -> None:
        self._restart_clock()
        if self.session.validation:
            loss = self._validate()
            self.state.initial_validation_loss = loss
            self.early.observe(0, loss)
            self.tell.validation(loss)
            self.tell.samples(0.0, final=False)
        self._measure()
        self._restart_clock()
        checkpoint_bytes = self._save(best=True)
        self._tell_measured(checkpoint_bytes)

    def _continue(self) -> None:
        self.context.log("info", "resumed", f"The training continues after step {self.state.step}.")
        self.events.emit("measured", **self.state.measured)
        self._restart_clock()

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
            if time.monotonic() - self._saved_at >= self.session.recipe.checkpoint_every_seconds:
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
        share = self._schedule().progress(self.state.step, self._elapsed())
        left = self.state.measured.get("forecastSeconds")
        if share > 0.05:
            left = self._elapsed() * (1 - share) / share
        self.tell.phase("training", share, left)

    # --- one step ----------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        """One optimiser step, healed where it can be: memory down the ladder, NaN through the guard."""
        session, state = self.session, self.state
        started = time.perf_counter()
        generators = random_state()
        lines = session.plan.step(state.step)
        try:
            batches = session.loader.get(state.step)
            loss, weight, tokens = self._gradients(batches)
        except Exception as error:
            if not is_out_of_memory(error):
                raise
            set_random_state(generators)
            self._climb_down(str(error).splitlines()[0] if str(error) else type(error).__name__)
            return
        if tokens == 0:
            self.tell.invariant("trained-tokens", False, f"step {state.step + 1} has none")
        norm = session.optimiser.gradient_norm()
        if not (math.isfinite(loss) and math.isfinite(norm)):
            self._heal_non_finite(loss, norm, lines)
            return
        schedule = self._schedule()
        rate = schedule.factor(schedule.progress(state.step, self._elapsed()))
        rate *= session.recipe.learning_rate * state.learning_rate_factor
        self._apply(norm, rate)
        self._count(lines, tokens, time.perf_counter() - started)
        self.tell.step(loss, norm, rate, tokens / max(1e-9, time.perf_counter() - started))

    def _gradients(self, batches: list[MicroBatch]) -> tuple[float, float, int]:
        """Fill the gradient buffer for one step; returns (mean loss per token weight, weight, learned tokens)."""
        session = self.session
        weight = sum(sum(batch.weights) for batch in batches)
        tokens = sum(len(batch.targets) for batch in batches)
        session.optimiser.clear()
        total = 0.0
        for number, batch in enumerate(batches):
            if not batch.targets:
                continue
            session.hooks.before_micro_batch(self.state.step, number, session)
            loss, gradients = session.model.loss_and_gradients(batch, 1 / max(weight, 1e-9))
            session.optimiser.collect(gradients)
            total += loss
            check_memory_cap(session.runtime.memory_cap_bytes)
        session.hooks.after_gradients(self.state.step, session)
        return total / max(weight, 1e-9), weight, tokens

    def _apply(self, norm: float, rate: float) -> None:
        optimiser = self.session.optimiser
        before = None if self._first_step_done else dict(optimiser.masters)
        optimiser.learning_rate = rate
        optimiser.clip(norm, self.session.recipe.gradient_clip)
        optimiser.step()
        if before is not None:
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

    # --- healing -----------------------------------------------------------------------------------------------------

    def _climb_down(self, reason: str) -> None:
        """The next rung of the memory ladder; the same step is tried again. Raises WorkerFailure at the end of it."""
        session = self.session
        session.optimiser.clear()
        rung = next_memory_rung(session.recipe, session.longest_row, session.can_quantise)
        if rung is None:
            raise WorkerFailure(
                "out-of-memory",
                f"Memory ran out at step {self.state.step + 1}, and every smaller setting was tried.",
                "Choose a smaller base model, or close other programs and resume the run.",
            )
        self.tell.intervention(rung.action, reason, rung.before, rung.after)
        session.adapt(rung.recipe)
        release_memory()

    def _heal_non_finite(self, loss: float, norm: float, lines: list[Line]) -> None:
        step = self.state.step
        what = "loss" if not math.isfinite(loss) else "gradient"
        decision = self.guard.observe_bad(step)
        self._count(lines, 0, 0.0)
        self.tell.step(loss, norm, 0.0, 0.0)
        if decision == "skip":
            self.tell.intervention(
                "skip-step", f"The {what} of step {step + 1} is not finite.", {"step": step}, {"step": step + 1}
            )
        elif decision == "roll-back":
            self._roll_back(f"Three steps near step {step + 1} were not finite.")
        else:
            raise WorkerFailure(
                "diverged",
                f"The training diverged twice (the {what} became not a number near step {step + 1}), "
                f"although the learning rate was lowered and the precision raised.",
                "Use the best checkpoint kept in this run, or train again with a tenth of the learning rate.",
            )

    def _roll_back(self, reason: str) -> None:
        """Back to the last checkpoint with a lower learning rate and full precision."""
        session, before = self.session, self.state
        rate = before.learning_rate_factor * ROLL_BACK_RATE_FACTOR
        load_newest(session)
        self.state = session.state
        self.state.elapsed_seconds = before.elapsed_seconds
        self.state.train_seconds = before.train_seconds
        self.state.learning_rate_factor = rate
        self.state.roll_backs = self.guard.roll_backs
        base = session.recipe.learning_rate
        self.tell.intervention("roll-back", reason, {"step": before.step}, {"step": self.state.step})
        self.tell.intervention(
            "lower-learning-rate",
            reason,
            {"learningRate": base * before.learning_rate_factor},
            {"learningRate": base * rate},
        )
        if session.recipe.precision != "fp32":
            self.tell.intervention(
                "precision-up", reason, {"precision": session.recipe.precision}, {"precision": "fp32"}
            )
            session.adapt(session.recipe.with_(precision="fp32"))

    def _with_best_kept(self, failure: WorkerFailure) -> WorkerFailure:
        """Leave the best weights usable in outputs/ before the run fails; the failure stays what it is."""
        try:
            load_best(self.session, self._best_step())
            write_outputs(self.session)
        except (OSError, WorkerFailure) as error:
            self.context.warn("best-not-kept", f"The best checkpoint could not be written out: {error}")
            return failure
        hint = f"{failure.hint} The best model so far (step {self._best_step()}) is kept in this run."
        return WorkerFailure(failure.code, failure.message, hint)

    # --- evaluation --------------------------------------------------------------------------------------------------

    def _evaluate(self, final: bool) -> None:
        loss = self._validate()
        better = self.early.observe(self.state.step, loss)
        self.tell.validation(loss)
        if better:
            self._save(best=True)
        self.tell.samples(self._elapsed(), final)

    def _validate(self) -> float:
        """Mean loss per learned token of the validation rows."""
        started = time.monotonic()
        session = self.session
        self.tell.phase("validating", 0.0)
        session.model.module.eval()
        total, weight = 0.0, 0.0
        for number, batch in enumerate(session.validation):
            total += float(session.model.loss_sum(batch))
            weight += sum(batch.weights)
            self._obey(self.context.control.poll())
            self.tell.phase("validating", (number + 1) / len(session.validation))
        session.model.module.train()
        self.state.evaluated_step = self.state.step
        self.state.validation_seconds = time.monotonic() - started
        return total / max(weight, 1e-9)

    # --- measuring ---------------------------------------------------------------------------------------------------

    def _measure(self) -> None:
        """Three real steps at the longest length and one at the median, undone without a trace.

        They run with a learning rate of 0, then moments, generators and gradients are put back; memory that runs out
        here already climbs down the ladder.
        """
        self.tell.phase("measuring", 0.0)
        session = self.session
        generators = random_state()
        done, seconds = 0, 0.0
        while done < MEASURED_STEPS:
            try:
                seconds = self._measured_step(session.plan.longest_step())
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                self._climb_down(str(error).splitlines()[0] if str(error) else type(error).__name__)
                done = 0
                continue
            done += 1
            self.tell.phase("measuring", done / (MEASURED_STEPS + 1))
        longest, median = session.plan.longest_step(), session.plan.median_step()
        sizes = (session.positions(longest), session.positions(median))
        self.session.fit_cost(sizes, (seconds, self._measured_step(median)))
        session.optimiser.forget()
        session.optimiser.clear()
        set_random_state(generators)

    def _measured_step(self, lines: list[Line]) -> float:
        started = time.perf_counter()
        loss, _, _ = self._gradients(self.session.batches_of(lines))
        norm = self.session.optimiser.gradient_norm()
        if math.isfinite(loss) and math.isfinite(norm):
            self.session.optimiser.learning_rate = 0.0
            self.session.optimiser.step()
        return time.perf_counter() - started

    def _tell_measured(self, checkpoint_bytes: int) -> None:
        recipe = self.session.recipe
        steps = self.planned_steps
        step_seconds = self.session.forecast_step_seconds(steps)
        evaluations = 0
        if self.session.validation:
            evaluations = -(-steps // recipe.evaluate_every_steps)
        forecast = steps * step_seconds + evaluations * (self.state.validation_seconds + self._checkpoint_seconds)
        if recipe.max_minutes is not None:
            forecast = min(forecast, recipe.max_minutes * 60)
            by_time = int(recipe.max_minutes * 60 / max(1e-9, step_seconds)) if step_seconds > 0 else steps
            steps = max(1, min(steps, by_time))
        self.state.measured = {
            "secondsPerStep": step_seconds,
            "peakMemoryBytes": peak_memory_bytes(),
            "checkpointBytes": checkpoint_bytes,
            "forecastSeconds": forecast,
            "plannedSteps": steps,
        }
        self.events.emit("measured", **self.state.measured)

    # --- time and saving ---------------------------------------------------------------------------------------------

    def _save(self, best: bool) -> int:
        """Write a checkpoint, tell it, and remove what is neither the newest nor the best. Returns its bytes."""
        started = time.monotonic()
        state = self.state
        state.elapsed_seconds = self._elapsed()
        state.best_loss, state.best_step = self.early.best_loss, self.early.best_step
        state.without_gain = self.early.without_gain
        state.bad_steps, state.roll_backs = list(self.guard.bad_steps), self.guard.roll_backs
        validation_loss = self.early.best_loss if best else None
        checkpoint = save_checkpoint(self.session, best, validation_loss, self._best_step())
        self.events.emit(
            "checkpoint",
            path=os.path.relpath(checkpoint.path, self.context.directory).replace(os.sep, "/"),
            step=checkpoint.step,
            bytes=checkpoint.size_bytes,
            sha256=checkpoint.sha256,
            best=best,
            validationLoss=validation_loss,
        )
        self._saved_at = time.monotonic()
        self._checkpoint_seconds = self._saved_at - started
        return checkpoint.size_bytes

    def _best_step(self) -> int | None:
        """The step of the best checkpoint; None without validation rows (then the newest counts)."""
        return self.early.best_step if self.session.validation else None

    def _restart_clock(self) -> None:
        self._started = self._saved_at = time.monotonic()

    def _elapsed(self) -> float:
        return self._prior_elapsed + time.monotonic() - self._started

    def _budget_seconds(self) -> float | None:
        """The time budget less what the last evaluation and the last checkpoint will take."""
        minutes = self.session.recipe.max_minutes
        if minutes is None:
            return None
        reserve = self.state.validation_seconds + self._checkpoint_seconds
        return max(minutes * 60 - reserve, minutes * 30)

    def _time_is_up(self) -> bool:
        budget = self._budget_seconds()
        return budget is not None and self._elapsed() >= budget

    def _schedule(self) -> Schedule:
        recipe = self.session.recipe
        return Schedule(recipe.schedule, recipe.warmup_fraction, self.planned_steps, self._budget_seconds())

    def _summary(self, reason: str) -> dict[str, object]:
        state = self.state
        return {
            "steps": state.step,
            "epochs": round(state.step / self.session.plan.steps_per_epoch, 4),
            "trainedTokens": state.learned_tokens,
            "tokensPerSecond": state.learned_tokens / max(1e-9, state.train_seconds),
            "trainSeconds": state.train_seconds,
            "initialValidationLoss": state.initial_validation_loss,
            "bestValidationLoss": self.early.best_loss,
            "bestStep": state.step if self._best_step() is None else self.early.best_step,
            "adapterParameters": self.session.optimiser.count,
            "truncatedRows": self.session.report.truncated_rows,
            "rowsSeen": state.rows_seen,
            "stopReason": reason,
        }

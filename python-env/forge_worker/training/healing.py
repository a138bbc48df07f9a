"""What is changed when memory runs out or numbers stop being numbers, each change told with its reason."""

from __future__ import annotations

import math

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.guards import NanGuard, NanRung, next_memory_rung, next_nan_rung
from forge_worker.training.session import Session
from forge_worker.training.session_checkpoints import go_back
from forge_worker.training.step_gradients import NO_LOSS_SCALE, StepGradients
from forge_worker.training.training_reporter import TrainingReporter


class Healer:
    """Keeps one session going; raises WorkerFailure where nothing is left to try."""

    def __init__(self, session: Session, tell: TrainingReporter) -> None:
        self._session = session
        self._tell = tell
        self.guard = NanGuard(list(session.state.bad_steps), session.state.roll_backs)

    def climb_down(self, reason: str) -> None:
        """The next rung of the memory ladder; the same step is tried again. Call it when the error is let go of:
        what it refers to cannot be freed before."""
        session = self._session
        session.optimiser.clear()
        rung = next_memory_rung(session.recipe, session.longest_row, session.can_quantise)
        if rung is None:
            raise WorkerFailure(
                "out-of-memory",
                f"Memory ran out at step {session.state.step + 1}, and every smaller setting was tried.",
                "Choose a smaller base model, or close other programs and resume the run.",
            )
        self._tell.intervention(rung.action, reason, rung.before, rung.after)
        session.adapt(rung.recipe)
        session.backend.release_memory()

    def lower_loss_scale(self) -> bool:
        """An overflow in fp16: half the loss scale, the same step again. False when the scale is not the cause."""
        state = self._session.state
        if state.loss_scale <= NO_LOSS_SCALE:
            return False
        state.loss_scale /= 2
        before, after = {"lossScale": state.loss_scale * 2}, {"lossScale": state.loss_scale}
        self._tell.intervention("skip-step", "fp16 overflowed", before, after)
        return True

    def heal_non_finite(self, step: int, bad: StepGradients) -> None:
        """`step` (finished ones before it) was left out: go on, or roll back and change what the ladder says."""
        what = "loss" if not math.isfinite(bad.loss) else "gradient"
        if self.guard.observe_bad(step) == "skip":
            reason = f"The {what} of step {step + 1} is not finite."
            self._tell.intervention("skip-step", reason, {"step": step}, {"step": step + 1})
            return
        session = self._session
        rung = next_nan_rung(session.recipe, session.state.learning_rate_factor, self.guard.roll_backs)
        if rung is None:
            raise WorkerFailure(
                "diverged",
                f"The training diverged again (the {what} became not a number near step {step + 1}), although "
                "the learning rate, the precision and the adapter's size were changed to what is most careful.",
                "Use the best checkpoint kept in this run, or check the dataset's rows near that step.",
            )
        self._roll_back(f"Three steps near step {step + 1} were not finite.", rung)

    def _roll_back(self, reason: str, rung: NanRung) -> None:
        session, before = self._session, self._session.state
        go_back(session)
        state = session.state
        state.elapsed_seconds, state.train_seconds = before.elapsed_seconds, before.train_seconds
        state.learning_rate_factor = rung.rate_factor
        state.bad_steps, state.roll_backs = [], self.guard.roll_backs
        self._tell.intervention("roll-back", reason, {"step": before.step}, {"step": state.step})
        self._tell.intervention(rung.action, reason, rung.before, rung.after)
        if rung.recipe != session.recipe:
            session.adapt(rung.recipe)

"""A session's checkpoints and outputs: saving, going back, continuing an earlier attempt, handing over the best."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from forge_worker.backends.mlx.tensor_files import (
    read_state,
    restore,
    restore_weights,
    state_files,
    write_adapter,
    write_model,
)
from forge_worker.backends.mlx.training_session import Session
from forge_worker.protocol.checkpoints import (
    Checkpoint,
    CheckpointMark,
    list_checkpoints,
    prune_checkpoints,
    verify_checkpoint,
    write_checkpoint,
)
from forge_worker.protocol.context import Artefact
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.progress_state import ProgressState, recipe_fingerprint


def save_checkpoint(session: Session, best: bool, validation_loss: float | None, best_step: int | None) -> Checkpoint:
    """Write a checkpoint of now; older ones go once it was read back. Raises WorkerFailure("disk-full")."""
    asked = session.payload.recipe
    content = {
        "fingerprint": _fingerprint(session),
        "progress": session.state.to_json(),
    }
    folder = session.context.checkpoints
    mark = CheckpointMark(session.state.step, validation_loss, best)
    try:
        checkpoint = write_checkpoint(folder, mark, state_files(session.optimiser, content))
    except OSError as error:
        raise WorkerFailure(
            "checkpoint-not-written",
            f"The checkpoint of step {session.state.step} could not be written: {error.strerror or error}.",
            "Free space on the disk that holds Forge's folder, then resume the run.",
        ) from error
    keep = {best_step} if best_step is not None else set()
    prune_checkpoints(folder, keep, max(1, asked.keep_checkpoints - len(keep)))
    return checkpoint


def resume_from(session: Session, source: Path) -> None:
    """Continue from a checkpoint of an earlier attempt; it and the best one beside it are copied here first."""
    if verify_checkpoint(source) is None:
        raise WorkerFailure(
            "checkpoint-broken",
            f"The checkpoint {source.name} is not complete, so the run cannot continue from it.",
            "Resume from an older checkpoint or start the run again.",
        )
    content = read_state(source)
    _check_fingerprint(session, content["fingerprint"])
    progress = ProgressState.from_json(content["progress"])
    _adopt(session, source)
    best = source.parent / f"{progress.best_step:08d}"
    if best != source and verify_checkpoint(best) is not None:
        _adopt(session, best)
    _restore(session, source, progress)
    session.resumed = True


def load_newest(session: Session) -> None:
    """Back to the newest checkpoint of this attempt that reads well: weights, moments, generators and progress."""
    for path in reversed(list_checkpoints(session.context.checkpoints)):
        if verify_checkpoint(path) is not None:
            _restore(session, path, ProgressState.from_json(read_state(path)["progress"]))
            return
    raise WorkerFailure("no-checkpoint", "There is no checkpoint to go back to.", "Start the run again.")


def load_best(session: Session, best_step: int | None) -> None:
    """Put the weights of the best checkpoint in (the newest when `best_step` is None)."""
    paths = list_checkpoints(session.context.checkpoints)
    wanted = [path for path in paths if best_step is None or int(path.name) == best_step]
    for path in reversed(wanted):
        if verify_checkpoint(path) is not None:
            restore_weights(path, session.optimiser)
            return
    raise WorkerFailure(
        "best-missing", "The best checkpoint is gone or broken.", "Train again; nothing else on this disk was lost."
    )


def write_outputs(session: Session) -> Artefact:
    """Write the weights of now to outputs/: the adapter in PEFT's layout, or the whole model when full."""
    if session.recipe.method == "full":
        folder = session.context.outputs / "model"
        write_model(folder, session.payload.base, session.model.config, session.model.trainable())
        return Artefact("model", folder)
    folder = session.context.outputs / "adapter"
    write_adapter(folder, session.payload.base, session.recipe, session.optimiser.masters)
    return Artefact("adapter", folder)


def _restore(session: Session, path: Path, progress: ProgressState) -> None:
    session.state = progress
    adapted = progress.adapted
    if adapted and any(getattr(session.recipe, name) != value for name, value in adapted.items()):
        session.adapt(session.recipe.with_(**adapted))
    restore(path, session.optimiser)
    session.loader.reset()
    session.context.heartbeat.step = progress.step


def _adopt(session: Session, source: Path) -> None:
    target = session.context.checkpoints / source.name
    if target.exists() or source.parent == session.context.checkpoints:
        return
    temporary = target.with_name(f".{target.name}.adopted.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.copytree(source, temporary)
    temporary.rename(target)


def _check_fingerprint(session: Session, stored: dict[str, Any]) -> None:
    now = _fingerprint(session)
    changed = sorted(name for name in {*now, *stored} if now.get(name) != stored.get(name))
    if changed:
        raise WorkerFailure(
            "resume-mismatch",
            f"The checkpoint was made with other settings ({', '.join(changed)}), so it cannot be continued.",
            "Resume with the settings of the first attempt, or start a new run.",
        )


def _fingerprint(session: Session) -> dict[str, Any]:
    """The recipe's, and the framework: another one's moments and random numbers cannot be continued."""
    recipe = recipe_fingerprint(session.payload.recipe, session.context.spec.seed, session.data_digest)
    return {**recipe, "framework": "mlx"}

"""A session's checkpoints and outputs: saving, going back, continuing an earlier attempt, handing over the best."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
from forge_worker.protocol.files import read_json_bounded
from forge_worker.training.progress_state import ProgressState, recipe_fingerprint
from forge_worker.training.session import Session

_STATE_FILE = "state.json"
_STATE_LIMIT_BYTES = 16 << 20


def save_checkpoint(session: Session, best: bool, validation_loss: float | None, best_step: int | None) -> Checkpoint:
    """Write a checkpoint of now; older ones go once it was read back. Raises ("checkpoint-not-written")."""
    asked = session.payload.recipe
    content = {"fingerprint": _fingerprint(session), "progress": session.state.to_json()}
    text = json.dumps(content, allow_nan=False)
    files = session.backend.tensor_files(session.optimiser)
    files[_STATE_FILE] = lambda path: path.write_text(text, encoding="utf-8")
    folder = session.context.checkpoints
    try:
        checkpoint = write_checkpoint(folder, CheckpointMark(session.state.step, validation_loss, best), files)
    except OSError as error:
        raise WorkerFailure(
            "checkpoint-not-written",
            f"The checkpoint of step {session.state.step} could not be written: {error.strerror or error}.",
            "Free space on the disk that holds Forge's folder, then resume the run.",
        ) from error
    keep = {best_step} if best_step is not None else set()
    prune_checkpoints(folder, keep, max(1, asked.keep_checkpoints - len(keep)))
    return checkpoint


def settled_choices(source: Path | None) -> Mapping[str, Any]:
    """What the attempt that wrote the checkpoint measured and chose ({} without one). Raises ("checkpoint-broken")."""
    return {} if source is None else ProgressState.from_json(_verified_state(source)["progress"]).settled


def resume_from(session: Session, source: Path) -> None:
    """Continue from a checkpoint of an earlier attempt; it and the best one beside it are copied here first."""
    content = _verified_state(source)
    _check_fingerprint(session, content["fingerprint"])
    progress = ProgressState.from_json(content["progress"])
    _adopt(session, source)
    best = source.parent / f"{progress.best_step:08d}"
    if best != source and verify_checkpoint(best) is not None:
        _adopt(session, best)
    settled, session.state = session.state.settled, progress
    progress.settled = settled
    if progress.adapted and any(getattr(session.recipe, name) != value for name, value in progress.adapted.items()):
        session.adapt(session.recipe.with_(**progress.adapted))
    _restore(session, source)
    session.resumed = True


def go_back(session: Session) -> None:
    """Back to the last good checkpoint of this attempt: weights, moments, generators and data cursor.

    Good is one that was written with no step gone wrong just before it; without such a one, the newest. What later
    interventions changed (a halved batch, a higher precision) stays changed.
    """
    found = [path for path in reversed(list_checkpoints(session.context.checkpoints)) if verify_checkpoint(path)]
    if not found:
        raise WorkerFailure("no-checkpoint", "There is no checkpoint to go back to.", "Start the run again.")
    states = {path: ProgressState.from_json(_read_state(path)["progress"]) for path in found}
    chosen = next((path for path in found if not states[path].bad_steps), found[0])
    now, session.state = session.state, states[chosen]
    session.state.adapted, session.state.settled = now.adapted, now.settled
    session.state.loss_scale = now.loss_scale
    _fit_rank(session, chosen)
    _restore(session, chosen)


def load_best(session: Session, best_step: int | None) -> None:
    """Put the weights of the best checkpoint in (the newest when `best_step` is None)."""
    paths = list_checkpoints(session.context.checkpoints)
    wanted = [path for path in paths if best_step is None or int(path.name) == best_step]
    for path in reversed(wanted):
        if verify_checkpoint(path) is not None:
            _fit_rank(session, path)
            session.backend.restore_weights(path, session.optimiser)
            return
    raise WorkerFailure(
        "best-missing", "The best checkpoint is gone or broken.", "Train again; nothing else on this disk was lost."
    )


def write_outputs(session: Session) -> Artefact:
    """Write the weights of now to outputs/: the adapter in PEFT's layout, or the whole model when full."""
    base = session.payload.base
    if session.recipe.method == "full":
        folder = session.context.outputs / "model"
        session.backend.write_model(folder, base, session.model)
        return Artefact("model", folder)
    folder = session.context.outputs / "adapter"
    session.backend.write_adapter(folder, base, session.recipe, session.optimiser)
    return Artefact("adapter", folder)


def with_best_kept(session: Session, best_step: int | None, failure: WorkerFailure) -> WorkerFailure:
    """Leave the best weights usable in outputs/ before the run fails; the failure stays what it is."""
    try:
        load_best(session, best_step)
        write_outputs(session)
    except (OSError, WorkerFailure) as error:
        session.context.warn("best-not-kept", f"The best checkpoint could not be written out: {error}")
        return failure
    hint = f"{failure.hint} The best model so far (step {best_step}) is kept in this run."
    return WorkerFailure(failure.code, failure.message, hint)


def _restore(session: Session, path: Path) -> None:
    session.backend.restore(path, session.optimiser)
    session.loader.reset()
    session.context.heartbeat.step = session.state.step


def _fit_rank(session: Session, path: Path) -> None:
    """Adapters as large as those in a checkpoint: healing may have made them smaller since, or before."""
    adapted = ProgressState.from_json(_read_state(path)["progress"]).adapted
    asked = session.payload.recipe
    rank, alpha = adapted.get("rank", asked.rank), adapted.get("alpha", asked.alpha)
    if rank != session.recipe.rank:
        session.adapt(session.recipe.with_(rank=rank, alpha=alpha))


def _read_state(path: Path) -> dict[str, Any]:
    return read_json_bounded(path / _STATE_FILE, _STATE_LIMIT_BYTES)


def _verified_state(source: Path) -> dict[str, Any]:
    if verify_checkpoint(source) is None:
        raise WorkerFailure(
            "checkpoint-broken",
            f"The checkpoint {source.name} is not complete, so the run cannot continue from it.",
            "Resume from an older checkpoint or start the run again.",
        )
    return _read_state(source)


def _adopt(session: Session, source: Path) -> None:
    target = session.context.checkpoints / source.name
    if target.exists() or source.parent == session.context.checkpoints:
        return
    temporary = target.with_name(f".{target.name}.adopted.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.copytree(source, temporary)
    temporary.rename(target)


def _fingerprint(session: Session) -> dict[str, Any]:
    """The recipe's, and the framework's: another one's moments and random numbers cannot be continued."""
    recipe = recipe_fingerprint(session.payload.recipe, session.context.spec.seed, session.data_digest)
    return {**recipe, **session.backend.fingerprint}


def _check_fingerprint(session: Session, stored: dict[str, Any]) -> None:
    now = _fingerprint(session)
    changed = sorted(name for name in {*now, *stored} if now.get(name) != stored.get(name))
    if changed:
        raise WorkerFailure(
            "resume-mismatch",
            f"The checkpoint was made with other settings ({', '.join(changed)}), so it cannot be continued.",
            "Resume with the settings of the first attempt, or start a new run.",
        )

"""What a training is made of, built from the spec: rows, model, plan, optimiser and batches."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.backend import MakeBackend, Model, Optimiser
from forge_worker.training.batch_loader import BatchLoader
from forge_worker.training.batch_plan import BatchPlan, Line, PlanSettings
from forge_worker.training.chat_template import load_chat_template, special_tokens, tokenizer_config
from forge_worker.training.collate import CollateSettings, MicroBatch, collate
from forge_worker.training.encoding import EncodedRow, RowEncoder, TokenizersEncoder, encode_rows
from forge_worker.training.encoding_report import tell_encoding
from forge_worker.training.progress_state import ADAPTABLE, ProgressState
from forge_worker.training.rows import read_rows
from forge_worker.training.settings import Recipe, TrainPayload
from forge_worker.training.step_cost import StepCost

VALIDATION_POSITIONS = 2048
_NO_PACKING = "This architecture cannot keep packed rows apart in MLX."
_KEPT_PACKING = "kept from the first attempt of this run"


class TrainHooks:
    """Places where a test may look or break something; does nothing itself."""

    def before_micro_batch(self, step: int, number: int, session: Session) -> None:
        """Before the forward pass of micro-batch `number` of the step after `step` finished ones."""

    def after_gradients(self, step: int, session: Session) -> None:
        """When a step's gradients are complete, before they are looked at."""

    def on_batches(self, step: int) -> None:
        """In the loader's thread, before the batches of a step are made."""


@dataclass(frozen=True)
class Sample:
    """A sample prompt ready to answer: `limit` tokens at most, from the expected answer's length."""

    ids: list[int]
    text: str
    expected: str | None
    limit: int


@dataclass(frozen=True)
class SessionParts:
    """What a session is made from. `settled`: what the run's first attempt measured ({} in a first one)."""

    make_backend: MakeBackend
    hooks: TrainHooks
    settled: Mapping[str, Any]


class Session:
    """Built once per attempt; `adapt` changes settings while the run goes on."""

    def __init__(self, context: WorkerContext, payload: TrainPayload, parts: SessionParts) -> None:
        self.context = context
        self.payload = payload
        self.hooks = parts.hooks
        self.backend = parts.make_backend(context.spec, payload.recipe, parts.settled)
        self.recipe: Recipe = payload.recipe.with_(precision=self.backend.precision)
        self.state = ProgressState(loss_scale=self.backend.loss_scale)
        self.resumed = False
        self.explained = dict(self.backend.explained)
        self.cost = StepCost(0.0, 0.0)
        self._load_rows()
        self.model: Model = self.backend.load_model(payload.base)
        self._refuse_too_long()
        self._settle_packing(parts.settled)
        self.state.settled = {"precision": self.recipe.precision, "packing": self.recipe.packing}
        self._plan()
        self.optimiser: Optimiser = self.backend.add_method(self.model, self.recipe)
        self.model.set_gradient_checkpointing(self.recipe.gradient_checkpointing)
        self.model.module.train()
        self.loader = self._new_loader()
        self.validation = self._validation_batches()

    @property
    def can_quantise(self) -> bool:
        """Whether the memory ladder has its last rung."""
        return self.recipe.method == "lora" and self.model.can_quantise()

    # --- rows --------------------------------------------------------------------------------------------------------

    def _load_rows(self) -> None:
        payload = self.payload
        template = load_chat_template(payload.base)
        self.encoder = TokenizersEncoder(payload.base)
        end_token = special_tokens(tokenizer_config(payload.base)).get("eos_token")
        end_id = None if end_token is None else self.encoder.token_id(end_token)
        self._row_encoder = RowEncoder(template, self.encoder, end_id)
        rows = read_rows(payload.rows)
        self.rows, self.report = encode_rows(self._row_encoder, rows, self.recipe.max_length)
        tell_encoding(self.context, self.report, len(rows))
        validation = [] if payload.validation_rows is None else read_rows(payload.validation_rows)
        self._validation_rows, _ = encode_rows(self._row_encoder, validation, self.recipe.max_length)
        self.stop_ids = self.report.end_token_ids | ({end_id} if end_id is not None else set())
        self.pad_id = end_id or 0
        self.longest_row = max(len(row.ids) for row in self.rows)
        digest = hashlib.sha256()
        for row in self.rows:
            digest.update(repr((row.ids, row.weights)).encode())
        self.data_digest = digest.hexdigest()
        self.samples = [self._sample(item.messages, item.expected) for item in payload.sample_prompts]

    def _refuse_too_long(self) -> None:
        limit = self.model.exact_length
        longest = min(max(len(row.ids) for row in [*self.rows, *self._validation_rows]), self.recipe.max_length)
        if limit is not None and longest > limit:
            raise WorkerFailure(
                "length-unsupported",
                f"MLX computes this base model rightly up to {limit} tokens only, and a row has {longest}.",
                f"Set the maximum length to {limit}, or choose another base model.",
            )

    def _settle_packing(self, settled: Mapping[str, Any]) -> None:
        """Packing needs a model that keeps packed rows apart; a resumed attempt batches as the first one did."""
        kept = settled.get("packing")
        if self.recipe.packing == "pack" and (kept == "group" or not self.model.packs):
            self.recipe = self.recipe.with_(packing="group")
            self.explained["packing"] = _NO_PACKING if kept is None else _KEPT_PACKING

    def _sample(self, messages: tuple[dict[str, Any], ...], expected: str | None) -> Sample:
        last = next((m for m in reversed(messages) if m.get("role") == "user"), messages[-1])
        limit = 48 if expected is None else 8 + len(self.encoder.encode_text(expected)) * 3 // 2
        return Sample(self._row_encoder.prompt_ids(messages), str(last.get("content", "")), expected, limit)

    def _plan(self) -> None:
        recipe, asked = self.recipe, self.payload.recipe
        lines_per_step = asked.micro_batch_size * asked.gradient_accumulation
        settings = PlanSettings(lines_per_step, recipe.max_length, recipe.packing, self.context.spec.seed)
        self.plan = BatchPlan([len(row.ids) for row in self.rows], settings)

    def batches_of(self, lines: list[Line]) -> list[MicroBatch]:
        """The micro-batches of one step, as the settings of now cut it."""
        settings, size = self._collate_settings(), self.recipe.micro_batch_size
        return [collate(self.rows, lines[at : at + size], settings) for at in range(0, len(lines), size)]

    def positions(self, lines: list[Line]) -> int:
        """Positions a step computes, padding included."""
        return sum(batch.size for batch in self.batches_of(lines))

    def rows_in_steps(self, steps: int) -> int:
        """Rows the plan holds in its first `steps` steps."""
        epochs, rest = divmod(steps, self.plan.steps_per_epoch)
        tail = sum(
            len(line) for step in range(rest) for line in self.plan.step(epochs * self.plan.steps_per_epoch + step)
        )
        return epochs * len(self.rows) + tail

    def forecast_step_seconds(self, steps: int) -> float:
        """Expected mean seconds of the plan's steps, over its first epoch at most."""
        known = range(min(steps, self.plan.steps_per_epoch))
        return self.cost.mean_seconds([self.positions(self.plan.step(step)) for step in known])

    def _collate_settings(self) -> CollateSettings:
        return CollateSettings(self.recipe.max_length, self.pad_id, self.model.shares_prefix)

    def _new_loader(self) -> BatchLoader[list[MicroBatch]]:
        """Only lists are made in the loader's thread: the framework stays in the main one."""

        def make(step: int) -> list[MicroBatch]:
            self.hooks.on_batches(step)
            return self.batches_of(self.plan.step(step))

        def told(step: int) -> None:
            self.context.events.emit(
                "intervention",
                action="loader-restart",
                reason=f"The rows for step {step + 1} did not come.",
                before={"step": step},
                after={"step": step},
            )

        return BatchLoader(make, told, getattr(self.hooks, "stall_seconds", 60.0))

    def _validation_batches(self) -> list[MicroBatch]:
        rows = sorted(self._validation_rows, key=lambda row: len(row.ids))
        groups: list[list[EncodedRow]] = []
        for row in rows:
            width = min(len(row.ids), self.recipe.max_length)
            if not groups or (len(groups[-1]) + 1) * width > VALIDATION_POSITIONS:
                groups.append([])
            groups[-1].append(row)
        settings = self._collate_settings()
        return [collate(group, [(at,) for at in range(len(group))], settings) for group in groups]

    # --- model -------------------------------------------------------------------------------------------------------

    def adapt(self, recipe: Recipe) -> None:
        """Change to `recipe` (memory ladder, healing of NaN) while the run goes on; recorded for a resume."""
        before, self.recipe = self.recipe, recipe
        if recipe.gradient_checkpointing != before.gradient_checkpointing:
            self.model.set_gradient_checkpointing(recipe.gradient_checkpointing)
        if recipe.method != before.method:
            self.model.quantise()
        if recipe.rank != before.rank:
            self.optimiser = self.backend.resize_adapters(self.model, recipe)
        if recipe.precision != before.precision:
            self.model.cast(recipe.precision)
            self.optimiser.bind()
            self.state.loss_scale = 1.0
        if recipe.max_length != before.max_length:
            self.report.truncated_rows = sum(1 for row in self.rows if len(row.ids) > recipe.max_length)
        self.state.adapted = {name: getattr(recipe, name) for name in ADAPTABLE}
        self.validation = self._validation_batches()
        self.loader.reset()

"""What an MLX training is made of, built from the spec: model, rows, plan, optimiser and batches."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from forge_worker.backends.mlx.adam import MasterOptimiser
from forge_worker.backends.mlx.base_loading import load_base
from forge_worker.backends.mlx.encoding_report import tell_encoding
from forge_worker.backends.mlx.model import AdapterSettings, MlxModel
from forge_worker.backends.mlx.runtime import Runtime, prepare_runtime, release_memory
from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.batch_loader import BatchLoader
from forge_worker.training.batch_plan import BatchPlan, Line, PlanSettings
from forge_worker.training.chat_template import load_chat_template, special_tokens, tokenizer_config
from forge_worker.training.collate import CollateSettings, MicroBatch, collate
from forge_worker.training.encoding import EncodedRow, RowEncoder, TokenizersEncoder, encode_rows
from forge_worker.training.progress_state import ADAPTABLE, ProgressState
from forge_worker.training.rows import read_rows
from forge_worker.training.settings import Recipe, TrainPayload

VALIDATION_POSITIONS = 2048
_NO_PACKING = "This architecture cannot keep packed rows apart in MLX."


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


class Session:
    """Built once per attempt; `adapt` changes settings while the run goes on."""

    def __init__(self, context: WorkerContext, payload: TrainPayload, hooks: TrainHooks) -> None:
        self.context = context
        self.payload = payload
        self.hooks = hooks
        asked = payload.recipe
        self.runtime: Runtime = prepare_runtime(context.spec, asked.precision, asked.memory_cap_bytes)
        self.recipe: Recipe = asked.with_(precision=self.runtime.precision)
        self.explained = {
            name: reason
            for name, reason in (
                ("precision", self.runtime.precision_reason),
                ("memoryCapBytes", self.runtime.memory_cap_reason),
            )
            if reason is not None
        }
        self.state = ProgressState()
        self.resumed = False
        self._cost = (0.0, 0.0)
        self.model = MlxModel(load_base(payload.base, self.recipe.precision), self.recipe.precision)
        if self.recipe.packing == "pack" and not self.model.packs:
            self.recipe = self.recipe.with_(packing="group")
            self.explained["packing"] = _NO_PACKING
        self._load_rows()
        self._plan()
        self.optimiser = self._add_method()
        self.model.set_gradient_checkpointing(self.recipe.gradient_checkpointing)
        self.model.module.train()
        self.loader = self._new_loader()
        self.validation = self._validation_batches()
        release_memory()

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
        self._refuse_too_long()
        digest = hashlib.sha256()
        for row in self.rows:
            digest.update(repr((row.ids, row.weights)).encode())
        self.data_digest = digest.hexdigest()
        self.samples = [self._sample(item.messages, item.expected) for item in payload.sample_prompts]

    def _refuse_too_long(self) -> None:
        limit = self.model.base.exact_length
        longest = min(max(len(row.ids) for row in [*self.rows, *self._validation_rows]), self.recipe.max_length)
        if limit is not None and longest > limit:
            raise WorkerFailure(
                "length-unsupported",
                f"MLX computes this base model rightly up to {limit} tokens only, and a row has {longest}.",
                f"Set the maximum length to {limit}, or choose another base model.",
            )

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
        size = self.recipe.micro_batch_size
        settings = self._collate_settings()
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

    def _collate_settings(self) -> CollateSettings:
        return CollateSettings(self.recipe.max_length, self.pad_id, self.model.shares_prefix)

    def _new_loader(self) -> BatchLoader[list[MicroBatch]]:
        """Only lists are made in the loader's thread: MLX stays in the main one."""

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

    def _add_method(self) -> MasterOptimiser:
        recipe, model = self.recipe, self.model
        if recipe.method == "full":
            parameters = model.make_all_trainable()
        else:
            if recipe.method == "qlora":
                model.quantise()
            settings = AdapterSettings(recipe.rank, recipe.alpha / recipe.rank, recipe.dropout, recipe.method == "dora")
            parameters = model.add_adapters(recipe.target_modules, settings)
        return MasterOptimiser(parameters, recipe.weight_decay, model.bind)

    def adapt(self, recipe: Recipe) -> None:
        """Change to `recipe` (memory ladder, precision) while the run goes on; recorded for a resume."""
        before, self.recipe = self.recipe, recipe
        if recipe.gradient_checkpointing != before.gradient_checkpointing:
            self.model.set_gradient_checkpointing(recipe.gradient_checkpointing)
        if recipe.method != before.method:
            self.model.quantise()
        if recipe.precision != before.precision:
            self.model.cast(recipe.precision)
            self.optimiser.bind()
        if recipe.max_length != before.max_length:
            self.report.truncated_rows = sum(1 for row in self.rows if len(row.ids) > recipe.max_length)
        self.state.adapted = {name: getattr(recipe, name) for name in ADAPTABLE}
        self.validation = self._validation_batches()
        self.loader.reset()

    # --- cost --------------------------------------------------------------------------------------------------------

    def fit_cost(self, sizes: tuple[int, int], seconds: tuple[float, float]) -> None:
        """Fit step time = fixed + per position from two measured steps; neither part is negative."""
        spread = sizes[0] - sizes[1]
        slope = (seconds[0] - seconds[1]) / spread if spread > 0 else 0.0
        slope = min(max(slope, 0.0), seconds[1] / max(1, sizes[1]))
        if slope == 0.0:
            slope = min(seconds[0] / max(1, sizes[0]), seconds[1] / max(1, sizes[1]))
        self._cost = (max(0.0, seconds[1] - slope * sizes[1]), slope)

    def forecast_step_seconds(self, steps: int) -> float:
        """Expected mean seconds of the plan's steps, over its first epoch at most."""
        known = range(min(steps, self.plan.steps_per_epoch))
        positions = [self.positions(self.plan.step(step)) for step in known]
        return sum(self._cost[0] + self._cost[1] * size for size in positions) / max(1, len(positions))

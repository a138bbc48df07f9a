"""The other side of `benchmarks/train.ts`: the same rows and settings through TRL's SFTTrainer.

    python trl_sft.py <settings.json>

What the settings do not say is left at TRL's own defaults. `order` says who draws the rows of a step: "own" is TRL as
anyone runs it, "same" gives each of its steps the rows of Forge's step, so that both losses come from the same work.

Settings: {base, rows, outDir, threads, seed, precision: "bf16" | "fp32", order: "own" | "same", recipe: as in
docs/worker-protocol.md}. Writes the adapter and `measured.json` {seconds, steps, learnedTokens, versions} to outDir.
`seconds` is the wall time of `train()` alone: imports, loading, tokenising and saving are left out, and three forward
and backward passes on the longest rows warm everything up before, as Forge's worker does.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from forge_worker.training.batch_plan import BatchPlan, PlanSettings
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer

WARM_UP_PASSES = 3
IGNORED_LABEL = -100


def read_dataset(path: str) -> Dataset:
    """`forge.row/1` as prompt and completion: only the completion is learned."""
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    return Dataset.from_list([{"prompt": row["messages"][:-1], "completion": row["messages"][-1:]} for row in rows])


def arguments_of(settings: dict[str, Any]) -> SFTConfig:
    """Forge's recipe in TRL's words. Gradient checkpointing is off on both sides: on it would only slow TRL down."""
    recipe = settings["recipe"]
    return SFTConfig(
        output_dir=settings["outDir"],
        per_device_train_batch_size=recipe["microBatchSize"],
        gradient_accumulation_steps=recipe["gradientAccumulation"],
        num_train_epochs=recipe["epochs"],
        learning_rate=recipe["learningRate"],
        lr_scheduler_type=recipe["schedule"],
        warmup_steps=recipe["warmupFraction"],
        weight_decay=recipe["weightDecay"],
        max_grad_norm=recipe["gradientClip"],
        max_length=recipe["maxLength"],
        gradient_checkpointing=False,
        bf16=settings["precision"] == "bf16",
        use_cpu=True,
        optim="adamw_torch_fused",
        seed=settings["seed"],
        logging_steps=1000,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )


class OrderedTrainer(SFTTrainer):
    """Takes the rows in the given order of row numbers, or in TRL's own."""

    order: list[int] | None = None

    def _get_train_sampler(self, train_dataset: Dataset | None = None) -> Any:
        return super()._get_train_sampler(train_dataset) if self.order is None else self.order


def order_of_rows(lengths: list[int], settings: dict[str, Any]) -> list[int]:
    """Row numbers of one epoch, step after step. TRL's rows are all longer by one token: the same order."""
    recipe = settings["recipe"]
    lines = recipe["microBatchSize"] * recipe["gradientAccumulation"]
    if recipe["epochs"] != 1 or len(lengths) % lines != 0 or recipe["packing"] != "group":
        raise ValueError("the comparison needs one epoch of whole batches without packing")
    plan = BatchPlan(lengths, PlanSettings(lines, recipe["maxLength"], recipe["packing"], settings["seed"]))
    return [row for step in range(plan.steps_per_epoch) for line in plan.step(step) for row in line]


def make_trainer(settings: dict[str, Any]) -> OrderedTrainer:
    recipe = settings["recipe"]
    dtype = torch.bfloat16 if settings["precision"] == "bf16" else torch.float32
    trainer = OrderedTrainer(
        model=AutoModelForCausalLM.from_pretrained(settings["base"], dtype=dtype),
        args=arguments_of(settings),
        train_dataset=read_dataset(settings["rows"]),
        processing_class=AutoTokenizer.from_pretrained(settings["base"]),
        peft_config=LoraConfig(
            r=recipe["rank"],
            lora_alpha=recipe["alpha"],
            lora_dropout=recipe["dropout"],
            target_modules=recipe["targetModules"],
            task_type="CAUSAL_LM",
        ),
    )
    if settings["order"] == "same":
        trainer.order = order_of_rows([len(ids) for ids in trainer.train_dataset["input_ids"]], settings)
    return trainer


def warm_up(trainer: SFTTrainer) -> None:
    """Forward and backward on the longest rows; no weight changes."""
    examples = sorted(trainer.train_dataset, key=lambda example: len(example["input_ids"]))
    longest = examples[-trainer.args.per_device_train_batch_size :]
    trainer.model.train()
    for _ in range(WARM_UP_PASSES):
        with trainer.compute_loss_context_manager():
            loss = trainer.compute_loss(trainer.model, trainer.data_collator(longest))
        loss.backward()
        trainer.model.zero_grad(set_to_none=True)


def learned_tokens(trainer: SFTTrainer) -> int:
    """Tokens with a label in one pass over the rows, as TRL's own collator sets them."""
    return sum(
        int((trainer.data_collator([example])["labels"] != IGNORED_LABEL).sum()) for example in trainer.train_dataset
    )


def main(settings: dict[str, Any]) -> None:
    torch.set_num_threads(settings["threads"])
    trainer = make_trainer(settings)
    tokens = round(learned_tokens(trainer) * settings["recipe"]["epochs"])
    warm_up(trainer)
    started = time.perf_counter()
    output = trainer.train()
    seconds = time.perf_counter() - started
    folder = Path(settings["outDir"])
    trainer.model.save_pretrained(folder / "adapter")
    versions = {name: version(name) for name in ("trl", "transformers", "peft", "torch")}
    measured = {"seconds": seconds, "steps": output.global_step, "learnedTokens": tokens, "versions": versions}
    (folder / "measured.json").write_text(json.dumps(measured), encoding="utf-8")


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))

"""Runs of the MLX train recipe for tests, in this process, on a base small enough to train in a second.

Like tests/training_case.py and tests/tiny_base.py, without PyTorch: an MLX environment has none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from event_schema import read_events
from run_directory import write_spec
from tiny_files import HEADS, HIDDEN, INNER, KEY_HEADS, LAYERS, tiny_config, write_rows, write_tokenizer
from trained import RECIPE, Trained

from forge_worker.__main__ import failure_for
from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.errors import StopRequested, WorkerFailure
from forge_worker.protocol.spec import load_spec

ROPE_BASE = 700.0
"""Not the usual 10,000, so that a class that overlooks it computes something else."""


class Case:
    """A tiny base and its rows in a folder; `train` runs attempts on them."""

    def __init__(self, folder: Path, rows: int = 16, **config: Any) -> None:
        self.folder = folder
        self.base = write_base(folder / "base", **config)
        self.rows = write_rows(folder / "rows.jsonl", rows)
        self.validation = write_rows(folder / "validation.jsonl", 5, first=100)

    def payload(self, **recipe: Any) -> dict[str, Any]:
        prompts = [
            {"messages": [{"role": "user", "content": f"{number} + 1?"}], "expected": f"It is {number + 1}."}
            for number in (3, 4, 5)
        ]
        return {
            "base": str(self.base),
            "rows": str(self.rows),
            "validationRows": str(self.validation),
            "samplePrompts": prompts,
            "recipe": {**RECIPE, **recipe},
            "reasons": {"rank": "a small rank for a small test"},
            "outDir": str(self.folder / "outputs"),
        }

    def spec(self, name: str, attempt: int = 1, resume_from: Path | None = None, **recipe: Any) -> Path:
        """The directory of an attempt, with its spec.json."""
        resume = None if resume_from is None else str(resume_from)
        place = self.folder / name / str(attempt)
        return write_spec(place, "train", self.payload(**recipe), device="mlx", attempt=attempt, resumeFrom=resume)

    def train(
        self, attempt: int = 1, hooks: Any = None, resume_from: Path | None = None, name: str = "a", **recipe: Any
    ) -> Trained:
        """Run one attempt; a WorkerFailure or StopRequested it ends with is in `error`."""
        from forge_worker.recipes.train_mlx import run

        directory = self.spec(name, attempt, resume_from, **recipe)
        context = WorkerContext(load_spec(directory))
        outcome, error = None, None
        try:
            outcome = run(context, hooks)
        except (StopRequested, WorkerFailure) as raised:
            error = raised
        except MemoryError as raised:
            error = failure_for(raised)
        finally:
            context.close()
        return Trained(directory, read_events(directory), outcome, error)


def write_base(folder: Path, **changes: Any) -> Path:
    """A Hugging Face folder of a Llama with about 30,000 fixed random weights; `changes` go into config.json."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = write_tokenizer(folder)
    config = tiny_config(vocabulary)
    config["rope_parameters"] = {"rope_type": "default", "rope_theta": ROPE_BASE}
    config.update(changes)
    (folder / "config.json").write_text(json.dumps({key: value for key, value in config.items() if value != "absent"}))
    _write_weights(folder, vocabulary, tied=config["tie_word_embeddings"] is True)
    return folder


def _write_weights(folder: Path, vocabulary: int, tied: bool) -> None:
    from safetensors.numpy import save_file

    generator = np.random.default_rng(11)
    head_width = HIDDEN // HEADS

    def normal(*shape: int) -> np.ndarray:
        return (generator.standard_normal(shape) * 0.1).astype(np.float32)

    weights = {"model.embed_tokens.weight": normal(vocabulary, HIDDEN) * 3, "model.norm.weight": normal(HIDDEN) + 1}
    for layer in range(LAYERS):
        name = f"model.layers.{layer}"
        weights[f"{name}.input_layernorm.weight"] = normal(HIDDEN) + 1
        weights[f"{name}.post_attention_layernorm.weight"] = normal(HIDDEN) + 1
        for part, rows in (("q", HIDDEN), ("k", KEY_HEADS * head_width), ("v", KEY_HEADS * head_width), ("o", HIDDEN)):
            weights[f"{name}.self_attn.{part}_proj.weight"] = normal(rows, HIDDEN)
        weights[f"{name}.mlp.gate_proj.weight"] = normal(INNER, HIDDEN)
        weights[f"{name}.mlp.up_proj.weight"] = normal(INNER, HIDDEN)
        weights[f"{name}.mlp.down_proj.weight"] = normal(HIDDEN, INNER)
    if not tied:
        weights["lm_head.weight"] = normal(vocabulary, HIDDEN) * 3
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})

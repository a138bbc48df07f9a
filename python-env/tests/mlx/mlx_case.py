"""Runs of the MLX train recipe for tests, in this process, on a base small enough to train in a second.

Like tests/training_case.py and tests/tiny_base.py, without PyTorch: an MLX environment has none.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from event_schema import of_type, read_events
from run_directory import write_spec

from forge_worker.__main__ import failure_for
from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.errors import StopRequested, WorkerFailure
from forge_worker.protocol.spec import load_spec

CHAT_TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SPECIAL_TOKENS = ("<pad>", "<|im_start|>", "<|im_end|>")
HIDDEN, INNER, HEADS, KEY_HEADS, LAYERS = 32, 64, 4, 2, 2
ROPE_BASE = 700.0
"""Not the usual 10,000, so that a class that overlooks it computes something else."""

RECIPE: dict[str, Any] = {
    "method": "lora",
    "rank": 4,
    "alpha": 8,
    "dropout": 0.0,
    "targetModules": "all-linear",
    "learningRate": 1e-2,
    "schedule": "cosine",
    "warmupFraction": 0.1,
    "weightDecay": 0.01,
    "gradientClip": 1.0,
    "epochs": 3,
    "maxMinutes": None,
    "microBatchSize": 4,
    "gradientAccumulation": 1,
    "maxLength": 128,
    "precision": "fp32",
    "packing": "group",
    "gradientCheckpointing": False,
    "evaluateEverySteps": 4,
    "earlyStopping": {"patience": 50, "minimumGain": 0.0},
    "checkpointEverySeconds": 1e6,
    "keepCheckpoints": 2,
}


@dataclass
class Trained:
    """What one attempt left behind."""

    directory: Path
    events: list[dict[str, Any]]
    outcome: Any
    error: Exception | None

    def of(self, kind: str) -> list[dict[str, Any]]:
        return of_type(self.events, kind)

    @property
    def losses(self) -> dict[int, float]:
        """Training loss by step."""
        return {e["step"]: e["values"]["loss"] for e in self.of("metric") if "loss" in e["values"]}

    @property
    def validation(self) -> dict[int, float]:
        """Validation loss by step."""
        return {e["step"]: e["values"]["validationLoss"] for e in self.of("metric") if "validationLoss" in e["values"]}

    @property
    def actions(self) -> list[str]:
        """Interventions in order."""
        return [event["action"] for event in self.of("intervention")]

    @property
    def effective(self) -> dict[str, Any]:
        """Settings as hello told them."""
        (hello,) = self.of("hello")
        return {name: item["value"] for name, item in hello["effective"].items()}

    @property
    def adapter(self) -> dict[str, np.ndarray]:
        """The tensors of outputs/adapter."""
        from safetensors.numpy import load_file

        return load_file(self.directory / "outputs" / "adapter" / "adapter_model.safetensors")


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
    vocabulary = _write_tokenizer(folder)
    config: dict[str, Any] = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KEY_HEADS,
        "num_hidden_layers": LAYERS,
        "vocab_size": vocabulary,
        "rms_norm_eps": 1e-5,
        "rope_parameters": {"rope_type": "default", "rope_theta": ROPE_BASE},
        "max_position_embeddings": 512,
        "tie_word_embeddings": True,
        "hidden_act": "silu",
        "dtype": "float32",
        "bos_token_id": None,
        "eos_token_id": vocabulary - 1,
    }
    config.update(changes)
    (folder / "config.json").write_text(json.dumps({key: value for key, value in config.items() if value != "absent"}))
    _write_weights(folder, vocabulary, tied=config["tie_word_embeddings"] is True)
    return folder


def write_rows(path: Path, count: int, first: int = 0) -> Path:
    """Questions 'n + 1?' with answers of several lengths, all with the same system message."""
    lines = []
    for number in range(first, first + count):
        messages = [
            {"role": "system", "content": "Add one."},
            {"role": "user", "content": f"{number} + 1?"},
            {"role": "assistant", "content": f"It is {number + 1}." + "!" * (number % 7)},
        ]
        lines.append(json.dumps({"id": f"r{number}", "kind": "sft", "messages": messages, "group": str(number)}))
    path.write_text("\n".join(lines) + "\n")
    return path


def _write_tokenizer(folder: Path) -> int:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={letter: index for index, letter in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in SPECIAL_TOKENS])
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|im_end|>", "pad_token": "<pad>"}
    settings["chat_template"] = CHAT_TEMPLATE
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    return tokenizer.get_vocab_size()


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

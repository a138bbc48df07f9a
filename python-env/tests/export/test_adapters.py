"""Adapters: merged as PEFT merges them, and laid over the base by llama.cpp as a file of their own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from test_family_parity import LOGIT_TOLERANCE, export_one, log_softmax, some_tokens
from tiny_models import add_adapter, hugging_face_logits

from forge_worker.export.adapter import MergedWeights, read_adapter
from forge_worker.export.bfloat16 import bfloat16_to_float32
from forge_worker.export.folder_weights import FolderWeights
from forge_worker.export.llama_library import LlamaLibrary, LlamaModel
from forge_worker.protocol.errors import WorkerFailure

pytestmark = pytest.mark.cpu


def peft_merged(base: Path, adapter: Path) -> dict[str, np.ndarray]:
    """What PEFT itself makes of base and adapter, float32 by tensor name."""
    import peft
    import torch
    from transformers import AutoModelForCausalLM

    network = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    merged = peft.PeftModel.from_pretrained(network, adapter).merge_and_unload()
    return {name: value.detach().numpy() for name, value in merged.state_dict().items()}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"use_dora": True},
        {"use_rslora": True, "r": 8},
        {"rank_pattern": {"q_proj": 2}, "alpha_pattern": {"q_proj": 3, "down_proj": 40}},
        {"modules_to_save": ["lm_head"], "target_modules": ["q_proj", "v_proj"]},
    ],
    ids=["lora", "dora", "rslora", "patterns", "modules-to-save"],
)
def test_merging_gives_the_weights_peft_gives(
    settings: dict, tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    base = tiny_model("qwen2")
    adapter = add_adapter(base, tmp_path / "adapter", **settings)
    wanted = peft_merged(base, adapter)
    changed = 0
    with FolderWeights(base) as weights:
        merged = MergedWeights(weights, read_adapter(adapter))
        for name in merged.names():
            own = bfloat16_to_float32(merged.bfloat16(name))
            np.testing.assert_allclose(own, wanted[name], rtol=2**-8, atol=1e-6, err_msg=name)
            changed += not np.array_equal(own, weights.float32(name))
    assert changed >= 4


def test_the_exported_merged_folder_answers_like_base_and_adapter_together(
    tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    import peft
    import torch
    from transformers import AutoModelForCausalLM

    base = tiny_model("llama-3")
    adapter = add_adapter(base, tmp_path / "adapter", use_dora=True)
    merged = export_one(base, tmp_path, "merged", adapter)
    ids = some_tokens(base)
    network = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    with torch.inference_mode():
        wanted = peft.PeftModel.from_pretrained(network, adapter)(torch.tensor([ids])).logits[0].numpy()
    own = hugging_face_logits(merged, ids)
    assert np.abs(log_softmax(own) - log_softmax(wanted)).max() < 0.1  # one rounding of the weights to bfloat16
    assert (merged / "tokenizer.json").is_file()
    assert json.loads((merged / "config.json").read_text())["dtype"] == "bfloat16"


@pytest.mark.parametrize("name", ["llama-3", "qwen2", "qwen3", "gemma2", "mistral", "gemma3"])
def test_an_adapter_file_over_the_base_equals_the_merged_model_in_llama(
    name: str, tiny_model: Callable[[str], Path], library: LlamaLibrary, tmp_path: Path
) -> None:
    base = tiny_model(name)
    pattern = {"alpha_pattern": {"q_proj": 3}}
    adapter = add_adapter(base, tmp_path / "adapter", **pattern)
    adapter_file = export_one(base, tmp_path, "gguf-adapter", adapter)
    merged_file = export_one(base, tmp_path / "merged", "gguf-f16", adapter)
    base_file = export_one(base, tmp_path / "base", "gguf-f16")
    ids = some_tokens(base)
    with LlamaModel(library, base_file, threads=1, context_tokens=256) as model:
        without = model.logits_of(ids, 0)
        model.lay_adapter(adapter_file)
        laid = model.logits_of(ids, 0)
    with LlamaModel(library, merged_file, threads=1, context_tokens=256) as model:
        merged = model.logits_of(ids, 0)
    assert np.abs(log_softmax(laid) - log_softmax(merged)).max() < 4 * LOGIT_TOLERANCE  # merged was rounded to bfloat16
    assert np.abs(log_softmax(without) - log_softmax(merged)).max() > 1.0


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"use_dora": True}, "adapter-gguf-unsupported"),
        ({"modules_to_save": ["lm_head"], "target_modules": ["q_proj"]}, "adapter-gguf-unsupported"),
    ],
    ids=["dora", "modules-to-save"],
)
def test_an_adapter_llama_cannot_express_is_refused_as_a_file(
    settings: dict, code: str, tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    base = tiny_model("qwen2")
    adapter = add_adapter(base, tmp_path / "adapter", **settings)
    with pytest.raises(WorkerFailure) as refused:
        export_one(base, tmp_path, "gguf-adapter", adapter)
    assert refused.value.code == code
    assert list(tmp_path.glob("*.gguf")) == []


def test_an_adapter_of_another_model_is_refused(tiny_model: Callable[[str], Path], tmp_path: Path) -> None:
    adapter = add_adapter(tiny_model("gemma3"), tmp_path / "adapter")
    with pytest.raises(WorkerFailure) as refused:
        export_one(tiny_model("qwen2"), tmp_path, "gguf-f16", adapter)
    assert refused.value.code == "adapter-mismatch"


@pytest.mark.parametrize(
    "change",
    [{"peft_type": "IA3"}, {"fan_in_fan_out": True}, {"bias": "all"}, {"use_dora": True}],
    ids=["kind", "transposed", "biases", "dora-without-lengths"],
)
def test_an_adapter_that_cannot_be_merged_exactly_is_refused(
    change: dict, tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    adapter = add_adapter(tiny_model("qwen2"), tmp_path / "adapter")
    path = adapter / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(WorkerFailure) as refused:
        read_adapter(adapter)
    assert refused.value.code in ("adapter-unsupported", "adapter-damaged")


def test_an_adapter_that_changes_a_shared_embedding_is_refused(
    tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    base = tiny_model("smollm2")
    adapter = add_adapter(base, tmp_path / "adapter", target_modules=["q_proj", "lm_head"])
    with pytest.raises(WorkerFailure) as refused:
        export_one(base, tmp_path, "gguf-f16", adapter)
    assert refused.value.code == "adapter-tied"

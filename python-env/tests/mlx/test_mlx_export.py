"""Adapters trained with MLX, through Forge's own export: merged on unquantised weights, the same answers."""

import json

import numpy as np
import pytest

pytest.importorskip("mlx.core", reason="NOT PROVED HERE: the package mlx is not installed, so nothing of MLX was run")

import mlx.core as mx  # noqa: E402
from mlx.utils import tree_flatten  # noqa: E402
from mlx_case import Case  # noqa: E402
from mlx_lm.utils import load_model  # noqa: E402

from forge_worker.backends.mlx.base_loading import load_base  # noqa: E402
from forge_worker.backends.mlx.model import AdapterSettings, MlxModel  # noqa: E402
from forge_worker.export.adapter import read_adapter  # noqa: E402
from forge_worker.export.export_model import ExportRequest, export_model  # noqa: E402

TOKENS = [[7, 30, 55, 80, 12, 99, 130, 200, 3, 41]]


def adapted_logits(case, adapter, dora=False):
    """Logits of the unquantised base with mlx-lm's own adapter layers holding the PEFT file's tensors."""
    model = MlxModel(load_base(case.base, "fp32"), "fp32")
    model.add_adapters("all-linear", AdapterSettings(4, 2.0, 0.0, dora))
    weights = {}
    for name in model.trainable():
        module, _, leaf = name.rpartition(".")
        peft = {"lora_a": "lora_A.weight", "lora_b": "lora_B.weight", "m": "lora_magnitude_vector"}[leaf]
        array = adapter[f"base_model.model.{module}.{peft}"]
        weights[name] = mx.array(np.ascontiguousarray(array.T))
    model.bind(weights)
    return np.array(model.module(mx.array(TOKENS)))


@pytest.mark.parametrize("method", ["lora", "qlora", "dora"])
def test_base_and_adapter_give_the_merged_models_logits(tmp_path, method):
    case = Case(tmp_path)
    run = case.train(method=method)
    folder = run.directory / "outputs" / "adapter"
    expected = adapted_logits(case, run.adapter, dora=method == "dora")
    merged, _ = load_model(case.base, model_config={"rope_theta": 700.0})
    base = dict(tree_flatten(merged.parameters()))
    updates = read_adapter(folder).updates
    assert len(updates) == 14
    merged.load_weights([(name, mx.array(u.merge(np.array(base[name])))) for name, u in updates.items()], strict=False)
    found = np.array(merged(mx.array(TOKENS)))
    assert np.allclose(found, expected, rtol=1e-4, atol=2e-4)
    assert not np.allclose(found, np.array(load_model(case.base)[0](mx.array(TOKENS))), atol=0.1)


def test_the_adapter_exports_unchanged_to_a_merged_folder_and_to_gguf(tmp_path):
    case = Case(tmp_path)
    run = case.train(method="qlora")
    folder = run.directory / "outputs" / "adapter"
    formats = ("merged", "gguf-bf16", "gguf-adapter")
    result = export_model(ExportRequest(case.base, folder, tmp_path / "out", "tiny", formats, "gpt-2"))
    assert sorted(result.files) == sorted(formats)
    exported = MlxModel(load_base(result.files["merged"], "fp32"), "fp32")
    found = np.array(exported.module(mx.array(TOKENS)))
    expected = adapted_logits(case, run.adapter)
    assert np.abs(found - expected).max() < 0.05 * np.abs(expected).max()  # merged files are rounded to bf16
    assert (found.argmax(-1) == expected.argmax(-1)).mean() >= 0.8
    assert all(path.read_bytes()[:4] == b"GGUF" for kind, path in result.files.items() if kind.startswith("gguf"))


def test_the_adapter_folder_is_pefts_layout(tmp_path):
    run = Case(tmp_path).train(epochs=1, targetModules=["q_proj", "down_proj"])
    config = json.loads((run.directory / "outputs" / "adapter" / "adapter_config.json").read_text())
    assert config["peft_type"] == "LORA" and config["r"] == 4 and config["lora_alpha"] == 8
    assert config["target_modules"] == ["down_proj", "q_proj"] and config["use_dora"] is False
    shapes = {name: tensor.shape for name, tensor in run.adapter.items() if ".0." in name}
    assert shapes == {
        "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight": (4, 32),
        "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight": (32, 4),
        "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight": (4, 64),
        "base_model.model.model.layers.0.mlp.down_proj.lora_B.weight": (32, 4),
    }

"""mlx-lm's models as the loop uses them: the base read rightly, prefixes shared, rows kept apart, layers recomputed."""

import json

import numpy as np
import pytest

pytest.importorskip("mlx.core", reason="NOT PROVED HERE: the package mlx is not installed, so nothing of MLX was run")

import mlx.core as mx  # noqa: E402
from mlx_case import ROPE_BASE, write_base  # noqa: E402
from safetensors.numpy import load_file  # noqa: E402
from tiny_files import HEADS, HIDDEN, KEY_HEADS, LAYERS  # noqa: E402

from forge_worker.backends.mlx.base_loading import config_overrides, exact_length, load_base  # noqa: E402
from forge_worker.backends.mlx.model import AdapterSettings, MlxModel  # noqa: E402
from forge_worker.backends.mlx.runtime import is_out_of_memory, random_state, set_random_state  # noqa: E402
from forge_worker.protocol.errors import WorkerFailure  # noqa: E402
from forge_worker.training.collate import CollateSettings, collate  # noqa: E402
from forge_worker.training.encoding import EncodedRow  # noqa: E402

SHARED = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]


def model_of(folder, **config):
    mx.random.seed(3)
    return MlxModel(load_base(write_base(folder, **config), "fp32"), "fp32")


def adapted(folder, dropout=0.0, **config):
    """A model whose adapters do something: B is not zero."""
    model = model_of(folder, **config)
    parameters = model.add_adapters("all-linear", AdapterSettings(4, 2.0, dropout, False))
    model.bind({name: mx.random.normal(value.shape) * 0.2 for name, value in parameters.items()})
    model.module.train()
    return model


def rows_of(count):
    generator = np.random.default_rng(5)
    rows = []
    for number in range(count):
        tail = [int(token) for token in generator.integers(0, 250, 5 + 3 * number)]
        ids = [*SHARED, *tail]
        rows.append(EncodedRow(str(number), ids, [0.0] * (len(SHARED) + 1) + [1.0 + number] * (len(tail) - 1)))
    return rows


def total(model, batches):
    losses, gradients = 0.0, {}
    for batch in batches:
        loss, found = model.loss_and_gradients(batch, 0.5)
        losses += loss
        gradients = {name: gradients.get(name, 0) + value for name, value in found.items()}
    return losses, gradients


def assert_same(one, other, tolerance=2e-5):
    assert one[0] == pytest.approx(other[0], rel=1e-5)
    assert set(one[1]) == set(other[1]) and one[1]
    for name, value in one[1].items():
        assert np.allclose(np.array(value), np.array(other[1][name]), rtol=1e-4, atol=tolerance), name


def reference_logits(folder, ids):
    """A Llama in numpy, straight from the files: what mlx-lm must compute. Returns (tokens, vocabulary)."""
    weights = load_file(folder / "model.safetensors")
    size = HIDDEN // HEADS

    def norm(x, name):
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + 1e-5) * weights[name]

    angles = np.outer(np.arange(len(ids)), ROPE_BASE ** (-np.arange(0, size, 2) / size))
    cosine, sine = np.cos(angles)[:, None], np.sin(angles)[:, None]

    def rotate(x):
        a, b = x[..., : size // 2], x[..., size // 2 :]
        return np.concatenate([a * cosine - b * sine, b * cosine + a * sine], -1)

    x = weights["model.embed_tokens.weight"][ids]
    for layer in range(LAYERS):
        name = f"model.layers.{layer}"
        h = norm(x, f"{name}.input_layernorm.weight")
        q, k, v = (
            (h @ weights[f"{name}.self_attn.{part}_proj.weight"].T).reshape(len(ids), heads, size)
            for part, heads in (("q", HEADS), ("k", KEY_HEADS), ("v", KEY_HEADS))
        )
        q, k, v = rotate(q), np.repeat(rotate(k), HEADS // KEY_HEADS, 1), np.repeat(v, HEADS // KEY_HEADS, 1)
        scores = np.einsum("qhd,khd->hqk", q, k) / np.sqrt(size)
        scores = np.where(np.tri(len(ids)) > 0, scores, -np.inf)
        share = np.exp(scores - scores.max(-1, keepdims=True))
        share /= share.sum(-1, keepdims=True)
        attended = np.einsum("hqk,khd->qhd", share, v).reshape(len(ids), -1)
        x = x + attended @ weights[f"{name}.self_attn.o_proj.weight"].T
        h = norm(x, f"{name}.post_attention_layernorm.weight")
        gate, up = (h @ weights[f"{name}.mlp.{part}_proj.weight"].T for part in ("gate", "up"))
        x = x + (gate / (1 + np.exp(-gate)) * up) @ weights[f"{name}.mlp.down_proj.weight"].T
    return norm(x, "model.norm.weight") @ weights.get("lm_head.weight", weights["model.embed_tokens.weight"]).T


@pytest.mark.parametrize("tied", [True, "absent"])
def test_logits_are_those_of_the_files(tmp_path, tied):
    model = model_of(tmp_path, tie_word_embeddings=tied)
    ids = SHARED + [200, 100, 50]
    found = np.array(model.module(mx.array([ids]))[0])
    assert np.allclose(found, reference_logits(tmp_path, ids), rtol=1e-3, atol=1e-3)


def test_settings_mlx_lm_would_overlook_are_handed_to_it():
    config = {"rope_parameters": {"rope_type": "llama3", "rope_theta": 5e5, "factor": 8.0}}
    assert config_overrides(config, {"lm_head.weight": (1, 1)}) == {
        "tie_word_embeddings": False,
        "rope_theta": 5e5,
        "rope_scaling": {"rope_type": "llama3", "type": "llama3", "factor": 8.0},
    }
    kinds = {"full_attention": {"rope_type": "default", "rope_theta": 1e6}, "sliding_attention": {"rope_theta": 1e4}}
    assert config_overrides({"tie_word_embeddings": True, "rope_parameters": kinds}, {}) == {
        "rope_theta": 1e6,
        "rope_local_base_freq": 1e4,
    }
    assert config_overrides({"tie_word_embeddings": True, "rope_theta": 1e6}, {}) == {}


def test_lengths_mlx_lm_computes_otherwise_are_known():
    long = {"rope_type": "longrope", "short_factor": [1.0], "long_factor": [2.0]}
    phi = {"model_type": "phi3", "rope_parameters": {**long, "original_max_position_embeddings": 4096}}
    assert exact_length(phi) == 4096
    assert config_overrides(phi, {})["rope_scaling"]["long_factor"] == [1.0]
    assert exact_length({**phi, "sliding_window": 2047}) == 2047
    assert exact_length({"model_type": "gemma2", "sliding_window": 4096}) == 4096
    assert exact_length({"model_type": "gemma3_text", "sliding_window": 512}) is None
    assert exact_length({"model_type": "qwen2", "sliding_window": 4096}) is None
    assert exact_length({"model_type": "qwen2", "sliding_window": 4096, "use_sliding_window": True}) == 4096
    assert exact_length({"model_type": "mistral", "sliding_window": None}) is None


def test_a_shared_prefix_gives_the_same_loss_and_gradients(tmp_path):
    model = adapted(tmp_path)
    rows, lines = rows_of(3), [(0,), (1,), (2,)]
    shared = collate(rows, lines, CollateSettings(64, 0, True))
    apart = collate(rows, lines, CollateSettings(64, 0, False))
    assert shared.prefix == SHARED and not apart.prefix
    assert_same(total(model, [shared]), total(model, [apart]))


def test_packed_rows_do_not_see_each_other(tmp_path):
    model = adapted(tmp_path)
    rows = rows_of(4)
    packed = collate(rows, [(0, 3), (1, 2)], CollateSettings(64, 0, True))
    alone = [collate(rows, [(number,)], CollateSettings(64, 0, False)) for number in range(4)]
    assert packed.segments is not None
    assert_same(total(model, [packed]), total(model, alone), 1e-4)


def test_recomputed_layers_draw_the_same_dropout(tmp_path):
    model = adapted(tmp_path, dropout=0.5)
    batch = collate(rows_of(3), [(0,), (1,), (2,)], CollateSettings(64, 0, False))
    mx.random.seed(9)
    kept, state = total(model, [batch]), random_state()
    model.set_gradient_checkpointing(True)
    assert model.gradient_checkpointing and not model.shares_prefix
    mx.random.seed(9)
    assert_same(total(model, [batch]), kept)
    assert random_state() == state
    model.set_gradient_checkpointing(False)
    mx.random.seed(9)
    assert_same(total(model, [batch]), kept)
    assert type(model.module.layers[0]).__name__ == "TransformerBlock"


def test_a_model_with_soft_capped_logits_keeps_its_own_head(tmp_path, monkeypatch):
    plain = model_of(tmp_path / "plain")
    kind = type(plain.module)
    batch = collate(rows_of(2), [(0,), (1,)], CollateSettings(64, 0, True))
    original = kind.__call__
    monkeypatch.setattr(kind, "__call__", lambda self, *args, **kwargs: mx.tanh(original(self, *args, **kwargs)))
    capped = model_of(tmp_path / "capped")
    assert "answer positions" in plain.name and "all positions" in capped.name
    logits = mx.tanh(plain.module.model.embed_tokens.as_linear(plain._states(batch)[mx.array(batch.selected)]))
    picked = mx.take_along_axis(logits, mx.array(batch.targets)[:, None], 1)[:, 0]
    expected = ((mx.logsumexp(logits, -1) - picked) * mx.array(batch.weights)).sum()
    assert float(capped.loss_sum(batch)) == pytest.approx(float(expected), rel=1e-5)


def test_generation_is_greedy_and_stops_at_the_end_token(tmp_path):
    model = adapted(tmp_path)
    ids = list(SHARED)
    for _ in range(6):
        ids.append(int(model.module(mx.array([ids]))[0, -1].argmax()))
    answer = ids[len(SHARED) :]
    assert model.generate(SHARED, 6, set()) == answer
    assert model.generate(SHARED, 6, {answer[-1]}) == answer[: answer.index(answer[-1])]
    assert model.module.training


def test_four_bit_storage_is_smaller_and_close(tmp_path):
    model = adapted(tmp_path)
    batch = collate(rows_of(3), [(0,), (1,), (2,)], CollateSettings(64, 0, True))
    before = model.loss_sum(batch).item()
    assert model.can_quantise()
    model.quantise()
    assert model.quantised_layers() == 14 and not model.can_quantise()
    assert model.loss_sum(batch).item() == pytest.approx(before, rel=0.1) and model.loss_sum(batch).item() != before
    assert set(total(model, [batch])[1]) == set(model.trainable()) and len(model.trainable()) == 28


def test_a_quantised_or_broken_base_is_refused_with_a_sentence(tmp_path):
    folder = write_base(tmp_path / "quantised", quantization={"bits": 4, "group_size": 32})
    with pytest.raises(WorkerFailure, match="quantised already"):
        load_base(folder, "fp32")
    lacking = write_base(tmp_path / "lacking")
    (lacking / "config.json").write_text(
        json.dumps({**json.loads((lacking / "config.json").read_text()), "num_hidden_layers": 3})
    )
    with pytest.raises(WorkerFailure, match="cannot be trained with MLX"):
        load_base(lacking, "fp32")


def test_the_random_state_can_be_put_back():
    mx.random.seed(4)
    mx.eval(mx.random.uniform())
    state = random_state()
    drawn = float(mx.random.uniform())
    mx.random.seed(1)
    set_random_state(state)
    assert float(mx.random.uniform()) == drawn


def test_mlx_running_out_of_memory_is_known_as_such():
    # Messages of MLX's allocators; asking the CPU build for real ends the process with a segmentation fault.
    assert is_out_of_memory(RuntimeError("[malloc] Unable to allocate 9 bytes."))
    assert is_out_of_memory(RuntimeError("[METAL] Command buffer execution failed: Insufficient Memory (00000008)"))
    assert not is_out_of_memory(RuntimeError("[matmul] Last dimension does not match"))

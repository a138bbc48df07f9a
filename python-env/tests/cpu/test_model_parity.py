"""Our decoder against transformers, and our adapters against peft."""

import json
import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest
import torch
from tiny_base import write_tiny_base
from tiny_files import write_rows, write_tokenizer

from forge_worker.backends.torch.model_loading import load_model
from forge_worker.backends.torch.models import OwnModel
from forge_worker.backends.torch.peft_files import write_adapter
from forge_worker.backends.torch.projections import AdapterSettings
from forge_worker.backends.torch.transformers_model import TransformersModel
from forge_worker.training.batch_plan import BatchPlan, PlanSettings
from forge_worker.training.chat_template import load_chat_template
from forge_worker.training.collate import CollateSettings, collate
from forge_worker.training.encoding import RowEncoder, TokenizersEncoder, encode_rows
from forge_worker.training.rows import read_rows
from forge_worker.training.settings import Recipe

CPU = torch.device("cpu")
LLAMA3 = {
    "rope_type": "llama3",
    "rope_theta": 10000.0,
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}
FAMILIES = {
    "llama": ("LlamaConfig", {}),
    "llama untied with biases": ("LlamaConfig", {"attention_bias": True, "tie_word_embeddings": False}),
    "llama 3 rope": ("LlamaConfig", {"rope_parameters": LLAMA3}),
    "mistral": ("MistralConfig", {"sliding_window": None, "head_dim": 16}),
    "qwen2": ("Qwen2Config", {}),
    "qwen3": ("Qwen3Config", {"head_dim": 16}),
}
SIZES = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "num_hidden_layers": 2,
    "max_position_embeddings": 256,
}


def write_family(folder, config_name, changes):
    """A random model of a transformers family with all weights (norms and biases too) far from their defaults."""
    import transformers

    folder.mkdir()
    vocabulary = write_tokenizer(folder)
    config = getattr(transformers, config_name)(vocab_size=vocabulary, **{**SIZES, **changes})
    torch.manual_seed(3)
    model = transformers.AutoModelForCausalLM.from_config(config)
    for parameter in model.parameters():
        parameter.data.add_(torch.randn_like(parameter) * 0.1)
    model.save_pretrained(folder)
    return model.eval()


def encoded_rows(folder, base):
    encoder = RowEncoder(load_chat_template(base), TokenizersEncoder(base), None)
    rows, _ = encode_rows(encoder, read_rows(write_rows(folder / "rows.jsonl", 6)), 200)
    return rows


def reference_loss(model, rows):
    """Sum of answer cross-entropies, row by row, through the whole reference model."""
    total = 0.0
    for row in rows:
        logits = model(torch.tensor([row.ids])).logits[0].float()
        learned = [index for index, weight in enumerate(row.weights) if weight > 0]
        targets = torch.tensor([row.ids[index] for index in learned])
        total = total + torch.nn.functional.cross_entropy(logits[[i - 1 for i in learned]], targets, reduction="sum")
    return total


@pytest.mark.parametrize("name", FAMILIES)
def test_our_decoder_computes_what_transformers_computes(tmp_path, name):
    reference = write_family(tmp_path / "base", *FAMILIES[name])
    rows = encoded_rows(tmp_path, tmp_path / "base")
    model = load_model(tmp_path / "base", CPU, torch.float32)
    assert isinstance(model, OwnModel)
    with torch.no_grad():
        expected = float(reference_loss(reference, rows))
        for share in (True, False):
            batch = collate(rows, [(index,) for index in range(6)], CollateSettings(200, 0, share))
            assert bool(batch.prefix) == share
            assert float(model.loss_sum(batch)) == pytest.approx(expected, rel=2e-6)
        packed = collate(rows, [(0, 1, 2), (3, 4, 5)], CollateSettings(200, 0, True))
        assert float(model.loss_sum(packed)) == pytest.approx(expected, rel=2e-6)
    prompt = rows[0].ids[:20]
    greedy = reference.generate(torch.tensor([prompt]), max_new_tokens=8, do_sample=False, eos_token_id=None)
    assert model.generate(prompt, 8, set()) == greedy[0, len(prompt) :].tolist()


@pytest.mark.parametrize("explicit", [True, False])
@pytest.mark.parametrize("share", [True, False])
def test_gradients_are_those_of_peft(tmp_path, monkeypatch, share, explicit):
    import peft

    monkeypatch.setattr("forge_worker.backends.torch.decoder.EXPLICIT_ATTENTION_LIMIT", 640 if explicit else 0)
    reference = write_family(tmp_path / "base", *FAMILIES["qwen2"])
    rows = encoded_rows(tmp_path, tmp_path / "base")
    model, parameters = adapted(tmp_path / "base", dora=False)
    write_adapter(tmp_path / "adapter", tmp_path / "base", Recipe(rank=4, alpha=8.0), parameters)
    tuned = peft.PeftModel.from_pretrained(reference, tmp_path / "adapter", is_trainable=True)
    model.loss_sum(collate(rows, [(i,) for i in range(6)], CollateSettings(200, 0, share))).backward()
    reference_loss(tuned.eval(), rows).backward()
    theirs = {name.replace(".default", ""): p.grad for name, p in tuned.named_parameters() if p.requires_grad}
    assert len(theirs) == len(parameters)
    for name, parameter in parameters.items():
        torch.testing.assert_close(parameter.grad, theirs[f"base_model.model.{name}"], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("method", ["lora", "dora"])
def test_peft_loads_our_adapter_and_computes_the_same_logits(tmp_path, method):
    import peft

    reference = write_family(tmp_path / "base", *FAMILIES["llama"])
    rows = encoded_rows(tmp_path, tmp_path / "base")
    model, parameters = adapted(tmp_path / "base", dora=method == "dora")
    recipe = Recipe(method=method, rank=4, alpha=8.0)
    write_adapter(tmp_path / "adapter", tmp_path / "base", recipe, parameters)
    with torch.no_grad():
        untuned = float(reference_loss(reference, rows))
        tuned = peft.PeftModel.from_pretrained(reference, tmp_path / "adapter").eval()
        expected = float(reference_loss(tuned, rows))
        ours = float(model.loss_sum(collate(rows, [(i,) for i in range(6)], CollateSettings(200, 0, True))))
    assert abs(untuned - expected) > 1
    assert ours == pytest.approx(expected, rel=2e-6)
    if method == "dora":
        check_dora_gradients(model, parameters, tuned, rows)


def check_dora_gradients(model, parameters, tuned, rows):
    model.loss_sum(collate(rows, [(i,) for i in range(6)], CollateSettings(200, 0, True))).backward()
    for name, parameter in tuned.named_parameters():
        parameter.requires_grad_("lora_" in name)
    reference_loss(tuned, rows).backward()
    theirs = {n.replace(".default", ""): p.grad for n, p in tuned.named_parameters() if p.requires_grad}
    for name, parameter in parameters.items():
        key = f"base_model.model.{name}" + (".weight" if name.endswith("magnitude_vector") else "")
        torch.testing.assert_close(parameter.grad, theirs[key], rtol=1e-4, atol=1e-5)


def adapted(base, dora):
    """Our model with an adapter whose B is not zero."""
    model = load_model(base, CPU, torch.float32)
    for parameter in model.module.parameters():
        parameter.requires_grad_(False)
    parameters = model.add_adapters("all-linear", AdapterSettings(4, 8.0, 0.0, dora), 5)
    generator = torch.Generator().manual_seed(6)
    for name, parameter in parameters.items():
        if "lora_A" not in name:
            parameter.data.add_(torch.randn(parameter.shape, generator=generator) * 0.1)
    return model, parameters


@pytest.mark.parametrize("config_name", ["Gemma2Config", "Phi3Config"])
def test_other_families_train_through_transformers(tmp_path, config_name):
    changes = {"head_dim": 8} if config_name == "Gemma2Config" else {"pad_token_id": 0}
    reference = write_family(tmp_path / "base", config_name, changes)
    rows = encoded_rows(tmp_path, tmp_path / "base")
    model = load_model(tmp_path / "base", CPU, torch.float32)
    assert isinstance(model, TransformersModel)
    for lines in ([(i,) for i in range(6)], [(0, 1, 2), (3, 4, 5)]):
        batch = collate(rows, lines, CollateSettings(200, 0, model.shares_prefix))
        with torch.no_grad():
            assert float(model.loss_sum(batch)) == pytest.approx(float(reference_loss(reference, rows)), rel=2e-5)
    parameters = model.add_adapters("all-linear", AdapterSettings(4, 8.0, 0.0, False), 5)
    for checkpointing in (False, True):
        model.set_gradient_checkpointing(checkpointing)
        model.module.train()
        model.loss_sum(collate(rows, [(0,), (1,)], CollateSettings(200, 0, False))).backward()
    assert all(parameter.grad is not None for name, parameter in parameters.items() if "lora_B" in name)
    assert len(model.generate(rows[0].ids[:10], 3, set())) == 3


def test_the_template_renders_as_transformers_renders_it(tmp_path):
    from transformers import AutoTokenizer

    base = write_tiny_base(tmp_path / "base")
    config = json.loads((base / "tokenizer_config.json").read_text())
    config["chat_template"] = (
        "{{ bos_token }}{% for message in messages %}  {% if not loop.first %}\n {% endif %}"
        "{{ message | tojson }}{{ message.content | trim }}{% if loop.last %}{% break %}{% endif %}{% endfor %}"
    )
    config["bos_token"] = "<pad>"
    (base / "tokenizer_config.json").write_text(json.dumps(config))
    messages = [{"role": "user", "content": " é <b>'x' "}, {"role": "assistant", "content": "y"}]
    theirs = AutoTokenizer.from_pretrained(base).apply_chat_template(messages, tokenize=False)
    assert load_chat_template(base).render(messages) == theirs


def test_the_plan_is_the_same_in_every_process():
    plan = BatchPlan([10, 20, 30, 40, 50], PlanSettings(2, 64, "group", 1))
    assert [plan.step(index) for index in range(3)] == [[(2,), (1,)], [(4,), (0,)], [(3,)]]

"""Every family: the GGUF file in llama.cpp gives the logits and tokens the Hugging Face folder gives."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tiny_models import MODELS, TEXTS, hugging_face_logits

from forge_worker.export.export_model import ExportRequest, export_model
from forge_worker.export.llama_library import LlamaLibrary, LlamaModel
from forge_worker.export.parity_rows import reference_token_ids
from forge_worker.export.prepare_base import BaseRequest, prepare_from_gguf

pytestmark = pytest.mark.cpu
LOGIT_TOLERANCE = 0.03  # f16 weights and f16 key-value cache against float32; the spread of the logits is about 5


def log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def export_one(base: Path, target: Path, kind: str = "gguf-f16", adapter: Path | None = None) -> Path:
    request = ExportRequest(base, adapter, target, "tiny", (kind,), None)
    return export_model(request).files[kind]


def some_tokens(base: Path) -> list[int]:
    ids = [token for ids in reference_token_ids(base, TEXTS) for token in ids]
    return ids[:96]


@pytest.mark.parametrize("name", [model.name for model in MODELS])
def test_logits_and_tokens_of_a_family_equal_the_reference(
    name: str, tiny_model: Callable[[str], Path], library: LlamaLibrary, tmp_path: Path
) -> None:
    base = tiny_model(name)
    ids = some_tokens(base)
    path = export_one(base, tmp_path)
    with LlamaModel(library, path, threads=1, context_tokens=256) as model:
        own = model.logits_of(ids, 0)
        own_tokens = [model.tokenise(text) for text in TEXTS]
    wanted = hugging_face_logits(base, ids)
    assert own_tokens == reference_token_ids(base, TEXTS)
    assert own.shape == wanted.shape
    assert np.abs(log_softmax(own) - log_softmax(wanted)).max() < LOGIT_TOLERANCE
    assert wanted.std() > 0.5  # a flat model would agree with anything


def test_the_long_rope_of_phi_3_equals_the_reference_beyond_its_original_length(
    tiny_model: Callable[[str], Path], library: LlamaLibrary, tmp_path: Path
) -> None:
    base = tiny_model("phi3-long")
    ids = some_tokens(base) * 3
    with LlamaModel(library, export_one(base, tmp_path), threads=1, context_tokens=512) as model:
        own = model.logits_of(ids, 0)
    assert np.abs(log_softmax(own) - log_softmax(hugging_face_logits(base, ids))).max() < LOGIT_TOLERANCE


@pytest.mark.parametrize("name", ["smollm2", "tinyllama", "qwen2", "qwen3", "gemma2", "gemma3", "phi3"])
def test_a_base_prepared_from_its_own_gguf_is_the_same_model(
    name: str, tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    base = tiny_model(name)
    gguf = export_one(base, tmp_path, "gguf-bf16")
    prepared = prepare_from_gguf(BaseRequest(gguf, tmp_path / "prepared", "tiny"))
    ids = some_tokens(base)
    own, wanted = hugging_face_logits(tmp_path / "prepared", ids), hugging_face_logits(base, ids)
    assert np.abs(log_softmax(own) - log_softmax(wanted)).max() < LOGIT_TOLERANCE
    assert reference_token_ids(tmp_path / "prepared", TEXTS) == reference_token_ids(base, TEXTS)
    assert (
        prepared.has_chat_template
        and prepared.family == json.loads((tmp_path / "prepared/forge-base.json").read_text())["family"]
    )

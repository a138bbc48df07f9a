"""The parity job on tiny models: right files pass, wrong ones show."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from test_family_parity import export_one
from tiny_models import TEXTS, add_adapter

from forge_worker.export.parity import Candidate, ParityRequest, measure_parity
from forge_worker.export.parity_candidate import answer_prompts, measure_rows
from forge_worker.export.parity_measures import compare, gather, measure_logits, until_end
from forge_worker.export.parity_reference import ReferenceModel
from forge_worker.export.parity_rows import RowChoice, end_token_ids, read_parity_rows
from forge_worker.protocol.errors import WorkerFailure

pytestmark = pytest.mark.cpu
QUESTIONS = ["Where is the printer?", "add 12345 and 67", "Übermäßig große Häuser?", "SELECT name FROM people"]


def write_material(folder: Path) -> tuple[Path, Path]:
    rows = [
        {"id": str(index), "kind": "sft", "group": "g", "messages": [
            {"role": "system", "content": "Be terse."}, {"role": "user", "content": question},
            {"role": "assistant", "content": "it's broken", "weight": 0}, {"role": "user", "content": "and now?"},
            {"role": "assistant", "content": f"answer {index}: don't wait"},
        ]}
        for index, question in enumerate(QUESTIONS * 2)
    ]  # fmt: skip
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "texts.json").write_text(json.dumps(TEXTS))
    return folder / "rows.jsonl", folder / "texts.json"


def request_for(reference: Path, candidates: dict[str, Path], folder: Path, library: Path) -> ParityRequest:
    rows, texts = write_material(folder)
    return ParityRequest(
        reference=reference, candidates=tuple(Candidate(kind, path) for kind, path in candidates.items()),
        rows=rows, limit_rows=6, texts=texts, greedy_prompts=3, greedy_tokens=8, library=library, threads=1,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["smollm2", "gemma3", "tinyllama"])
def test_the_right_file_agrees_in_everything(
    name: str, tiny_model: Callable[[str], Path], library_path: Path, tmp_path: Path
) -> None:
    base = tiny_model(name)
    file = export_one(base, tmp_path)
    seen: list[tuple[str, float]] = []
    summary = measure_parity(
        request_for(base, {"F16": file}, tmp_path, library_path),
        lambda phase, fraction: seen.append((phase, fraction)),
    )
    (candidate,) = summary["candidates"]
    assert summary["tokens"] == {"equal": len(TEXTS), "of": len(TEXTS)}
    assert candidate["argmaxAgreement"] >= 0.98
    assert candidate["maxLogProbabilityDifference"] < 0.05
    assert candidate["greedy"] == {"equal": 3, "of": 3}
    assert abs(candidate["lossChange"]) < 0.002
    assert summary["reference"]["rows"] == 6 and summary["reference"]["precision"] == "fp32"
    assert [item["messages"][-1]["content"] for item in summary["templates"]] == ["and now?"] * 3
    assert summary["templates"][0]["rendered"].endswith("<|im_start|>assistant\n")
    assert [fraction for phase, fraction in seen if phase == "reference"][-1] == 1.0
    json.dumps(summary, allow_nan=False)


def test_the_file_of_another_training_shows_in_every_figure(
    tiny_model: Callable[[str], Path], library_path: Path, tmp_path: Path
) -> None:
    base = tiny_model("smollm2")
    other = export_one(base, tmp_path, "gguf-f16", add_adapter(base, tmp_path / "adapter"))
    (candidate,) = measure_parity(request_for(base, {"F16": other}, tmp_path, library_path))["candidates"]
    assert candidate["argmaxAgreement"] < 0.9
    assert candidate["maxLogProbabilityDifference"] > 0.5
    assert candidate["greedy"]["equal"] < 3


def test_another_pre_tokenizer_shows_in_the_tokens_of_the_texts(
    tiny_model: Callable[[str], Path], library_path: Path, tmp_path: Path
) -> None:
    from forge_worker.export.export_model import ExportRequest, export_model

    base = tiny_model("llama-3")
    wrong = export_model(ExportRequest(base, None, tmp_path, "tiny", ("gguf-f16",), "smollm"))
    assert wrong.warnings
    summary = measure_parity(request_for(base, {"F16": wrong.files["gguf-f16"]}, tmp_path, library_path))
    assert summary["tokens"]["equal"] < summary["tokens"]["of"]


def test_learned_tokens_are_the_answer_with_its_end_and_without_the_line_break(
    tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    base = tiny_model("smollm2")
    rows_path, _ = write_material(tmp_path)
    material = read_parity_rows(base, RowChoice(rows_path, 2, 2))
    (end,) = end_token_ids(base) - {1}
    row = material.rows[0]
    learned = [token for token, weight in zip(row.ids, row.weights, strict=True) if weight > 0]
    assert learned[-1] == end
    assert row.ids[row.first_learned :] == learned
    assert len(material.prompts) == 2


def test_answers_side_by_side_equal_answers_one_by_one(
    tiny_model: Callable[[str], Path], library, tmp_path: Path
) -> None:
    from forge_worker.export.llama_library import LlamaModel

    base = tiny_model("gemma2")
    rows_path, _ = write_material(tmp_path)
    material = read_parity_rows(base, RowChoice(rows_path, 4, 4))
    prompts = [prompt.ids for prompt in material.prompts]
    with LlamaModel(library, export_one(base, tmp_path), threads=1, context_tokens=1024, sequences=4) as model:
        together = answer_prompts(model, prompts, 8, set())
        alone = [answer_prompts(model, [prompt], 8, set())[0] for prompt in prompts]
    assert together == alone == ReferenceModel(base, 1).answer(prompts, 8, set())


def test_the_loss_is_the_weighted_mean_over_learned_tokens(
    tiny_model: Callable[[str], Path], library, tmp_path: Path
) -> None:
    from forge_worker.export.llama_library import LlamaModel

    base = tiny_model("qwen2")
    rows_path, _ = write_material(tmp_path)
    rows = read_parity_rows(base, RowChoice(rows_path, 3, 0)).rows
    reference = ReferenceModel(base, 1).measure(rows, lambda fraction: None)
    with LlamaModel(library, export_one(base, tmp_path), threads=1, context_tokens=256) as model:
        own = measure_rows(model, rows)
    agreement = compare(reference, own)
    by_hand = -(reference.log_probabilities * reference.weights).sum() / reference.weights.sum()
    assert reference.loss == pytest.approx(by_hand)
    assert own.loss == pytest.approx(reference.loss, rel=1e-3)
    assert agreement.mean_difference <= agreement.largest_difference < 0.05


def test_log_probabilities_of_extreme_logits_are_finite_and_exact() -> None:
    logits = np.array([[1e4, 0.0, -1e4], [0.0, 0.0, 0.0]], dtype=np.float32)
    values, likeliest = measure_logits(logits, [0, 2])
    np.testing.assert_allclose(values, [0.0, -np.log(3)], atol=1e-6)
    assert likeliest.tolist() == [0, 0]
    measured = gather([(values, likeliest)], [1.0, 3.0])
    assert measured.loss == pytest.approx(3 * np.log(3) / 4)
    assert until_end([4, 5, 2, 9], {2}) == [4, 5, 2]


def test_rows_without_an_answer_are_refused_with_a_sentence(tiny_model: Callable[[str], Path], tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"id":"1","messages":[{"role":"user","content":"hi"}]}\n')
    with pytest.raises(WorkerFailure) as refused:
        read_parity_rows(tiny_model("smollm2"), RowChoice(tmp_path / "rows.jsonl", 5, 0))
    assert refused.value.code == "rows-unusable"

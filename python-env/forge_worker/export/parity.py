"""The `parity` kind: are the files that will be served the model that was trained?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forge_worker.export.llama_library import LlamaLibrary, LlamaModel
from forge_worker.export.parity_candidate import answer_prompts, measure_rows, room_needed
from forge_worker.export.parity_measures import AnswerMeasures, compare
from forge_worker.export.parity_reference import ReferenceModel
from forge_worker.export.parity_rows import (
    ParityRows,
    RowChoice,
    end_token_ids,
    read_parity_rows,
    read_texts,
    reference_token_ids,
)
from forge_worker.export.payload import number_field, text_field
from forge_worker.export.physical_cores import threads_within
from forge_worker.export.progress import PhaseProgress
from forge_worker.protocol.context import Outcome, WorkerContext
from forge_worker.protocol.errors import ProtocolError, WorkerFailure

DEFAULT_GREEDY_TOKENS = 24
MAXIMUM_GREEDY_PROMPTS = 32

Report = Callable[[str, float], None]


@dataclass(frozen=True)
class Candidate:
    type: str
    path: Path


@dataclass(frozen=True)
class ParityRequest:
    """reference: Hugging Face folder; rows: forge.row/1 file; texts: file with a JSON array; counts >= 0."""

    reference: Path
    candidates: tuple[Candidate, ...]
    rows: Path
    limit_rows: int
    texts: Path
    greedy_prompts: int
    greedy_tokens: int
    library: Path
    threads: int


@dataclass(frozen=True)
class _Reference:
    measures: AnswerMeasures
    answers: list[list[int]]
    token_ids: list[list[int]]
    ends: set[int]
    precision: str


def run(context: WorkerContext) -> Outcome:
    """Runs one parity job. See docs/worker-protocol.md."""
    request = parity_request(context.spec.payload, threads_within(context.spec.threads))
    progress = {name: PhaseProgress(context, name) for name in ("reference", "comparing")}
    context.phase("reference", 0.0)
    summary = measure_parity(request, lambda phase, fraction: progress[phase].advance_to(fraction))
    reference = summary["reference"]
    context.log(
        "info",
        "parity",
        f"Reference: {reference['precision']}, {reference['rows']} rows, {reference['answerTokens']} answer tokens.",
    )
    return context.finish([], summary)


def parity_request(payload: dict[str, Any], threads: int) -> ParityRequest:
    """The request in a payload. Raises `ProtocolError` with the field that is wrong."""
    candidates = payload.get("candidates")
    if not isinstance(candidates, list) or not candidates or not all(isinstance(item, dict) for item in candidates):
        raise ProtocolError("payload.candidates is missing or empty")
    return ParityRequest(
        reference=Path(text_field(payload, "reference")),
        candidates=tuple(Candidate(text_field(item, "type"), Path(text_field(item, "path"))) for item in candidates),
        rows=Path(text_field(payload, "rows")),
        limit_rows=max(1, int(number_field(payload, "limitRows", 24))),
        texts=Path(text_field(payload, "texts")),
        greedy_prompts=min(MAXIMUM_GREEDY_PROMPTS, int(number_field(payload, "greedyPrompts", 0))),
        greedy_tokens=int(number_field(payload, "greedyTokens", DEFAULT_GREEDY_TOKENS)),
        library=Path(text_field(payload, "llamaLibrary")),
        threads=threads,
    )


def measure_parity(request: ParityRequest, report: Report = lambda phase, fraction: None) -> dict[str, Any]:
    """The summary of a parity job; `report("reference" | "comparing", 0..1)` may raise to stop."""
    library = LlamaLibrary.load(request.library)
    choice = RowChoice(request.rows, request.limit_rows, request.greedy_prompts)
    material = read_parity_rows(request.reference, choice)
    texts = read_texts(request.texts)
    reference = _measure_reference(request, material, texts, report)
    comparison = _Comparison(library, request, material, texts, reference)
    equal_texts = [True] * len(texts)
    candidates = []
    for index, candidate in enumerate(request.candidates):

        def advance(fraction: float, index: int = index) -> None:
            report("comparing", (index + fraction) / len(request.candidates))

        advance(0.0)
        measured, same_texts = _measure_candidate(comparison, candidate, advance)
        candidates.append(measured)
        equal_texts = [before and now for before, now in zip(equal_texts, same_texts, strict=True)]
    return {
        "tokens": {"equal": sum(equal_texts), "of": len(texts)},
        "reference": {
            "loss": reference.measures.loss,
            "precision": reference.precision,
            "rows": len(material.rows),
            "answerTokens": len(reference.measures.likeliest),
        },
        "candidates": candidates,
        "templates": [{"messages": prompt.messages, "rendered": prompt.rendered} for prompt in material.prompts],
    }


def _measure_reference(request: ParityRequest, material: ParityRows, texts: list[str], report: Report) -> _Reference:
    model = ReferenceModel(request.reference, request.threads)
    measures = model.measure(material.rows, lambda fraction: report("reference", 0.8 * fraction))
    if not math.isfinite(measures.loss):
        raise WorkerFailure(
            "reference-not-finite",
            "The trained model itself gives numbers that are not finite, so no file can be compared with it.",
            "Train again with a lower learning rate.",
        )
    report("reference", 0.8)
    ends = end_token_ids(request.reference)
    answers = model.answer([prompt.ids for prompt in material.prompts], request.greedy_tokens, ends)
    report("reference", 1.0)
    return _Reference(measures, answers, reference_token_ids(request.reference, texts), ends, model.precision)


@dataclass(frozen=True)
class _Comparison:
    library: LlamaLibrary
    request: ParityRequest
    material: ParityRows
    texts: list[str]
    reference: _Reference


def _measure_candidate(
    comparison: _Comparison, candidate: Candidate, advance: Callable[[float], None]
) -> tuple[dict[str, Any], list[bool]]:
    request, material, reference = comparison.request, comparison.material, comparison.reference
    prompts = [prompt.ids for prompt in material.prompts]
    room = room_needed(material.rows, prompts, request.greedy_tokens)
    with LlamaModel(
        comparison.library,
        candidate.path,
        threads=request.threads,
        context_tokens=room,
        sequences=max(1, len(prompts)),
    ) as model:
        _refuse_other_vocabulary(model, material, candidate)
        same_texts = [
            model.tokenise(text) == ids for text, ids in zip(comparison.texts, reference.token_ids, strict=True)
        ]
        measures = measure_rows(model, material.rows, lambda fraction: advance(0.7 * fraction))
        own_prompts = [model.tokenise(prompt.rendered) for prompt in material.prompts]
        answers: list[list[int]] = [[] for _ in prompts]
        if own_prompts == prompts:  # as served; with other tokens no answer is equal, whatever it says
            answers = answer_prompts(model, own_prompts, request.greedy_tokens, reference.ends)
    agreement = compare(reference.measures, measures)
    equal = sum(own == wanted for own, wanted in zip(answers, reference.answers, strict=True))
    measured = {
        "type": candidate.type,
        "path": str(candidate.path),
        "loss": measures.loss,
        "lossChange": measures.loss / reference.measures.loss - 1.0,
        "argmaxAgreement": agreement.argmax,
        "maxLogProbabilityDifference": agreement.largest_difference,
        "meanLogProbabilityDifference": agreement.mean_difference,
        "tokens": {"equal": sum(same_texts), "of": len(same_texts)},
        "greedy": {"equal": equal, "of": len(prompts)},
    }
    return measured, same_texts


def _refuse_other_vocabulary(model: LlamaModel, material: ParityRows, candidate: Candidate) -> None:
    highest = max(max(row.ids) for row in material.rows)
    if highest >= model.vocabulary_size:
        raise WorkerFailure(
            "parity-vocabulary",
            f"{candidate.path.name} knows {model.vocabulary_size} tokens, the reference uses token {highest}.",
            "Export the model again from its merged folder.",
        )

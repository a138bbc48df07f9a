"""What happened to the rows when they became tokens, told as invariants and warnings; what makes training senseless
ends the run."""

from __future__ import annotations

from forge_worker.protocol.context import WorkerContext
from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.encoding import EncodingReport


def tell_encoding(context: WorkerContext, report: EncodingReport, rows: int) -> None:
    """Tell `report` of `rows` rows. Raises WorkerFailure when no row can be learned."""
    broken, learned = report.prefix_breaks, report.learned_tokens
    detail = f"{broken} of {rows} rows break it"
    context.events.emit("invariant", name="template-prefix", ok=broken == 0, detail=detail)
    if rows and broken == rows:
        raise WorkerFailure(
            "template-prefix",
            "The base model's chat template changes earlier text when an answer is added: "
            "answers cannot be told apart.",
            "Choose another base model, or split conversations into single questions and answers.",
        )
    context.events.emit("invariant", name="trained-tokens", ok=learned > 0, detail=f"{learned} answer tokens")
    if learned == 0:
        raise WorkerFailure(
            "nothing-to-learn",
            f"None of the {rows} rows has an answer to learn from (no assistant message with a weight above 0 fits).",
            "Check the dataset's answers, their weights, and the maximum length.",
        )
    _warn(context, report, rows)


def _warn(context: WorkerContext, report: EncodingReport, rows: int) -> None:
    dropped = report.rows_without_answer
    if dropped:
        shown = ", ".join(dropped[:5])
        context.warn(
            "rows-without-answer", f"{len(dropped)} of {rows} rows have nothing to learn and are left out: {shown}."
        )
    if report.truncated_rows:
        context.warn(
            "rows-truncated",
            f"{report.truncated_rows} of {rows} rows are longer than the maximum length; "
            f"{report.truncated_tokens} tokens are cut off.",
        )
    if report.added_end_tokens:
        context.warn(
            "end-token-added", "The chat template writes no end token after answers; the model's own was added."
        )

"""The reference of a parity job: the Hugging Face folder in transformers on the processor.

Small models (below `FLOAT32_PARAMETER_LIMIT`) are computed in float32: their weights are the same bfloat16 numbers that
went into the GGUF file, so all that is left to differ is the file, not the reference's own rounding. Larger ones stay
in bfloat16, which halves memory; their tolerance then carries bfloat16's noise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forge_worker.export.config_limits import refuse_absurd_config
from forge_worker.export.folder_weights import FolderWeights, read_json_table
from forge_worker.export.parity_measures import AnswerMeasures, gather, measure_logits
from forge_worker.training.encoding import EncodedRow

if TYPE_CHECKING:
    import torch

FLOAT32_PARAMETER_LIMIT = 1_000_000_000


class ReferenceModel:
    """A transformers model, loaded once for measuring and answering."""

    def __init__(self, folder: Path, threads: int) -> None:
        import torch
        from transformers import AutoModelForCausalLM
        from transformers.utils import logging

        refuse_absurd_config(read_json_table(folder / "config.json"))
        with FolderWeights(folder) as weights:  # checks the headers before anything else opens them
            is_small = weights.parameter_count() < FLOAT32_PARAMETER_LIMIT
        logging.disable_progress_bar()  # the console is kept as a log
        torch.set_num_threads(threads)
        self.precision = "fp32" if is_small else "bf16"
        self._model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32 if is_small else torch.bfloat16, local_files_only=True
        ).eval()

    def measure(self, rows: Sequence[EncodedRow], report: Callable[[float], None]) -> AnswerMeasures:
        """Teacher forcing over all rows; only logits that predict learned tokens are computed."""
        import torch

        measured, weights = [], []
        with torch.inference_mode():
            for index, row in enumerate(rows):
                report(index / len(rows))
                first = row.first_learned - 1  # the position that predicts the first learned token
                ids = torch.tensor([row.ids])
                logits = self._model(ids, use_cache=False, logits_to_keep=len(row.ids) - first).logits[0]
                learned = [i for i, weight in enumerate(row.weights) if weight > 0]
                chosen = logits[[i - 1 - first for i in learned]].float().numpy()
                measured.append(measure_logits(chosen, [row.ids[i] for i in learned]))
                weights += [row.weights[i] for i in learned]
        return gather(measured, weights)

    def answer(self, prompts: Sequence[Sequence[int]], token_count: int, ends: set[int]) -> list[list[int]]:
        """Greedy answers of up to `token_count` tokens, all prompts in one left-padded batch."""
        import torch

        if not prompts or token_count == 0:
            return [[] for _ in prompts]
        answers: list[list[int]] = [[] for _ in prompts]
        with torch.inference_mode():
            state = self._start(prompts)
            for _ in range(token_count):
                logits, state = self._step(state)
                chosen = logits.argmax(dim=-1)
                for index, token in enumerate(chosen.tolist()):
                    if not (answers[index] and answers[index][-1] in ends):
                        answers[index].append(token)
                if all(answer[-1] in ends for answer in answers):
                    break
                state["ids"] = chosen[:, None]
                state["mask"] = torch.cat([state["mask"], torch.ones_like(chosen[:, None])], dim=1)
        return answers

    def _start(self, prompts: Sequence[Sequence[int]]) -> dict[str, Any]:
        import torch

        longest = max(len(prompt) for prompt in prompts)
        ids = torch.zeros((len(prompts), longest), dtype=torch.long)
        mask = torch.zeros_like(ids)
        for index, prompt in enumerate(prompts):
            ids[index, longest - len(prompt) :] = torch.tensor(prompt)
            mask[index, longest - len(prompt) :] = 1
        return {"ids": ids, "mask": mask, "cache": None}

    def _step(self, state: dict[str, Any]) -> tuple[torch.Tensor, dict[str, Any]]:
        width = state["ids"].shape[1]
        positions = (state["mask"].cumsum(dim=1) - 1).clamp(min=0)[:, -width:]
        output = self._model(
            state["ids"],
            attention_mask=state["mask"],
            position_ids=positions,
            past_key_values=state["cache"],
            use_cache=True,
            logits_to_keep=1,
        )
        return output.logits[:, -1].float(), {**state, "cache": output.past_key_values}

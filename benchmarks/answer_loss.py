"""One ruler for adapters of any trainer: the mean loss per answer token of some rows, by transformers and peft in fp32.

    python answer_loss.py <base> <rows.jsonl> <threads> <adapter folder> ...

Prints a JSON array with one loss (nats a token) for each adapter, in their order. The answer is what the chat template
adds after the prompt, up to and with the token that ends it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer


def encode(tokenizer: Any, messages: list[dict[str, str]]) -> tuple[list[int], int]:
    """Token ids of a row and where its answer begins."""
    prompt = tokenizer.apply_chat_template(messages[:-1], tokenize=False, add_generation_prompt=True)
    whole = tokenizer.apply_chat_template(messages, tokenize=False).rstrip("\n")
    if not whole.startswith(prompt):
        raise ValueError("the chat template does not put the answer after the prompt")
    ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
    answer = tokenizer(whole[len(prompt) :], add_special_tokens=False)["input_ids"]
    return ids + answer, len(ids)


@torch.no_grad()
def mean_loss(model: Any, rows: list[tuple[list[int], int]]) -> float:
    total, count = 0.0, 0
    for ids, start in rows:
        logits = model(torch.tensor([ids])).logits[0, start - 1 : -1].float()
        total += float(torch.nn.functional.cross_entropy(logits, torch.tensor(ids[start:]), reduction="sum"))
        count += len(ids) - start
    return total / count


def main(base: str, rows_path: str, threads: str, adapters: list[str]) -> None:
    torch.set_num_threads(int(threads))
    tokenizer = AutoTokenizer.from_pretrained(base)
    lines = Path(rows_path).read_text(encoding="utf-8").splitlines()
    rows = [encode(tokenizer, json.loads(line)["messages"]) for line in lines]
    losses = []
    for adapter in adapters:
        model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        losses.append(mean_loss(PeftModel.from_pretrained(model, adapter).eval(), rows))
    print(json.dumps(losses))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:])

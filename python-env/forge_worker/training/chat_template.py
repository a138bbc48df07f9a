"""The base model's own chat template, rendered as transformers renders it (sandboxed Jinja), without transformers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.protocol.files import read_json_bounded

_CONFIG_LIMIT_BYTES = 64 << 20
_TEMPLATE_LIMIT_BYTES = 1 << 20


class ChatTemplate:
    """Renders conversations as the base model was trained to see them."""

    def __init__(self, source: str, special_tokens: dict[str, str]) -> None:
        from jinja2.exceptions import TemplateError
        from jinja2.ext import loopcontrols
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols])
        environment.filters["tojson"] = _to_json
        environment.globals["raise_exception"] = _raise_exception
        environment.globals["strftime_now"] = _strftime_now
        try:
            self._template = environment.from_string(source)
        except TemplateError as error:
            raise _broken(error) from error
        self._error = TemplateError
        self._special_tokens = special_tokens

    def render(self, messages: Sequence[dict[str, Any]], add_generation_prompt: bool = False) -> str:
        """The text of `messages`; with `add_generation_prompt` it ends where the answer begins."""
        try:
            return self._template.render(
                messages=list(messages), add_generation_prompt=add_generation_prompt, **self._special_tokens
            )
        except (self._error, TypeError, ValueError, KeyError) as error:
            raise _broken(error) from error


def load_chat_template(folder: Path) -> ChatTemplate:
    """The template of a Hugging Face folder: chat_template.jinja, else tokenizer_config.json.

    Raises WorkerFailure("no-chat-template") when the base has none.
    """
    config = tokenizer_config(folder)
    path = folder / "chat_template.jinja"
    source: Any = path.read_text(encoding="utf-8") if path.is_file() else config.get("chat_template")
    if isinstance(source, list):
        named = {item.get("name"): item.get("template") for item in source if isinstance(item, dict)}
        source = named.get("default")
    if not isinstance(source, str) or not source.strip() or len(source) > _TEMPLATE_LIMIT_BYTES:
        raise WorkerFailure(
            "no-chat-template",
            f"The base model in {folder.name} has no chat template, so Forge cannot tell prompts from answers.",
            "Choose an instruction-tuned base model (its name usually ends in Instruct or it).",
        )
    return ChatTemplate(source, special_tokens(config))


def tokenizer_config(folder: Path) -> dict[str, Any]:
    """tokenizer_config.json as a dictionary, empty when there is none."""
    path = folder / "tokenizer_config.json"
    if not path.is_file():
        return {}
    raw = read_json_bounded(path, _CONFIG_LIMIT_BYTES)
    return raw if isinstance(raw, dict) else {}


def special_tokens(config: dict[str, Any]) -> dict[str, str]:
    """bos_token, eos_token and the like, as text."""
    found: dict[str, str] = {}
    for name in ("bos_token", "eos_token", "unk_token", "pad_token"):
        value = config.get(name)
        if isinstance(value, dict):
            value = value.get("content")
        if isinstance(value, str):
            found[name] = value
    return found


def _to_json(value: Any, ensure_ascii: bool = False, indent: int | None = None, **options: Any) -> str:
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, **options)


def _raise_exception(message: str) -> str:
    from jinja2.exceptions import TemplateError

    raise TemplateError(message)


def _strftime_now(pattern: str) -> str:
    from datetime import datetime

    return datetime.now().strftime(pattern)


def _broken(error: Exception) -> WorkerFailure:
    return WorkerFailure(
        "template-refused",
        f"The base model's chat template refused a row: {error}.",
        "Check the roles and their order in the dataset, or choose another base model.",
    )

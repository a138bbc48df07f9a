"""What a GGUF file says about its tokenizer and chat template."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_models import CHAT_TEMPLATE

from forge_worker.export.pre_tokenizers import PRE_TOKENIZERS, pre_tokenizer_named, pre_tokenizer_of
from forge_worker.export.tokenizer_fields import (
    read_tokenizer_fields,
    without_generation_tags,
    write_tokenizer_fields,
)
from forge_worker.protocol.errors import WorkerFailure

pytestmark = pytest.mark.cpu

MESSAGES = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "yes"}]


@pytest.mark.parametrize("left", ["{%", "{%-"])
@pytest.mark.parametrize("right", ["%}", "-%}"])
def test_a_template_without_generation_tags_renders_the_same_text(left: str, right: str) -> None:
    from transformers.utils.chat_template_utils import render_jinja_template

    template = (
        "{% for message in messages %}\n<{{ message.role }}> \n"
        f"  {left} generation {right}\n {{{{ message.content }}}} \n{left} endgeneration {right}\n"
        "{% endfor %}"
    )
    stripped = without_generation_tags(template)
    assert "generation" not in stripped
    rendered = [render_jinja_template([MESSAGES], chat_template=text)[0][0] for text in (template, stripped)]
    assert rendered[0] == rendered[1]


@pytest.mark.parametrize("row", PRE_TOKENIZERS, ids=lambda row: row.name)
def test_every_known_pre_tokenizer_is_recognised_from_its_own_json(row) -> None:
    tokenizer = {"pre_tokenizer": row.to_json(), "model": {"ignore_merges": row.ignores_merges}}
    assert pre_tokenizer_of(tokenizer) is row
    assert all(pre_tokenizer_named(alias) is row for alias in row.aliases)


@pytest.mark.parametrize(
    "pre_tokenizer",
    [None, {"type": "Whitespace"}, {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated"}],
)
def test_an_unknown_pre_tokenizer_is_refused_with_the_known_ones(pre_tokenizer: dict | None) -> None:
    with pytest.raises(WorkerFailure) as refused:
        pre_tokenizer_of({"pre_tokenizer": pre_tokenizer, "model": {}})
    assert "llama-bpe" in refused.value.message


def test_special_tokens_template_and_padding_are_carried_over(tiny_model: Callable[[str], Path]) -> None:
    folder = tiny_model("smollm2")
    rows = json.loads((folder / "config.json").read_text())["vocab_size"]
    fields = read_tokenizer_fields(folder, rows, None)
    assert fields.pre == "smollm" and fields.model == "gpt2"
    assert len(fields.tokens) == rows and fields.tokens[-1] == f"[PAD{rows - 1}]"
    assert fields.tokens[fields.special_ids["eos"]] == "<|im_end|>"
    assert fields.chat_template == CHAT_TEMPLATE
    assert not fields.adds_bos


def test_a_pre_tokenizer_carried_from_the_original_wins_with_a_warning(tiny_model: Callable[[str], Path]) -> None:
    fields = read_tokenizer_fields(tiny_model("smollm2"), 400, "gpt-2")
    assert fields.pre == "gpt-2"
    assert "smollm" in fields.warnings[0]


def test_a_tokenizer_larger_than_the_model_is_refused(tiny_model: Callable[[str], Path]) -> None:
    with pytest.raises(WorkerFailure) as refused:
        read_tokenizer_fields(tiny_model("smollm2"), 100, None)
    assert refused.value.code == "tokenizer-mismatch"


PIECES = [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
NAMED = {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}}
ADDS_BEGINNING = {"type": "TemplateProcessing", "single": PIECES, "pair": PIECES, "special_tokens": NAMED}


def tokenizer_folder(source: Path, folder: Path, processor: dict | None, **settings: object) -> Path:
    tokenizer = json.loads((source / "tokenizer.json").read_text())
    (folder / "tokenizer.json").write_text(json.dumps({**tokenizer, "post_processor": processor}))
    told = json.loads((source / "tokenizer_config.json").read_text())
    del told["add_bos_token"]
    (folder / "tokenizer_config.json").write_text(json.dumps({**told, **settings}))
    return folder


@pytest.mark.parametrize("name", ["tinyllama", "smollm2"])
@pytest.mark.parametrize("processor", [None, ADDS_BEGINNING], ids=["adds none", "adds one"])
@pytest.mark.parametrize("told", [{}, *({"add_bos_token": value} for value in (None, True, False))], ids=str)
def test_a_beginning_token_is_written_exactly_where_the_hugging_face_tokenizer_adds_one(
    tiny_model: Callable[[str], Path], tmp_path: Path, name: str, processor: dict | None, told: dict
) -> None:
    from transformers import AutoTokenizer

    folder = tokenizer_folder(tiny_model(name), tmp_path, processor, **told)
    ids = AutoTokenizer.from_pretrained(folder)("hi").input_ids
    fields = read_tokenizer_fields(folder, 430, None)
    assert fields.adds_bos == (ids[0] == fields.special_ids["bos"]) == (processor is not None)
    assert not fields.adds_eos and fields.adds_space_prefix == (True if name == "tinyllama" else None)


def test_a_template_that_writes_the_beginning_token_itself_does_not_make_the_tokenizer_add_one(
    tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = tokenizer_folder(tiny_model("tinyllama"), tmp_path, None, chat_template="{{ bos_token }}" + CHAT_TEMPLATE)
    fields = read_tokenizer_fields(folder, 430, None)
    assert not fields.adds_bos and not fields.warnings


@pytest.mark.parametrize(("template", "warned"), [(CHAT_TEMPLATE, True), ("{{ bos_token }}" + CHAT_TEMPLATE, False)])
def test_a_tokenizer_that_adds_what_the_template_does_not_write_is_warned_of(
    tiny_model: Callable[[str], Path], tmp_path: Path, template: str, warned: bool
) -> None:
    folder = tokenizer_folder(tiny_model("tinyllama"), tmp_path, ADDS_BEGINNING, chat_template=template)
    fields = read_tokenizer_fields(folder, 430, None)
    assert fields.adds_bos and any("chat template does not write it" in text for text in fields.warnings) == warned


def test_what_the_file_says_about_the_beginning_token_is_what_the_tokenizer_does(
    tiny_model: Callable[[str], Path], tmp_path: Path
) -> None:
    from gguf import GGUFReader, GGUFWriter

    said = {}
    for adds, processor in ((True, ADDS_BEGINNING), (False, None)):
        place = tmp_path / str(adds)
        place.mkdir()
        fields = read_tokenizer_fields(tokenizer_folder(tiny_model("smollm2"), place, processor), 400, None)
        writer = GGUFWriter(place / "model.gguf", "llama")
        write_tokenizer_fields(writer, fields)
        for write in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file):
            write()
        writer.close()
        field = GGUFReader(place / "model.gguf").fields["tokenizer.ggml.add_bos_token"]
        said[adds] = bool(field.contents())
    assert said == {True: True, False: False}


def test_a_unigram_tokenizer_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": {"type": "Unigram", "vocab": []}}))
    (tmp_path / "tokenizer_config.json").write_text("{}")
    with pytest.raises(WorkerFailure) as refused:
        read_tokenizer_fields(tmp_path, 10, None)
    assert refused.value.code == "tokenizer-unsupported"

"""Passages of text (continued pre-training): learned whole, without the chat form."""

import pytest

from forge_worker.protocol.errors import WorkerFailure
from forge_worker.training.encoding import EncodingReport, RowEncoder, encode_rows
from forge_worker.training.rows import Row, read_rows

MESSAGES = (
    '"messages": [{"role": "user", "content": "Go on with this text: one two"},'
    ' {"role": "assistant", "content": "three"}]'
)


class Letters:
    """A token a letter."""

    def encode_text(self, text):
        return [ord(letter) for letter in text]

    def decode_ids(self, ids):
        return "".join(chr(one) for one in ids)

    def is_special(self, token_id):
        return False


def test_every_token_but_the_first_is_learned_and_no_end_is_added():
    row = Row("a", (), (), "one two three")
    report = EncodingReport()
    # The template is never asked: a passage has no chat form.
    encoded = RowEncoder(None, Letters(), 7).encode(row, report)
    assert Letters().decode_ids(encoded.ids) == "one two three"
    assert encoded.weights == [0.0] + [1.0] * 12
    assert encoded.first_learned == 1
    assert report.end_token_ids == set()


def test_a_passage_of_one_token_teaches_nothing_and_is_told():
    kept, report = encode_rows(RowEncoder(None, Letters(), None), [Row("a", (), (), "x")], 100)
    assert kept == []
    assert report.rows_without_answer == ["a"]


def test_a_passage_is_read_beside_the_question_it_is_measured_by(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{"id": "a", {MESSAGES}, "text": "one two three"}}\n{{"id": "b", {MESSAGES}}}\n')
    assert [row.text for row in read_rows(path)] == ["one two three", None]


@pytest.mark.parametrize("text", ['""', "5", "[]"])
def test_a_passage_that_is_no_text_is_named_by_its_line(tmp_path, text):
    path = tmp_path / "rows.jsonl"
    path.write_text(f'{{{MESSAGES}, "text": {text}}}\n')
    with pytest.raises(WorkerFailure, match=r"Line 1 of rows.jsonl has a passage that is not text"):
        read_rows(path)

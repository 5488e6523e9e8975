"""Text as Postgres takes it, alone and inside documents."""

from __future__ import annotations

import json
from typing import Any

import pytest

from orchestrator.errors import UnusableValue
from orchestrator.store.values import parameters, results

TEXTS = [
    pytest.param("", "", id="nothing"),
    pytest.param("plain ü 👍", "plain ü 👍", id="plain"),
    pytest.param("a\0b", "a\ufffdb", id="a NUL"),
    pytest.param("\ud800", "\ufffd", id="half a pair"),
    pytest.param("\udc00\ud800", "\ufffd\ufffd", id="two halves the wrong way round"),
    pytest.param("\ud83d\udc4d", "👍", id="two halves that belong together"),
    pytest.param("\\u0000", "\\u0000", id="a backslash and letters"),
    pytest.param("\\\0", "\\\ufffd", id="a backslash and a NUL"),
    pytest.param("\\\\\0\\ud800", "\\\\\ufffd\\ud800", id="two backslashes and a NUL"),
    pytest.param("\x01\x7f\u202e\ufffe", "\x01\x7f\u202e\ufffe", id="what is odd and allowed"),
]


@pytest.mark.parametrize(("text", "cleaned"), TEXTS)
def test_text_is_cleaned_of_what_postgres_refuses(text: str, cleaned: str):
    assert parameters.clean(text) == cleaned


@pytest.mark.parametrize(("text", "cleaned"), TEXTS)
def test_so_is_each_text_of_a_document(text: str, cleaned: str):
    dumped = parameters.document({text: [text]})

    assert json.loads(dumped.dumps(dumped.obj)) == {cleaned: [cleaned]}  # type: ignore[misc]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_document_has_no_number_that_json_has_not(number: float):
    dumped = parameters.document({"a": number})

    with pytest.raises(ValueError, match="JSON"):
        dumped.dumps(dumped.obj)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("[" * 100_000 + "]" * 100_000, "nested too deep", id="deep"),
        pytest.param("1" * 5_000, "a number of too many digits", id="long"),
    ],
)
def test_a_stored_document_that_cannot_be_read_is_one_clear_line(text: str, said: str):
    with pytest.raises(UnusableValue, match=said):
        results.loaded(text)


@pytest.mark.parametrize(("text", "value"), [("1e60", 1e60), ("{}", {}), ("null", None)])
def test_others_are_read(text: str, value: Any):
    assert results.loaded(text) == value

"""Values as text: compact JSON that every client can read."""

from __future__ import annotations

from typing import Any

import pytest

from graph_simulator.wire import decode, encode


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"a": [1, 2.5, True, None]}, '{"a":[1,2.5,true,null]}', id="without spaces"),
        pytest.param({"name": "Zoë 🎵"}, '{"name":"Zoë 🎵"}', id="letters as they are"),
        pytest.param({"name": 'say "hi"\n'}, r'{"name":"say \"hi\"\n"}', id="quotes and line ends escaped"),
        pytest.param({"name": "\ud83c"}, r'{"name":"\ud83c"}', id="half a pair as its escape"),
    ],
)
def test_a_value_is_written_and_read_back(value: Any, text: str):
    assert encode(value) == text
    assert decode(text) == value

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from stack import ports
from stack.errors import StackError


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((ports.HOST, 0)) as server:
        yield server.getsockname()[1]


def test_a_named_port_that_is_taken_is_one_line_that_says_what_to_change(taken: int) -> None:
    with pytest.raises(StackError) as told:
        ports.choose("AIRFLOW_PORT", taken, preferred=8080)

    assert str(told.value) == f"Port {taken} is taken: set AIRFLOW_PORT to a free port, or leave it unset"


def test_a_preferred_port_that_is_taken_gives_way_to_another(taken: int) -> None:
    assert ports.choose("AIRFLOW_PORT", None, preferred=taken) != taken


def test_a_named_port_that_is_free_is_taken_as_it_is() -> None:
    free = ports.any_free()

    assert ports.choose("AIRFLOW_PORT", free, preferred=8080) == free


def test_a_server_on_every_address_takes_the_port_too() -> None:
    with socket.create_server(("", 0)) as server:
        assert not ports.is_free(server.getsockname()[1])

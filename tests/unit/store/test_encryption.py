from __future__ import annotations

import traceback
from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from orchestrator.errors import ConfigError
from orchestrator.store.encryption import Secrets

TOKEN = SecretStr("EAAB-a-made-up-token")
OLD, NEW = (SecretStr(Fernet.generate_key().decode()) for _ in range(2))


def test_a_token_is_not_readable_in_what_is_stored():
    assert "EAAB" not in Secrets([OLD]).encrypt(TOKEN)


def test_an_old_key_still_reads():
    assert Secrets([NEW, OLD]).decrypt(Secrets([OLD]).encrypt(TOKEN)) == TOKEN


def test_the_newest_key_writes():
    assert Secrets([NEW]).decrypt(Secrets([NEW, OLD]).encrypt(TOKEN)) == TOKEN


def test_a_rotated_token_needs_the_newest_key_only():
    rotated = Secrets([NEW, OLD]).rotate(Secrets([OLD]).encrypt(TOKEN))

    assert Secrets([NEW]).decrypt(rotated) == TOKEN


@pytest.mark.parametrize("act", [Secrets.decrypt, Secrets.rotate])
def test_a_token_of_another_key_is_refused_without_showing_it(act: Callable[[Secrets, str], object]):
    stored = Secrets([OLD]).encrypt(TOKEN)

    with pytest.raises(ConfigError, match="cannot be read with ORCHESTRATOR_SECRET_KEYS") as refusal:
        act(Secrets([NEW]), stored)

    assert stored not in str(refusal.value)


@pytest.mark.parametrize("act", [Secrets.decrypt, Secrets.rotate])
@pytest.mark.parametrize(
    "stored",
    [
        pytest.param("EAABplainé", id="letters that base64 has not"),
        pytest.param("EAAB-a-made-up-token", id="a token that nobody encrypted"),
        pytest.param("gAAAAA", id="too short"),
        pytest.param("", id="nothing"),
        pytest.param("gAAAAA\ud800", id="half a character"),
    ],
)
def test_what_is_no_token_of_any_key_is_refused_without_showing_it(
    act: Callable[[Secrets, str], object], stored: str
):
    with pytest.raises(ConfigError, match="cannot be read with ORCHESTRATOR_SECRET_KEYS") as refusal:
        act(Secrets([NEW]), stored)

    assert not stored or stored not in "".join(traceback.format_exception(refusal.value))


def test_bytes_that_are_no_text_are_no_token():
    stored = Fernet(NEW.get_secret_value()).encrypt(b"\xff").decode()

    with pytest.raises(ConfigError, match="cannot be read with ORCHESTRATOR_SECRET_KEYS"):
        Secrets([NEW]).decrypt(stored)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ([], "ORCHESTRATOR_SECRET_KEYS is not set"),
        ([SecretStr("hush")], "key 1 is no Fernet key"),
        ([OLD, SecretStr("")], "key 2 is no Fernet key"),
        ([OLD, SecretStr("é" * 44)], "key 2 is no Fernet key"),
    ],
)
def test_wrong_keys_are_refused_without_showing_them(keys: list[SecretStr], words: str):
    with pytest.raises(ConfigError, match=words) as refusal:
        Secrets(keys)

    assert "hush" not in str(refusal.value)

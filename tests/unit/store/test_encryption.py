from __future__ import annotations

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

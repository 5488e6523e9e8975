"""A packed snapshot comes back, whoever packed it."""

from __future__ import annotations

import zlib

import pytest

from orchestrator.store.compression import packed, unpacked

TEXT = (
    b'{"now":"2026-11-23T18:00:00Z","user_id":"u","ad_sets":[{"id":"23900000000612100","status":"ACTIVE"}]}'
)
# What these words made on the day they were chosen. Rows like it are in databases: it must always be read.
OF_THE_FIRST_DAY = (
    "78bb6b223ef043c9308686ba46c6218616d8324ca91296ec66646c690005668646c068c41265b5b1b50042351af5"
)


def test_what_was_packed_comes_back():
    assert unpacked(packed(TEXT)) == TEXT


def test_what_was_packed_without_words_comes_back():
    assert unpacked(zlib.compress(TEXT)) == TEXT


def test_what_was_packed_with_the_first_words_comes_back():
    assert unpacked(bytes.fromhex(OF_THE_FIRST_DAY)) == TEXT


def test_words_known_beforehand_make_it_smaller():
    assert len(packed(TEXT)) < len(zlib.compress(TEXT)) < len(TEXT)


def test_a_part_is_not_taken_for_the_whole():
    with pytest.raises(zlib.error, match="not whole"):
        unpacked(packed(TEXT)[:-1])

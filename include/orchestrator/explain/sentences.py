"""What a sentence is made of: a template, or one for each gate that the evidence may have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

Sentence: TypeAlias = str | Mapping[str, str]
"""A template for ``Context``; or several by gate or figure: the first counts that the evidence has."""


class Sentences(NamedTuple):
    """The sentences of one step: for actions by reason, for holds by reason or the gate that failed."""

    actions: Mapping[str, Sentence]
    holds: Mapping[str, Sentence]


def around(frame: str, sentences: Mapping[str, Sentence]) -> Mapping[str, Sentence]:
    """Put each of the sentences in the place of ``…`` in ``frame``."""
    return {key: _framed(frame, sentence) for key, sentence in sentences.items()}


def _framed(frame: str, sentence: Sentence) -> Sentence:
    if isinstance(sentence, str):
        return frame.replace("…", sentence)
    return {gate: frame.replace("…", template) for gate, template in sentence.items()}

"""Waits between tries are told in our own log, a line each, instead of on the standard output."""

from __future__ import annotations

import logging

import stamina
from stamina.instrumentation import RetryDetails

log = logging.getLogger(__name__)


def tell_of_waits() -> None:
    """Let every further try be one quiet line of the log. Again changes nothing."""
    stamina.instrumentation.set_on_retry_hooks([_tell])


def _tell(details: RetryDetails) -> None:
    log.info(
        "%s: tried again in %.1f s (try %d)",
        type(details.caused_by).__name__,
        details.wait_for,
        details.retry_num + 1,
    )

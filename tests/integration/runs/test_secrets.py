"""No token, proof, app secret or key is seen in a log, an error or a row, whatever goes wrong."""

from __future__ import annotations

import hashlib
import hmac
import logging
import traceback
from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from demo import demo_users
from orchestrator.domain.steps import TASKS
from orchestrator.runs import lifecycle, run_report
from orchestrator.store.compression import unpacked
from tests.integration.runs.conftest import Workbench

PASSING = (
    "null_batch_slot",
    "timeout_before",
    "timeout_after",
    "reset_before",
    "reset_after",
    "html_502",
    "html_502_after",
    "empty_200",
    "empty_200_after",
    "empty_500",
    "broken_json",
    "error_1",
    "error_2",
    "reduce_data",
    "empty_page",
)
WAITING = (
    "throttle_613",
    "throttle_1487632",
    "throttle_80004",
    "throttle_80000",
    "throttle_17",
    "throttle_4",
)
ENDING = ("token_460", "token_463", "permission", "account_disabled")


def secrets_of(town: Workbench) -> set[str]:
    """Everything that must not be seen: each token, its proof, the app secret, the keys, the password."""
    settings = town.resources.settings
    (app_secret,) = (secret.get_secret_value() for secret in settings.meta_app_secret)
    tokens = {account.access_token for account in town.accounts.values()}
    proofs = {hmac.new(app_secret.encode(), t.encode(), hashlib.sha256).hexdigest() for t in tokens}
    return tokens | proofs | {app_secret} | {key.get_secret_value() for key in settings.secret_keys}


def run_all(town: Workbench, run_key: str) -> Iterator[str]:
    """One run; the text of every error that left a step, with its traceback and all its causes."""
    for batch in town.open(run_key):
        for step in TASKS:
            report = lifecycle.run_step(town.resources, run_key, batch, step)
            yield from report.failed.values()
            if report.retry is not None:
                yield "".join(traceback.format_exception(report.retry))
                yield repr(report.retry)
    yield repr(run_report.finish(town.resources, run_key))


def kept(dsn: str) -> Iterator[str]:
    """Every row of every table as text, packed documents unpacked; of the assets all but the cipher text."""
    with psycopg.connect(dsn) as connection:
        tables = connection.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        ).fetchall()
        for (table,) in tables:
            rows = connection.execute(sql.SQL("select t::text from {} t").format(sql.Identifier(table)))
            yield from (row[0] for row in rows)
        for (snapshot,) in connection.execute("select snapshot from ads_run_snapshots"):
            yield unpacked(snapshot).decode()


def in_turn(town: Workbench) -> list[dict[str, object]]:
    """Each kind that passes once, one after the other, over the calls of a run."""
    return [{"kind": kind, "after": 3 * n, "count": 1, "seconds": 4} for n, kind in enumerate(PASSING)]


def one_each(town: Workbench) -> list[dict[str, object]]:
    """Each kind that ends a user's run, for a user of its own."""
    accounts = [account.ad_account_id for account in town.accounts.values()]
    return [
        {"kind": kind, "account": account, "after": n % 2}
        for n, (kind, account) in enumerate(zip((*WAITING, *ENDING), accounts, strict=True))
    ]


@pytest.mark.people(*demo_users.FLEET[:10])
@pytest.mark.parametrize("trouble", [in_turn, one_each])
def test_no_secret_is_seen_whatever_goes_wrong(
    town: Workbench, caplog: pytest.LogCaptureFixture, trouble: Callable[[Workbench], list[dict[str, object]]]
):
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3", "facebook_business", "psycopg", "psycopg.pool", "stamina", "orchestrator"):
        caplog.set_level(logging.DEBUG, logger=name)
    town.simulator.add_faults(trouble(town))

    errors = list(run_all(town, "run"))
    untouched = [rule["kind"] for rule in town.simulator.faults() if not rule["hits"]]
    town.simulator.clear_faults()

    logged = [f"{r.getMessage()} {r.__dict__} {r.exc_text or ''}" for r in caplog.records]
    assert untouched == []
    assert len(errors) > 1 or trouble is in_turn  # each of those passes by itself
    assert any("access_token=***" in line for line in logged), "URLs are logged, without the token"
    seen = "\n".join([*errors, *logged, *kept(town.dsn)])
    assert [secret for secret in secrets_of(town) if secret in seen] == []

"""``rotate-keys``: encrypt the stored access tokens with the newest key."""

from __future__ import annotations

import typer

from orchestrator.cli.console import load_settings, one_line


def rotate_keys() -> None:
    """Encrypt every stored access token again with the first of ORCHESTRATOR_SECRET_KEYS.

    Exits 1 when a token cannot be read by any of the keys, after rewriting all others.
    """
    from orchestrator.store import Store
    from orchestrator.store.encryption import Secrets

    with one_line():
        environment = load_settings()
        with Store(environment.database(), Secrets(environment.secret_keys)) as store:
            rewritten, unreadable = store.tokens.rotate()
    typer.echo(f"{rewritten} tokens are encrypted with the newest key")
    for user_id in unreadable:
        typer.echo(
            f"user {user_id}: no key can read the token; add its key to ORCHESTRATOR_SECRET_KEYS and run this"
            " again, or connect the account again",
            err=True,
        )
    if unreadable:
        raise typer.Exit(1)

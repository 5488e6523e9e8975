"""The command line, one module a command.

What a command needs is imported when it runs: ``plan`` has no use for a database and starts without one.
"""

from __future__ import annotations

import typer

from orchestrator.cli.accept_figures import accept_figures
from orchestrator.cli.audit import audit
from orchestrator.cli.migrate import migrate
from orchestrator.cli.plan import plan
from orchestrator.cli.preview import preview
from orchestrator.cli.resume_goal import resume_goal
from orchestrator.cli.rotate_keys import rotate_keys
from orchestrator.cli.rules import rules
from orchestrator.cli.start import start
from orchestrator.cli.stop import stop
from orchestrator.cli.tidy import tidy
from orchestrator.cli.why import why

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_COMMANDS = (
    plan,
    audit,
    rules,
    migrate,
    rotate_keys,
    stop,
    start,
    preview,
    why,
    accept_figures,
    resume_goal,
    tidy,
)
for _command in _COMMANDS:
    app.command()(_command)


@app.callback()
def main() -> None:
    """Decides what to do with a user's ads, and says why."""

"""``python -m graph_simulator``: serve one simulated Graph API."""

from __future__ import annotations

import gc
from typing import Annotated, Literal

import typer
import uvicorn

from graph_simulator.app import Simulator
from graph_simulator.serving.protocol import CuttableProtocol
from graph_simulator.state.clock import iso, read_instant
from graph_simulator.state.world import START, Setup

# A world is millions of objects that live as long as the process: looking for garbage is seldom worth it.
_GC_THRESHOLDS = (50_000, 50, 100)


def main(  # noqa: PLR0913 - a command line has its options
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=1, max=65535)] = 8080,
    seed: Annotated[int, typer.Option(help="What everything is drawn from.", min=0)] = 0,
    accounts: Annotated[int, typer.Option(help="How many ad accounts there are.", min=0)] = 1,
    now: Annotated[str, typer.Option(help="Where the clock stands, ISO 8601.")] = iso(int(START.timestamp())),
    clock_factor: Annotated[float, typer.Option(help="How fast the clock runs; 0 freezes it.")] = 0.0,
    latency_ms: Annotated[int, typer.Option(help="Wait before every answer.")] = 0,
    tier: Annotated[
        Literal["limited", "full"], typer.Option(help="Access tier of the app: limited or full.")
    ] = "full",
    lenient: Annotated[bool, typer.Option("--lenient", help="Ignore unknown parameters.")] = False,
    require_proof: Annotated[
        bool, typer.Option("--require-proof", help="Refuse calls without appsecret_proof.")
    ] = False,
    new_app: Annotated[bool, typer.Option("--new-app", help="The app was made since v27.")] = False,
    fatigue: Annotated[bool, typer.Option("--fatigue", help="Audiences tire.")] = False,
    weekday: Annotated[bool, typer.Option("--weekday", help="Results differ by weekday.")] = False,
    review_minutes: Annotated[int, typer.Option(help="How long an ad is in review.")] = 30,
    journal_size: Annotated[
        int, typer.Option("--keep-requests", help="The journal's size, in requests.")
    ] = 20_000,
) -> None:
    """Serve a simulated Meta Marketing API, v25 to v27. Control it under /_sim."""
    setup = Setup(
        seed=seed,
        accounts=accounts,
        start=read_instant(now),
        clock_factor=clock_factor,
        tier=tier,
        lenient=lenient,
        require_proof=require_proof,
        new_app=new_app,
        fatigue=fatigue,
        weekday=weekday,
        review_minutes=review_minutes,
    )
    gc.set_threshold(*_GC_THRESHOLDS)
    simulator = Simulator(setup, latency_ms=latency_ms, journal_size=journal_size)
    uvicorn.run(
        simulator,
        host=host,
        port=port,
        http=CuttableProtocol,
        loop="uvloop",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    typer.run(main)

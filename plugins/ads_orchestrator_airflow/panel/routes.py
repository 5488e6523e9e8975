"""The panel's pages: GET routes. Each queries the store, builds view models and renders a template."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse

from ads_orchestrator_airflow.dag_runs import DAG_ID, run_state
from ads_orchestrator_airflow.panel import charts, decision_view, labels, search, static_files, view_models
from ads_orchestrator_airflow.panel.account_stops import account_stop
from ads_orchestrator_airflow.panel.auth import Operator
from ads_orchestrator_airflow.panel.cached_stats import fleet_performance, fleet_stats
from ads_orchestrator_airflow.panel.dependencies import panel_store, resources, switches
from ads_orchestrator_airflow.panel.jinja import page, root_of
from ads_orchestrator_airflow.panel.kpis import kpis
from orchestrator import explain
from orchestrator.domain import policy
from orchestrator.explain import RecordedRun
from orchestrator.runs import interventions
from orchestrator.store.panel.panel_pages import FIRST, Page
from orchestrator.store.panel.panel_run import RunUsersFilter
from orchestrator.store.panel.panel_user import UserAccount

router = APIRouter(default_response_class=HTMLResponse)

CLOCK_SKEW = timedelta(minutes=10)
"""A run whose time differs by more from its opening shows both: a demo has its own clock."""

MAX_BATCH = 999_999

SHOWN_STOPPED = 5
"""Stopped accounts on the fleet's page; all of them have a page of their own."""

_RunKey = Annotated[str, Path(max_length=250, pattern=r"^[^\x00]+$")]
_Search = Annotated[str, Query(alias="q", max_length=80)]


@router.get("/")
def fleet(
    request: Request, operator: Operator, q: _Search = "", state: str = "", after: UUID | None = None
) -> HTMLResponse:
    """Render the fleet: users by state, live budgets, one page of users."""
    try:
        found, problem = panel_store().fleet.page(search.parse(q, state, after)), None
    except search.NotAnId:
        found, problem = Page([], None), "That is no id: ids have the digits 0 to 9 and the letters a to f."
    stats, stopped = fleet_stats(None), panel_store().fleet.stopped_accounts(page_size=SHOWN_STOPPED)
    return page(
        request,
        "fleet.html",
        operator=operator,
        q=q,
        state=state,
        after=after,
        problem=problem,
        users=view_models.fleet_rows(found.rows),
        stopped=view_models.stopped_accounts(stopped.rows),
        more_stopped=stopped.after is not None,
        next_after=found.after,
        stats=stats,
        states=view_models.state_counts(stats),
        switch=switches(),
        armed=resources().settings.armed,
        goals=view_models.known_goals(),
    )


@router.get("/waiting")
def waiting(request: Request, after: UUID | None = None) -> HTMLResponse:
    """Render one page of the ad accounts that wait for a person, each with whose turn it is."""
    found = panel_store().fleet.stopped_accounts(after or FIRST)
    return page(
        request,
        "waiting_accounts.html",
        stopped=view_models.stopped_accounts(found.rows),
        after=after,
        next_after=found.after,
    )


@router.get("/users/{user_id}")
def user(request: Request, operator: Operator, user_id: UUID, before: datetime | None = None) -> HTMLResponse:
    """Render one user, with the latest runs or with those before an instant."""
    row = known_user(user_id)
    campaigns, ad_sets = panel_store().user.campaigns(user_id)
    goals, goals_problem = view_models.goals_of(row)
    standard = policy.load()
    currency = row.currency or "USD"
    return page(
        request,
        "user.html",
        operator=operator,
        user=row,
        currency=currency,
        goals=goals,
        goals_problem=goals_problem,
        daily=view_models.typed_amount(row.global_daily_budget, currency, standard.global_daily_budget),
        cap=view_models.typed_amount(row.max_daily_budget, currency, standard.max_daily_budget),
        not_eligible=labels.not_eligible(row.not_eligible),
        live=view_models.live_minor(campaigns),
        groups=view_models.campaigns_by_goal(campaigns, ad_sets),
        runs=view_models.runs(panel_store().user.runs(user_id, before=before)),
        before=before,
        stop=account_stop(row.stopped_for, row.account_status),
        waiting=view_models.waiting(interventions.persons_turn(resources().store.ad_objects, user_id)),
        switch=switches(),
        armed=resources().settings.armed,
    )


@router.get("/users/{user_id}/activity")
def activity(request: Request, user_id: UUID) -> HTMLResponse:
    """Render the fragment of a user's latest runs, which the page reloads after a run."""
    runs = view_models.runs(panel_store().user.runs(user_id))
    return page(request, "activity.html", root="../", user=known_user(user_id), runs=runs, before=None)


@router.get("/users/{user_id}/runs/{run_id}")
def user_run(request: Request, user_id: UUID, run_id: UUID) -> HTMLResponse:
    """Render one user's part of a run: each action and hold with the numbers that decided."""
    row = panel_store().user.run(user_id, run_id=run_id)
    if row is None:
        raise HTTPException(404, f"User {user_id} has no run {run_id}.")
    store = resources().store
    user = known_user(user_id)
    record = RecordedRun(
        snapshot=store.snapshots.documents([run_id]).get(run_id),
        decisions=store.action_log.decisions_by_step(run_id),
        rows=store.action_log.actions([run_id]),
        currency=user.currency or "USD",
        dry_run=row.dry_run,
    )
    items = explain.explain_run(record)
    return page(
        request,
        "user_run.html",
        user=user,
        run=row,
        outcomes=view_models.outcomes(row),
        run_path=run_path(row.run_key),
        decided_apart=abs(row.run_at - row.opened_at) > CLOCK_SKEW,
        groups=decision_view.by_goal(items, panel_store().user.creative_names(user_id)),
    )


@router.get("/users/{user_id}/charts")
def user_charts(request: Request, user_id: UUID) -> HTMLResponse:
    """Render the fragment of a user's charts, which the page loads when it scrolls into view."""
    currency = known_user(user_id).currency or "USD"
    performance = panel_store().performance.of_user(user_id)
    runs = panel_store().user.live_runs(user_id)
    snapshots = resources().store.snapshots.documents([each.id for each in runs])
    known = (each for each in runs if each.id in snapshots)
    budgets = [charts.live_budget(each.run_at, snapshots[each.id]) for each in known]
    return page(
        request,
        "charts.html",
        root="../",
        kpis=kpis(performance, currency),
        charts=[*charts.of_days(performance.days, currency), *charts.of_budgets(budgets, currency)],
    )


@router.get("/charts")
def fleet_charts(request: Request, currency: Annotated[str, Query(max_length=3)] = "") -> HTMLResponse:
    """Render the fleet's charts in one currency."""
    currencies = [each.currency for each in fleet_stats(None).live_budgets]
    shown = currency if currency in currencies else next(iter(currencies), "USD")
    performance = fleet_performance(shown)
    return page(
        request,
        "fleet_charts.html",
        currency=shown,
        currencies=currencies,
        kpis=kpis(performance, shown),
        charts=charts.of_days(performance.days, shown),
    )


@router.get("/runs/{run_key}")
def run(
    request: Request,
    run_key: _RunKey,
    status: str = "",
    batch: Annotated[int | None, Query(ge=0, le=MAX_BATCH)] = None,
    after: UUID | None = None,
) -> HTMLResponse:
    """Render one run: totals, and one page of its users, all or those of a status or a batch."""
    opening, totals = panel_store().run.opening(run_key), panel_store().runs.totals(run_key)
    if opening is None or totals is None:
        raise HTTPException(404, f"{run_key} is not opened: a run has a page once its users are listed.")
    chosen = status if status in view_models.RUN_STATUSES else None
    which = RunUsersFilter(batch=batch, status=chosen, after=after or FIRST)
    found = panel_store().run.users(run_key, which)
    return page(
        request,
        "run.html",
        run=opening,
        run_path=run_path(run_key),
        airflow_path=decision_view.dag_run_path(opening),
        batch=batch,
        status_filter=chosen,
        statuses=view_models.status_counts(totals),
        progress=view_models.progress("success" if opening.closed_at else "running", totals),
        totals=totals,
        users=view_models.runs(found.rows),
        after=after,
        next_after=found.after,
    )


@router.get("/dags/{dag_id}/runs/{run_key}")
def airflow_link(request: Request, dag_id: str, run_key: _RunKey, map_index: str = "") -> RedirectResponse:
    """Redirect a link of Airflow's pages to the run, its batch, or the one user of the batch.

    Args:
        request: the request.
        dag_id: the DAG of the page; Airflow shows a plugin's tabs on the pages of every DAG.
        run_key: the id of the DAG run.
        map_index: the task instance's, which is the batch. Not a number where the task is not mapped.
    """
    if dag_id != DAG_ID:
        raise HTTPException(404, f"This is a run of {dag_id}. Only runs of {DAG_ID} have a page here.")
    root, path = root_of(request), run_path(run_key)
    if not re.fullmatch(r"[0-9]{1,6}", map_index):
        return RedirectResponse(f"{root}{path}", 303)
    rows = panel_store().run.users(run_key, RunUsersFilter(batch=int(map_index)), page_size=2).rows
    if len(rows) != 1:
        return RedirectResponse(f"{root}{path}?batch={map_index}", 303)
    return RedirectResponse(f"{root}users/{rows[0].user_id}/runs/{rows[0].id}", 303)


@router.get("/progress")
def progress(run_key: Annotated[str, Query(max_length=250)], user_id: UUID | None = None) -> JSONResponse:
    """Return the progress of a run, and the page of its result: the user's, when a user is given."""
    mine = panel_store().user.run(user_id, run_key=run_key) if user_id else None
    totals = panel_store().runs.totals(run_key)
    where = f"users/{user_id}/runs/{mine.id}" if mine else (run_path(run_key) if totals else None)
    return JSONResponse({**view_models.progress(run_state(run_key), totals), "where": where})


@router.get("/assets/{name}")
def asset(name: str) -> FileResponse:
    """Serve a stylesheet, a script or the icon."""
    return static_files.asset(name)


def run_path(run_key: str) -> str:
    """Return the path of a run's page below the panel's root."""
    return f"runs/{quote(run_key, safe='')}"


def known_user(user_id: UUID) -> UserAccount:
    """Return the user's row.

    Raises:
        HTTPException: 404, there is no such user.
    """
    row = panel_store().user.account(user_id)
    if row is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return row

"""The pages, to read. Each route asks the store, shapes the rows and renders."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from ads_orchestrator_airflow.dag_runs import run_state
from ads_orchestrator_airflow.panel import charts, decision_view, labels, search, static_files, view_models
from ads_orchestrator_airflow.panel.auth import Operator
from ads_orchestrator_airflow.panel.cached_stats import fleet_figures, fleet_past
from ads_orchestrator_airflow.panel.dependencies import panel_store, resources, switches
from ads_orchestrator_airflow.panel.jinja import page
from ads_orchestrator_airflow.panel.kpis import measures
from orchestrator import explain
from orchestrator.domain import policy
from orchestrator.explain import Kept
from orchestrator.store.panel_queries import Page, Row

router = APIRouter(default_response_class=HTMLResponse)

APART = timedelta(minutes=10)
"""A run that decided as of another time than it was opened says so: a demo's clock is not ours."""

_Search = Annotated[str, Query(alias="q", max_length=80)]


@router.get("/")
def fleet(
    request: Request, operator: Operator, q: _Search = "", state: str = "", after: UUID | None = None
) -> HTMLResponse:
    """Everybody, page by page."""
    try:
        found, problem = panel_store().page(search.wanted(q, state, after)), None
    except search.NotAnId:
        found, problem = Page([], None), "That is no id: ids have the digits 0 to 9 and the letters a to f."
    figures = fleet_figures(None)
    return page(
        request,
        "fleet.html",
        operator=operator,
        q=q,
        state=state,
        after=after,
        problem=problem,
        users=view_models.fleet_rows(found.rows),
        next_after=found.after,
        figures=figures,
        states=view_models.state_counts(figures),
        switch=switches(),
        armed=resources().settings.armed,
        goals=view_models.known_goals(),
    )


@router.get("/users/{user_id}")
def user(request: Request, operator: Operator, user_id: UUID, before: datetime | None = None) -> HTMLResponse:
    """One user, with the latest runs or with those before an instant."""
    row = known_user(user_id)
    campaigns, ad_sets = panel_store().campaigns(user_id)
    goals, goals_problem = view_models.goals_of(row)
    standard = policy.load()
    currency = row["currency"] or "USD"
    return page(
        request,
        "user.html",
        operator=operator,
        user=row,
        currency=currency,
        goals=goals,
        goals_problem=goals_problem,
        daily=view_models.typed_amount(row["global_daily_budget"], currency, standard.global_daily_budget),
        cap=view_models.typed_amount(row["max_daily_budget"], currency, standard.max_daily_budget),
        not_eligible=labels.not_eligible(row["not_eligible"]),
        live=view_models.live_minor(campaigns),
        groups=view_models.campaigns_by_goal(campaigns, ad_sets),
        runs=view_models.runs(panel_store().runs(user_id, before=before)),
        before=before,
        switch=switches(),
        armed=resources().settings.armed,
    )


@router.get("/users/{user_id}/activity")
def activity(request: Request, user_id: UUID) -> HTMLResponse:
    """A user's latest runs alone: the page asks for them again when a run has ended."""
    runs = view_models.runs(panel_store().runs(user_id))
    return page(request, "activity.html", root="../", user=known_user(user_id), runs=runs, before=None)


@router.get("/users/{user_id}/runs/{run_id}")
def run(request: Request, user_id: UUID, run_id: UUID) -> HTMLResponse:
    """One run of a user: each action and hold, why, and the numbers that decided."""
    row = panel_store().run(user_id, run_id=run_id)
    if row is None:
        raise HTTPException(404, f"User {user_id} has no run {run_id}.")
    store = resources().store
    user = known_user(user_id)
    kept = Kept(
        snapshot=store.snapshots([run_id]).get(run_id),
        decisions=panel_store().decisions(run_id),
        rows=store.actions([run_id]),
        currency=user["currency"] or "USD",
        dry_run=row["dry_run"],
    )
    told = explain.whatever_is_kept(kept, resources().policy)
    return page(
        request,
        "run.html",
        user=user,
        run={**row, "outcomes": view_models.outcomes(row)},
        decided_apart=abs(row["run_at"] - row["opened_at"]) > APART,
        groups=decision_view.by_goal(told, panel_store().creative_names(user_id)),
    )


@router.get("/users/{user_id}/pictures")
def user_pictures(request: Request, user_id: UUID) -> HTMLResponse:
    """What came of it, in pictures: a part of the user's page, asked for when it comes into view."""
    currency = known_user(user_id)["currency"] or "USD"
    past = panel_store().past(user_id)
    runs = panel_store().live_runs(user_id)
    snapshots = resources().store.snapshots([each["id"] for each in runs])
    known = (each for each in runs if each["id"] in snapshots)
    budgets = [charts.live_budget(each["run_at"], snapshots[each["id"]]) for each in known]
    return page(
        request,
        "pictures.html",
        root="../",
        measures=measures(past, currency),
        pictures=[*charts.of_days(past.days, currency), *charts.of_budgets(budgets, currency)],
    )


@router.get("/pictures")
def fleet_pictures(request: Request, currency: Annotated[str, Query(max_length=3)] = "") -> HTMLResponse:
    """How everybody does, in one currency."""
    currencies = [row["currency"] for row in fleet_figures(None).money]
    shown = currency if currency in currencies else next(iter(currencies), "USD")
    past = fleet_past(shown)
    return page(
        request,
        "fleet_pictures.html",
        currency=shown,
        currencies=currencies,
        measures=measures(past, shown),
        pictures=charts.of_days(past.days, shown),
    )


@router.get("/following")
def following(run_key: Annotated[str, Query(max_length=250)], user_id: UUID | None = None) -> JSONResponse:
    """How a run that was asked for stands, for the page that asked; with a user, where its result is."""
    mine = panel_store().run(user_id, run_key=run_key) if user_id else None
    progress = view_models.progress(run_state(run_key), panel_store().totals(run_key))
    where = f"users/{user_id}/runs/{mine['id']}" if mine else None
    return JSONResponse({**progress, "where": where})


@router.get("/assets/{name}")
def asset(name: str) -> FileResponse:
    """Style, scripts, charting library."""
    return static_files.asset(name)


def known_user(user_id: UUID) -> Row:
    """Return the user's row.

    Raises:
        HTTPException: 404, there is no such user.
    """
    row = panel_store().user(user_id)
    if row is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return row

"""The pages, to read. Each route asks the store, shapes the rows and renders."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import FileResponse, HTMLResponse

from ads_orchestrator_airflow.panel import asking, assets, views, words
from ads_orchestrator_airflow.panel.connected import panel_store, switches
from ads_orchestrator_airflow.panel.figures import fleet_figures
from ads_orchestrator_airflow.panel.guard import Operator
from ads_orchestrator_airflow.panel.rendering import page
from orchestrator import policy
from orchestrator.store.panel import Page, Row

router = APIRouter(default_response_class=HTMLResponse)

_Search = Annotated[str, Query(alias="q", max_length=80)]


@router.get("/")
def fleet(
    request: Request, operator: Operator, q: _Search = "", state: str = "", after: UUID | None = None
) -> HTMLResponse:
    """Everybody, page by page."""
    try:
        found, problem = panel_store().page(asking.wanted(q, state, after)), None
    except asking.NotAnId:
        found, problem = Page([], None), "That is no id: ids have the digits 0 to 9 and the letters a to f."
    figures = fleet_figures()
    return page(
        request,
        "fleet.html",
        operator=operator,
        q=q,
        state=state,
        after=after,
        problem=problem,
        users=views.fleet_rows(found.rows),
        next_after=found.after,
        figures=figures,
        states=views.state_counts(figures.fleet),
        switch=switches(),
        goals=views.known_goals(),
    )


@router.get("/users/{user_id}")
def user(request: Request, operator: Operator, user_id: UUID) -> HTMLResponse:
    """One user."""
    row = known_user(user_id)
    campaigns, ad_sets = panel_store().campaigns(user_id)
    goals, goals_problem = views.goals_of(row)
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
        daily=views.typed_amount(row["global_daily_budget"], currency, standard.global_daily_budget),
        cap=views.typed_amount(row["max_daily_budget"], currency, standard.max_daily_budget),
        not_eligible=words.not_eligible(row["not_eligible"]),
        live=views.live_minor(campaigns),
        groups=views.campaigns_by_goal(campaigns, ad_sets),
        runs=views.runs(panel_store().runs(user_id)),
        switch=switches(),
    )


@router.get("/users/{user_id}/activity")
def activity(request: Request, user_id: UUID, before: datetime | None = None) -> HTMLResponse:
    """A user's latest runs alone: the page asks for them again when a run has ended."""
    runs = views.runs(panel_store().runs(user_id, before=before))
    return page(request, "activity.html", root="../", user=known_user(user_id), runs=runs)


@router.get("/assets/{name}")
def asset(name: str) -> FileResponse:
    """Style, scripts, charting library."""
    return assets.asset(name)


def known_user(user_id: UUID) -> Row:
    """Return the user's row.

    Raises:
        HTTPException: 404, there is no such user.
    """
    row = panel_store().user(user_id)
    if row is None:
        raise HTTPException(404, f"There is no user {user_id}.")
    return row

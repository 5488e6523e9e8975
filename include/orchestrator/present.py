"""What Meta has at this instant, for the check before a write."""

from __future__ import annotations

from dataclasses import replace

from orchestrator import gather, rules
from orchestrator.model import Action
from orchestrator.rows import ActionRow
from orchestrator.rules.recheck import Standing, recheck
from orchestrator.site import Site


def standing(site: Site, state: rules.State | None) -> Standing:
    """Read what Meta has now. What this run created counts as it was left, listed or not.

    Args:
        site: whose account.
        state: as the run has left it; null before there is one, and then nothing may rise.
    """
    campaigns, ad_sets = site.account.tree(sorted(site.campaigns))
    user = replace(site.user, campaigns=tuple(site.campaigns.values()), ad_sets=tuple(site.ad_sets.values()))
    seen = gather.structure(user, campaigns, ad_sets, site.now, trusted=site.trusted)
    return Standing(
        campaigns={c.id: gather.campaign_of(c) for c in seen.campaigns},
        ad_sets={a.id: gather.ad_set_of(a, None, None) for a in seen.ad_sets},
        cap_minor=0 if state is None else _cap_minor(site, state),
    )


def _cap_minor(site: Site, state: rules.State) -> int:
    """A cap that was lowered meanwhile holds from now on; one that was raised, from the next plan."""
    typed = site.store.budgets(site.user.user_id)
    rows = replace(
        site.user,
        global_daily_budget=typed.global_daily_budget,
        max_daily_budget=typed.max_daily_budget,
    )
    settings = gather.settings_of(rows, site.user.assets.currency)
    return min(rules.cap_minor(state), rules.cap_under(settings, state))


def refusal_to_deliver(site: Site, row: ActionRow, ad_set_id: str, state: rules.State | None) -> str | None:
    """Why an ad set that an earlier try began to make may not be activated now, or null.

    It stands PAUSED among what Meta has, so it is asked about as a resume: a creation would count it twice.
    """
    if state is not None and state.reduction_failed:
        return "reduction_failed"
    resume = _resume_of(site, row, ad_set_id)
    verdict = recheck(resume, standing(site, state))
    return None if verdict in ("go", "already") else verdict


def _resume_of(site: Site, row: ActionRow, ad_set_id: str) -> Action:
    campaign_id = site.meta_id(row.action.campaign_id)
    return replace(row.action, action_type="resume_adset", campaign_id=campaign_id, adset_id=ad_set_id)

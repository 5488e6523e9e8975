"""The seven steps of a batch, in order, and what is true after each."""

from __future__ import annotations

from types import MappingProxyType

BATCH_STEPS = MappingProxyType(
    {
        "allocate_budget": (
            "What an earlier run left unsettled is settled. Each user was read from Meta once, and that is "
            "the run's snapshot. The daily budget is divided over the goals."
        ),
        "check_learning_campaigns": (
            "Each active goal has its learning campaign, with an ad set for each audience and approved "
            "creative. What was half built is finished."
        ),
        "extract_insights": (
            "The Insights that were read are windows an ad set. The daily rows are stored. Evidence that is "
            "missing or late is marked stale."
        ),
        "detect_winners": "Each goal's winners are known, with the numbers that decided. Nothing is written.",
        "promote_winners": "Winners have a copy in the scaling campaign, as far as the guardrail allows.",
        "scale_budgets": "Scaling campaigns that keep performing have a higher budget, below the cap.",
        "pause_losers": "Ad sets that do not perform are paused, if the user wants that.",
    }
)

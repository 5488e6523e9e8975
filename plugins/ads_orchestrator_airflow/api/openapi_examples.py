"""One example response of every operation."""

from __future__ import annotations

from typing import Any

from orchestrator.domain import reasons, steps

_RUN = "9b0c7a4e-2f55-4d0e-9a58-6f6a2f3d1c11"
_SUMMARY = {
    "campaignsCreated": 0,
    "campaignsUpdated": 1,
    "winnersPromoted": 0,
    "budgetsScaled": 1,
    "adsetsPaused": 0,
    "errors": 0,
}
_NOTHING_YET = dict.fromkeys(_SUMMARY, 0)
_NUMBERS = {
    "step": steps.SCALE.key,
    "reason": reasons.SCALE_UP.code,
    "campaignId": "120210000000000001",
    "adsetId": None,
    "beforeMinor": 2000,
    "afterMinor": 2400,
    "currency": "USD",
}
_CHECK = {
    "name": "cost per event yesterday",
    "have": "$0.38",
    "word": "at most",
    "need": "$0.41",
    "passed": True,
}
_SAID = "the scaling campaign for streams from $20.00 to $24.00: cost per event fell from $0.41 to $0.38"
_FIGURES = {
    "goalKey": "streams",
    "adsetId": "120210000000000002",
    "knownEvents": 63,
    "reportedEvents": 0,
    "reportedImpressions": 15000,
    "since": "2026-11-23T12:00:00Z",
    "canBeAccepted": True,
    "message": "streams, broad: 63 were known, and now Meta reports 0 clicks on 15,000 impressions",
}

EXAMPLES: dict[tuple[str, str], Any] = {
    ("post", "/ads-orchestrate"): {
        "success": True,
        "runId": _RUN,
        "status": "pending",
        "dryRun": False,
        "summary": _NOTHING_YET,
        "actionsCount": 0,
        "reason": None,
    },
    ("post", "/ads-orchestrate-dryrun"): {
        "success": True,
        "dryRun": True,
        "runId": None,
        "at": "2026-11-23T12:00:00Z",
        "summary": _SUMMARY,
        "actionsCount": 1,
        "actions": [
            {
                "type": "update_budget",
                "goalKey": "streams",
                "message": f"Would raise {_SAID}",
                "details": _NUMBERS | {"checks": [_CHECK]},
            }
        ],
        "holds": [],
        "reason": None,
    },
    ("get", "/runs"): {
        "success": True,
        "runs": [
            {
                "runId": _RUN,
                "status": "success",
                "trigger": "cron",
                "dryRun": False,
                "goalKeys": None,
                "askedAt": "2026-11-23T12:00:00Z",
                "startedAt": "2026-11-23T12:00:04Z",
                "endedAt": "2026-11-23T12:00:31Z",
                "summary": _SUMMARY,
                "reason": None,
            }
        ],
        "next": None,
    },
    ("get", "/runs/{run_id}/actions"): {
        "success": True,
        "runId": _RUN,
        "status": "success",
        "dryRun": False,
        "summary": _SUMMARY,
        "actionsCount": 1,
        "actions": [
            {
                "type": "update_budget",
                "goalKey": "streams",
                "message": f"Raised {_SAID}",
                "details": _NUMBERS
                | {"checks": [_CHECK], "status": "success", "note": None, "at": "2026-11-23T12:00:20Z"},
            }
        ],
        "holds": [],
        "reason": None,
    },
    ("get", "/settings"): (
        _SETTINGS := {
            "success": True,
            "autoScaleWinners": True,
            "autoPauseLosers": False,
            "globalDailyBudget": 20.0,
            "maxDailyBudget": 50.0,
            "goals": {
                "streams": {
                    "title": "Streams",
                    "isActive": True,
                    "priority": 5,
                    "budgetHint": None,
                    "learningSharePercent": 70.0,
                }
            },
            "currency": "USD",
            "connected": True,
            "pausedByOperator": False,
            "lastRunAt": "2026-11-23T12:00:31Z",
            "updatedAt": "2026-11-22T09:30:00Z",
            "updatedBy": "5b0f3c52-5ef6-4a6e-8f0e-0b7a1d2c3e4f",
        }
    ),
    ("patch", "/settings"): _SETTINGS,
    ("get", "/waiting"): {"success": True, "figures": [_FIGURES], "pausedGoalKeys": ["presave"]},
    ("post", "/figures/accept"): {"success": True, "accepted": [_FIGURES], "left": []},
    ("post", "/goals/{goal_key}/resume"): {"success": True, "goalKey": "presave", "campaignsCount": 1},
    ("post", "/ads-orchestrate-cron"): {
        "success": True,
        "runId": "cron__2026-11-23T12:00Z",
        "status": "queued",
        "usersTotal": None,
        "usersProcessed": 0,
        "results": [],
    },
}
"""By method and path."""

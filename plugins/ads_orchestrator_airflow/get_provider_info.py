"""The connection type of a Meta app and its form, for Airflow's provider manager.

Airflow 3 takes connection types from installed packages, through the entry point
``apache_airflow_provider``, never from a plugin: see ``[project.entry-points]`` in pyproject.toml.
"""

from __future__ import annotations

from typing import Any

CONNECTION_TYPE = "ads_orchestrator_meta"


def get_provider_info() -> dict[str, Any]:
    """Return the provider's description in the shape of ``provider_info.schema.json``."""
    return {
        "package-name": "ads-orchestrator",
        "name": "Ads Orchestrator",
        "description": "Runs Meta ads from goals.",
        "connection-types": [_meta_app()],
    }


def _meta_app() -> dict[str, Any]:
    return {
        "connection-type": CONNECTION_TYPE,
        "hook-class-name": "ads_orchestrator_airflow.hooks.MetaAppHook",
        "hook-name": "Meta app (Ads Orchestrator)",
        "ui-field-behaviour": {
            "hidden-fields": ["port", "schema", "extra"],
            "relabeling": {"login": "App id", "password": "App secret", "host": "Base URL"},
            "placeholders": {"host": "https://graph.facebook.com", "login": "1234567890"},
        },
        "conn-fields": {
            "api_version": {
                "label": "API version",
                "schema": {"type": ["string", "null"], "pattern": r"^v\d+\.\d+$"},
                "description": "For example v26.0. Empty: the deployment's.",
            },
            "tier": {
                "label": "Access tier",
                "schema": {"type": ["string", "null"], "enum": ["limited", "full"]},
                "description": "The app's Marketing API access; it sets the pace. Empty: the deployment's.",
            },
        },
    }

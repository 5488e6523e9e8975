"""A plain HTTP client of the simulator, with the few objects that most tests begin with."""

from __future__ import annotations

import json
from typing import Any

import requests
from facebook_business.adobjects.adaccount import AdAccount
from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

US = {"geo_locations": {"countries": ["US"]}, "targeting_automation": {"advantage_audience": 0}}
_SESSION = requests.Session()


class Client:
    """Calls in the name of one account's token."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.me: dict[str, Any] = {}
        self.version = "v26.0"

    def sim(self, name: str, body: Any = None, method: str | None = None) -> Any:
        """A call of the control API."""
        verb = method or ("GET" if body is None else "POST")
        answer = _SESSION.request(verb, f"{self.url}/_sim/{name}", json=body, timeout=30)
        return answer.json()

    def open_account(self, **form: Any) -> dict[str, Any]:
        """A new account, whose token the client uses from now on."""
        wanted = {"currency": "USD", "timezone": "America/Los_Angeles"} | form
        self.me = self.sim("seed", {"accounts": [wanted]})["accounts"][0]
        return self.me

    @property
    def act(self) -> str:
        """The account's id."""
        return str(self.me["ad_account_id"])

    def raw(self, method: str, path: str, *, version: str | None = None, **params: Any) -> requests.Response:
        """A Graph call as it goes over the wire: lists and maps as JSON."""
        wire = {"access_token": self.me["access_token"]} | params
        wire = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in wire.items()
            if value is not None
        }
        place = {"data": wire} if method == "POST" else {"params": wire}
        return _SESSION.request(method, f"{self.url}/{version or self.version}/{path}", timeout=30, **place)

    def get(self, path: str, **params: Any) -> Any:
        """The JSON of a GET."""
        return self.raw("GET", path, **params).json()

    def post(self, path: str, **params: Any) -> Any:
        """The JSON of a POST."""
        return self.raw("POST", path, **params).json()

    def delete(self, path: str) -> Any:
        """The JSON of a DELETE."""
        return self.raw("DELETE", path).json()

    def refused(self, path: str, **params: Any) -> tuple[int, int | None]:
        """Code and subcode with which a POST is refused."""
        error = self.post(path, **params)["error"]
        return error["code"], error.get("error_subcode")

    def campaign(self, **params: Any) -> str:
        """A new ABO campaign, or with a ``daily_budget`` a CBO one; ACTIVE."""
        cbo = "daily_budget" in params
        plain = {
            "name": "campaign",
            "objective": "OUTCOME_SALES",
            "special_ad_categories": [],
            "status": "ACTIVE",
        }
        kind = (
            {"bid_strategy": "LOWEST_COST_WITHOUT_CAP"} if cbo else {"is_adset_budget_sharing_enabled": False}
        )
        return str(self.post(f"{self.act}/campaigns", **(plain | kind | params))["id"])

    def ad_set_params(self, campaign_id: str, **params: Any) -> dict[str, Any]:
        """What a good ad set for website conversions is created with."""
        return {
            "name": "ad set",
            "campaign_id": campaign_id,
            "optimization_goal": "OFFSITE_CONVERSIONS",
            "billing_event": "IMPRESSIONS",
            "bid_strategy": "LOWEST_COST_WITHOUT_CAP",
            "daily_budget": 1000,
            "destination_type": "WEBSITE",
            "promoted_object": {
                "pixel_id": self.me["pixel_id"],
                "custom_event_type": "OTHER",
                "custom_event_str": "SmartLinkClicked",
            },
            "targeting": US,
            "status": "ACTIVE",
        } | params

    def ad_set(self, campaign_id: str, **params: Any) -> str:
        """A new ad set; ACTIVE."""
        answer = self.post(f"{self.act}/adsets", **self.ad_set_params(campaign_id, **params))
        assert "id" in answer, answer
        return str(answer["id"])

    def creative(self, **params: Any) -> str:
        """A new link creative."""
        return str(
            self.post(f"{self.act}/adcreatives", **({"name": "creative"} | self.story() | params))["id"]
        )

    def story(self, **link: Any) -> dict[str, Any]:
        """A good ``object_story_spec`` parameter."""
        data = {"link": "https://example.com", "image_hash": self.me["image_hash"], "message": "Listen"}
        return {
            "object_story_spec": {
                "page_id": self.me["page_id"],
                "instagram_user_id": self.me["instagram_user_id"],
                "link_data": data | link,
            }
        }

    def ad(self, ad_set_id: str, **params: Any) -> str:
        """A new ad with a creative of its own; ACTIVE."""
        plain = {"name": "ad", "adset_id": ad_set_id, "status": "ACTIVE"}
        if "creative" not in params:
            plain["creative"] = {"creative_id": self.creative()}
        return str(self.post(f"{self.act}/ads", **(plain | params))["id"])

    def tree(self, **ad_set: Any) -> tuple[str, str, str]:
        """A running campaign, ad set and ad."""
        campaign = self.campaign()
        ad_set_id = self.ad_set(campaign, **ad_set)
        return campaign, ad_set_id, self.ad(ad_set_id)

    def advance(self, hours: float) -> None:
        """Move the clock on."""
        self.sim("clock", {"advance_hours": hours})

    def sdk(self) -> AdAccount:
        """The account through Meta's own SDK."""
        app = self.sim("app")
        session = FacebookSession(app["app_id"], app["app_secret"], self.me["access_token"], timeout=(5, 60))
        session.GRAPH = self.url
        return AdAccount(self.act, api=FacebookAdsApi(session))

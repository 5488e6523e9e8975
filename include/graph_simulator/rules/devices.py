"""Device targeting of sales ad sets, which Meta widens unless it is told not to."""

from __future__ import annotations

from datetime import UTC, datetime

from graph_simulator import spec
from graph_simulator.errors import bad_param
from graph_simulator.state.objects import AdSet

_NAMING = ("user_device", "user_os", "excluded_user_device")
_FROM_VERSION = "v27.0"
# From here on the versions before it do the same [Meta: about February 2027].
_FOR_ALL = int(datetime(2027, 2, 23, tzinfo=UTC).timestamp())


def check_automation(ad_set: AdSet, version: str, now: int) -> None:
    """Refuse what ``targeting_automation`` does not have; ``device`` is v27's, and later every version's.

    Raises:
        GraphError: 100.
    """
    known = spec.fields("TargetingAutomation") | ({"device"} if _knows_device(version, now) else set())
    unknown = sorted(ad_set.targeting["targeting_automation"].keys() - known)
    if unknown:
        raise bad_param(
            f"Invalid parameter: {unknown[0]} is not a field of targeting_automation", "targeting"
        )


def _knows_device(version: str, now: int) -> bool:
    return version == _FROM_VERSION or now >= _FOR_ALL


def widen_devices(ad_set: AdSet, version: str, now: int) -> None:
    """Switch on "reach more people across other mobile devices" when the call leaves it open.

    It concerns ad sets for sales whose targeting names devices or a system; ``device: 0`` in
    ``targeting_automation`` declines it.
    """
    targeting = ad_set.targeting
    automation = targeting["targeting_automation"]
    if ad_set.campaign.objective != "OUTCOME_SALES" or "device" in automation:
        return
    if _knows_device(version, now) and any(targeting.get(name) for name in _NAMING):
        ad_set.targeting = {**targeting, "targeting_automation": {**automation, "device": 1}}

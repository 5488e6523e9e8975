"""Every rule the simulator holds callers to, with the fact it comes from.

``facts`` are sections of meta-api.md, the collection of facts on the Marketing API v26 that this
simulator was built from; its marks say how sure each is: D documented, S in Meta's own
specification, W seen on the wire, R recorded, L reported from live use, C claimed, K common
knowledge, U inferred, H this simulator's own choice where nothing is known.
"""

from __future__ import annotations

from typing import NamedTuple


class Rule(NamedTuple):
    """One rule: the error of its refusal, its condition, its source and how certain that is."""

    code: int
    subcode: int | None
    what: str
    facts: str
    sure: str


RULES = (
    Rule(
        100,
        None,
        "unknown parameter, wrong type, value no enum has, required parameter missing",
        "0, 10.2",
        "S",
    ),
    Rule(
        100,
        None,
        "unknown field of a node; unknown Insights field, filter, operator, preset or order",
        "4.1",
        "K",
    ),
    Rule(100, 33, "no such object, not yours, or not yet visible", "6", "R"),
    Rule(2500, None, "unknown path, unreadable field expansion", "6", "K"),
    Rule(
        2635, None, "versions up to v24, v25 from 2027-02-23 on; all before v27 for a new app", "9, 10.1", "D"
    ),
    Rule(3, None, "asynchronous batches of a new app", "9", "D"),
    Rule(100, None, "field aliases and the `method` parameter, of a new app", "9", "D"),
    Rule(100, None, "a `device` in targeting_automation that is neither 0 nor 1", "9", "K"),
    Rule(
        100,
        None,
        "another field of targeting_automation than v26 has; `device` before v27, until 2027-02-23",
        "9, 10",
        "S",
    ),
    Rule(100, None, "what a pixel received more than seven days ago", "10", "H"),
    Rule(100, None, "`ids` on the root, `date_format`", "0, 9", "D"),
    Rule(104, None, "no access token", "10.1", "D"),
    Rule(190, None, "a token of nobody; dead tokens with 458, 459, 460, 463, 464, 467", "6", "R"),
    Rule(100, None, "wrong `appsecret_proof`; a missing one when the app requires it", "8", "K"),
    Rule(101, None, "token exchange for another app, or with a wrong secret (1)", "8", "K"),
    Rule(200, None, "someone else's ad account", "6", "R"),
    Rule(200, 1404163, "writing to a disabled account", "6", "D"),
    Rule(960, None, "a call of a batch whose parent failed", "7", "D"),
    Rule(
        2460003,
        2460003,
        "no refusal: the code of an issue in `issues_info`, unless another is given",
        "10",
        "C",
    ),
    Rule(100, 4834011, "ABO campaign without is_adset_budget_sharing_enabled", "1.1", "D"),
    Rule(100, 4834002, "budget sharing on a campaign with a campaign budget", "1.1", "D"),
    Rule(100, 4834005, "budget sharing without a bid strategy", "1.1", "D"),
    Rule(100, 4834006, "another bid strategy while budget sharing is on", "1.1", "D"),
    Rule(100, 4834009, "ad sets of different goals under budget sharing", "1.1", "D"),
    Rule(100, 3858418, "turning budget sharing on while the campaign runs", "1.1", "D"),
    Rule(100, 1885737, "bid strategy on a campaign without budget", "1.1, 12", "L"),
    Rule(100, 2446307, "spend cap below 100 US dollars", "1.1, 2", "D"),
    Rule(100, 1885272, "budget below the minimum of currency, billing event and bid", "2", "D"),
    Rule(100, 2238055, "campaign budget below what its active ad sets need", "2", "D"),
    Rule(100, 2446149, "one more active ad set than the campaign budget feeds", "2", "D"),
    Rule(100, 1885621, "ad set budget under a campaign budget", "2", "D"),
    Rule(100, None, "ad sets of different goals under a campaign budget", "2", "D"),
    Rule(613, 1487632, "a fifth change of an ad set's budget within an hour", "2", "D"),
    Rule(17, 1885172, "an eleventh change of the account's spending limit within a day", "2", "D"),
    Rule(100, 2490487, "ABO ad set without bid strategy", "1.2", "D"),
    Rule(100, 1815857, "capped bid strategy without bid_amount", "1.1, 1.2", "L"),
    Rule(100, 1870227, "advantage_audience not said", "1.2", "L"),
    Rule(100, 1870188, "age_min above 25 with Advantage+ audience", "1.2", "L"),
    Rule(100, 1870189, "age_max below 65 with Advantage+ audience", "1.2", "L"),
    Rule(100, 1885364, "targeting without a location", "1.2", "K"),
    Rule(
        100,
        1487079,
        "interest without a valid id (13 digits, first a 6), or retired",
        "1.2",
        "D",
    ),
    Rule(100, 1487756, "a country and a place inside it", "1.2", "D"),
    Rule(100, 2490392, "Instagram Explore placements", "1.2, 9", "C"),
    Rule(100, 3858079, "EU without payor, on the ad set and the account", "1.2", "D"),
    Rule(100, 3858081, "EU without beneficiary, on the ad set and the account", "1.2", "D"),
    Rule(100, 2490408, "goal not of the objective, destination not of the goal", "1.2, 1.5", "C"),
    Rule(100, 2446509, "Instagram goal without its destination", "1.2, 1.6", "L"),
    Rule(100, None, "billing event not of the goal", "1.5", "D"),
    Rule(
        100,
        1885014,
        "promoted object that does not fit the goal or is not the account's",
        "1.2, 1.5, 1.6",
        "D",
    ),
    Rule(100, 1815089, "ads for leads of a Page that has not accepted the terms", "9", "C"),
    Rule(
        100,
        None,
        "a targeting that leaves people out, under housing, employment or financial products; "
        "a country for which the special ad category is not declared",
        "1.1, 9",
        "K",
    ),
    Rule(100, None, "custom audience of nobody", "1.2", "K"),
    Rule(100, 1885501, "attribution window not of the goal", "1.2", "D"),
    Rule(100, 1504040, "another attribution window after the create", "1.2", "D"),
    Rule(100, 3260011, "another promoted object once published", "1.2", "D"),
    Rule(100, 1487566, "changing a deleted campaign, or an archived one beyond name and deletion", "6", "D"),
    Rule(
        100, 1487056, "changing a deleted ad set, or an archived one beyond name and deletion", "1.2, 6", "D"
    ),
    Rule(100, 1487007, "changing a deleted ad, or an archived one beyond name and deletion", "6", "D"),
    Rule(
        100,
        None,
        "200 ad sets a campaign, 50 ads an ad set, 5,000 each an account, 50 labels an object",
        "1.1, 7",
        "D",
    ),
    Rule(100, 2061015, "link_data without link, also where the goal leads to a website", "1.3", "D"),
    Rule(100, 2446383, "video without a link, where its call to action or the goal needs one", "1.3", "D"),
    Rule(100, 1487202, "creative in the name of someone else's Page", "1.3", "D"),
    Rule(100, 1772103, "Instagram account missing or of someone else", "1.3", "D"),
    Rule(100, None, "a form that the Page has not, a link that is none", "1.3", "K"),
    Rule(
        100,
        None,
        "a creative that does not fit the goal: no video for THRUPLAY, no form for leads, "
        "no call to action for LINK_CLICKS",
        "1.5, 1.6",
        "K",
    ),
    Rule(100, 3858504, "standard_enhancements as a bundle", "1.3", "D"),
    Rule(100, 1487411, "an image that is none", "1.3", "H"),
    Rule(3, None, "an image by its address", "1.3", "D"),
    Rule(100, 1359188, "an ad without payment method (account_status 3)", "1.4", "D"),
    Rule(194, None, "an ad without ad set or creative; a request set with fewer than two", "1.4, 3", "D"),
    Rule(100, 1885194, "a copy with more than 3 ads, 51 when asynchronous", "3", "D"),
    Rule(100, None, "a copy from CBO to ABO, which has no budget", "3, 12", "U"),
    Rule(3018, None, "reports that begin more than 37 months ago", "4.1", "D"),
    Rule(2, 1504041, "breakdowns that do not go together", "4.5", "D"),
    Rule(100, 1487534, "a synchronous report over more than 100,000 ads times days", "4.5", "D"),
    Rule(2, 1504044, "a report run that fails on request", "4.4, 4.5", "D"),
    Rule(2601, None, "rows of a report run that is not complete", "4.4", "K"),
    Rule(1, None, "more than 5,000 items a page", "4.5", "D"),
    Rule(
        17, 2446079, "more than 60 (9,000) points in 300 s; calls while blocked prolong the block", "5", "D"
    ),
    Rule(613, 5044001, "more than 100 writes a second and account, while the clock runs", "5", "D"),
    Rule(80004, 2446079, "more than 300 + 40 an active ad (100,000 + …) management calls an hour", "5", "D"),
    Rule(80000, 2446079, "more than 600 + 400 an active ad (190,000 + …) Insights calls an hour", "5", "D"),
    Rule(4, None, "more than 200 a user and hour of calls about no ad account", "5", "K"),
    Rule(4, 1504022, "Insights throttled for the whole app, on request", "4.5, 5", "D"),
    Rule(613, 1487742, "score used up, its other code, on request", "5", "D"),
    Rule(1, 99, "an unknown error, on request", "6", "R"),
    Rule(2, None, "service unavailable, on request", "6", "R"),
    Rule(6200, None, "a second pixel", "10", "K"),
)

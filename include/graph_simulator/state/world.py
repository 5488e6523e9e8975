"""The whole simulated world: accounts, every object by id, the clock, the laws of delivery."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from graph_simulator.delivery import market, run
from graph_simulator.errors import unknown_object
from graph_simulator.limits.usage import Charge, Limits
from graph_simulator.state import ids
from graph_simulator.state.assets import (
    CustomConversion,
    Image,
    InstagramUser,
    LeadForm,
    Page,
    Pixel,
    User,
    Video,
)
from graph_simulator.state.clock import Clock
from graph_simulator.state.lateness import Lateness
from graph_simulator.state.noise import mix
from graph_simulator.state.objects import Account, Activity, Node

_PRESAVE_RULE = '{"and":[{"event":{"eq":"PresaveComplete"}}]}'
START = datetime(2026, 11, 23, 12, tzinfo=UTC)
# Where the generated accounts live: mostly dollars, in several zones, with a few other currencies.
_HOMES = (
    ("USD", "America/Los_Angeles"),
    ("USD", "America/New_York"),
    ("EUR", "Europe/Berlin"),
    ("USD", "America/Chicago"),
    ("GBP", "Europe/London"),
    ("JPY", "Asia/Tokyo"),
    ("USD", "America/New_York"),
    ("SEK", "Europe/Stockholm"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a world is made from. Two worlds of one setup answer the same requests with the same bytes."""

    seed: int = 0
    accounts: int = 1
    start: datetime = START
    clock_factor: float = 0.0
    tier: str = "full"
    lenient: bool = False
    require_proof: bool = False
    new_app: bool = False
    review_minutes: int = 30
    review_spread: bool = False
    rejections: float = 0.0
    later_rejections: float = 0.0
    flex: bool = True
    delays: bool = True
    fatigue: bool = False
    weekday: bool = False
    learning: bool = False
    rising: bool = False
    twins: bool = False
    checks_assets: bool = True
    checks_fit: bool = True
    late_reads: float = 0.0
    missing: float = 0.0
    taken_back: float = 0.0
    unsettled: float = 0.0
    issues: float = 0.0


class World:
    """All state of one simulator."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.clock = Clock(setup.start, setup.clock_factor)
        self.ids = ids.Ids(setup.seed)
        self.laws = run.Delivery(setup.seed, **{name: getattr(setup, name) for name in run.SWITCHES})
        self.app_id = ids.asset_id(setup.seed, 7, 0)
        self.app_secret = ids.hexadecimal(32, setup.seed, 8)
        self.limits = Limits(setup.tier)
        self.accounts: list[Account] = []
        self.users: dict[str, User] = {}
        self.changes = 0
        self._is_person = False
        self.lateness = Lateness()
        self.objects: dict[str, Node] = {}
        self.retired: set[str] = set()
        for _ in range(setup.accounts):
            self.open_account({})

    def now(self) -> int:
        """Unix seconds of the simulated clock."""
        return self.clock.now()

    def open_account(self, wishes: dict[str, Any]) -> Account:
        """A new account with its page, pixel, Instagram user and token; ``wishes`` name what differs."""
        index = len(self.accounts)
        account = self._draw_account(index, wishes)
        self.accounts.append(account)
        self._give_token(account)
        for node in (
            account,
            Page(account.page_id, account),
            InstagramUser(account.instagram_user_id, account),
            Pixel(account.pixel_id, account, f"Pixel {index + 1}", account.created),
            Video(account.video_id, account, "Video", account.created),
        ):
            self.objects[node.id] = node
            if isinstance(node, Pixel):
                account.pixels.append(node)
        self.objects[account.number] = account
        self._stock(account)
        return account

    def reopen_account(self, account: Account, wishes: dict[str, Any]) -> None:
        """Change the name, token, currency or time zone of an account that has no campaigns yet.

        Raises:
            ValueError: when it has campaigns, or another asset is to change.
        """
        fixed = sorted(wishes.keys() - {"name", "access_token", "currency", "timezone"})
        if account.campaigns or fixed:
            msg = f"{account.id} exists: {', '.join(fixed or sorted(wishes))} cannot change"
            raise ValueError(msg)
        account.name = wishes.get("name", account.name)
        account.timezone = wishes.get("timezone", account.timezone)
        if "currency" in wishes:
            account.currency = wishes["currency"]
            account.market = market.fitted(account.currency)
        if "access_token" in wishes:
            self._take_token(account)
            account.token = wishes["access_token"]
            self._give_token(account)

    def _take_token(self, account: Account) -> None:
        user = self.users[account.token]
        user.accounts.remove(account)
        if not user.accounts:
            del self.users[account.token], self.objects[user.id]

    def _give_token(self, account: Account) -> None:
        """One token may reach several accounts: they are one user's."""
        user = self.users.get(account.token)
        if user is None:
            number = ids.asset_id(self.setup.seed, 5, account.index)
            user = self.users[account.token] = User(number, account.token, self.now())
            self.objects[user.id] = user
        user.accounts.append(account)

    def _stock(self, account: Account) -> None:
        """What every account starts with: an image, a custom conversion and a form for leads."""
        seed, index = self.setup.seed, account.index
        image_hash = ids.hexadecimal(32, seed, 81, index)
        image = Image(
            f"{account.number}:{image_hash}", account, "cover.png", image_hash, 1080, 1080, account.created
        )
        account.images[image_hash] = image
        number = ids.asset_id(seed, 8, index)
        conversion = CustomConversion(
            number, account, "Presave", account.pixel_id, "OTHER", _PRESAVE_RULE, account.created
        )
        account.conversions.append(conversion)
        form = LeadForm(ids.asset_id(seed, 11, index), account, "Newsletter", account.created)
        account.lead_forms.append(form)
        for node in (image, conversion, form):
            self.add(node)

    def _draw_account(self, index: int, wishes: dict[str, Any]) -> Account:
        seed = self.setup.seed
        currency, timezone = _HOMES[mix(seed, 71, index) % len(_HOMES)]
        currency, timezone = wishes.get("currency", currency), wishes.get("timezone", timezone)
        now = self.now()
        return Account(
            number=wishes.get("number", ids.account_number(seed, index)),
            index=index,
            name=wishes.get("name", f"Ad account {index + 1}"),
            currency=currency,
            timezone=timezone,
            created=now - 400 * 86400,
            token=wishes.get("access_token", ids.token(seed, index)),
            page_id=wishes.get("page_id", ids.asset_id(seed, 2, index)),
            pixel_id=wishes.get("pixel_id", ids.asset_id(seed, 4, index)),
            instagram_user_id=wishes.get("instagram_user_id", ids.asset_id(seed, 178, index)),
            business_id=ids.asset_id(seed, 6, index),
            video_id=wishes.get("video_id", ids.asset_id(seed, 9, index)),
            market=market.fitted(currency),
            settled_until=now,
            checks_assets=self.setup.checks_assets,
            checks_fit=self.setup.checks_fit,
            retired=self.retired,
        )

    def add(self, node: Node) -> None:
        """Make an object findable by its id."""
        self.objects[node.id] = node

    def find(self, node_id: str, method: str = "get") -> Node:
        """The object of this id.

        Raises:
            GraphError: 100/33 when there is none, or it cannot be seen yet.
        """
        found = self.objects.get(node_id)
        if found is None or node_id in found.account.gone:
            raise unknown_object(node_id, method)
        if self.lateness.is_hidden(node_id, self.now(), is_read=method == "get"):
            raise unknown_object(node_id, method)
        return found

    def record_outcome(self, account: Account) -> None:
        """Deliver everything of an account up to now."""
        run.record_outcome(account, self.now(), self.laws)

    def charge(self, charge: Charge) -> None:
        """Count a call against the limits.

        Raises:
            GraphError: when it is one too many.
        """
        self.limits.take(charge, self.now(), len(self.users), running=self.clock.factor > 0)

    def usage(self, charge: Charge) -> dict[str, str]:
        """The headers of an answer to such a call."""
        return self.limits.headers(charge, self.now(), len(self.users))

    def log(self, node: Node, event: str, kind: str, extra: dict[str, Any]) -> None:
        """Write a line into the account's audit log; the account counts as changed."""
        account = node.account
        account.active_ads = None
        self.changes += 1
        name = getattr(node, "name", "")
        account.activities.append(
            Activity(self.now(), event, node.id, name, kind, extra, by_person=self._is_person)
        )

    @contextmanager
    def by_person(self) -> Iterator[None]:
        """Log what changes meanwhile as a person's own edits."""
        self._is_person = True
        try:
            yield
        finally:
            self._is_person = False

    def set_laws(self, **switches: Any) -> None:
        """Switch effects of delivery on or off from here on, or set their chances."""
        for account in self.accounts:
            self.record_outcome(account)
        self.laws = replace(self.laws, **switches)

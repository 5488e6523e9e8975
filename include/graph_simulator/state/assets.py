"""What a user has beside campaigns: labels, images, pixels, custom conversions, a page, a token."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from graph_simulator.state.objects import Account


@dataclass(slots=True, eq=False)
class Label:
    """One ad label."""

    node: ClassVar[str] = "AdLabel"
    id: str
    account: Account
    name: str
    created: int
    updated: int


@dataclass(slots=True, eq=False)
class Image:
    """One image; its id is made of the account's number and the hash."""

    node: ClassVar[str] = "AdImage"
    id: str
    account: Account
    name: str
    hash: str
    width: int
    height: int
    created: int
    status: str = "ACTIVE"


@dataclass(slots=True, eq=False)
class Pixel:
    """One pixel. ``received``: events that came from elsewhere than ads: when, which, and how many."""

    node: ClassVar[str] = "AdsPixel"
    id: str
    account: Account
    name: str
    created: int
    received: list[tuple[int, str, int]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class CustomConversion:
    """One custom conversion on a pixel."""

    node: ClassVar[str] = "CustomConversion"
    id: str
    account: Account
    name: str
    pixel_id: str
    event_type: str
    rule: str
    created: int
    archived: bool = False


@dataclass(slots=True, eq=False)
class Page:
    """A Facebook page of one account's owner."""

    node: ClassVar[str] = "Page"
    id: str
    account: Account


@dataclass(slots=True, eq=False)
class InstagramUser:
    """The Instagram account behind the page."""

    node: ClassVar[str] = "IGUser"
    id: str
    account: Account


@dataclass(slots=True, eq=False)
class LeadForm:
    """One instant form of a Page; only an ACTIVE one takes leads."""

    node: ClassVar[str] = "LeadgenForm"
    id: str
    account: Account
    name: str
    created: int
    status: str = "ACTIVE"


@dataclass(slots=True, eq=False)
class CustomAudience:
    """One custom audience."""

    node: ClassVar[str] = "CustomAudience"
    id: str
    account: Account
    name: str
    created: int


@dataclass(slots=True, eq=False)
class Video:
    """One video."""

    node: ClassVar[str] = "AdVideo"
    id: str
    account: Account
    title: str
    created: int


@dataclass(slots=True, eq=False)
class User:
    """The owner of a token. ``dead`` is the subcode of error 190 once the token no longer works."""

    node: ClassVar[str] = "User"
    id: str
    token: str
    issued: int
    accounts: list[Account] = field(default_factory=list)
    expires: int = 0
    dead: int | None = None

    @property
    def account(self) -> Account:
        """The first of the user's ad accounts."""
        return self.accounts[0]

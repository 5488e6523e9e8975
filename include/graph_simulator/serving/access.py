"""Authentication of a call: version, token, proof, and the owner of the objects."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from functools import lru_cache
from math import inf
from typing import Any

from graph_simulator.answers.fields import has_alias, read_fields
from graph_simulator.errors import (
    GraphError,
    bad_proof,
    expired_version,
    missing_proof,
    no_permission,
    token_error,
    unknown_object,
)
from graph_simulator.serving.call import Call
from graph_simulator.state.assets import User
from graph_simulator.state.clock import zone
from graph_simulator.state.objects import Account
from graph_simulator.state.world import World

_VERSIONS = ("v25.0", "v26.0", "v27.0")
_NEWEST = _VERSIONS[-1]
# The last day of v25; v24 ended before this simulator's time begins.
_ENDS = {"v25.0": int(datetime(2027, 2, 23, tzinfo=UTC).timestamp())}
_DEAD = {
    458: "Error validating access token: The user has not authorized application {app}.",
    459: "Error validating access token: You cannot access the app till you log in to "
    "www.facebook.com and follow the instructions given.",
    460: "Error validating access token: The session has been invalidated because the user "
    "changed their password or Facebook has changed the session for security reasons.",
    463: "Error validating access token: Session has expired on {when}. The current time is {now}.",
    464: "Error validating access token: Sessions for the user are not allowed because the user "
    "is not a confirmed user.",
    467: "Error validating access token: The access token is invalid.",
}


def check_version(world: World, call: Call) -> None:
    """Refuse versions that are gone, and parameters that went.

    Raises:
        GraphError: 2635 for a version, 100 for ``ids`` on the root, for ``date_format``, and for what a new
            app has not got.
    """
    _check_life(world, call.version)
    if world.setup.new_app:
        _check_new_app(call)
    if "ids" in call.params and not call.path:
        raise GraphError(
            "(#100) The ids parameter is no longer supported. Request each object by its own path."
        )
    if "date_format" in call.params:
        raise GraphError("(#100) The date_format parameter is no longer supported.")


def _check_life(world: World, version: str) -> None:
    if version not in _VERSIONS:
        number = version[1:].split(".", maxsplit=1)[0]
        if number.isdigit() and int(number) < 25:
            raise expired_version(version)
        raise GraphError(f"Unknown path components: /{version}", code=2500)
    if world.now() >= _ENDS.get(version, inf) or (world.setup.new_app and version != _NEWEST):
        raise expired_version(version)


def _check_new_app(call: Call) -> None:
    """An app made since v27 has neither aliases nor method override."""
    if call.is_overridden:
        raise GraphError("(#100) The method parameter is not supported for this app.")
    if has_alias(read_fields(call.params.get("fields"))):
        raise GraphError("(#100) Field aliases are not supported for this app.")


def caller(world: World, call: Call) -> User:
    """The user behind the token.

    Raises:
        GraphError: 104 without a token, 190 for a bad or dead one, 100 for a wrong or missing proof.
    """
    token = call.params.get("access_token")
    if not token or not isinstance(token, str):
        raise GraphError("An access token is required to request this resource.", code=104)
    user = world.users.get(token)
    if user is None:
        raise token_error("Invalid OAuth access token - Cannot parse access token")
    refuse_dead(world, user)
    _check_proof(world, token, call.params.get("appsecret_proof"))
    return user


def refuse_dead(world: World, user: User) -> None:
    """Refuse a token that no longer works.

    Raises:
        GraphError: 190 with the subcode that says why.
    """
    subcode = user.dead or (463 if user.expires and user.expires <= world.now() else None)
    if subcode:
        raise dead_token(world, subcode, user.expires or world.now())


def dead_token(world: World, subcode: int, since: int) -> GraphError:
    """190 with one of its subcodes, in the recorded words."""
    text = _DEAD.get(subcode, _DEAD[467])
    return token_error(text.format(app=world.app_id, when=_spoken(since), now=_spoken(world.now())), subcode)


def _spoken(instant: int) -> str:
    return datetime.fromtimestamp(instant, tz=zone("America/Los_Angeles")).strftime(
        "%A, %d-%b-%y %H:%M:%S PST"
    )


@lru_cache(maxsize=65536)
def proof_of(token: str, secret: str) -> str:
    """The ``appsecret_proof`` of a token."""
    return hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()


def _check_proof(world: World, token: str, proof: Any) -> None:
    if proof is None:
        if world.setup.require_proof:
            raise missing_proof()
        return
    if not hmac.compare_digest(str(proof).encode(), proof_of(token, world.app_secret).encode()):
        raise bad_proof()


def find(world: World, user: User, name: str, method: str) -> Any:
    """The object of a path's first part, when the user may see it.

    Raises:
        GraphError: 200 for someone else's ad account, 100/33 for anything else that is not there.
    """
    if name == "me":
        return user
    if name.isdigit() and isinstance(world.objects.get(name), Account):
        raise unknown_object(name, method)
    node = world.find(name, method)
    allowed = node.id == user.id if isinstance(node, User) else node.account in user.accounts
    if not allowed:
        raise no_permission() if isinstance(node, Account) else unknown_object(name, method)
    return node

"""The connector for Discourse: how a community is recognised and a connection is opened."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from moderation.errors import MarqueeError
from sync.connector import Account, ConnectorSpec, KeySource, Urgency
from sync.discourse import endpoints
from sync.discourse.community import basic_info
from sync.discourse.connection import Discourse
from sync.discourse.context import Context
from sync.discourse.decode_content import Decoder
from sync.discourse.decoders import USER_ANSWER
from sync.discourse.identity import IdentityReader, NameCheck
from sync.discourse.ids import Namer
from sync.discourse.limits import budget_for, budget_for_looking, limited
from sync.discourse.live import HELD_SECONDS
from sync.discourse.reading import Reader
from sync.discourse.rights import CAPABILITIES
from sync.http import (
    Beside,
    Budget,
    Client,
    Counters,
    Cut,
    Limits,
    Pacing,
    Remembered,
    Sequence,
    Session,
    as_guest,
)
from sync.parts.looking import Looker
from sync.parts.times import utc_now


def open_connection(
    base_url: str,
    community: str,
    account: Account,
    *,
    sequence: Sequence | None = None,
    budget: Budget | None = None,
    pacing: Pacing | None = None,
    counters: Counters | None = None,
    limits: Limits | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Discourse:
    """A connection, without any request.

    ``sequence``, ``pacing`` and ``counters`` belong to the community and are shared by its accounts, ``budget`` to the
    key; left out, this connection has its own.
    """
    budget, check = budget or budget_for(account), NameCheck()
    parts: dict[str, Any] = {
        "sequence": sequence or Sequence(),
        "budget": budget,
        "pacing": pacing or Pacing(community),
        "counters": counters or Counters(),
        "limits": limits or Limits(),
    }
    decode = Decoder(Namer(community), base_url)
    reader = Reader(_client(base_url, key_headers(account), account.identity.value, inspect=check, **parts))
    context = Context(
        base_url=base_url,
        decode=decode,
        account=account,
        reader=reader,
        guest=Reader(_client(base_url, {}, "guest", **parts)),
        identity=IdentityReader(reader, decode.names, check),
        budget=budget,
        now=now,
    )
    context.bus, context.held = _bus(base_url, community, account, context.cut, **parts)

    def looking(key: Mapping[str, str] | None) -> Looker:
        return Looker(base_url, key, budget_for_looking(key), parts["counters"])

    return Discourse(context, looking)


def _client(base_url: str, key: dict[str, str], account: str, **parts: Any) -> Client:
    return Client(base_url, Session(key), account=account, remembered=Remembered(), limited=limited, **parts)


def _bus(base_url: str, community: str, account: Account, cut: Cut, **parts: Any) -> tuple[Client, Client]:
    """Two clients for the message bus: one asks and takes its turn, one holds polls open and holds nobody else's turn.

    What they send counts as all else does, but nobody waits for the bus's trouble. Its answers are hints, so that no
    name is proven by them.
    """
    own = {"pacing": Pacing(f"message bus of {community}")}
    held = {"budget": Beside(parts["budget"]), "limits": Limits(HELD_SECONDS + 15.0, 4_000_000), "cut": cut}
    who = f"{account.identity.value} bus"
    asking = _client(base_url, key_headers(account), who, **(parts | own))
    return asking, _client(base_url, key_headers(account), who, **(parts | own | held))


def key_headers(account: Account) -> dict[str, str]:
    """The headers that carry a key: a member's own, or the site's with the member as whom it acts."""
    if account.acts_as is None:
        return {"User-Api-Key": account.token} if account.token else {}
    who = "Api-User-Id" if account.acts_as.isdigit() else "Api-Username"
    return {"Api-Key": account.token, who: account.acts_as}


def recognise(base_url: str) -> bool:
    """Ask once whether a Discourse answers at this address.

    Raises ``UnreachableError`` when nothing answers, ``NotAllowedError`` ``community_moved`` when it redirects to
    another place (http to https), ``TryLaterError`` when the server is in trouble.
    """
    with as_guest(base_url, limited) as client:
        return basic_info(Reader(client)) is not None


def member_named(base_url: str, name: str) -> str | None:
    """The id of the member of that name, read from the public profile; the name itself where that is not public."""
    with as_guest(base_url, limited) as client:
        try:
            found = Reader(client).find(endpoints.user(name), USER_ANSWER, Urgency.PERSON).value
        except MarqueeError:
            return name
    return str(found.user.id) if found is not None else name


def keys() -> KeySource:
    """The way to a key of one's own; what it needs is only loaded for that."""
    from sync.discourse import sign_in

    return sign_in


CONNECTOR = ConnectorSpec(
    "discourse", CAPABILITIES, open_connection, recognise, member_named, budget_for, keys, keys_of_site=True
)

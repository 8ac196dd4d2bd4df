"""The connector for NodeBB 4: how a community is recognised and a connection is opened."""

from collections.abc import Callable
from datetime import datetime

from moderation.errors import NotAllowedError, SignInError
from sync.connector import Account, ConnectorSpec, Urgency
from sync.http import Budget, Client, Counters, Limits, Pacing, Remembered, Sequence, Session, as_guest, bearer
from sync.nodebb import endpoints
from sync.nodebb.community import read_config
from sync.nodebb.connection import NodeBB
from sync.nodebb.context import PARALLEL, Context
from sync.nodebb.decode_content import Decoder
from sync.nodebb.decoders import USER
from sync.nodebb.identity import IdentityReader
from sync.nodebb.ids import Namer
from sync.nodebb.reading import Reader
from sync.nodebb.rights import CAPABILITIES
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
) -> NodeBB:
    """A connection, without any request.

    ``sequence``, ``budget``, ``pacing`` and ``counters`` belong to the community and are shared by its accounts; left
    out, this connection has its own.
    """
    sequence, counters = sequence or Sequence(), counters or Counters()
    budget, pacing = budget or Budget(PARALLEL), pacing or Pacing(community)
    remembered = Remembered()

    def client(token: str | None, name: str) -> Client:
        return Client(
            base_url,
            Session(bearer(token)),
            account=name,
            sequence=sequence,
            budget=budget,
            pacing=pacing,
            remembered=remembered,
            counters=counters,
            limits=limits or Limits(),
        )

    clients = (client(account.token, account.identity.value), client(None, "guest"))
    decode = Decoder(Namer(community), base_url)
    reader = Reader(clients[0], account.acts_as)
    context = Context(
        base_url=base_url,
        decode=decode,
        account=account,
        reader=reader,
        guest=Reader(clients[1]),
        identity=IdentityReader(reader, decode.names, account.acts_as),
        now=now,
    )
    return NodeBB(context, clients, lambda key: Looker(base_url, key, budget, counters))


def recognise(base_url: str) -> bool:
    """Ask once whether a NodeBB answers at this address.

    Raises ``UnreachableError`` when nothing answers, ``NotAllowedError`` ``community_moved`` when it redirects to
    another place (http to https), ``TryLaterError`` when the server is in trouble.
    """
    with as_guest(base_url) as client:
        return read_config(Reader(client)) is not None


def member_named(base_url: str, name: str) -> str | None:
    """The uid of the member of that name, read from the public profile; ``None`` where it cannot be read."""
    with as_guest(base_url) as client:
        try:
            found = Reader(client).find(endpoints.user_named(name), USER, Urgency.PERSON).value
        except (NotAllowedError, SignInError):
            return None
    return str(found.uid) if found is not None and found.uid else None


CONNECTOR = ConnectorSpec("nodebb", CAPABILITIES, open_connection, recognise, member_named)

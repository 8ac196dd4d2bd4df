"""Connecting a community: find the platform, check whose token it is, and remember both."""

import hashlib
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from console import unfinished
from console.addresses import candidates
from console.connectors import connector, installed
from console.credentials import Credentials, ForThisRun, entry
from console.engine_client import EngineClient
from console.home import Home
from console.introducing import put_community
from console.settings import Connected, Settings, change, load
from moderation.content import CommunityInfo, Identity
from moderation.errors import MarqueeError, NotAllowedError, SignInError
from moderation.ids import community_name
from moderation.intents import PROBES, SENDERS, Identities
from sync.connector import Account, Connection, ConnectorSpec, KeySource, KeyWish, Urgency
from sync.http import Budget, Client, Counters, Pacing, Remembered, Sequence, Session

_STAFF = frozenset({"administrator", "moderator", "forum_moderator"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a community answers, and which connector speaks with it."""

    url: str
    spec: ConnectorSpec

    @property
    def name(self) -> str:
        """The community's name in ids."""
        return community_name(self.url)


@dataclass(frozen=True, slots=True)
class Checked:
    """A community with the account that a token turned out to be."""

    place: Place
    info: CommunityInfo
    identity: Identity
    kind: Identities
    acts_as: str = ""

    @property
    def may_look_after(self) -> bool:
        """False for a person who may not see reports there; the company account need not."""
        return self.kind is not Identities.ME or bool(self.identity.roles & _STAFF)

    @property
    def sees_too_much(self) -> bool:
        """True for an account that shall look as others do, and is staff."""
        return self.kind in PROBES and bool(self.identity.roles & _STAFF)


def find(text: str) -> Place:
    """The community that this address means, also when a page inside it was pasted.

    Raises :class:`UnreachableError` and what it is made of, :class:`NotAllowedError` ``not_a_community``.
    """
    urls = candidates(text)
    for url in urls:
        for spec in installed().values():
            found = _recognised(url, spec)
            if found is not None:
                return found
    raise NotAllowedError("not_a_community", url=urls[-1])


def _recognised(url: str, spec: ConnectorSpec, *, moved: bool = False) -> Place | None:
    """The place when the connector knows it; a server that has moved (from http to https) is followed once."""
    try:
        return Place(url, spec) if spec.recognise(url) else None
    except NotAllowedError as error:
        if error.code == "not_a_community":
            return None
        if error.code == "community_moved" and not moved and error.facts.get("to"):
            return _recognised(f"{error.facts['to']}{urlsplit(url).path}", spec, moved=True)
        raise


def check(place: Place, token: str, wanted: str, kind: Identities, acts_as: str = "") -> Checked:
    """Ask the server who the token speaks for.

    Raises :class:`SignInError` when it is nobody, or ``wrong_person``; :class:`NotAllowedError` ``not_staff`` for a
    person who may not look after anything there, ``probe_is_staff`` for one who shall look as ordinary members do.
    """
    checked = who(place, token, kind, wanted, acts_as)
    if checked.identity.name.casefold() != wanted.strip().casefold():
        raise SignInError("wrong_person", name=checked.identity.name, wanted=wanted)
    if not checked.may_look_after:
        raise NotAllowedError("not_staff", name=checked.identity.name)
    if checked.sees_too_much:
        raise NotAllowedError("probe_is_staff", name=checked.identity.name)
    return checked


def who(place: Place, token: str, kind: Identities, named: str = "", acts_as: str = "") -> Checked:
    """Ask the server who the token speaks for, whoever that is.

    ``named`` is the member for whom a key of the whole site shall speak. Raises :class:`SignInError` when it is nobody.
    """
    acts_as, identity, info = _asked(place, token, named.strip(), kind, acts_as)
    return Checked(place, info, identity, kind, acts_as)


def _asked(
    place: Place, token: str, wanted: str, kind: Identities, acts_as: str
) -> tuple[str, Identity, CommunityInfo]:
    """For whom the token speaks; a key of the whole site is told the number of the member who is named."""
    connection = _opened(place, Account(kind, token, acts_as or None))
    try:
        return acts_as, connection.identify(), connection.info()
    except SignInError as error:
        look_up = place.spec.member_named
        if acts_as or not wanted or look_up is None or not _may_be_the_sites(place.spec, error, kind):
            raise
        number, refused = look_up(place.url, wanted), error
        if number is None:
            raise
    finally:
        connection.close()
    try:
        acts_as, identity, info = _asked(place, token, wanted, kind, number)
    except SignInError:
        raise refused from None
    return identity.member.native if place.spec.keys_of_site else acts_as, identity, info


def _may_be_the_sites(spec: ConnectorSpec, error: SignInError, kind: Identities) -> bool:
    """True where the key may be one of the whole site, which must be told for whom it speaks."""
    if error.code == "master_token_needs_member":
        return kind is Identities.OFFICIAL
    return kind in SENDERS and spec.keys_of_site and error.code == "token_not_accepted"


def _opened(place: Place, account: Account) -> Connection:
    return place.spec.open(place.url, place.name, account)


def begin_by_browser(home: Home, place: Place) -> tuple[KeySource, KeyWish] | None:
    """The first half of getting a key in the browser, ``None`` where the platform or this server has no such way.

    The person opens ``url`` and sees ``code`` there; then :func:`key_by_browser` waits for the key.
    """
    if place.spec.keys is None:
        return None
    source = place.spec.keys()
    try:
        return source, source.start(place.url, client_id(home, place))
    except NotAllowedError as error:
        if error.code == "no_keys":
            return None
        raise


def key_by_browser(source: KeySource, wish: KeyWish, wait: Callable[[float], object] = time.sleep) -> str:
    """Wait until the person has agreed and give the key; raises ``SignInError`` ``sign_in_expired``."""
    left = wish.expires_in
    while left > 0:
        wait(wish.interval)
        left -= wish.interval
        token = source.poll(wish)
        if token is not None:
            return token
    raise SignInError("sign_in_expired")


def client_id(home: Home, place: Place) -> str:
    """What names this program on this machine to a community: the same every time, telling nothing."""
    told = f"{platform.node()}\n{home.root}\n{place.name}"
    return f"marquee-{hashlib.sha256(told.encode()).hexdigest()[:32]}"


def remember(home: Home, credentials: Credentials, checked: Checked, token: str, *, in_keyring: bool = True) -> bool:
    """Keep the community in the settings and its token in the keyring; ``False`` when there is no keyring, or it is not
    to be used: then the token is known in this run only.

    Ended in the middle by whatever, it leaves nothing behind, or the whole. Raises :class:`NotAllowedError`:
    ``connect_first`` for a company account alone, ``other_person_connected``.
    """
    home.prepare()
    name = checked.place.name
    fits(home, checked)  # refuse before anything is stored

    def edit(settings: Settings) -> Settings:
        return replace(settings, communities={**settings.communities, name: _entry(settings, checked)})

    with unfinished.marked(home, credentials, name, checked.kind):
        stored = in_keyring and credentials.keep_token(name, checked.kind, token)
        change(home.settings, edit)
    if not stored:
        credentials.hold(name, checked.kind, token)
    if checked.kind in SENDERS:
        put_community(home, credentials, checked)
    tell_engine(home, name, checked, token)
    return stored


def fits(home: Home, checked: Checked) -> None:
    """Raise what would keep these from being remembered: ``connect_first``, ``other_person_connected``."""
    _entry(load(home.settings), checked)


def tell_engine(home: Home, name: str, checked: Checked, token: str) -> None:
    """Hand the token to an engine that runs already: what waited for it goes on."""
    engine = EngineClient(home, ForThisRun, may_start=False)
    engine.hand_over(ForThisRun(tokens={entry(name, checked.kind): token}))
    engine.close()


def _entry(settings: Settings, checked: Checked) -> Connected:
    """What the settings say of this community afterwards."""
    member, name = str(checked.identity.member), checked.place.name
    known = settings.communities.get(name)
    if checked.kind is Identities.OFFICIAL:
        if known is None:
            raise NotAllowedError("connect_first", community=name)
        return replace(known, official=member, official_user=checked.identity.name, official_acts_as=checked.acts_as)
    if checked.kind in PROBES:
        if known is None:
            raise NotAllowedError("connect_first", community=name)
        return known
    if known is None:
        return Connected(
            checked.place.url, checked.info.platform, member, checked.identity.name, acts_as=checked.acts_as
        )
    if known.member != member:
        raise NotAllowedError("other_person_connected", community=name, name=known.user)
    return replace(known, url=checked.place.url, user=checked.identity.name, acts_as=checked.acts_as)


def reach(
    connected: dict[str, Connected], credentials: Credentials
) -> Iterator[tuple[str, MarqueeError | None, float | None]]:
    """For each community what keeps it from being read (``None``: it answers and knows the token), and by how many
    seconds this machine's clock is ahead of the server's (``None``: it does not tell).
    """
    for name, entry_ in connected.items():
        try:
            ahead = clock_ahead(entry_.url)
            token = credentials.token(name, Identities.ME, len(connected))
            place = Place(entry_.url, connector(entry_.platform))
            check(place, token, entry_.user, Identities.ME, entry_.acts_as)
        except MarqueeError as error:
            yield name, error, None
        else:
            yield name, None, ahead


def clock_ahead(url: str) -> float | None:
    """Seconds between this machine's clock and the server's ``Date`` header, which has whole seconds."""
    client = Client(
        url,
        Session(),
        account="guest",
        sequence=Sequence(),
        budget=Budget(),
        pacing=Pacing("clock"),
        remembered=Remembered(),
        counters=Counters(),
    )
    try:
        there = client.read("/", Urgency.PERSON).server_time
    finally:
        client.close()
    return None if there is None else (datetime.now(UTC) - there).total_seconds()

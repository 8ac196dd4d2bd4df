"""The other way round: signing out of a community, and letting go of it altogether."""

import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from console.connectors import connector
from console.credentials import Credentials, ForThisRun
from console.engine_client import EngineClient
from console.home import Home
from console.settings import Connected, Settings, change, load
from moderation.errors import MarqueeError
from moderation.intents import Identities
from sync.engine.lock import holder

ENDING_SECONDS = 20.0


def sign_out(home: Home, credentials: Credentials, name: str) -> bool:
    """Give up the keys of a community; it stays, with all that was decided and read.

    Gives whether the server was told where that can be: a key of the person's own is revoked there, a token that an
    administrator made is not ours to revoke. Raises :class:`StoreError` when the keyring cannot be opened.
    """
    connected = load(home.settings).communities.get(name)
    told = False
    for identity in Identities:
        if connected is not None:
            told |= _revoked(connected, credentials, name, identity)
        credentials.forget_token(name, identity)
        credentials.hold(name, identity)
    return told


def disconnect(home: Home, credentials: Credentials, name: str) -> bool:
    """Sign out, and forget the community and what was read of it. What was decided and done stays in the journal.

    A running engine ends; the next one begins without it. Gives the same as :func:`sign_out`.
    """
    told = sign_out(home, credentials, name)

    def edit(settings: Settings) -> Settings:
        return replace(settings, communities={n: c for n, c in settings.communities.items() if n != name})

    mark_of(home).write_text(name, encoding="utf-8")
    change(home.settings, edit)
    _end_engine(home)
    go_on(home, credentials)
    return told


def mark_of(home: Home) -> Path:
    """Names the community that is being let go of, while what was read of it is still here."""
    return home.run / "leaving"


def go_on(home: Home, credentials: Credentials) -> None:
    """Erase what was read of a community that was let go of, also when that was ended in the middle before."""
    try:
        name = mark_of(home).read_text(encoding="utf-8")
    except OSError:
        return
    if name and name not in load(home.settings).communities:
        _erase(home, credentials, name)
    mark_of(home).unlink(missing_ok=True)


def _erase(home: Home, credentials: Credentials, name: str) -> None:
    from sync.mirror import MirrorWriter
    from sync.vault import Vault

    writer = MirrorWriter(Vault(home.root, credentials.store_key()))
    try:
        while writer.forget_community(name):
            pass
    finally:
        writer.close()


def _end_engine(home: Home) -> None:
    """Ask the engine that runs now to end, and wait until it has; another one may have begun by then."""
    before = holder(home.root)
    client = EngineClient(home, ForThisRun, may_start=False)
    client.stop_engine()
    client.close()
    limit = time.monotonic() + ENDING_SECONDS
    while before is not None and holder(home.root) == before and time.monotonic() < limit:
        time.sleep(0.05)


def _revoked(connected: Connected, credentials: Credentials, name: str, identity: Identities) -> bool:
    """Revoke a key of the person's own; one of the whole site serves others too."""
    acts_as = connected.official_acts_as if identity is Identities.OFFICIAL else connected.acts_as
    with suppress(MarqueeError):
        keys = connector(connected.platform).keys
        if keys is not None and not acts_as:
            return keys().revoke(connected.url, credentials.token(name, identity))
    return False

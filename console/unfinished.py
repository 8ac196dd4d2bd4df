"""Remembering a community is whole or not at all: a mark stands while only its token has been kept."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from console.credentials import Credentials
from console.home import Home
from console.settings import load
from moderation.errors import StoreError
from moderation.intents import Identities


def mark_of(home: Home) -> Path:
    """Where the mark stands: a process number, a community and an identity, a line each."""
    return home.run / "connecting"


@contextmanager
def marked(home: Home, credentials: Credentials, community: str, identity: Identities) -> Iterator[None]:
    """Do what must be done wholly; where it fails, the token that nothing speaks of is forgotten."""
    tidy(home, credentials)
    try:
        mark_of(home).write_text(f"{os.getpid()}\n{community}\n{identity}\n", encoding="utf-8")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise StoreError("home_unusable", path=str(home.root), why=why) from error
    try:
        yield
    finally:
        tidy(home, credentials)


def tidy(home: Home, credentials: Credentials) -> None:
    """After a process that ended in the middle: forget a token of which the settings know nothing.

    A keyring that cannot be asked now is asked the next time.
    """
    try:
        number, community, identity = mark_of(home).read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        mark_of(home).unlink(missing_ok=True)
        return
    if int(number) != os.getpid() and _alive(int(number)):
        return
    with suppress(StoreError):
        if not _known(home, community, Identities(identity)):
            credentials.forget_token(community, Identities(identity))
        mark_of(home).unlink(missing_ok=True)


def _known(home: Home, community: str, identity: Identities) -> bool:
    connected = load(home.settings).communities.get(community)
    return connected is not None and (identity is not Identities.OFFICIAL or bool(connected.official))


def _alive(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

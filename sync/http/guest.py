"""A client for one look at a server that is no community here yet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sync.http.answer import Answer, Limited, plainly_limited
from sync.http.budget import Budget
from sync.http.client import Client
from sync.http.conditional import Remembered
from sync.http.counters import Counters
from sync.http.pacing import Pacing
from sync.http.sequence import Sequence
from sync.http.session import Session


@contextmanager
def as_guest(base_url: str, limited: Callable[[Answer], Limited] = plainly_limited) -> Iterator[Client]:
    """A client without a key that shares nothing with others; closed at the end. ``limited`` as for ``Client``."""
    client = Client(
        base_url,
        Session(),
        account="guest",
        sequence=Sequence(),
        budget=Budget(1),
        pacing=Pacing("unknown"),
        remembered=Remembered(),
        counters=Counters(),
        limited=limited,
    )
    try:
        yield client
    finally:
        client.close()

"""A real server as the ground of the suite: named by ``MARQUEE_LIVE_URL``, with ``_TOKEN`` and ``_USER`` of a moderator
and ``_CUSTOMER_TOKEN`` of an ordinary member.

It is read and nothing else: what has to be set up behind the connector's back runs on a sample server alone, and what
acts on a real NodeBB is ``tests/live``. On a Discourse the token is a user key, and its limits are kept:
``MARQUEE_LIVE_DAYS`` says how far back to read (everything by default), ``MARQUEE_LIVE_PER_MINUTE`` how much the site
allows where that is not what Discourse ships with.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import MarqueeError
from moderation.ids import Ref
from moderation.intents import Identities
from sync.connector import Account, Connection, ConnectorSpec
from sync.http import Plan, PlannedBudget, Sequence
from tests.conformance.memory import MemoryMirror

PREFIX = "MARQUEE_LIVE_"
NEEDED = ("URL", "TOKEN", "USER")
COMMUNITY = "sample"
_ROLES = {"moderator": "TOKEN", "colleague": "SECOND_GMOD_TOKEN", "member": "CUSTOMER_TOKEN"}
_NOBODY = {"nodebb": "00000000-0000-4000-8000-000000000000"}


def told(name: str, otherwise: str = "") -> str:
    """What the environment says."""
    return os.environ.get(PREFIX + name) or otherwise


_HORIZON = datetime.now(UTC) - timedelta(days=float(told("DAYS", "3650")))
_READINGS: dict[str, MemoryMirror] = {}


@contextmanager
def real_ground(spec: ConnectorSpec) -> Iterator["RealGround"]:
    """The server that is named; skips the test where none is, or one of another platform."""
    if lacking := [PREFIX + name for name in NEEDED if not told(name)]:
        pytest.skip(f"no real server named: {', '.join(lacking)} not set")
    if not _is_of(spec):
        pytest.skip(f"the server that is named is no {spec.platform}")
    ground = RealGround(spec)
    try:
        yield ground
    finally:
        ground.close()


def _is_of(spec: ConnectorSpec) -> bool:
    try:
        return spec.recognise(told("URL").rstrip("/"))
    except MarqueeError:
        return False


class RealGround:
    """See :class:`tests.conformance.adapters.Ground`."""

    def __init__(self, spec: ConnectorSpec) -> None:
        self.horizon = _HORIZON
        self.url = told("URL").rstrip("/")
        self._spec = spec
        self._opened: list[Connection] = []
        self._sequence = Sequence()

    def key(self, role: str) -> str:
        if role == "nobody":
            return _NOBODY.get(self._spec.platform, "0" * 32)
        if not (key := told(_ROLES[role])):
            pytest.skip(f"needs {PREFIX}{_ROLES[role]}")
        return key

    def open(self, spec: ConnectorSpec, role: str = "moderator") -> Connection:
        account = Account(Identities.ME, self.key(role))
        parts: dict[str, Any] = {"sequence": self._sequence}
        if spec.budget is not None and told("PER_MINUTE"):
            parts["budget"] = PlannedBudget(Plan(int(told("PER_MINUTE"))))
        self._opened.append(spec.open(self.url, COMMUNITY, account, **parts))
        return self._opened[-1]

    def close(self) -> None:
        for connection in self._opened:
            connection.close()

    @property
    def reading(self) -> MemoryMirror | None:
        """One reading of everything, for all tests that only look at it."""
        return _READINGS.get(self._spec.platform)

    @reading.setter
    def reading(self, mirror: MemoryMirror) -> None:
        _READINGS[self._spec.platform] = mirror

    def pending(self) -> int | None:
        return None

    def posts(self) -> int | None:
        return None

    def reported(self) -> tuple[Ref, Ref, Ref]:
        """Something that is under review already."""
        mirror = self.reading or MemoryMirror()
        if self.reading is None:
            mirror.take(self.open(self._spec).catch_up(mirror, self.horizon))
            self.reading = mirror
        for item in mirror.items_by_ref.values():
            if item.post in mirror.posts_by_ref and item.thread is not None and item.post is not None:
                return item.id, item.post, item.thread
        pytest.skip("no reported post was read")

    def colleague_decides(self, item: Ref) -> None:
        _is_only_read()

    def erase(self, item: Ref) -> None:
        _is_only_read()

    def reply(self, thread: Ref) -> None:
        _is_only_read()

    def deed(self, action: Action, connection: Connection) -> tuple[Ref, Any, dict[str, Any]] | None:
        _is_only_read()

    def lose_answers(self, action: Action, target: Ref) -> None:
        _is_only_read()


def _is_only_read() -> Any:
    pytest.skip("a real server is only read here; tests/live acts on one")

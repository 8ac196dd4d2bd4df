"""Small real records for tests: one community, one moderator, items as a NodeBB would list them."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.content import CommunityInfo, Forum, Identity, Member, Post, Thread
from moderation.ids import Kind, Ref
from moderation.intents import Identities, Intent, IntentState
from moderation.items import Item, ItemState, Report
from moderation.ports import CommunityRow
from sync.vault import Vault
from tests.fakes.clock import START

NAME = "forum.example"
ME = Ref(NAME, Kind.MEMBER, "5")
OFFICIAL = Ref(NAME, Kind.MEMBER, "9")
COLLEAGUE = Ref(NAME, Kind.MEMBER, "6")
CUSTOMER = Ref(NAME, Kind.MEMBER, "20")


def ref(kind: Kind, native: str | int) -> Ref:
    """An id in the one community."""
    return Ref(NAME, kind, str(native))


def flag(native: str | int = 1) -> Ref:
    """The id of a reported item."""
    return ref(Kind.FLAG, native)


def thread_ref(native: str | int = 1) -> Ref:
    """The id of a thread."""
    return ref(Kind.THREAD, native)


def item(native: str | int = 1, **fields: Any) -> Item:
    """A reported post, open, in thread 1 of forum 1, by the customer."""
    values: dict[str, Any] = {
        "id": flag(native),
        "state": ItemState.OPEN,
        "created_at": START,
        "version": "v0",
        "report_count": 1,
        "forum": ref(Kind.FORUM, 1),
        "thread": thread_ref(),
        "post": ref(Kind.POST, 10),
        "author": CUSTOMER,
        "author_name": "kunde",
        "body": "The text under review",
        "detail": True,
        "reports": (Report("Spam", None, "somebody", START),),
    }
    return Item(**values | fields)


def held_item(native: str = "reply-7", **fields: Any) -> Item:
    """A post in the post queue."""
    values: dict[str, Any] = {"state": ItemState.HELD, "post": None, "reports": (), "report_count": 0}
    return item(native, **values | {"id": ref(Kind.HELD, native)} | fields)


def thread(native: str | int = 1, **fields: Any) -> Thread:
    """A thread of forum 1 with three posts."""
    values: dict[str, Any] = {
        "id": thread_ref(native),
        "forum": ref(Kind.FORUM, 1),
        "title": "A question",
        "author": CUSTOMER,
        "author_name": "kunde",
        "created_at": START,
        "last_post_at": START,
        "post_count": 3,
    }
    return Thread(**values | fields)


def post(native: str | int = 10, **fields: Any) -> Post:
    """A post in thread 1."""
    values: dict[str, Any] = {
        "id": ref(Kind.POST, native),
        "thread": thread_ref(),
        "forum": ref(Kind.FORUM, 1),
        "author": CUSTOMER,
        "author_name": "kunde",
        "created_at": START,
        "body": "The text under review",
    }
    return Post(**values | fields)


def member(native: str | int = 20, **fields: Any) -> Member:
    """A member."""
    return Member(ref(Kind.MEMBER, native), fields.pop("name", "kunde"), **fields)


def forum(native: str | int = 1, **fields: Any) -> Forum:
    """A public forum."""
    values: dict[str, Any] = {"private": False}
    return Forum(ref(Kind.FORUM, native), fields.pop("name", "Help"), **values | fields)


def community(**fields: Any) -> CommunityRow:
    """The one community, with everything that a platform can do and a global moderator signed in."""
    values: dict[str, Any] = {
        "name": NAME,
        "url": "http://forum.example",
        "info": CommunityInfo(NAME, "nodebb", "4.15.1", "http://forum.example", "Forum", min_post_length=8),
        "identity": Identity(ME, "moderator", frozenset({"moderator"})),
        "capabilities": frozenset(str(capability) for capability in Capability),
    }
    return CommunityRow(**values | fields)


def intent(native: str = "i1", **fields: Any) -> Intent:
    """A waiting decision on item 1."""
    values: dict[str, Any] = {
        "id": native,
        "plan": "p1",
        "step": 0,
        "community": NAME,
        "account": str(ME),
        "identity": Identities.ME,
        "action": Action.RESOLVE,
        "target": flag(),
        "created_at": START,
        "state": IntentState.WAITING,
        "item": flag(),
        "seen_version": "v0",
    }
    return Intent(**values | fields)


def vault(home: Path) -> Vault:
    """A vault in this folder with a key of its own."""
    return Vault(home, os.urandom(32))


def later(moment: datetime) -> int:
    """Unix milliseconds of a time."""
    return int(moment.timestamp() * 1000)

"""One request as a handler sees it."""

from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from sync.sandbox.community import SampleCommunity
from sync.sandbox.nodebb.wire import Json, number
from sync.sandbox.state import rights
from sync.sandbox.state.records import Forum, Item, Member, Post, Thread
from sync.sandbox.state.refusal import Absent, Reason
from sync.sandbox.state.store import State

_T = TypeVar("_T")
Query = dict[str, str | list[str]]


@dataclass(slots=True)
class Call:
    """Method, path, caller and content of a request. `uid` is 0 for a guest."""

    community: SampleCommunity
    method: str
    path: str
    query: Query
    headers: dict[str, str]
    base_url: str
    body: Any = None
    params: dict[str, str] = field(default_factory=dict)
    uid: int = 0
    session: str = ""

    @property
    def state(self) -> State:
        """The community's state."""
        return self.community.state

    @property
    def logged_in(self) -> bool:
        """Whether an account is calling."""
        return self.uid > 0

    @property
    def is_write_api(self) -> bool:
        """Whether the path belongs to the enveloped API."""
        return self.path == "/api/v3" or self.path.startswith("/api/v3/")

    @property
    def page_path(self) -> str:
        """The path of the page that a page-API call stands for."""
        return self.path.removeprefix("/api")

    @property
    def me(self) -> Member:
        """The calling account; refuses NO_MEMBER where the master token names nobody."""
        return self.state.member(self.uid)

    @property
    def fields(self) -> Json:
        """The body's fields; nothing without a body."""
        return self.body if isinstance(self.body, dict) else {}

    def id_of(self, name: str) -> int:
        """A path parameter as a number."""
        return number(self.params.get(name))

    def asked(self, name: str) -> str:
        """A query value as text; the first of several."""
        value = self.query.get(name, "")
        return value if isinstance(value, str) else value[0]

    def thread(self) -> Thread:
        """The thread that `:tid` names."""
        return _there(self.state.tables.threads.get(self.id_of("tid")), Reason.NO_THREAD)

    def post(self) -> Post:
        """The post that `:pid` names."""
        return _there(self.state.tables.posts.get(self.id_of("pid")), Reason.NO_POST)

    def forum(self) -> Forum:
        """The forum that `:cid` names."""
        return _there(self.state.tables.forums.get(self.id_of("cid")), Reason.NO_FORUM)

    def member(self) -> Member:
        """The account that `:uid` names."""
        return _there(self.state.tables.members.get(self.id_of("uid")), Reason.NO_MEMBER)

    def item(self) -> Item:
        """The item that `:flagId` names, if the caller may see it."""
        item = _there(self.state.tables.items.get(self.id_of("flagId")), Reason.NO_ITEM)
        return _there(item if rights.sees_item(self.state, self.uid, item) else None, Reason.NO_ITEM)

    def page(self) -> int:
        """The page asked for, from 1."""
        return number(self.asked("page")) or 1

    def required(self, *names: str) -> None:
        """Refuse when neither body nor query has a field; an empty value counts as sent."""
        missing = [name for name in names if name not in self.fields and name not in self.query]
        if missing:
            raise Missing(missing)

    def unpacked(self, name: str) -> object:
        """A field of the body; without a body Node's own complaint about taking it apart comes out."""
        if not isinstance(self.body, dict):
            raise Internal(f"Cannot destructure property '{name}' of 'req.body' as it is undefined.")
        return self.body.get(name)

    def read(self, name: str) -> object:
        """A field of the body; without a body Node's own complaint about reading it comes out."""
        if not isinstance(self.body, dict):
            raise Internal(f"Cannot read properties of undefined (reading '{name}')")
        return self.body.get(name)


def _there(record: _T | None, reason: Reason) -> _T:
    if record is None:
        raise Absent(reason)
    return record


class Missing(Exception):  # noqa: N818 - reads as what happened
    """Required parameters are missing from a write."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(names)
        self.names = names


class Internal(Exception):  # noqa: N818 - reads as what happened
    """An error that Node itself raises; on the write API it comes out as a 400 with its own text."""


def parse_query(raw: str) -> Query:
    """A query as Express reads it: repeated names and `name[]` become lists."""
    query: Query = {}
    for name, value in parse_qsl(raw, keep_blank_values=True):
        key, is_list = (name[:-2], True) if name.endswith("[]") else (name, False)
        known = query.get(key)
        if known is None:
            query[key] = [value] if is_list else value
        elif isinstance(known, list):
            known.append(value)
        else:
            query[key] = [known, value]
    return query

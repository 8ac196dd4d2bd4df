"""A connector for Slate: the whole of what ``docs/connectors.md`` asks for, and nothing more.

Reads a feed of changes, decides reports by version, replies. It is found by entry point and knows of this program only
:mod:`sync.connector`, :mod:`sync.http` and :mod:`moderation`.
"""

import json
from collections import abc
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.content import CommunityInfo, Forum, Identity, Member, Post, Thread
from moderation.errors import NotAllowedError, PayloadError, RefusedError, SignInError, TryLaterError
from moderation.ids import Kind, Ref
from moderation.intents import Intent, Receipt
from moderation.items import Change, HistoryEntry, Item, ItemState, Report
from moderation.records import Batch, Records
from sync.connector import Account, Answer, Before, ConnectorSpec, Evidence, Known, Push, Standing, Urgency
from sync.http import Budget, Client, Counters, Pacing, Remembered, Sequence, Session

CAPABILITIES = frozenset({Capability.IDENTIFY, Capability.PULL, Capability.DECIDE_REPORTS, Capability.REPLY})
STATES = {Action.RESOLVE: ItemState.RESOLVED, Action.DISMISS: ItemState.DISMISSED}
KINDS = {"report": Kind.FLAG, "thread": Kind.THREAD, "post": Kind.POST}
MAY = frozenset({Action.RESOLVE.value, Action.DISMISS.value, Action.REPLY.value})


class Site:
    """Asks, and turns what is told into records."""

    def __init__(self, client: Client, community: str) -> None:
        self.client = client
        self.community = community
        self.closed = False
        self.me: Identity | None = None

    def ref(self, kind: Kind, native: object) -> Ref:
        return Ref(self.community, kind, str(native))

    def get(self, path: str, urgency: Urgency) -> tuple[Any, int]:
        """The document (``None``: not there) and the number of the request."""
        if self.closed:
            raise TryLaterError("connection_closed")
        answer = self.client.read(path, urgency)
        if answer.status == 401:
            raise SignInError("token_not_accepted", endpoint=answer.path)
        if answer.status == 403:
            raise NotAllowedError("may_not_moderate", endpoint=answer.path)
        if answer.status == 404:
            return None, answer.seq
        return read(answer.body, answer.path), answer.seq

    def records(self, kind: str, rows: abc.Sequence[dict[str, Any]], seq: int) -> Records:
        if kind == "report":
            return Records(seq, items=tuple(map(self.item, rows)))
        if kind == "thread":
            return Records(seq, threads=tuple(map(self.thread, rows)))
        return Records(seq, posts=tuple(map(self.post, rows)))

    def item(self, row: dict[str, Any]) -> Item:
        return Item(
            id=self.ref(Kind.FLAG, row["id"]), state=ItemState(row["state"]), created_at=when(row["at"]),
            version=f"v{row['version']}", report_count=1, forum=self.ref(Kind.FORUM, 1),
            thread=self.ref(Kind.THREAD, row["thread"]), post=self.ref(Kind.POST, row["post"]), body=row["text"],
            detail=True, reports=(Report(row["why"], self.ref(Kind.MEMBER, row["by"]), None, when(row["at"])),),
            history=tuple(map(self.entry, row["history"])), actions=tuple(sorted(MAY)),
        )  # fmt: skip

    def entry(self, row: dict[str, Any]) -> HistoryEntry:
        changes = {Change.STATE: row["state"]}
        return HistoryEntry(str(row["id"]), when(row["at"]), self.ref(Kind.MEMBER, row["by"]), None, changes)

    def thread(self, row: dict[str, Any]) -> Thread:
        return Thread(
            self.ref(Kind.THREAD, row["id"]), self.ref(Kind.FORUM, 1), row["title"], self.ref(Kind.MEMBER, row["by"]),
            None, when(row["at"]), when(row["last"]), row["posts"], complete=True,
        )  # fmt: skip

    def post(self, row: dict[str, Any]) -> Post:
        return Post(
            self.ref(Kind.POST, row["id"]), self.ref(Kind.THREAD, row["thread"]), self.ref(Kind.FORUM, 1),
            self.ref(Kind.MEMBER, row["by"]), None, when(row["at"]), body=row["text"], position=row["number"],
        )  # fmt: skip


class Connection:
    """See :class:`sync.connector.Connection`."""

    capabilities = CAPABILITIES

    def __init__(self, site: Site) -> None:
        self._site = site
        decide = Decide(site)
        self._pushes: dict[Action, Push] = {Action.RESOLVE: decide, Action.DISMISS: decide, Action.REPLY: Reply(site)}

    def info(self) -> CommunityInfo:
        return CommunityInfo(self._site.community, "slate", "1", self._site.client.base_url, "Slate")

    def identify(self) -> Identity:
        me, _ = self._site.get("/me", Urgency.FLUSH)
        roles = frozenset({"moderator", "member"} if me["moderator"] else {"member"})
        self._site.me = Identity(self._site.ref(Kind.MEMBER, me["id"]), me["name"], roles, None, MAY)
        return self._site.me

    def poll(self, known: Known) -> Iterator[Batch]:
        for kind in KINDS:
            yield from self._changes(kind, known, Urgency.POLL)

    def catch_up(self, known: Known, horizon: datetime) -> Iterator[Batch]:
        if known.cursor("whole") is None:
            for kind in KINDS:
                yield from self._changes(kind, known, Urgency.BACKGROUND)
            forum = Forum(self._site.ref(Kind.FORUM, 1), "Slate", private=False)
            yield Batch((Records(0, forums=(forum,)),), {"whole": "yes"})
        yield Batch((), {}, complete_since=horizon)

    def fetch(self, refs: Iterable[Ref], known: Known, urgency: Urgency = Urgency.PERSON) -> Iterator[Batch]:
        names = {kind: name for name, kind in KINDS.items()}
        for ref in refs:
            row, seq = self._site.get(f"/{names.get(ref.kind, ref.kind)}/{ref.native}", urgency)
            if row is None:
                yield Batch((Records(seq, gone=(ref,)),), {})
            elif ref.kind is Kind.MEMBER:
                yield Batch((Records(seq, members=(Member(ref, row["name"]),)),), {})
            else:
                yield Batch((self._site.records(names[ref.kind], [row], seq),), {})

    def same_server(self, anchors: abc.Sequence[tuple[Ref, datetime]]) -> bool:
        rows = [(self._site.get(f"/post/{ref.native}", Urgency.FLUSH)[0], at) for ref, at in anchors]
        return all(row is None or when(row["at"]) == at for row, at in rows)

    def push(self, action: Action) -> Push:
        if action not in self._pushes:
            raise NotAllowedError("action_unknown", action=action.value)
        return self._pushes[action]

    def guards_repeats(self, action: Action) -> bool:
        return False

    def usage(self) -> dict[str, int]:
        return {"requests": self._site.client.usage.requests, "bytes": self._site.client.usage.bytes}

    def budget_left(self) -> float | None:
        return None

    def poll_pause(self) -> float:
        return 0.0

    def close(self) -> None:
        self._site.closed = True
        self._site.client.close()

    def _changes(self, kind: str, known: Known, urgency: Urgency) -> Iterator[Batch]:
        """What changed since the cursor, page by page."""
        while True:
            since = known.cursor(kind) or "0"
            page, seq = self._site.get(f"/changes?kind={kind}&since={since}", urgency)
            if page["rows"]:
                cursor = str(page["rows"][-1]["changed"])
                yield Batch((self._site.records(kind, page["rows"], seq),), {kind: cursor})
            if not page["more"]:
                return


class Decide:
    """Resolve and dismiss: the server wants the version, the history proves it."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def before(self, intent: Intent) -> Before:
        row, seq = self._site.get(f"/report/{intent.target.native}", Urgency.FLUSH)
        if row is None:
            return Before(Standing.GONE, {})
        item = self._site.item(row)
        there = item.state is STATES[intent.action]
        seen = int(intent.seen_version[1:] or 0)
        return Before(
            Standing.ALREADY if there else Standing.CLEAR,
            {"history": len(item.history)},
            item.version,
            tuple(entry for entry in item.history if int(entry.key) >= seen),
            item.state,
            records=Records(seq, items=(item,)),
        )

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        body = {"state": STATES[intent.action].value, "version": int(before.version[1:])}
        write(self._site, f"/report/{intent.target.native}", body)
        return {}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Callable[[str], bool]) -> Evidence:
        row, seq = self._site.get(f"/report/{intent.target.native}", Urgency.FLUSH)
        item = self._site.item(row)
        records = (Records(seq, items=(item,)),)
        for entry in item.history[(intent.baseline or {}).get("history", 0) :]:
            server_id = f"flag:{item.id.native}@{entry.key}"
            mine = str(entry.by) == intent.account and entry.changes[Change.STATE] == STATES[intent.action]
            if mine and not taken(server_id):
                receipt = Receipt(server_id, intent.account, entry.at)
                return Evidence(Answer.HAPPENED, receipt, records, entries=item.history, where=("report",))
        return Evidence(Answer.ABSENT, None, records, entries=item.history, where=("report",))


class Reply:
    """Reply once: a look compares author, thread and text among the posts that came since the baseline."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def before(self, intent: Intent) -> Before:
        page, _ = self._site.get("/changes?kind=post&since=999999999", Urgency.FLUSH)
        return Before(Standing.CLEAR, {"since": page["now"]})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        return {"post": write(self._site, f"/thread/{intent.target.native}/replies", dict(intent.payload))["id"]}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Callable[[str], bool]) -> Evidence:
        path = f"/changes?kind=post&since={(intent.baseline or {})['since']}"
        page, seq = self._site.get(path, Urgency.FLUSH)
        for row in page["rows"]:
            mine = intent.account.endswith(f":{row['by']}") and str(row["thread"]) == intent.target.native
            if mine and row["text"].strip() == intent.payload["text"].strip() and not taken(f"post:{row['id']}"):
                receipt = Receipt(f"post:{row['id']}", intent.account, when(row["at"]))
                records = (self._site.records("post", [row], seq),)
                return Evidence(Answer.HAPPENED, receipt, records, where=("feed",))
        return Evidence(Answer.ABSENT, where=("feed",))


def write(site: Site, path: str, body: dict[str, Any]) -> Any:
    """Send once; 409 means that somebody else was first, which the next look shows."""
    answer = site.client.write("POST", path, body, Urgency.FLUSH)
    if answer.status == 409:
        raise TryLaterError("overtaken", scope="intent")
    if not answer.ok:
        raise RefusedError("not_accepted", endpoint=answer.path, status=answer.status)
    return read(answer.body, answer.path)


def read(body: bytes, path: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise PayloadError("payload_unfit", connector="slate", endpoint=path, field="$") from None


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


def client(base_url: str, key: str, parts: Mapping[str, Any]) -> Client:
    given = {name: parts.get(name) for name in ("sequence", "budget", "pacing", "counters")}
    return Client(
        base_url,
        Session({"X-Slate-Key": key} if key else None),
        account="me",
        sequence=given["sequence"] or Sequence(),
        budget=given["budget"] or Budget(),
        pacing=given["pacing"] or Pacing("slate"),
        counters=given["counters"] or Counters(),
        remembered=Remembered(),
    )


def open_connection(base_url: str, community: str, account: Account, **parts: Any) -> Connection:
    return Connection(Site(client(base_url, account.token, parts), community))


def recognise(base_url: str) -> bool:
    asked = client(base_url, "", {})
    try:
        answer = asked.read("/slate", Urgency.PERSON)
        return answer.ok and "slate" in read(answer.body, answer.path)
    except PayloadError:
        return False
    finally:
        asked.close()


CONNECTOR = ConnectorSpec("slate", CAPABILITIES, open_connection, recognise)

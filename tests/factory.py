"""Records for tests, all from one place: every function gives something valid, and takes what the test is about.

Everything is invented and the same in each run: times count up from :data:`NOON`, texts come from a seeded choice.
"""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from moderation.actions import Action
from moderation.capabilities import Capability
from moderation.content import CommunityInfo, Forum, Identity, Member, Post, Thread
from moderation.ids import Kind, Ref, time_ordered_id
from moderation.intents import Identities, Intent, IntentState, Plan, Receipt
from moderation.items import HistoryEntry, Item, ItemState, Note, Report
from moderation.ports import CommunityRow, Pending
from moderation.records import Batch, Records

HERE = "forum.example.org"
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

ENGLISH = (
    "The router reboots every night and the log says nothing about it",
    "My invoice still shows the old address, who can change that",
    "How do I export my contacts before the contract ends",
    "Cheap unlock codes for every model, visit my page now",
    "Thank you, the new firmware solved it within minutes",
)
JAPANESE = (
    "ルーターが毎晩再起動します。ログには何も残りません",
    "請求書の住所が古いままです。どこで変更できますか",
    "契約が終わる前に連絡先を書き出す方法を教えてください",
    "新しいファームウェアで解決しました。ありがとうございます",
)


def at(seconds: float = 0) -> datetime:
    """A time, counted from :data:`NOON`."""
    return NOON + timedelta(seconds=seconds)


def ref(kind: Kind | str, native: str | int, community: str = HERE) -> Ref:
    """An id."""
    return Ref(community, Kind(kind), str(native))


def new_id(number: int) -> str:
    """A time-ordered id: greater numbers give greater ids."""
    return time_ordered_id(1_772_000_000_000 + number, number.to_bytes(10, "big"))


def forum(native: str | int = 1, *, community: str = HERE, **facts: Any) -> Forum:
    """A public forum."""
    given: dict[str, Any] = {"name": f"Forum {native}", "private": False, "position": 0} | facts
    return Forum(id=ref(Kind.FORUM, native, community), **given)


def member(native: str | int = 1, *, community: str = HERE, **facts: Any) -> Member:
    """A member with a profile."""
    given: dict[str, Any] = {"name": f"member-{native}", "joined_at": at(-9e6), "post_count": 20} | facts
    return Member(id=ref(Kind.MEMBER, native, community), **given)


def thread(native: str | int = 1, *, community: str = HERE, in_forum: str | int | None = 1, **facts: Any) -> Thread:
    """A thread in a forum."""
    given: dict[str, Any] = {
        "title": f"Thread {native}",
        "author": ref(Kind.MEMBER, 1, community),
        "author_name": "member-1",
        "created_at": at(),
        "last_post_at": at(),
        "post_count": 1,
    }
    place = None if in_forum is None else ref(Kind.FORUM, in_forum, community)
    return Thread(id=ref(Kind.THREAD, native, community), forum=place, **given | facts)


def post(
    native: str | int = 1,
    *,
    community: str = HERE,
    in_thread: str | int | None = 1,
    in_forum: str | int | None = 1,
    **facts: Any,
) -> Post:
    """A post in a thread."""
    given: dict[str, Any] = {
        "author": ref(Kind.MEMBER, 1, community),
        "author_name": "member-1",
        "created_at": at(int(native) if str(native).isdigit() else 0),
        "body_html": f"<p>Post {native}</p>",
    }
    place = None if in_thread is None else ref(Kind.THREAD, in_thread, community)
    home = None if in_forum is None else ref(Kind.FORUM, in_forum, community)
    return Post(id=ref(Kind.POST, native, community), thread=place, forum=home, **given | facts)


def report(text: str = "Spam", by: str | int = 7, *, community: str = HERE, seconds: float = 0) -> Report:
    """A member's complaint."""
    return Report(text, ref(Kind.MEMBER, by, community), f"member-{by}", at(seconds))


def note(text: str = "Look twice", by: str | int = 9, *, number: int = 1, community: str = HERE) -> Note:
    """A staff note."""
    return Note(f"n{number}", ref(Kind.MEMBER, by, community), f"member-{by}", at(number), text)


def entry(changes: dict[Any, str], by: str | int = 9, *, number: int = 1, community: str = HERE) -> HistoryEntry:
    """An entry of an item's history."""
    return HistoryEntry(f"h{number}", at(number), ref(Kind.MEMBER, by, community), f"member-{by}", changes)


def item(
    native: str | int = 1,
    *,
    kind: Kind = Kind.FLAG,
    community: str = HERE,
    in_forum: str | int | None = 1,
    assigned_to: str | int | None = None,
    **facts: Any,
) -> Item:
    """An item in full, about a post of member 1, reported once as spam."""
    given: dict[str, Any] = {
        "state": ItemState.OPEN,
        "created_at": at(int(native) if str(native).isdigit() else 0),
        "version": "v1",
        "report_count": 1,
        "thread": ref(Kind.THREAD, 1, community),
        "post": ref(Kind.POST, native, community),
        "author": ref(Kind.MEMBER, 1, community),
        "author_name": "member-1",
        "body": f"Text under review {native}",
        "detail": True,
        "reports": (report(community=community),),
    }
    if in_forum is not None:
        given["forum"] = ref(Kind.FORUM, in_forum, community)
    if assigned_to is not None:
        given["assignee"] = ref(Kind.MEMBER, assigned_to, community)
    return Item(id=ref(kind, native, community), **given | facts)


def list_row(native: str | int = 1, *, community: str = HERE, **facts: Any) -> Item:
    """An item as a list tells it: neither text nor reasons nor forum."""
    given: dict[str, Any] = {
        "state": ItemState.OPEN,
        "created_at": at(int(native) if str(native).isdigit() else 0),
        "version": "row",
        "report_count": 1,
    }
    return Item(id=ref(Kind.FLAG, native, community), **given | facts)


def records(seq: int = 1, **rows: Iterable[Any]) -> Records:
    """Records of one request."""
    return Records(seq, **{name: tuple(values) for name, values in rows.items()})


def batch(seq: int = 1, cursors: dict[str, str | None] | None = None, **rows: Iterable[Any]) -> Batch:
    """One request's records with its cursors."""
    return Batch((records(seq, **rows),), cursors or {})


def community(name: str = HERE, *, member_id: str | int = 9, **facts: Any) -> CommunityRow:
    """A connected community where member 9 is signed in."""
    info = CommunityInfo(name, "nodebb", "4.15.1", f"https://{name}", name.title())
    identity = Identity(ref(Kind.MEMBER, member_id, name), f"member-{member_id}", frozenset({"moderator"}))
    given: dict[str, Any] = {"capabilities": frozenset(Capability)} | facts
    return CommunityRow(name, f"https://{name}", info, identity, **given)


def intent(number: int = 1, *, plan: int = 1, step: int = 0, on: Ref | None = None, **facts: Any) -> Intent:
    """An intent to resolve an item, waiting to be sent."""
    target = on or ref(Kind.FLAG, 1)
    given: dict[str, Any] = {
        "account": str(ref(Kind.MEMBER, 9)),
        "identity": Identities.ME,
        "action": Action.RESOLVE,
        "created_at": at(number),
        "state": IntentState.WAITING,
        "item": target,
    }
    return Intent(
        id=new_id(number), plan=new_id(plan), step=step, community=target.community, target=target, **given | facts
    )


def plan(number: int = 1, *, steps: int = 1, **facts: Any) -> Plan:
    """A chain of intents: the first waits to be sent, the others for the one before them."""
    first = facts.pop("state", IntentState.WAITING)
    states = [first, *[IntentState.BLOCKED] * (steps - 1)]
    chain = [
        intent(number * 100 + step, plan=number, step=step, state=state, **facts) for step, state in enumerate(states)
    ]
    return Plan(new_id(number), at(number), tuple(chain), f"plan {number}")


def receipt(server_id: str = "r1") -> Receipt:
    """Proof by the server."""
    return Receipt(server_id, str(ref(Kind.MEMBER, 9)), at(5))


def pending(of: Item | Ref, number: int = 1, **facts: Any) -> Pending:
    """An intent that resolves an item, on its way."""
    target = of if isinstance(of, Ref) else of.id
    given: dict[str, Any] = {
        "action": Action.RESOLVE.value,
        "state": IntentState.WAITING,
        "effective": ItemState.RESOLVED.value,
    }
    return Pending(intent=new_id(number), item=str(target), **given | facts)


def text(chance: random.Random) -> str:
    """Some sentences, one in three of them Japanese."""
    source = JAPANESE if chance.random() < 0.33 else ENGLISH
    return " ".join(chance.choices(source, k=chance.randint(1, 4)))


def many_items(count: int, *, community: str = HERE, forums: int = 40, seed: int = 1) -> Iterator[Item]:
    """Items of all kinds and states over many forums and assignees, as a queue of years holds them."""
    chance = random.Random(seed)
    states = [*[ItemState.OPEN] * 6, *[ItemState.IN_PROGRESS] * 2, ItemState.RESOLVED, ItemState.DISMISSED]
    for number in range(count):
        kind = Kind.HELD if chance.random() < 0.05 else Kind.FLAG
        state = ItemState.HELD if kind is Kind.HELD else chance.choice(states)
        yield item(
            number,
            kind=kind,
            community=community,
            in_forum=int(forums * chance.random() ** 2),
            assigned_to=chance.randint(9, 15) if state is ItemState.IN_PROGRESS else None,
            state=state,
            created_at=at(-number * 30),
            report_count=min(50, int(chance.expovariate(0.7)) + 1),
            author=ref(Kind.MEMBER, chance.randint(1, 5000), community),
            thread=ref(Kind.THREAD, number // 4, community),
            body=text(chance),
            reports=(report(chance.choice(("Spam", "Rude", "Off topic", "個人情報")), community=community),),
        )


def many_posts(
    count: int, *, community: str = HERE, first: int = 0, per_thread: int = 8, seed: int = 1
) -> Iterator[Post]:
    """Posts of members, oldest first."""
    chance = random.Random(seed + first)
    for number in range(first, first + count):
        yield post(
            number,
            community=community,
            in_thread=number // per_thread,
            in_forum=number // per_thread % 40,
            author=ref(Kind.MEMBER, chance.randint(1, 5000), community),
            created_at=at(number),
            body_html=f"<p>{text(chance)}</p>",
        )

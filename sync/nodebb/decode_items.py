"""Flags and held posts of NodeBB as items."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import Raw

from moderation.ids import Kind, Ref
from moderation.items import Change, HistoryEntry, Item, ItemState, Note, Report
from sync.nodebb.decode import maybe_moment, moment, unescaped
from sync.nodebb.decoders import POST_TARGET, USER
from sync.nodebb.ids import Namer
from sync.nodebb.payloads import FlagHistoryP, FlagNoteP, FlagPageP, FlagRowP, HeldP, PostTargetP, UserP
from sync.nodebb.reading import decoded
from sync.nodebb.rights import Rights, permitted_on_item
from sync.nodebb.versions import FlagVersion

STATES = {
    "open": ItemState.OPEN,
    "wip": ItemState.IN_PROGRESS,
    "resolved": ItemState.RESOLVED,
    "rejected": ItemState.DISMISSED,
}
NATIVE_STATES = {state: native for native, state in STATES.items()}
_STATE_KEY = re.compile(r"\[\[flags:state-([\w-]+)\]\]")
_META = {
    "[[user:change-username]]": Change.NAME,
    "[[user:change-email]]": Change.EMAIL,
    "[[user:banned]]": Change.BANNED,
    "[[user:muted]]": Change.MUTED,
}
"""What NodeBB mixes into a flag's history about the member, by its translation key."""
_NO_REASON = {"[[user:info.banned-no-reason]]", "[[user:info.muted-no-reason]]"}
_EXPIRIES = {"[[user:info.banned-expiry]]", "[[user:info.muted-expiry]]"}
_GUEST = "[[global:guest]]"


@dataclass(frozen=True, slots=True)
class ThreadHead:
    """What a flag's detail does not tell of its thread."""

    forum: Ref | None
    title: str


@dataclass(frozen=True, slots=True)
class FlagDetail:
    """A flag in full: the item, and the topic that it leads to."""

    item: Item
    tid: str | None
    hidden: bool
    people: tuple[UserP, ...]


def state_of(native: str) -> ItemState:
    """A flag's state; one that a plugin added counts as open, so that somebody looks."""
    return STATES.get(native, ItemState.OPEN)


def assignee_of(native: Any) -> str:
    """The assignee's uid; ``""`` for nobody (``null`` before, ``""`` after un-assigning)."""
    return "" if native in (None, "", 0, "0") else str(native)


def name_of(user: UserP | None) -> str | None:
    """The name to show; translation keys stand for guests and erased accounts."""
    name = (user.displayname or user.username) if user is not None else None
    return None if not name or name.startswith("[[") else unescaped(name)


def row_item(row: FlagRowP, names: Namer) -> Item:
    """An item from a list row, which tells neither text nor reasons."""
    state, assignee = state_of(row.state), assignee_of(row.assignee)
    on_post = row.type == "post"
    return Item(
        id=names.ref(Kind.FLAG, row.flagId),
        state=state,
        created_at=moment(row.datetime, "$.datetime"),
        version=str(FlagVersion(state.value, assignee, row.heat)),
        report_count=row.heat,
        post=names.ref(Kind.POST, row.targetId) if on_post else None,
        author=names.member(row.targetUid if on_post else row.targetId),
        assignee=names.member(assignee or None),
        extra={"type": row.type},
    )


def history_entries(entries: Sequence[FlagHistoryP], names: Namer) -> tuple[HistoryEntry, ...]:
    """The history, newest first, as the server sends it."""
    used: dict[str, int] = {}
    found = []
    for entry in entries:
        what = "+".join(sorted(entry.fields)) if entry.fields is not None else "meta"
        key = f"{round(entry.datetime)}.{entry.uid}.{what}"
        used[key] = used.get(key, 0) + 1
        found.append(
            HistoryEntry(
                key=key if used[key] == 1 else f"{key}.{used[key]}",
                at=moment(entry.datetime, "$.history.datetime"),
                by=names.member(entry.uid),
                by_name=name_of(entry.user),
                changes=changes_of(entry.fields, entry.meta),
            )
        )
    return tuple(sorted(found, key=lambda entry: entry.at, reverse=True))


def changes_of(fields: Mapping[str, Any] | None, meta: Sequence[Mapping[str, Any]] | None) -> dict[Change, str]:
    """What an entry changed, in the words of this program."""
    if fields is None:
        return _about_the_member(meta or ())
    changes: dict[Change, str] = {}
    for name, value in fields.items():
        text = "" if value is None else str(value)
        if name == "state":
            found = _STATE_KEY.fullmatch(text)
            changes[Change.STATE] = state_of(found[1] if found else text).value
        elif name == "assignee":
            changes[Change.ASSIGNEE] = "" if text == _GUEST else text
        elif name == "report":
            changes[Change.REPORT] = text.removeprefix("[[flags:report-").removesuffix("]]")
        elif name == "notes":
            changes[Change.NOTE] = text
        else:
            changes[Change.OTHER] = name
    return changes


def flag_note(note: FlagNoteP, names: Namer) -> Note:
    """A staff note; its id is its time and author, since two may share a time."""
    return Note(
        id=f"{round(note.datetime)}.{note.uid}",
        author=names.member(note.uid),
        author_name=name_of(note.user),
        at=moment(note.datetime, "$.notes.datetime"),
        text=note.content or "",
    )


def _about_the_member(meta: Sequence[Mapping[str, Any]]) -> dict[Change, str]:
    changes: dict[Change, str] = {}
    for each in meta:
        key, value = str(each.get("key", "")), str(each.get("value", ""))
        change = _META.get(key)
        if change is not None:
            changes[change] = "" if change is Change.EMAIL or value in _NO_REASON else value
        elif key not in _EXPIRIES:
            changes[Change.OTHER] = f"{key}={value}"
    return changes or {Change.OTHER: ""}


def flag_version(page: FlagPageP, history: Sequence[HistoryEntry], post: PostTargetP | None) -> FlagVersion:
    """The version of a flag read in full."""
    state, assignee = state_of(page.state).value, assignee_of(page.assignee)
    edited = round(post.edited or 0) if post is not None else 0
    return FlagVersion.of(state, assignee, len(page.reports), history, edited)


def flag_detail(
    page: FlagPageP, names: Namer, endpoint: str, rights: Rights, heads: Mapping[str, ThreadHead], assignee: str | None
) -> FlagDetail:
    """A flag in full. ``heads`` gives forum and title by topic where they are known, ``assignee`` the name."""
    target, author = _target(page, endpoint)
    post = target if target is not None and target.pid is not None else None
    tid = str(post.tid) if post is not None and post.tid else None
    head = heads.get(tid or "")
    history = history_entries(page.history, names)
    base = row_item(page, names)
    hidden = bool(post and post.deleted)
    forum = head.forum if head else None
    item = Item(
        id=base.id,
        state=base.state,
        created_at=base.created_at,
        version=str(flag_version(page, history, post)),
        report_count=len(page.reports),
        forum=forum,
        thread=names.maybe(Kind.THREAD, tid),
        post=base.post,
        author=base.author,
        author_name=name_of(author),
        thread_title=head.title if head else None,
        body_html=post.content if post else None,
        assignee=base.assignee,
        assignee_name=assignee,
        detail=True,
        reports=tuple(
            Report(each.value or "", names.member(each.reporter.uid if each.reporter else None),
                   name_of(each.reporter), maybe_moment(each.timestamp))
            for each in page.reports
        ),
        notes=tuple(flag_note(note, names) for note in page.notes),
        history=history,
        actions=permitted_on_item(
            rights, Kind.FLAG, base.state,
            forum=forum, has_post=post is not None, hidden=hidden, has_author=base.author is not None,
        ),
        extra=_flag_extra(page, post),
    )  # fmt: skip
    people = tuple(one for one in (author, *(each.reporter for each in page.reports)) if one is not None and one.uid)
    return FlagDetail(item, tid, hidden, people)


def _target(page: FlagPageP, endpoint: str) -> tuple[PostTargetP | None, UserP | None]:
    """Post and author, by the flag's own type; nothing once the target is purged."""
    raw: Raw = page.target
    if page.type == "user":
        return None, decoded(bytes(raw), USER, endpoint)
    post = decoded(bytes(raw), POST_TARGET, endpoint)
    return post, post.user


def _flag_extra(page: FlagPageP, post: PostTargetP | None) -> dict[str, str]:
    extra = {"type": page.type}
    if page.type == "post":
        extra["target"] = "gone" if post is None else "hidden" if post.deleted else "there"
        edited = maybe_moment(post.edited) if post else None
        if edited is not None:
            extra["edited"] = edited.isoformat()
    return extra


def held_item(held: HeldP, names: Namer, rights: Rights, endpoint: str) -> Item:
    """A held post as an item; its id ends in the time when it was held."""
    at = maybe_moment(float(held.id.rpartition("-")[2])) if held.id.rpartition("-")[2].isdigit() else None
    forum = names.maybe(Kind.FORUM, _forum_of(held))
    author = names.member(held.uid)
    actions = permitted_on_item(
        rights, Kind.HELD, ItemState.HELD, forum=forum, has_post=False, hidden=False, has_author=author is not None
    )
    return Item(
        id=names.ref(Kind.HELD, held.id),
        state=ItemState.HELD,
        created_at=at or moment(held.data.timestamp, "$.data.timestamp"),
        version=held_version(held),
        forum=forum,
        thread=names.maybe(Kind.THREAD, held.data.tid),
        author=author,
        author_name=name_of(held.user),
        thread_title=held.data.title or (held.topic.title if held.topic else None),
        body=held.data.rawContent,
        body_html=held.data.content,
        detail=True,
        actions=actions if held.canEdit is not False else (),
        extra={"type": held.type, "timestamp": str(round(held.data.timestamp))},
    )


def _forum_of(held: HeldP) -> int | str | None:
    for place in (held.category, held.topic):
        if place is not None and place.cid:
            return place.cid
    return held.data.cid


def held_version(held: HeldP) -> str:
    """Changes when the text, title or forum of a held post is edited."""
    words = "\x00".join((held.data.rawContent or "", held.data.title or "", str(held.data.cid or "")))
    return "q" + hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:16]


def handled_item(ref: Ref) -> Item | None:
    """What a held post becomes once it is in the queue no more: accepted or rejected by somebody."""
    digits = ref.native.rpartition("-")[2]
    at = maybe_moment(float(digits)) if digits.isdigit() else None
    return None if at is None else Item(id=ref, state=ItemState.RESOLVED, created_at=at, version="q-handled")

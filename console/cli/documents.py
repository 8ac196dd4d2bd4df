"""What the commands answer with ``--json``, as DESIGN section 11 and ``docs/cli.schema.json`` have it."""

from datetime import datetime
from typing import Any

from console.cli.output import at, at_ms
from moderation.content import Member, Post, Thread
from moderation.desk.permissions import PermittedAction
from moderation.desk.triage import ItemContext
from moderation.findings import Finding
from moderation.ids import ITEM_KINDS, Kind, Ref
from moderation.intents import Intent, Plan
from moderation.items import HistoryEntry, Item, ItemState, Note, Report
from moderation.ports import PUT_OFF
from moderation.queries import QueueRow, SearchHit

Json = dict[str, Any]


def ident(ref: Ref | None) -> str | None:
    """An id or null."""
    return None if ref is None else str(ref)


def queue_row(row: QueueRow, item: Item | None, actions: list[str], why: str) -> Json:
    """One line of ``queue``; ``why`` are the words for its priority."""
    return {
        "id": row.id,
        "kind": kind if (kind := row.id.split(":")[1]) in ITEM_KINDS else str(Kind.REVIEW),
        "state": str(item.state if item is not None and row.state is ItemState.LATER else row.state),
        "priority": row.priority,
        "why": why,
        "forum": row.forum,
        "forum_name": row.forum_name or None,
        "thread": row.thread,
        "post": row.post,
        "author": row.author,
        "author_name": row.author_name or None,
        "reports": row.report_count,
        "reasons": [report(entry) for entry in item.reports] if item else [],
        "assignee": row.assignee,
        "assignee_name": row.assignee_name,
        "claimed_by": row.claimed_by,
        "claimed_by_name": row.claimed_name,
        "created_at": at_ms(row.created_ms),
        "version": row.version,
        "excerpt": row.excerpt if row.detail else row.excerpt or None,
        "detail": row.detail,
        "actions": actions,
        "pending": {"intent": row.pending_intent, "action": row.pending_action, "state": row.pending}
        if row.pending and row.pending_action != PUT_OFF
        else None,
    }


def report(entry: Report) -> Json:
    """One complaint."""
    return {
        "text": entry.text,
        "reporter": entry.reporter_name or ident(entry.reporter),
        "at": at(entry.at),
        "reporter_id": ident(entry.reporter),
    }


def note(entry: Note) -> Json:
    """A staff note."""
    return {"id": entry.id, "author": ident(entry.author), "author_name": entry.author_name,
            "at": at(entry.at), "text": entry.text}  # fmt: skip


def history(entry: HistoryEntry) -> Json:
    """One entry of an item's history."""
    changes = {str(what): value for what, value in entry.changes.items()}
    return {"at": at(entry.at), "by": ident(entry.by), "by_name": entry.by_name, "changes": changes}


def post(entry: Post) -> Json:
    """A post; ``text`` is what its author typed, ``html`` the server's rendering where only that is known."""
    return {
        "id": str(entry.id),
        "author": ident(entry.author),
        "author_name": entry.author_name,
        "created_at": at(entry.created_at),
        "edited_at": at(entry.edited_at),
        "hidden": entry.hidden,
        "staff_only": entry.staff_only,
        "text": entry.body,
        "html": entry.body_html if entry.body is None else None,
        "url": entry.url,
    }


def thread(entry: Thread, forum_name: str | None = None) -> Json:
    """The head of a thread."""
    return {
        "id": str(entry.id),
        "forum": ident(entry.forum),
        "forum_name": forum_name,
        "title": entry.title,
        "author": ident(entry.author),
        "author_name": entry.author_name,
        "created_at": at(entry.created_at),
        "last_post_at": at(entry.last_post_at),
        "posts_total": entry.post_count,
        "locked": entry.locked,
        "pinned": entry.pinned,
        "hidden": entry.hidden,
        "complete": entry.complete,
        "url": entry.url,
    }


def member(entry: Member) -> Json:
    """A member's card."""
    return {
        "id": str(entry.id),
        "name": entry.name,
        "title": entry.title,
        "joined_at": at(entry.joined_at),
        "last_seen": at(entry.last_seen),
        "post_count": entry.post_count,
        "thread_count": entry.thread_count,
        "reputation": entry.reputation,
        "banned": entry.banned,
        "banned_until": at(entry.banned_until),
        "muted": entry.muted,
        "muted_until": at(entry.muted_until),
        "groups": list(entry.groups),
        "url": entry.url,
    }


def permitted(entry: PermittedAction) -> Json:
    """An action with why it is not allowed."""
    shown = {"action": str(entry.action), "allowed": entry.allowed, "why_not": entry.why_not}
    return shown if entry.label is None else shown | {"label": entry.label}


def item(context: ItemContext, row: Json) -> Json:
    """``show`` of an item: the row of the queue, and everything around it."""
    return row | {
        "body": context.item.body,
        "html": context.item.body_html if context.item.body is None else None,
        "notes": [note(entry) for entry in context.item.notes],
        "history": [history(entry) for entry in context.item.history],
        "team_notes": [
            {"id": n.id, "author": n.author, "author_name": n.author_name, "at": at(n.at), "text": n.text}
            for n in context.team_notes
        ],
        "thread_head": thread(context.thread) if context.thread else None,
        "posts": [post(entry) for entry in context.posts],
        "author_card": member(context.author) if context.author else None,
        "author_items": [other.id for other in context.author_items],
        "permitted": [permitted(entry) for entry in context.permitted],
    }


def step(intent: Intent) -> Json:
    """One intent of a plan."""
    proof = intent.receipt
    receipt = None
    if proof is not None:
        by = proof.by if ":" in proof.by else f"{intent.community}:member:{proof.by}"
        receipt = {"server_id": proof.server_id, "by": by, "at": at(proof.at)}
    return {
        "intent": intent.id,
        "action": str(intent.action),
        "state": str(intent.state),
        "receipt": receipt,
        "target": str(intent.target),
        "question": intent.question,
        "trouble": _told(intent.trouble),
    }


def _told(trouble: Json | None) -> Json | None:
    """What came between, with its time as everywhere."""
    if not trouble or not trouble.get("at"):
        return trouble
    return trouble | {"at": at(datetime.fromisoformat(str(trouble["at"])))}


def plan(entry: Plan) -> Json:
    """``decide`` and what works like it."""
    return {"plan": entry.id, "state": str(entry.state), "steps": [step(intent) for intent in entry.intents]}


def outbox(intent: Intent) -> Json:
    """One line of ``outbox``."""
    about = intent.item or intent.target
    return step(intent) | {
        "item": str(about),
        "created_at": at(intent.created_at),
        "plan": intent.plan,
        "community": intent.community,
        "as": str(intent.identity),
        "attempts": intent.attempts,
        "next_try": at(intent.next_try),
    }


def finding(entry: Finding) -> Json:
    """What a check objects to; ``place`` counts characters from 0, ``text`` is what the remedy writes there."""
    place = None if entry.place is None else {"start": entry.place[0], "end": entry.place[1]}
    more = {"text": entry.text or None, "about": entry.about or None}
    return {"rule": entry.rule, "severity": str(entry.severity), "place": place, "remedy": entry.remedy, **more}


def search_hit(hit: SearchHit) -> Json:
    """A hit, without the marks around what was found."""
    excerpt = hit.excerpt.replace("\x02", "").replace("\x03", "")
    return {"id": hit.id, "thread": hit.thread, "forum": hit.forum, "author_name": hit.author_name,
            "at": at(hit.at), "excerpt": excerpt}  # fmt: skip

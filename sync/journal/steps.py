"""State changes inside a writing transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from moderation.errors import ConflictError, OurBugError, UnknownIdError
from moderation.intents import FINAL, NEXT, UNSENT, Intent, IntentState, Receipt
from sync.journal import tables as t
from sync.journal.rows import INTENTS, as_changes, as_intent, as_receipt_row

_S = IntentState
_PROVEN = frozenset({_S.CONFIRMED, _S.CONFLICT})
_CHUNK = 500
_VERSION = sa.select(t.meta.c.value).where(t.meta.c.name == "version")
_TOUCH = t.meta.update().where(t.meta.c.name == "version").values(value=t.meta.c.value + 1)


def touch(db: Connection) -> None:
    """Let the version grow: something changed in this transaction."""
    db.execute(_TOUCH)


def version(db: Connection) -> int:
    """The journal's version."""
    return int(db.execute(_VERSION).scalar_one())


def one(db: Connection, intent: str) -> Intent | None:
    """One intent, or ``None``."""
    row = db.execute(INTENTS.where(t.intent.c.id == intent)).mappings().first()
    return None if row is None else as_intent(row)


def known(db: Connection, intent: str) -> Intent:
    """One intent; raises :class:`UnknownIdError` when it is not here."""
    found = one(db, intent)
    if found is None:
        raise UnknownIdError("intent_unknown", intent=intent)
    return found


def move(
    db: Connection, intent: str, expected: IntentState, to: IntentState, facts: Mapping[str, Any]
) -> Intent | None:
    """Compare and set; confirming writes the receipt and lets the next step of the plan wait for its turn.

    A conflict has a receipt too where it happened and overwrote what a colleague did in that moment.
    """
    if to not in NEXT[expected]:
        raise OurBugError("intent_step", intent=intent, expected=expected.value, to=to.value)
    changes = dict(facts)
    receipt: Receipt | None = changes.pop("receipt", None)
    if (receipt is None and to is _S.CONFIRMED) or (receipt is not None and to not in _PROVEN):
        raise OurBugError("intent_receipt", intent=intent, to=to.value)
    row = db.execute(sa.select(t.intent).where(t.intent.c.id == intent)).mappings().first()
    if row is None:
        raise UnknownIdError("intent_unknown", intent=intent)
    if row["state"] != expected.value:
        return None
    values = as_changes(changes) | {"state": to.value, "closed": False}
    db.execute(t.intent.update().where(t.intent.c.id == intent).values(values))
    if receipt is not None:
        _keep_receipt(db, row, receipt)
    if to is _S.CONFIRMED:
        _unblock_next(db, row, changes["changed_at"])
    return known(db, intent)


def _keep_receipt(db: Connection, row: sa.RowMapping, receipt: Receipt) -> None:
    theirs = sa.and_(t.receipt.c.community == row["community"], t.receipt.c.server_id == receipt.server_id)
    holder = db.execute(sa.select(t.receipt.c.intent).where(theirs)).scalar()
    if holder is not None:
        raise ConflictError("receipt_taken", intent=row["id"], holder=holder, server_id=receipt.server_id)
    db.execute(t.receipt.insert(), as_receipt_row(row, receipt))


def _unblock_next(db: Connection, row: sa.RowMapping, now: datetime) -> None:
    """The step after this one waits now; steps are numbered without gaps or with them."""
    later = sa.select(sa.func.min(t.intent.c.step)).where(t.intent.c.plan == row["plan"], t.intent.c.step > row["step"])
    following = sa.and_(
        t.intent.c.plan == row["plan"],
        t.intent.c.step == later.scalar_subquery(),
        t.intent.c.state == _S.BLOCKED.value,
    )
    db.execute(t.intent.update().where(following).values(state=_S.WAITING.value, changed_at=now))


def move_all(db: Connection, intents: Sequence[Intent], to: IntentState, facts: Mapping[str, Any]) -> int:
    """Compare and set for many, where no receipt belongs to it; gives how many moved."""
    if to in _PROVEN:
        raise OurBugError("intent_receipt", intent="", to=to.value)
    values = as_changes(facts) | {"state": to.value, "closed": False}
    moved = 0
    for expected in {intent.state for intent in intents}:
        if to not in NEXT[expected]:
            raise OurBugError("intent_step", intent="", expected=expected.value, to=to.value)
        ids = [intent.id for intent in intents if intent.state is expected]
        for start in range(0, len(ids), _CHUNK):
            still = sa.and_(t.intent.c.id.in_(ids[start : start + _CHUNK]), t.intent.c.state == expected.value)
            moved += db.execute(t.intent.update().where(still).values(values)).rowcount
    return moved


def cancel_held(db: Connection, now: datetime) -> list[str]:
    """Cancel all steps, none of which was sent, of the plans with a held one; gives the plans' ids."""
    held = sa.select(t.intent.c.plan).where(t.intent.c.state == _S.HELD.value).distinct()
    plans = list(db.execute(held).scalars())
    unsent = t.intent.c.state.in_([state.value for state in UNSENT])
    for start in range(0, len(plans), _CHUNK):
        mine = t.intent.c.plan.in_(plans[start : start + _CHUNK])
        db.execute(t.intent.update().where(mine, unsent).values(state=_S.CANCELLED.value, changed_at=now))
        db.execute(t.intent.update().where(mine).values(closed=True))
    return plans


def prune(db: Connection, before: datetime, limit: int) -> int:
    """Delete up to ``limit`` plans that were over before then; conflicts and refusals only once closed. Gives how many.

    Nothing that ended after the oldest unfinished intent was made is deleted: a look for that one must not take the
    receipt of another for its own.
    """
    final = t.intent.c.state.in_([state.value for state in FINAL])
    oldest = db.execute(sa.select(sa.func.min(t.intent.c.created_at)).where(sa.not_(final))).scalar()
    before = before if oldest is None else min(before, oldest)
    last = sa.func.coalesce(t.intent.c.changed_at, t.intent.c.created_at)
    troubled = t.intent.c.state.in_([_S.CONFLICT.value, _S.REFUSED.value])
    needed = sa.or_(last >= before, sa.not_(final), sa.and_(troubled, t.intent.c.closed.is_(False)))
    kept = sa.select(t.intent.c.plan).where(needed)
    old = sa.select(t.plan.c.id).where(t.plan.c.created_at < before, t.plan.c.id.not_in(kept))
    plans = list(db.execute(old.order_by(t.plan.c.id).limit(limit)).scalars())
    intents = sa.select(t.intent.c.id).where(t.intent.c.plan.in_(plans))
    db.execute(t.receipt.delete().where(t.receipt.c.intent.in_(intents)))
    db.execute(t.intent.delete().where(t.intent.c.plan.in_(plans)))
    db.execute(t.plan.delete().where(t.plan.c.id.in_(plans)))
    return len(plans)

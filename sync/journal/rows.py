"""Intents and plans as rows, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from moderation.actions import Action
from moderation.errors import OurBugError
from moderation.ids import Ref
from moderation.intents import Identities, Intent, IntentState, Plan, Receipt
from sync.journal import tables as t

_FIELDS = {field.name for field in fields(Intent)} - {"receipt"}
_REFS = {"target", "item", "thread"}
_FIXED = {"id", "plan", "step", "state", "receipt"}

INTENTS: sa.Select[Any] = sa.select(
    t.intent, t.receipt.c.server_id, t.receipt.c.by.label("receipt_by"), t.receipt.c.at.label("receipt_at")
).select_from(t.intent.outerjoin(t.receipt, t.receipt.c.intent == t.intent.c.id))
"""Intents with their receipts, to be narrowed and ordered by the caller."""


def _written(name: str, value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return str(value) if name in _REFS and value is not None else value


def as_row(intent: Intent) -> dict[str, Any]:
    """Columns of the table ``intent``."""
    return {name: _written(name, getattr(intent, name)) for name in _FIELDS} | {"closed": False}


def as_changes(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Columns to change from fields of :class:`Intent`; raises :class:`OurBugError` for a field that never changes."""
    wrong = (set(facts) - _FIELDS) | (set(facts) & _FIXED)
    if wrong:
        raise OurBugError("intent_field", fields=" ".join(sorted(wrong)))
    return {name: _written(name, value) for name, value in facts.items()}


def as_receipt_row(intent: sa.RowMapping, receipt: Receipt) -> dict[str, Any]:
    """Columns of the table ``receipt``."""
    return {
        "intent": intent["id"],
        "community": intent["community"],
        "server_id": receipt.server_id,
        "by": receipt.by,
        "at": receipt.at,
    }


def as_intent(row: sa.RowMapping) -> Intent:
    """The intent of a row of :data:`INTENTS`."""
    values: dict[str, Any] = {name: row[name] for name in _FIELDS}
    values |= {name: Ref.parse(row[name]) for name in _REFS if row[name] is not None}
    values["identity"] = Identities(row["identity"])
    values["action"] = Action(row["action"])
    values["state"] = IntentState(row["state"])
    if row["server_id"] is not None:
        values["receipt"] = Receipt(row["server_id"], row["receipt_by"], row["receipt_at"])
    return Intent(**values)


def as_plans(plans: Iterable[sa.RowMapping], intents: Iterable[Intent]) -> list[Plan]:
    """Plans in the order given, each with its intents by step."""
    steps: dict[str, list[Intent]] = {}
    for intent in intents:
        steps.setdefault(intent.plan, []).append(intent)
    return [
        Plan(
            row["id"],
            row["created_at"],
            tuple(sorted(steps.get(row["id"], []), key=lambda intent: intent.step)),
            row["title"],
        )
        for row in plans
    ]

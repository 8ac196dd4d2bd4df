"""Committing a decision: on the disk (synchronous FULL) when the call returns."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime

from moderation.actions import Action
from moderation.ids import Kind, Ref, time_ordered_id
from moderation.intents import Identities, Intent, IntentState, Plan
from sync.journal import open_journal
from sync.vault import Vault
from tests.benchmarks.filling.recipe import HERE, KEY, NOW_MS
from tests.benchmarks.measures import Measure, Setting, milliseconds, spread

_NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = itertools.count(1)


def bench_journal(setting: Setting) -> list[Measure]:
    """A plan of one step and one of three, each in its transaction, then a change of state."""
    journal = open_journal(Vault(setting.scratch / "journal", KEY))
    try:
        single = [_plan(1) for _ in range(setting.times(2_000))]
        one = [milliseconds(lambda: journal.add(plan)) for plan in single]  # noqa: B023
        three = [milliseconds(lambda: journal.add(_plan(3))) for _ in range(setting.times(500))]
        moves = [
            milliseconds(lambda: journal.move(plan.intents[0].id, IntentState.HELD, IntentState.WAITING))  # noqa: B023
            for plan in single[: setting.times(500)]
        ]
    finally:
        journal.close()
    return [
        *spread("journal", "a decision committed (synchronous FULL)", one),
        *spread("journal", "a plan of three steps committed", three),
        *spread("journal", "a change of state committed", moves),
    ]


def _id() -> str:
    number = next(_numbers)
    return time_ordered_id(NOW_MS + number, number.to_bytes(10, "big"))


def _plan(steps: int) -> Plan:
    plan = _id()
    return Plan(plan, _NOW, tuple(_intent(plan, step) for step in range(steps)), "resolve")


def _intent(plan: str, step: int) -> Intent:
    item = Ref(HERE, Kind.FLAG, str(next(_numbers)))
    first = Intent(
        _id(), plan, step, HERE, f"{HERE}:member:7", Identities.ME, Action.RESOLVE, item, _NOW, IntentState.HELD,
        item=item, seen_version="1-1", payload={"reason": "Spam"}, hold_seconds=5.0, held_at=_NOW,
    )  # fmt: skip
    return first if step == 0 else replace(first, state=IntentState.BLOCKED)

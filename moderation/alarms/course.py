"""The course of alarms: what begins one, what ends it, and that one that comes and goes is one alarm.

An alarm is raised with the first look that finds its condition. It ends when the condition has been gone for a while
(:data:`GONE`); what comes back before that, or soon after (:data:`AGAIN`), is the same alarm and is not told again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from moderation.alarms.model import Alarm, AlarmKind, Condition, Observed

GONE: Mapping[AlarmKind, timedelta] = {
    AlarmKind.OVERDUE: timedelta(),
    AlarmKind.DUE_SOON: timedelta(),
    AlarmKind.UNUSUAL_WAIT: timedelta(),
    AlarmKind.UNCOVERED: timedelta(hours=1),
    AlarmKind.ONLY_ABSENT: timedelta(hours=1),
    AlarmKind.UNUSUAL_VOLUME: timedelta(minutes=30),
}
"""How long the condition must be gone. An answer ends at once what waited for it."""
AGAIN = timedelta(hours=24)
"""After its end the same condition is a new alarm only when this much time has passed."""
_FOLLOWS = {AlarmKind.OVERDUE: AlarmKind.DUE_SOON}
"""Who saw to the one sees to the other."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a look changes: ``raised`` are new, ``changed`` are known ones that go on, came back, or have ended."""

    raised: tuple[Alarm, ...] = ()
    changed: tuple[Alarm, ...] = ()


def follow(known: Iterable[Alarm], observed: Observed, now: datetime) -> Step:
    """Compare what was found with the alarms of a community: the newest of each key, those that ended too."""
    by_key = {alarm.key: alarm for alarm in known}
    raised: list[Alarm] = []
    changed: list[Alarm] = []
    for condition in observed.conditions:
        before = by_key.get(condition.key)
        if before is None or _anew(before, now):
            raised.append(_raised(condition, before, by_key, now))
        else:
            changed.append(_goes_on(before, condition, now))
    found = {condition.key for condition in observed.conditions}
    changed += _ended((one for one in by_key.values() if one.key not in found), observed, now)
    return Step(tuple(raised), tuple(changed))


def _anew(before: Alarm, now: datetime) -> bool:
    return before.ended_at is not None and now - before.ended_at >= AGAIN


def _raised(condition: Condition, before: Alarm | None, known: Mapping[str, Alarm], now: datetime) -> Alarm:
    made = Alarm(
        condition.key,
        before.number + 1 if before is not None else 1,
        condition.kind,
        condition.subject,
        condition.forum,
        dict(condition.facts),
        now,
        now,
    )
    earlier = known.get(f"{_FOLLOWS.get(condition.kind)}:{condition.subject}")
    if earlier is None or not earlier.owner:
        return made
    return replace(made, owner=earlier.owner, owner_name=earlier.owner_name, owned_at=earlier.owned_at)


def _goes_on(before: Alarm, condition: Condition, now: datetime) -> Alarm:
    return replace(
        before, facts=dict(condition.facts), forum=condition.forum, seen_at=now, clear_at=None, ended_at=None
    )


def _ended(missing: Iterable[Alarm], observed: Observed, now: datetime) -> Iterator[Alarm]:
    for alarm in missing:
        if not alarm.active:
            continue
        if alarm.key in observed.undecided or alarm.kind in observed.unseen:
            if alarm.clear_at is not None:
                yield replace(alarm, clear_at=None)
            continue
        since = alarm.clear_at or now
        if now - since >= GONE[alarm.kind]:
            yield replace(alarm, clear_at=since, ended_at=now)
        elif alarm.clear_at is None:
            yield replace(alarm, clear_at=since)

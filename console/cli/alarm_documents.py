"""Alarms as JSON, and as a table for people."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import at, for_people
from moderation.alarms.model import Alarm
from moderation.alarms.telling import Named, sentence

if TYPE_CHECKING:
    from moderation.alarms.delivery import Telling
    from moderation.desk import Desk


def answer(context: Context, desk: "Desk", alarms: Sequence[Alarm]) -> None:
    """All of them."""
    named = desk.alarms.named(alarms)
    if context.json:
        told = {pair: one for name in {a.community for a in alarms} for pair, one in desk.alarms.tellings(name).items()}
        now = desk.clock.now()
        context.answer([_document(context, one, told.get((one.alarm.key, one.alarm.number), []), now) for one in named])
        return
    columns = [("cli_col_since", ""), ("cli_col_alarm", ""), ("cli_col_owner", ""), ("cli_col_state", ""),
               ("cli_col_id", "f")]  # fmt: skip
    now = desk.clock.now()
    rows: list[list[object]] = [
        [for_people(one.alarm.raised_at), sentence(context.words, one), one.alarm.owner_name,
         _state_words(context, one.alarm, now), one.alarm.id]
        for one in named
    ]  # fmt: skip
    if named:
        context.show_table(columns, rows)
    else:
        context.say("cli_no_alarms")


def answer_one(context: Context, desk: "Desk", alarm: Alarm) -> int:
    """One of them, after something was done to it."""
    if context.json:
        told = desk.alarms.tellings(alarm.community).get((alarm.key, alarm.number), [])
        context.answer(_document(context, desk.alarms.named([alarm])[0], told, desk.clock.now()))
    else:
        answer(context, desk, [alarm])
    return Exit.DONE


def state(alarm: Alarm, now: datetime) -> str:
    """``active``, ``owned``, ``silenced`` or ``ended``."""
    if not alarm.active:
        return "ended"
    if alarm.silenced(now):
        return "silenced"
    return "owned" if alarm.owner else "active"


def _state_words(context: Context, alarm: Alarm, now: datetime) -> str:
    found = state(alarm, now)
    if found == "silenced":
        until = for_people(alarm.silenced_until)
        code = "alarm_state_silenced_until" if until else "alarm_state_silenced"
        return context.words(code, reason=alarm.reason, until=until, name=alarm.silenced_name)
    return context.words(f"alarm_state_{found}")


def _document(context: Context, named: Named, told: "Sequence[Telling]", now: datetime) -> dict[str, Any]:
    alarm = named.alarm
    return {
        "id": alarm.id,
        "kind": str(alarm.kind),
        "community": alarm.community,
        "subject": str(alarm.subject),
        "forum": str(alarm.forum),
        "forum_name": named.forum_name,
        "title": named.title or None,
        "says": sentence(context.words, named),
        "facts": dict(alarm.facts),
        "state": state(alarm, now),
        "raised_at": at(alarm.raised_at),
        "ended_at": at(alarm.ended_at),
        "owner": alarm.owner or None,
        "owner_name": alarm.owner_name or None,
        "silenced_by": alarm.silenced_by or None,
        "silenced_until": at(alarm.silenced_until),
        "reason": alarm.reason or None,
        "told": [
            {"channel": one.channel, "state": str(one.state), "at": at(one.at), "trouble": one.trouble or None}
            for one in told
        ],
    }

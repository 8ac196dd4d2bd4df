"""The team's rules for coverage, as they stand in a file (TOML).

::

    bots = ["community.example:member:12"]      # accounts that are programs

    [usual]
    zone = "Europe/Berlin"
    hours = "Mon-Fri 09:00-12:00,13:00-17:00"
    holidays = ["2026-12-25", 2026-12-26]
    goal = "4h"                                  # working time to the staff's first answer
    grace = "1h"                                 # that customers have to answer first
    aim = 0.8                                    # share of the staff's answers that is to be within the goal

    [forums."community.example:forum:5"]         # what differs there
    answers = false
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from moderation.coverage.hours import Hours
from moderation.coverage.rules import CoverageRules, ForumRules
from moderation.errors import MarqueeError, StoreError
from moderation.ids import Kind, Ref
from moderation.people.hours import parse_hours

_DURATION = re.compile(r"(\d+(?:\.\d+)?) ?(s|min|h|d)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_NAMES = frozenset({"zone", "hours", "holidays", "goal", "grace", "answers", "aim"})


def read_rules(source: str, path: str) -> CoverageRules:
    """Rules from the text of a file; raises ``StoreError`` ``coverage_rules_unreadable`` that names the place."""
    try:
        found = tomllib.loads(source)
        odd = found.keys() - {"bots", "usual", "forums"}
        if odd:
            raise OddError(min(odd))
        usual = _forum(_table(found, "usual"), ForumRules(), "usual")
        forums = {name: _forum(one, usual, name) for name, one in _table(found, "forums").items()}
        return CoverageRules(usual, {_id(name, Kind.FORUM): one for name, one in forums.items()}, _bots(found))
    except (tomllib.TOMLDecodeError, OddError) as error:
        raise StoreError("coverage_rules_unreadable", path=path, why=str(error)) from None
    except MarqueeError as error:
        why = " ".join(str(value) for value in error.facts.values())
        raise StoreError("coverage_rules_unreadable", path=path, why=why) from None


class OddError(ValueError):
    """A name or a value that is none; its text names the place."""


def _table(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = found.get(name, {})
    if not isinstance(value, dict):
        raise OddError(name)
    return value


def _id(text: str, kind: Kind) -> str:
    ref = Ref.parse(text)
    if ref.kind is not kind:
        raise OddError(text)
    return text


def _bots(found: Mapping[str, Any]) -> frozenset[str]:
    bots = found.get("bots", [])
    if not isinstance(bots, list) or not all(isinstance(one, str) for one in bots):
        raise OddError("bots")
    return frozenset(_id(one, Kind.MEMBER) for one in bots)


def _forum(told: Any, usual: ForumRules, place: str) -> ForumRules:
    if not isinstance(told, dict) or told.keys() - _NAMES:
        raise OddError(f"{place}: {', '.join(sorted(told.keys() - _NAMES)) if isinstance(told, dict) else told}")
    rules = replace(usual, hours=_hours(told, usual.hours, place))
    if "goal" in told:
        rules = replace(rules, goal_s=seconds(told["goal"], f"{place}: goal"))
    if "grace" in told:
        rules = replace(rules, grace_s=seconds(told["grace"], f"{place}: grace"))
    if "answers" in told:
        if not isinstance(told["answers"], bool):
            raise OddError(f"{place}: answers")
        rules = replace(rules, answers=told["answers"])
    return replace(rules, aim=_share(told["aim"], f"{place}: aim")) if "aim" in told else rules


def _share(value: Any, place: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
        raise OddError(f"{place}: {value}")
    return float(value)


def _hours(told: Mapping[str, Any], usual: Hours, place: str) -> Hours:
    zone, text = told.get("zone", usual.zone), told.get("hours")
    if not isinstance(zone, str) or not isinstance(text, str | None):
        raise OddError(f"{place}: hours")
    periods = parse_hours(text, zone).periods if text is not None else usual.periods
    holidays = frozenset(map(_day, told["holidays"])) if "holidays" in told else usual.holidays
    return Hours(parse_hours("", zone).zone, periods, holidays)


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise OddError(f"holidays: {value}") from None


def seconds(text: Any, place: str = "") -> float:
    """``90 min``, ``4h``, ``2d`` in seconds; raises ``ValueError`` that names the place for anything else."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise OddError(f"{place}: {text}" if place else str(text))
    return float(match[1]) * _SECONDS[match[2]]

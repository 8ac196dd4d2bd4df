"""The worksheet as a text (TOML), and what is wrong with one, by line.

::

    [[goal]]
    department = "Support"
    goal = "Nobody waits over a weekend"
    problem = "Questions of Friday afternoon are seen on Monday"
    measure = "first_response_p90_s"
    target = "at most 8h"
    forums = ["community.example:forum:5"]       # may be missing: all
"""

import json
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from moderation.coverage.reading import OddError, seconds
from moderation.errors import NotAllowedError
from moderation.goals.model import MEASURES, Goal, Target, is_duration, is_share

_HEAD = re.compile(r"^\s*\[\[\s*goal\s*\]\]")
_NEEDED = ("department", "goal", "problem", "measure")
_NAMES = frozenset({*_NEEDED, "target", "forums"})
_TARGET = re.compile(r"at (least|most) (.+)")
_SAID = re.compile(r"\(at line (\d+)")
MOST_GOALS, LONGEST = 50, 300


def read_sheet(text: str, forums: Collection[str]) -> list[Goal]:
    """The goals; ``forums`` are ids (texts) of those there are.

    Raises ``NotAllowedError`` ``goals_odd`` that names the line and what is odd there.
    """
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = _SAID.search(str(error))
        raise _odd(int(said[1]) if said else len(text.splitlines()) or 1, str(error)) from None
    stray = found.keys() - {"goal"}
    if stray:
        raise _odd(_line_of(text.splitlines(), 0, min(stray)), min(stray))
    told = found.get("goal", [])
    if not isinstance(told, list) or len(told) > MOST_GOALS:
        raise _odd(_line_of(text.splitlines(), 0, "goal"), "goal")
    return [_goal(one, _Place(text, number), forums) for number, one in enumerate(told)]


class _Place:
    """Where the entry of that number stands."""

    def __init__(self, text: str, number: int) -> None:
        self._lines = text.splitlines()
        heads = [at for at, line in enumerate(self._lines) if _HEAD.match(line)]
        self._head = heads[number] if number < len(heads) else 0

    def odd(self, name: str, why: str) -> NotAllowedError:
        """That entry of it is odd."""
        return _odd(_line_of(self._lines, self._head, name), why)


def _line_of(lines: Sequence[str], start: int, name: str) -> int:
    """The line (from 1) on which a name is set after ``start``; that of the start where it is not."""
    key = re.compile(rf'^\s*\[*\s*"?{re.escape(name)}"?\s*[=\].]')
    for at, line in enumerate(lines[start:], start):
        if at > start and _HEAD.match(line):
            break
        if key.match(line):
            return at + 1
    return start + 1


def _odd(line: int, why: str) -> NotAllowedError:
    return NotAllowedError("goals_odd", line=line, why=why[:200])


def _goal(told: Any, place: _Place, forums: Collection[str]) -> Goal:
    if not isinstance(told, dict):
        raise place.odd("goal", "goal")
    for name in sorted(told.keys() - _NAMES):
        raise place.odd(name, name)
    texts = {name: _text(told, name, place) for name in _NEEDED}
    measure = texts["measure"]
    if measure not in MEASURES:
        raise place.odd("measure", f"{measure}; {', '.join(MEASURES)}")
    return Goal(**texts, target=_target(told, measure, place), forums=_forums(told, place, forums))


def _text(told: Mapping[str, Any], name: str, place: _Place) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > LONGEST:
        raise place.odd(name, f"{name}: {'' if value is None else value}")
    return " ".join(value.split())


def _target(told: Mapping[str, Any], measure: str, place: _Place) -> Target | None:
    if "target" not in told:
        return None
    try:
        return parse_target(told["target"], measure)
    except OddError as error:
        raise place.odd("target", f"target: {error}") from None


def parse_target(text: Any, measure: str) -> Target:
    """``at most 8h``, ``at least 80 %``, ``at most 3``; raises ``OddError`` for anything else."""
    match = _TARGET.fullmatch(text.strip()) if isinstance(text, str) else None
    if match is None:
        raise OddError(str(text))
    return Target(_value(match[2].strip(), measure), match[1] == "most")


def _value(text: str, measure: str) -> float:
    if is_duration(measure):
        return seconds(text)
    number = text.removesuffix("%").strip()
    if is_share(measure) != text.endswith("%") or not re.fullmatch(r"\d+(\.\d+)?", number):
        raise OddError(text)
    return float(number) / 100 if is_share(measure) else float(number)


def target_text(target: Target, measure: str) -> str:
    """The same as :func:`parse_target` reads it."""
    if is_duration(measure):
        value = _duration(target.value)
    elif is_share(measure):
        value = f"{_plain(target.value * 100)} %"
    else:
        value = _plain(target.value)
    return f"at {'most' if target.below else 'least'} {value}"


def _duration(value: float) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if value and value % size == 0:
            return f"{_plain(value / size)} {unit}"
    return f"{_plain(value)} s"


def _plain(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _forums(told: Mapping[str, Any], place: _Place, known: Collection[str]) -> tuple[str, ...]:
    named = told.get("forums", [])
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise place.odd("forums", "forums")
    for one in named:
        if one not in known:
            raise place.odd("forums", one)
    return tuple(named)


def write_sheet(goals: Sequence[Goal]) -> str:
    """The text again, as :func:`read_sheet` reads it."""
    return "\n".join(_written(goal) for goal in goals)


def _written(goal: Goal) -> str:
    lines = ["[[goal]]", *(f"{name} = {_string(getattr(goal, name))}" for name in _NEEDED)]
    if goal.target is not None:
        lines.append(f"target = {_string(target_text(goal.target, goal.measure))}")
    if goal.forums:
        lines.append(f"forums = [{', '.join(map(_string, goal.forums))}]")
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """A basic string of TOML: JSON's escapes are a part of its own, once DEL is escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

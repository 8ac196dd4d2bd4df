"""Figures in words: as short as they can stand beside their name."""

from moderation.charts.shapes import Say
from moderation.coverage.figures import DURATIONS, SHARES, Number
from moderation.coverage.overview import Overview

_AGES = frozenset({"oldest_open_s", "longest_wait_s"})
"""Durations of which less is not sooner."""


def figure(say: Say, name: str, number: Number, why: str = "") -> str:
    """A figure as people read it; one that there is not, as why there is none."""
    if number is None:
        return say(f"coverage_why_{why}") if why not in {"", "none", "past"} else say("coverage_none")
    if name in SHARES:
        return percent(number)
    return span(say, number) if name in DURATIONS else count(number)


def counted(say: Say, code: str, n: int, **facts: object) -> str:
    """Words with a number: other ones (``code_one``) for exactly one."""
    return say(f"{code}_one" if n == 1 else code, n=count(n), **facts)


def count(number: float) -> str:
    """A count, thousands set apart."""
    return f"{number:,.0f}"


def percent(share: float) -> str:
    """A share in whole percents; neither all nor nothing where it is not."""
    whole = round(share * 100)
    if whole in {0, 100} and share not in {0, 1}:
        whole = 1 if whole == 0 else 99
    return f"{whole} %"


def share(say: Say, number: float | None) -> str:
    """A share of threads; that there are fewer than ten where none is told."""
    return percent(number) if number is not None else say("coverage_why_few")


def span(say: Say, seconds: float) -> str:
    """A duration in its two largest units."""
    whole = round(seconds)
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if days:
        return say("coverage_span_d", d=days, h=hours % 24)
    if hours:
        return say("coverage_span_h", h=hours, m=minutes % 60)
    return say("coverage_span_m", m=minutes) if minutes else say("coverage_span_s", s=whole)


def short(say: Say, seconds: float) -> str:
    """A duration in one unit, as it fits a square."""
    if seconds < 3_570:
        return say("coverage_short_m", n=round(seconds / 60))
    if seconds < 129_600:
        return say("coverage_short_h", n=round(seconds / 3600))
    return say("coverage_short_d", n=round(seconds / 86_400))


def tick(say: Say, seconds: float) -> str:
    """A time on an axis."""
    for unit, size in (("d", 86_400), ("h", 3_600)):
        if seconds >= size and not seconds % size:
            return say(f"coverage_tick_{unit}", n=round(seconds / size))
    return say("coverage_tick_m", n=round(seconds / 60))


def compared(say: Say, name: str, number: Number, earlier: Number) -> str:
    """A figure beside that of the time before; empty where there is nothing to compare."""
    if number is None or earlier is None:
        return say("coverage_was", value=figure(say, name, earlier)) if earlier is not None else ""
    if name in DURATIONS and name not in _AGES:
        if abs(number - earlier) < 60:
            return say("coverage_same")
        return say("coverage_sooner" if number < earlier else "coverage_later", span=span(say, abs(number - earlier)))
    return say("coverage_was", value=figure(say, name, earlier))


def goal(say: Say, view: Overview) -> str:
    """The goal in words: “4 h”; empty where there is none, or more than one."""
    if view.goal_s is None:
        return ""
    if view.grace_s:
        return say("coverage_goal_grace", goal=tick(say, view.goal_s), grace=tick(say, view.grace_s))
    return tick(say, view.goal_s)

"""Goals in words, and the worksheet as the head of a report (HTML that is safe)."""

from collections.abc import Sequence
from html import escape

from moderation.charts.shapes import Say
from moderation.charts.words import figure
from moderation.goals.model import Goal, Standing
from moderation.text import neutralise

_COLUMNS = ("department", "wanted", "problem", "measure", "now", "before", "target", "state")


def target(say: Say, goal: Goal) -> str:
    """What is to be reached; empty where nothing was set."""
    if goal.target is None:
        return ""
    value = figure(say, goal.measure, goal.target.value)
    return say("goals_at_most" if goal.target.below else "goals_at_least", value=value)


def reached(say: Say, one: Standing) -> str:
    """How a goal stands."""
    if one.goal.target is None:
        return say("goals_no_target")
    return say("goals_unknown" if one.reached is None else "goals_reached" if one.reached else "goals_not_reached")


def cells(say: Say, one: Standing) -> list[str]:
    """A line of the worksheet: department, goal, problem, measure, now, before, target, how it stands."""
    goal = one.goal
    return [
        goal.department,
        goal.goal,
        goal.problem,
        say(f"coverage_{goal.measure}"),
        figure(say, goal.measure, one.now),
        figure(say, goal.measure, one.before),
        target(say, goal),
        reached(say, one),
    ]


def sheet(say: Say, standings: Sequence[Standing]) -> str:
    """The worksheet; empty without goals."""
    if not standings:
        return ""
    head = "".join(f'<th scope="col">{_safe(say(f"goals_col_{name}"))}</th>' for name in _COLUMNS)
    rows = "".join(_row(cells(say, one)) for one in standings)
    return f'<h2>{_safe(say("goals_sheet"))}</h2><table class="goals"><tr>{head}</tr>{rows}</table>'


def _row(texts: Sequence[str]) -> str:
    told = "".join(f"<td>{_safe(text)}</td>" for text in texts[1:])
    return f'<tr><th scope="row">{_safe(texts[0])}</th>{told}</tr>'


def _safe(text: str) -> str:
    """A text from anybody, harmless in HTML."""
    return escape(neutralise(text))

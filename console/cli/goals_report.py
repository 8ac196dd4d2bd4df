"""The worksheet of goals as the head of the report: each department's goal, problem and measure, and how it stands."""

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from console.cli.context import Context
from console.cli.goals import reached, target
from moderation.charts.words import figure
from moderation.text import neutralise

if TYPE_CHECKING:
    from moderation.desk import Desk
    from moderation.desk.coverage import Seen
    from moderation.goals import Standing

_COLUMNS = ("department", "wanted", "problem", "measure", "now", "before", "target", "state")


def heads(context: Context, desk: "Desk", seen: "Sequence[Seen]") -> dict[str, str]:
    """By community, as HTML; nothing for one without goals."""
    found = {one.community: desk.goals.standing(one) for one in seen}
    return {community: _sheet(context, standings) for community, standings in found.items() if standings}


def _sheet(context: Context, standings: "Sequence[Standing]") -> str:
    head = "".join(f'<th scope="col">{_safe(context.words(f"goals_col_{name}"))}</th>' for name in _COLUMNS)
    rows = "".join(_row(context, one) for one in standings)
    title = _safe(context.words("goals_sheet"))
    return f'<h2>{title}</h2><table class="goals"><tr>{head}</tr>{rows}</table>'


def _row(context: Context, one: "Standing") -> str:
    words, goal = context.words, one.goal
    cells = [
        goal.goal,
        goal.problem,
        words(f"coverage_{goal.measure}"),
        figure(words, goal.measure, one.now),
        figure(words, goal.measure, one.before),
        target(words, goal),
        words(reached(one)),
    ]
    told = "".join(f"<td>{_safe(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{_safe(goal.department)}</th>{told}</tr>'


def _safe(text: str) -> str:
    """A text from anybody, harmless in HTML."""
    return escape(neutralise(text))

"""Coverage as one JSON document, and as a table for people."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from console.cli.context import Context
from console.cli.output import at
from console.cli.words import Words
from moderation.charts.tables import numbers
from moderation.charts.words import figure
from moderation.content import Forum
from moderation.coverage.figures import NUMBERS, Figures
from moderation.coverage.overview import TREND_WEEKS
from moderation.errors import NotAllowedError

if TYPE_CHECKING:
    from moderation.desk.coverage import Seen

Json = dict[str, Any]
_WORKING = {"first_response_median_s": "working_median_s", "first_response_p90_s": "working_p90_s"}
__all__ = ["TREND_WEEKS", "answer", "check_figures", "show"]


def check_figures(names: Sequence[str]) -> None:
    """Raises ``NotAllowedError`` ``cli_figure_unknown`` where one of these is none."""
    for name in names:
        if name not in NUMBERS:
            raise NotAllowedError("cli_figure_unknown", name=name[:40], names=", ".join(NUMBERS))


def answer(seen: "Sequence[Seen]", since: datetime, *, working: bool, rows: Sequence[str]) -> Json:
    """The whole answer. With several communities ``as_of`` is the oldest of theirs, ``complete_since`` the latest."""
    complete = [one.complete_since for one in seen if one.complete_since is not None]
    found: Json = {
        "as_of": at(min(one.as_of for one in seen)),
        "since": at(since),
        "until": at(max(one.until for one in seen)),
        "complete_since": at(max(complete)) if complete and len(complete) == len(seen) else None,
        "confirmed": all(one.confirmed for one in seen),
        "working": working,
        "forums": [_forum(one, forum, working) for one in seen for forum in one.forums],
        "communities": [
            {"community": one.community, "as_of": at(one.as_of), "confirmed": one.confirmed, **numbers(one.figures())}
            for one in seen
        ],
    }
    if all(one.before is not None for one in seen):
        found["before"] = {
            "forums": [_forum(one, forum, working, before=True) for one in seen for forum in one.forums],
            "communities": [{"community": one.community, **numbers(one.before_figures())} for one in seen],
        }
    if rows:
        found["rows"] = {name: [str(ref) for one in seen for ref in one.rows(name)] for name in rows}
    return found


def _forum(one: "Seen", forum: Forum, working: bool, *, before: bool = False) -> Json:
    found = numbers(one.before_figures(forum.id) if before else one.figures(forum.id))
    if working:
        found |= {name: found[source] for name, source in _WORKING.items()}
    return {"forum": str(forum.id), "forum_name": forum.name, **found}


def show(context: Context, seen: "Sequence[Seen]", *, working: bool, rows: Sequence[str]) -> None:
    """The table; below it the threads behind a figure where they were asked for."""
    columns = [("cli_col_forum", ""), ("cli_col_threads", "r"), ("cli_col_staff_answered", "r"),
               ("cli_col_community_answered", "r"), ("cli_col_unanswered", "r"), ("cli_col_median", "r"),
               ("cli_col_p90", "r"), ("cli_col_open", "r"), ("cli_col_longest", "r"),
               ("cli_col_goal", "r")]  # fmt: skip
    lines = [_line(context.words, forum.name, one.figures(forum.id), working) for one in seen for forum in one.forums]
    totals = [_line(context.words, context.words("coverage_all_forums"), one.figures(), working) for one in seen]
    context.show_table(columns, lines + totals)
    for name in rows:
        threads = [ref for one in seen for ref in one.rows(name)]
        context.out.write(f"\n{context.words(f'coverage_{name}')}: {len(threads)}\n")
        for ref in threads:
            context.out.write(f"  {ref}\n")


def _line(words: Words, name: str, figures: Figures, working: bool) -> list[object]:
    median, nine = (_WORKING.get(one, one) if working else one for one in _WORKING)

    def told(one: str) -> str:
        return figure(words, one, figures.number(one), figures.why_none(one))

    return [
        name,
        *(figures.count(one) for one in ("threads", "answered_by_staff", "answered_by_community", "unanswered")),
        told(median),
        told(nine),
        figures.count("open"),
        told("oldest_open_s"),
        told("within_goal"),
    ]

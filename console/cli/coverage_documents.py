"""Coverage as one JSON document, as a table for people, and as a table for spreadsheets."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from console.cli.context import Context
from console.cli.output import at
from console.cli.words import Words
from moderation.content import Forum
from moderation.coverage.figures import DURATIONS, NUMBERS, SHARES, Figures, Number
from moderation.errors import NotAllowedError

if TYPE_CHECKING:
    from moderation.desk.coverage import Seen

Json = dict[str, Any]
_WORKING = {"first_response_median_s": "working_median_s", "first_response_p90_s": "working_p90_s"}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for the beginning of a formula."""


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
        "complete_since": at(max(complete)) if complete and len(complete) == len(seen) else None,
        "confirmed": all(one.confirmed for one in seen),
        "working": working,
        "forums": [_forum(one, forum, working) for one in seen for forum in one.forums],
        "communities": [
            {"community": one.community, "as_of": at(one.as_of), "confirmed": one.confirmed, **numbers(one.figures())}
            for one in seen
        ],
    }
    if rows:
        found["rows"] = {name: [str(ref) for one in seen for ref in one.rows(name)] for name in rows}
    return found


def _forum(one: "Seen", forum: Forum, working: bool) -> Json:
    found = numbers(one.figures(forum.id))
    if working:
        found |= {name: found[source] for name, source in _WORKING.items()}
    return {"forum": str(forum.id), "forum_name": forum.name, **found}


def numbers(figures: Figures) -> dict[str, Number]:
    """All figures by name."""
    return {name: figures.number(name) for name in NUMBERS}


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
    return [
        name,
        *(figures.count(one) for one in ("threads", "answered_by_staff", "answered_by_community", "unanswered")),
        in_words(words, median, figures.number(median)),
        in_words(words, nine, figures.number(nine)),
        figures.count("open"),
        in_words(words, "oldest_open_s", figures.number("oldest_open_s")),
        in_words(words, "within_goal", figures.number("within_goal")),
    ]


def in_words(words: Words, name: str, number: Number) -> str:
    """A figure as people read it."""
    if number is None:
        return words("coverage_none")
    if name in SHARES:
        return f"{number * 100:.0f} %"
    return span(words, number) if name in DURATIONS else str(number)


def span(words: Words, seconds: float) -> str:
    """A duration in its two largest units."""
    whole = round(seconds)
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if days:
        return words("coverage_span_d", d=days, h=hours % 24)
    if hours:
        return words("coverage_span_h", h=hours, m=minutes % 60)
    return words("coverage_span_m", m=minutes) if minutes else words("coverage_span_s", s=whole)


def as_csv(seen: "Sequence[Seen]") -> str:
    """A row a forum, all figures; names of columns are those of the JSON. Numbers are not rounded."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["forum", "forum_name", *NUMBERS])
    for one in seen:
        for forum in one.forums:
            found = numbers(one.figures(forum.id))
            writer.writerow([str(forum.id), harmless(forum.name), *("" if n is None else n for n in found.values())])
    return out.getvalue()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text

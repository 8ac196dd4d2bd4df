"""The report of ``marquee coverage --html`` and ``--weekly``: what the drawings need of this program around them."""

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from console.cli.context import Context
from console.cli.output import Column, for_people, table, terminal_width
from moderation.charts.page import Setting, page
from moderation.charts.tables import numbers_table

if TYPE_CHECKING:
    from moderation.desk.coverage import Seen


def report(
    context: Context,
    seen: "Sequence[Seen]",
    titles: Mapping[str, str],
    *,
    working: bool,
    weekly: bool = False,
    heads: Mapping[str, str] | None = None,
) -> str:
    """The page; ``titles`` are the communities' own names, ``heads`` what stands above their numbers (HTML)."""
    style = (files("resources") / "coverage.css").read_text(encoding="utf-8")
    colours = json.loads((files("resources") / "theme" / "tokens.json").read_text(encoding="utf-8"))["color"]
    setting = Setting(
        context.words,
        context.language,
        for_people,
        style,
        colours["light"],
        colours["dark"],
        working,
        heads or {},
    )
    return page(setting, seen, titles, "coverage_weekly" if weekly else "coverage_report")


def show_week(context: Context, seen: "Sequence[Seen]", titles: Mapping[str, str], *, working: bool) -> None:
    """Every figure of the week beside that of the week before."""
    for one in seen:
        name = titles.get(one.community, one.community)
        days = context.words("coverage_period", since=for_people(one.since), until=for_people(one.until))
        context.out.write(f"{context.words('coverage_weekly', community=name)}\n{days}\n\n")
        told = numbers_table(context.words, one.view(working=working))
        heads = [Column(title, right=at > 0) for at, title in enumerate(told.columns[:3])]
        rows = [[cell.text for cell in row[:3]] for row in told.rows]
        for line in table(heads, rows, terminal_width(context.out)):
            context.out.write(line + "\n")
        context.out.write("\n")

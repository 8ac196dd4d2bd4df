"""Coverage as one file for a browser: styles and drawings inside, nothing is loaded, no script runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from moderation.charts.curve import curve
from moderation.charts.heat_map import heat_map
from moderation.charts.numbers import SPLIT, Tile, headline, tile
from moderation.charts.shapes import Drawing, Say, Size
from moderation.charts.svg import svg, variables
from moderation.charts.tables import Table, curve_table, forum_table, heat_table, numbers_table, trend_table
from moderation.charts.trend import trend
from moderation.coverage.overview import Overview
from moderation.text import neutralise

if TYPE_CHECKING:
    from moderation.desk.coverage import Seen

Colours = Mapping[str, str]
HEAT, CURVE, TREND = Size(1080, 340), Size(620, 320), Size(440, 320)
"""Sizes of the drawings."""
_FIRST = (
    "open", "oldest_open_s", "waiting", "longest_wait_s", "first_by_staff_share", "staff_post_share", "too_soon",
    "reopened", "unanswered_taken_private",
)  # fmt: skip
"""What stands in large letters beside the headline numbers."""


@dataclass(frozen=True)
class Setting:
    """How a page is written: words, language tag, how an instant reads, styles, colours in light and in dark.

    ``heads`` stand above a community's numbers, by its name: HTML that is safe.
    """

    say: Say
    language: str
    when: Callable[[datetime], str]
    style: str
    light: Colours
    dark: Colours
    working: bool = False
    heads: Mapping[str, str] = field(default_factory=dict)


def page(setting: Setting, seen: "Sequence[Seen]", titles: Mapping[str, str], code: str = "coverage_report") -> str:
    """The file's text; ``titles`` are the communities' own names, ``code`` the words of a heading."""
    names = [titles.get(one.community, one.community) for one in seen]
    title = _safe(setting.say(code, community=", ".join(names)))
    parts = "".join(
        _community(setting, one, setting.say(code, community=name)) for one, name in zip(seen, names, strict=True)
    )
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    style = (
        f":root{{color-scheme:light dark;{variables(setting.light)}}}"
        f"@media(prefers-color-scheme:dark){{:root{{{variables(setting.dark)}}}}}{setting.style}"
    )
    return (
        f'<!doctype html>\n<html lang="{setting.language}"><head>{head}<style>{style}</style></head>'
        f"<body>{parts}</body></html>\n"
    )


def beside(say: Say, seen: "Seen", when: Callable[[datetime], str]) -> list[str]:
    """What must stand beside the numbers: of which time, as of when, complete since when, what is not sure."""
    lines = [say("coverage_period", since=when(seen.since), until=when(seen.until))]
    lines.append(say("coverage_as_of", as_of=when(seen.as_of)))
    if seen.complete_since is not None:
        lines.append(say("cli_coverage_complete", complete=when(seen.complete_since)))
    if seen.complete_since is None or seen.complete_since > seen.since:
        lines.append(say("cli_coverage_incomplete"))
    if partial := seen.figures().count("partial"):
        lines.append(say("cli_coverage_partial", n=partial))
    if not seen.confirmed:
        lines.append(say("cli_coverage_unconfirmed"))
    return lines


def _community(setting: Setting, seen: "Seen", heading: str) -> str:
    say, view = setting.say, seen.view(working=setting.working)
    notes = "".join(f"<p>{_safe(line)}</p>" for line in beside(say, seen, setting.when))
    first = [*headline(say, view), *(tile(say, view, name) for name in _FIRST)]
    drawn = (
        f"{_drawn(setting, heat_map(say, view, HEAT), heat_table(say, view))}<div class='two'>"
        f"{_drawn(setting, curve(say, view, CURVE), curve_table(say, view))}"
    )
    if seen.trend is not None:
        drawn += _drawn(setting, trend(say, view, TREND), trend_table(say, view))
    return (
        f"<h1>{_safe(heading)}</h1>{notes}{setting.heads.get(seen.community, '')}"
        f"{_tiles(first)}{_split(say, view)}{drawn}</div>"
        f"{_headed(forum_table(say, view), 'forums')}{_headed(numbers_table(say, view), 'all')}"
    )


def _tiles(tiles: Sequence[Tile]) -> str:
    told = "".join(
        f'<div title="{_safe(one.means)}"><span>{_safe(one.label)}</span><b>{_safe(one.value)}</b>'
        f"<small>{_safe(one.note)}</small></div>"
        for one in tiles
    )
    return f'<section class="tiles">{told}</section>'


def _split(say: Say, view: Overview) -> str:
    """A bar of three parts, with their numbers in words."""
    whole = max(1, view.threads)
    parts = [(name, int(view.numbers[name] or 0)) for name, _ in SPLIT]
    bars = "".join(f'<i class="{name}" style="width:{number / whole * 100:.3f}%"></i>' for name, number in parts)
    said = "".join(
        f'<li class="{name}"><b>{number}</b> {_safe(say(f"coverage_{name}"))}</li>' for name, number in parts
    )
    return f'<div class="split" aria-hidden="true">{bars}</div><ul class="split-words">{said}</ul>'


def _drawn(setting: Setting, drawing: Drawing, twin: Table) -> str:
    """A drawing, and its twin in a table to unfold."""
    shown = svg(drawing, setting.light, inside=True)
    summary = _safe(setting.say("coverage_as_table", title=drawing.title))
    return f"<figure>{shown}<details><summary>{summary}</summary>{_table(twin, 'twin')}</details></figure>"


def _headed(table: Table, kind: str) -> str:
    return f"<h2>{_safe(table.title)}</h2>{_table(table, kind)}"


def _table(table: Table, kind: str) -> str:
    head = "".join(f'<th scope="col">{_safe(name)}</th>' for name in table.columns)
    rows = ""
    for row in table.rows:
        cells = "".join(f"<td>{_safe(cell.text)}</td>" for cell in row[1:])
        rows += f'<tr><th scope="row">{_safe(row[0].text)}</th>{cells}</tr>'
    return f'<table class="{kind}"><tr>{head}</tr>{rows}</table>'


def _safe(text: str) -> str:
    """A text from anybody, harmless in HTML."""
    return escape(neutralise(text))

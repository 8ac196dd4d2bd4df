"""Coverage as one file for a browser: styles and drawings inside, nothing is loaded, no script runs."""

from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from math import log
from typing import TYPE_CHECKING

from console.cli.coverage_documents import in_words, span
from console.cli.output import for_people
from console.cli.words import Words
from moderation.coverage.figures import NUMBERS, Figures
from moderation.coverage.heat import Cell, heat
from moderation.coverage.incidence import Step, incidence
from moderation.text import neutralise

if TYPE_CHECKING:
    from moderation.desk.coverage import Seen

_TILES = ("first_response_median_s", "first_response_p90_s", "within_goal", "open", "oldest_open_s", "staff_post_share")
_SPLIT = ("answered_by_staff", "answered_by_community", "unanswered")
_COLUMNS = (
    "threads", "answered_by_staff", "answered_by_community", "unanswered", "unanswered_taken_private",
    "first_response_median_s", "first_response_p90_s", "working_median_s", "open", "oldest_open_s", "within_goal",
)  # fmt: skip
_HEAT = (1800, 3600, 7200, 14400, 28800)
"""Seconds at which a cell becomes darker."""
_WIDE, _HIGH, _LEFT, _BELOW = 640, 240, 44, 28
_TICKS = (900, 3600, 14400, 86400, 259200, 604800)


def report(words: Words, language: str, seen: "Sequence[Seen]", titles: Mapping[str, str]) -> str:
    """The file's text; ``titles`` are the communities' own names."""
    style = (files("resources") / "coverage.css").read_text(encoding="utf-8")
    parts = [_community(words, one, titles.get(one.community, one.community)) for one in seen]
    title = _safe(words("coverage_report", community=", ".join(titles.get(one.community, "") for one in seen)))
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title>'
    return (
        f'<!doctype html>\n<html lang="{language}"><head>{head}<style>{style}</style></head>'
        f"<body>{''.join(parts)}{_definitions(words)}</body></html>\n"
    )


def _community(words: Words, seen: "Seen", title: str) -> str:
    figures = seen.figures()
    return (
        f"<h1>{_safe(words('coverage_report', community=title))}</h1>{_beside(words, seen)}"
        f"{_tiles(words, seen)}{_split(words, figures)}"
        f"<h2>{_say(words, 'coverage_heat')}</h2><p>{_say(words, 'coverage_heat_note')}</p>"
        f"{_heat(words, heat(figures.parts))}"
        f"<h2>{_say(words, 'coverage_curve')}</h2>{_curve(words, seen)}"
        f"{_forums(words, seen)}"
    )


def _beside(words: Words, seen: "Seen") -> str:
    """As of when, complete since when, and what is not sure."""
    lines = [words("cli_coverage_as_of", as_of=for_people(seen.as_of), since=for_people(seen.since))]
    if seen.complete_since is not None:
        lines.append(words("cli_coverage_complete", complete=for_people(seen.complete_since)))
    if seen.complete_since is None or seen.complete_since > seen.since:
        lines.append(words("cli_coverage_incomplete"))
    if partial := seen.figures().count("partial"):
        lines.append(words("cli_coverage_partial", n=partial))
    if not seen.confirmed:
        lines.append(words("cli_coverage_unconfirmed"))
    return "".join(f"<p>{_safe(line)}</p>" for line in lines)


def _tiles(words: Words, seen: "Seen") -> str:
    before = Figures(()) if seen.before is None else seen.before.total
    told = ""
    for name in _TILES:
        number, earlier = seen.number(name), before.number(name) if seen.before is not None else None
        was = _say(words, "coverage_was", value=in_words(words, name, earlier)) if earlier is not None else ""
        told += (
            f'<div title="{_say(words, f"coverage_means_{name}")}"><span>{_say(words, f"coverage_{name}")}</span>'
            f"<b>{_safe(in_words(words, name, number))}</b><small>{was}</small></div>"
        )
    return f'<section class="tiles">{told}</section>'


def _split(words: Words, figures: Figures) -> str:
    """A bar of three parts, with their numbers in words."""
    whole = max(1, figures.count("threads"))
    bars = "".join(f'<i class="{name}" style="width:{figures.count(name) / whole * 100:.3f}%"></i>' for name in _SPLIT)
    said = "".join(
        f'<li class="{name}"><b>{figures.count(name)}</b> {_say(words, f"coverage_{name}")}</li>' for name in _SPLIT
    )
    return f'<div class="split">{bars}</div><ul class="split-words">{said}</ul>'


def _heat(words: Words, cells: Mapping[int, Cell]) -> str:
    head = "".join(f'<th scope="col">{hour:02}</th>' for hour in range(24))
    rows = ""
    for day in range(7):
        row = "".join(_cell(words, cells.get(day * 24 + hour)) for hour in range(24))
        rows += f'<tr><th scope="row">{_say(words, f"coverage_weekday_{day}")}</th>{row}</tr>'
    return f'<table class="heat"><tr><th>{_say(words, "coverage_hour")}</th>{head}</tr>{rows}</table>'


def _cell(words: Words, cell: Cell | None) -> str:
    if cell is None:
        return '<td class="empty"></td>'
    if cell.median_s is None:
        return f'<td title="{len(cell.threads)}">{_say(words, "coverage_none")}</td>'
    level = sum(cell.median_s >= limit for limit in _HEAT)
    whole = f"{span(words, cell.median_s)} · {len(cell.threads)}"
    return f'<td class="h{level}" title="{_safe(whole)}">{_safe(_short(cell.median_s))}</td>'


def _short(seconds: float) -> str:
    """A duration that fits a cell."""
    if seconds < 3_570:
        return f"{round(seconds / 60)}m"
    return f"{round(seconds / 3600)}h" if seconds < 129_600 else f"{round(seconds / 86_400)}d"


def _curve(words: Words, seen: "Seen") -> str:
    """Steps over a time axis that is logarithmic, from a minute to thirty days."""
    steps = incidence(seen.covered.total.parts)
    lines = _line(steps, "staff", "staff") + _line(steps, "anyone", "anyone")
    if seen.before is not None:
        lines += _line(incidence(seen.before.total.parts), "staff", "before")
    names = _label(words, steps, "anyone", "coverage_curve_anyone") + _label(
        words, steps, "staff", "coverage_curve_staff"
    )
    label = _say(words, "coverage_curve")
    return (
        f'<svg viewBox="0 0 {_WIDE} {_HIGH}" role="img" font-size="11" aria-label="{label}">'
        f"{_axes()}{lines}{names}</svg>"
    )


def _axes() -> str:
    grid = "".join(
        f'<line stroke="#e0ddd7" x1="{_LEFT}" x2="{_WIDE}" y1="{_y(share)}" y2="{_y(share)}"/>'
        f'<text x="2" y="{_y(share) + 4}">{share * 100:.0f} %</text>'
        for share in (0.0, 0.25, 0.5, 0.75, 1.0)
    )
    return grid + "".join(
        f'<text x="{_x(at):.1f}" y="{_HIGH - 8}" text-anchor="middle">{_safe(_short(at))}</text>' for at in _TICKS
    )


def _label(words: Words, steps: Sequence[Step], value: str, code: str) -> str:
    """A line's name, at its end."""
    share = getattr(steps[-1], value) if steps else 0.0
    return f'<text class="{value}" x="{_WIDE - 4}" y="{_y(share) - 5}" text-anchor="end">{_say(words, code)}</text>'


def _line(steps: Sequence[Step], value: str, kind: str) -> str:
    if not steps:
        return ""
    points = [f"{_LEFT},{_y(0)}"]
    last = 0.0
    for step in steps:
        share = getattr(step, value)
        points += [f"{_x(step.seconds):.1f},{_y(last)}", f"{_x(step.seconds):.1f},{_y(share)}"]
        last = share
    points.append(f"{_WIDE},{_y(last)}")
    drawn = 'fill="none" stroke="#2f6fa8" stroke-width="2"'
    return f'<polyline class="{kind}" {drawn} points="{" ".join(points)}"/>'


def _x(seconds: float) -> float:
    return _LEFT + (_WIDE - _LEFT) * min(1.0, log(max(seconds, 60) / 60) / log(2_592_000 / 60))


def _y(share: float) -> float:
    return round(_HIGH - _BELOW - share * (_HIGH - _BELOW - 20), 1)


def _forums(words: Words, seen: "Seen") -> str:
    head = "".join(f'<th scope="col">{_say(words, f"coverage_{name}")}</th>' for name in _COLUMNS)
    rows = [_row(words, forum.name, seen.figures(forum.id)) for forum in seen.forums]
    rows.append(_row(words, words("coverage_all_forums"), seen.figures()))
    return f'<table class="forums"><tr><th>{_say(words, "cli_col_forum")}</th>{head}</tr>{"".join(rows)}</table>'


def _row(words: Words, name: str, figures: Figures) -> str:
    cells = "".join(f"<td>{_safe(in_words(words, one, figures.number(one)))}</td>" for one in _COLUMNS)
    return f'<tr><th scope="row">{_safe(name)}</th>{cells}</tr>'


def _definitions(words: Words) -> str:
    told = "".join(
        f"<dt>{_say(words, f'coverage_{name}')}</dt><dd>{_say(words, f'coverage_means_{name}')}</dd>"
        for name in NUMBERS
    )
    return f"<h2>{_say(words, 'coverage_definitions')}</h2><dl>{told}</dl>"


def _say(words: Words, code: str, **facts: object) -> str:
    return _safe(words(code, **facts))


def _safe(text: str) -> str:
    """A text from anybody, harmless in HTML."""
    return escape(neutralise(text))

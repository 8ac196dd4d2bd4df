"""``marquee coverage``: how threads are answered, by forum. What computes it is imported when it is asked."""

import argparse
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import for_people
from console.cli.queue import forum
from console.cli.words import Words
from moderation.errors import NotAllowedError, StoreError
from moderation.ids import Ref

if TYPE_CHECKING:
    from moderation.desk import Desk
    from moderation.desk.coverage import Seen

USUAL = "30d"
BY = {"me": "me", "team": "teams", "person": "all"}
"""Of whom figures of persons are, and how ``marquee persons`` calls that."""
_BACK = re.compile(r"(\d{1,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""
_STANDARD = "-"
"""Instead of a file's name: the standard output."""


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``coverage``."""
    parser.add_argument("--since", metavar="TIME", help=words("cli_help_coverage_since", usual=USUAL))
    parser.add_argument("--weekly", action="store_true", help=words("cli_help_coverage_weekly"))
    parser.add_argument("--forum", metavar="ID", action="append", help=words("cli_help_coverage_forum"))
    parser.add_argument("--by", choices=BY, help=words("cli_help_coverage_by"))
    parser.add_argument("--working", action="store_true", help=words("cli_help_coverage_working"))
    parser.add_argument("--rows", metavar="FIGURE", action="append", default=[], help=words("cli_help_coverage_rows"))
    parser.add_argument("--csv", metavar="FILE", help=words("cli_help_coverage_csv"))
    parser.add_argument("--html", metavar="FILE", help=words("cli_help_coverage_html"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Print figures by forum; exit 1 for a forum that is not known, 2 for a time or a figure that is none."""
    from console.cli import coverage_documents as documents

    if parsed.by:
        from console.cli import persons

        return persons.figures(context, BY[parsed.by], parsed)
    documents.check_figures(parsed.rows)
    _check(context, parsed)
    with context.desk(engine=False) as workplace:
        desk, names = workplace.desk, context.chosen()
        wanted = [Ref.parse(forum(context, text, names)) for text in parsed.forum or ()]
        since, until = _time(parsed, desk)
        asked = [name for name in names if not wanted or any(ref.community == name for ref in wanted)]
        compare, weeks = bool(parsed.html or parsed.weekly), documents.TREND_WEEKS if parsed.html else 0
        seen = [
            desk.coverage.see(
                name, since, until, forums=[ref for ref in wanted if ref.community == name], compare=compare,
                weeks=weeks,
            )
            for name in asked or names
        ]  # fmt: skip
        titles = {row.name: row.info.title or row.name for row in desk.communities()}
        printed = _write(context, parsed, seen, titles, desk)
    if context.json:
        context.answer(documents.answer(seen, since, working=parsed.working, rows=parsed.rows))
    elif not printed:
        if parsed.weekly:
            from console.cli.coverage_report import show_week

            show_week(context, seen, titles, working=parsed.working)
        documents.show(context, seen, working=parsed.working, rows=parsed.rows)
    _say(context, seen, since, until)
    return Exit.DONE


def _check(context: Context, parsed: argparse.Namespace) -> None:
    """Raises ``NotAllowedError`` ``cli_weekly_and_since``, ``cli_coverage_one_output``."""
    if parsed.weekly and parsed.since:
        raise NotAllowedError("cli_weekly_and_since")
    if [parsed.html, parsed.csv].count(_STANDARD) + context.json > 1:
        raise NotAllowedError("cli_coverage_one_output")


def _time(parsed: argparse.Namespace, desk: "Desk") -> tuple[datetime, datetime | None]:
    """From when, and until when where that is not now."""
    now = desk.clock.now()
    if not parsed.weekly:
        return look_back(parsed.since or USUAL, now), None
    from moderation.coverage.weeks import last_full

    return last_full(now, desk.coverage.zone)


def look_back(text: str, now: datetime) -> datetime:
    """The time that ``30d``, ``12h``, ``8w`` or a day (of UTC) means; raises ``NotAllowedError`` ``cli_bad_since``."""
    try:
        if match := _BACK.fullmatch(text):
            return now - int(match[1]) * _UNITS[match[2]]
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise NotAllowedError("cli_bad_since", text=text[:40]) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _write(
    context: Context, parsed: argparse.Namespace, seen: "list[Seen]", titles: dict[str, str], desk: "Desk"
) -> bool:
    """Write the files that were asked for; ``True`` where one went to the standard output."""
    if parsed.csv:
        from moderation.charts.tables import figures_csv

        _put(context, parsed.csv, figures_csv(seen))
    if parsed.html:
        from console.cli.coverage_report import report
        from moderation.goals.telling import sheet

        heads = {one.community: sheet(context.words, desk.goals.standing(one)) for one in seen}

        text = report(context, seen, titles, working=parsed.working, weekly=parsed.weekly, heads=heads)
        _put(context, parsed.html, text)
    return _STANDARD in (parsed.csv, parsed.html)


def _put(context: Context, name: str, text: str) -> None:
    """Write a file; raises ``StoreError`` ``coverage_report_unwritable``."""
    if name == _STANDARD:
        context.out.write(text)
        return
    path = Path(name).expanduser()
    try:
        marked = _MARK + text if path.suffix.lower() == ".csv" else text
        path.write_text(marked, encoding="utf-8", newline="")
    except OSError as error:
        raise StoreError("coverage_report_unwritable", path=name, why=error.strerror or type(error).__name__) from error
    context.say("cli_coverage_written", path=str(path))


def _say(context: Context, seen: "list[Seen]", since: datetime, until: datetime | None) -> None:
    """What must stand beside the numbers."""
    for one in seen:
        context.say("cli_coverage_as_of", as_of=for_people(one.as_of), since=for_people(since))
        if until is not None and one.as_of < until:
            context.say("cli_weekly_before_end", community=one.community, as_of=for_people(one.as_of))
        if one.complete_since is not None:
            context.say("cli_coverage_complete", complete=for_people(one.complete_since))
        if one.complete_since is None or one.complete_since > since:
            context.say("cli_coverage_incomplete")
        if partial := one.figures().count("partial"):
            context.say("cli_coverage_partial", n=partial)
        if not one.confirmed:
            context.say("cli_coverage_unconfirmed")

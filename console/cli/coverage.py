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
    from moderation.desk.coverage import Seen

USUAL = "30d"
_BACK = re.compile(r"(\d{1,4})([hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_MARK = "\ufeff"
"""By which spreadsheets know UTF-8."""


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``coverage``."""
    parser.add_argument("--since", default=USUAL, metavar="TIME", help=words("cli_help_coverage_since", usual=USUAL))
    parser.add_argument("--forum", metavar="ID", action="append", help=words("cli_help_coverage_forum"))
    parser.add_argument("--working", action="store_true", help=words("cli_help_coverage_working"))
    parser.add_argument("--rows", metavar="FIGURE", action="append", default=[], help=words("cli_help_coverage_rows"))
    parser.add_argument("--csv", metavar="FILE", help=words("cli_help_coverage_csv"))
    parser.add_argument("--html", metavar="FILE", help=words("cli_help_coverage_html"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Print figures by forum; exit 1 for a forum that is not known, 2 for a time or a figure that is none."""
    from console.cli import coverage_documents as documents

    documents.check_figures(parsed.rows)
    with context.desk(engine=False) as workplace:
        desk, names = workplace.desk, context.chosen()
        wanted = [Ref.parse(forum(context, text, names)) for text in parsed.forum or ()]
        since = look_back(parsed.since, desk.clock.now())
        asked = [name for name in names if not wanted or any(ref.community == name for ref in wanted)]
        seen = [
            desk.coverage.see(
                name, since, forums=[ref for ref in wanted if ref.community == name], compare=bool(parsed.html)
            )
            for name in asked or names
        ]
        titles = {row.name: row.info.title or row.name for row in desk.communities()}
    _write(context, parsed, seen, titles)
    if context.json:
        context.answer(documents.answer(seen, since, working=parsed.working, rows=parsed.rows))
    else:
        documents.show(context, seen, working=parsed.working, rows=parsed.rows)
    _say(context, seen, since)
    return Exit.DONE


def look_back(text: str, now: datetime) -> datetime:
    """The time that ``30d``, ``12h``, ``8w`` or a day (of UTC) means; raises ``NotAllowedError`` ``cli_bad_since``."""
    try:
        if match := _BACK.fullmatch(text):
            return now - int(match[1]) * _UNITS[match[2]]
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise NotAllowedError("cli_bad_since", text=text[:40]) from None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _write(context: Context, parsed: argparse.Namespace, seen: "list[Seen]", titles: dict[str, str]) -> None:
    if parsed.csv:
        from console.cli.coverage_documents import as_csv

        _put(context, parsed.csv, _MARK + as_csv(seen))
    if parsed.html:
        from console.cli.coverage_report import report

        _put(context, parsed.html, report(context.words, context.language, seen, titles))


def _put(context: Context, name: str, text: str) -> None:
    """Write a file; raises ``StoreError`` ``coverage_report_unwritable``."""
    path = Path(name).expanduser()
    try:
        path.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise StoreError("coverage_report_unwritable", path=name, why=error.strerror or type(error).__name__) from error
    context.say("cli_coverage_written", path=str(path))


def _say(context: Context, seen: "list[Seen]", since: datetime) -> None:
    """What must stand beside the numbers."""
    for one in seen:
        context.say("cli_coverage_as_of", as_of=for_people(one.as_of), since=for_people(since))
        if one.complete_since is not None:
            context.say("cli_coverage_complete", complete=for_people(one.complete_since))
        if one.complete_since is None or one.complete_since > since:
            context.say("cli_coverage_incomplete")
        if partial := one.figures().count("partial"):
            context.say("cli_coverage_partial", n=partial)
        if not one.confirmed:
            context.say("cli_coverage_unconfirmed")

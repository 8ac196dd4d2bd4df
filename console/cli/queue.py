"""``marquee queue``: the items that wait, by priority."""

import argparse
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from console.cli import documents, privacy
from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import for_people
from console.cli.words import Words
from moderation.desk.permissions import allowed_slugs
from moderation.errors import UnknownIdError
from moderation.ids import ITEM_KINDS, Kind, Ref
from moderation.items import PENDING_STATES, ItemState
from moderation.ports import PUT_OFF
from moderation.queries import QueueQuery, QueueRow

if TYPE_CHECKING:
    from moderation.desk import Desk

PAGE = 200
TABLE_ROWS = 100


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``queue``."""
    state = words("cli_help_state")
    states, kinds = [str(state) for state in ItemState], sorted(str(kind) for kind in ITEM_KINDS)
    parser.add_argument(
        "--state",
        choices=states,
        metavar="STATE",
        action="append",
        help=f"{state}: {', '.join(states)}",
    )
    parser.add_argument("--forum", metavar="ID", action="append", help=words("cli_help_forum"))
    parser.add_argument("--kind", choices=kinds, action="append", help=words("cli_help_kind"))
    parser.add_argument("--private", action="store_true", help=words("cli_help_queue_private"))
    parser.add_argument("--limit", type=whole_number, metavar="N", help=words("cli_help_limit", rows=TABLE_ROWS))


def whole_number(text: str) -> int:
    """A count for arguments."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Print the queue: all of it as JSON, the first rows as a table, unless ``--limit`` says otherwise."""
    with context.desk(engine=False) as workplace:
        desk = workplace.desk
        names = context.chosen()
        query = QueueQuery(
            states=tuple(ItemState(state) for state in parsed.state) if parsed.state else PENDING_STATES,
            communities=tuple(names) if context.community else (),
            forums=tuple(forum(context, text, names) for text in parsed.forum or ()),
            kinds=tuple(Kind(kind) for kind in parsed.kind or ()),
            exposed=parsed.private,
        )
        desk.triage.refresh_overlay()
        limit = parsed.limit if parsed.limit is not None else None if context.json else TABLE_ROWS
        rows = list(pages(desk, query, limit))
        if context.json:
            context.answer([row_document(context, desk, row) for row in rows])
        else:
            _show(context, rows, desk.triage.count(query))
        if parsed.private and (lag := desk.mirror.finder_lag()):
            context.say("cli_finder_lag", posts=lag)
    return Exit.DONE


def forum(context: Context, text: str, communities: list[str]) -> str:
    """The id of a forum, given as id or, where there is one community, as the server's own number."""
    if ":" not in text and len(communities) == 1:
        text = f"{communities[0]}:{Kind.FORUM}:{text}"
    ref = context.reference(text)
    if ref.kind is not Kind.FORUM:
        raise UnknownIdError("not_a_forum", id=text)
    return str(ref)


def pages(desk: "Desk", query: QueueQuery, limit: int | None) -> Iterator[QueueRow]:
    """Rows in order, page by page, at most ``limit``."""
    after, left = None, limit
    while left is None or left > 0:
        wanted = PAGE if left is None else min(PAGE, left)
        rows = desk.triage.queue(query, after, wanted)
        yield from rows
        if len(rows) < wanted:
            return
        after = rows[-1].page_key
        left = None if left is None else left - len(rows)


def row_document(context: Context, desk: "Desk", row: QueueRow) -> documents.Json:
    """A row as JSON with the reasons and the actions that are allowed now."""
    item = desk.triage.item(row.id)
    community = desk.bench.community(Ref.parse(row.id).community)
    actions = allowed_slugs(item, community) if item is not None else []
    answer = documents.queue_row(row, item, actions, why_words(context, row.why))
    if Ref.parse(row.id).kind not in ITEM_KINDS:
        answer["found"] = privacy.document(desk.candidates.found(row.id))
    return answer


def why_words(context: Context, why: tuple[str, ...]) -> str:
    """What makes up a priority (codes of :mod:`moderation.priority`), in words."""
    return context.words("list_comma").join(_why(context, *code.partition(":")[::2]) for code in why)


def _why(context: Context, name: str, value: str) -> str:
    if name == "private":
        kind, _, number = value.partition(":")
        said = context.words(f"private_kind_{kind}")
        return said if number == "1" else f"{said} ×{number}"
    if name == "reports":
        return context.words("why_reports_one" if value == "1" else "why_reports", n=value)
    return context.words(f"category_{value}" if name == "category" else f"why_{name}")


def _show(context: Context, rows: list[QueueRow], total: int) -> None:
    columns = [("cli_col_id", "f"), ("cli_col_level", ""), ("cli_col_state", ""), ("cli_col_reports", "r"),
               ("cli_col_forum", ""), ("cli_col_author", ""), ("cli_col_reason", ""), ("cli_col_text", "")]  # fmt: skip
    context.show_table(
        columns,
        [
            [row.id, context.words(f"level_{row.level}"), _state(context, row), row.report_count, row.forum_name,
             row.author_name, row.reason or why_words(context, row.why), row.excerpt]
            for row in rows
        ],
    )  # fmt: skip
    context.say("cli_queue_total", shown=len(rows), total=total)


def _state(context: Context, row: QueueRow) -> str:
    state = context.words(f"item_state_{row.state}")
    if row.pending_action == PUT_OFF:
        return f"{state} ({for_people(datetime.fromisoformat(row.pending_intent or ''))})"
    return f"{state} ({context.words(f'state_{row.pending}')})" if row.pending else state

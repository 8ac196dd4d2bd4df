"""``marquee search``: the local full text."""

import argparse

from console.cli import documents
from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import for_people
from console.cli.queue import whole_number
from console.cli.words import Words

HITS = 50


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``search``."""
    parser.add_argument("text", metavar="TEXT", nargs="+", help=words("cli_help_search"))
    parser.add_argument("--limit", type=whole_number, default=HITS, metavar="N", help=words("cli_help_hits", rows=HITS))
    parser.add_argument("--private", action="store_true", help=words("cli_help_private"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Print the newest hits; every word must occur."""
    with context.desk(engine=False) as workplace:
        mirror = workplace.desk.mirror
        names = context.chosen()
        chosen = tuple(names) if context.community else ()
        hits = mirror.search(" ".join(parsed.text), limit=parsed.limit, communities=chosen, private=parsed.private)
        lag = mirror.index_lag()
    if context.json:
        context.answer([documents.search_hit(hit) for hit in hits])
    else:
        columns = [("cli_col_id", "f"), ("cli_col_at", "f"), ("cli_col_author", ""), ("cli_col_text", "")]
        rows: list[list[object]] = [[h.id, for_people(h.at), h.author_name, h.excerpt] for h in hits]
        context.show_table(columns, rows)
    if lag:
        context.say("cli_index_lag", posts=lag)
    return Exit.DONE

"""``marquee cases``: what went private, and where it stands."""

import argparse

from console.cli import conversion_documents as shown
from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import for_people
from console.cli.words import Words


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``cases``."""
    parser.add_argument("--all", action="store_true", help=words("cli_help_cases_all"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """List them, newest first."""
    names = set(context.chosen())
    with context.desk(engine=False) as workplace:
        privately = workplace.desk.privately
        cases = [case for case in privately.cases(every=parsed.all) if case.community in names]
        standing = {(case.community, case.key): privately.standing(case) for case in cases}
    if context.json:
        context.answer([shown.case(case, standing[case.community, case.key]) for case in cases])
        return Exit.DONE
    columns = [
        ("cli_col_case", "f"), ("cli_col_standing", ""), ("cli_col_customer", ""), ("cli_col_place", ""),
        ("cli_col_title", ""), ("cli_col_at", ""),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [
            case.key,
            context.words(f"case_standing_{standing[case.community, case.key]}")
            if case.state in {"open", "undoing"}
            else context.words(f"case_{case.state}"),
            case.customer_name,
            context.words(f"conversion_place_{case.place}"),
            case.title,
            for_people(case.opened_at),
        ]
        for case in cases
    ]
    context.show_table(columns, rows)
    return Exit.DONE

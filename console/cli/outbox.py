"""``marquee outbox``: what waits, is in doubt, or needs a person; and their answer to it."""

import argparse
from typing import TYPE_CHECKING

from console.cli import documents
from console.cli.context import Context
from console.cli.decide import seconds
from console.cli.exits import Exit, of_intents
from console.cli.output import for_people
from console.cli.settling import PATIENCE, explain, reread, settle, signed_out
from console.cli.words import Words
from moderation.intents import Intent

if TYPE_CHECKING:
    from console.wiring import Workplace


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``outbox``."""
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--retry", metavar="ID", help=words("cli_help_retry"))
    choice.add_argument("--cancel", metavar="ID", help=words("cli_help_cancel"))
    parser.add_argument("--wait", type=seconds, default=PATIENCE, metavar="S", help=words("cli_help_wait"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """List; or answer for one intent, and show that one. Exit 6 when it cannot be retried or cancelled."""
    with context.desk(engine=bool(parsed.retry or parsed.cancel)) as workplace:
        if parsed.cancel:
            return _answered(context, workplace, workplace.desk.outbox.cancel(parsed.cancel), cancelled=True)
        if parsed.retry:
            return _retried(context, workplace, parsed.retry, parsed.wait)
        intents = [i for i in workplace.desk.outbox.intents() if context.community in {"", i.community}]
        _show(context, intents)
    return Exit.DONE


def _retried(context: Context, workplace: "Workplace", intent_id: str, patience: float) -> Exit:
    intent = workplace.desk.outbox.retry(intent_id)
    settle(context, workplace, reread(workplace, intent.plan), patience)
    return _answered(context, workplace, workplace.desk.bench.journal.intent(intent_id) or intent, cancelled=False)


def _answered(context: Context, workplace: "Workplace", intent: Intent, *, cancelled: bool) -> Exit:
    _show(context, [intent])
    return Exit.DONE if cancelled else of_intents([intent], signed_out(workplace, intent))


def _show(context: Context, intents: list[Intent]) -> None:
    if context.json:
        context.answer([documents.outbox(intent) for intent in intents])
        return
    columns = [("cli_col_intent", "f"), ("cli_col_action", ""), ("cli_col_state", ""), ("cli_col_about", ""),
               ("cli_col_at", "")]  # fmt: skip
    rows: list[list[object]] = [
        [i.id, i.action, context.words(f"state_{i.state}"), i.item or i.target, for_people(i.created_at)]
        for i in intents
    ]
    context.show_table(columns, rows)
    for intent in intents:
        explain(context, intent, of_many=len(intents) > 1)

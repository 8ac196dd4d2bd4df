"""``marquee claim``, ``release`` and ``note``: what colleagues see of each other."""

import argparse
from collections.abc import Callable

from console.cli import documents
from console.cli.context import Context
from console.cli.decide import seconds
from console.cli.exits import Exit
from console.cli.settling import PATIENCE, finish, settle
from console.cli.words import Words
from moderation.desk.triage import Triage
from moderation.errors import NotAllowedError
from moderation.ids import ITEM_KINDS, Ref
from moderation.intents import Plan


def add_item(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``claim`` and ``release``."""
    parser.add_argument("id", metavar="ID", help=words("cli_help_decide_id"))
    parser.add_argument("--wait", type=seconds, default=PATIENCE, metavar="S", help=words("cli_help_wait"))


def add_note(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``note``."""
    add_item(parser, words)
    parser.add_argument("text", metavar="TEXT", help=words("cli_help_note_text"))


def run_claim(context: Context, parsed: argparse.Namespace) -> int:
    """Claim for oneself."""
    return _run(context, parsed, lambda triage, ref: triage.claim(ref))


def run_release(context: Context, parsed: argparse.Namespace) -> int:
    """Give it up."""
    return _run(context, parsed, lambda triage, ref: triage.release(ref))


def run_note(context: Context, parsed: argparse.Namespace) -> int:
    """Write a staff note."""
    return _run(context, parsed, lambda triage, ref: triage.note(ref, parsed.text))


def _run(context: Context, parsed: argparse.Namespace, act: Callable[[Triage, Ref], Plan | None]) -> int:
    ref = context.reference(parsed.id)
    if ref.kind not in ITEM_KINDS:
        raise NotAllowedError("not_an_item", id=str(ref))
    with context.desk() as workplace:
        desk = workplace.desk
        plan = act(desk.triage, ref)
        if plan is not None:
            settled = settle(context, workplace, plan, parsed.wait)
            return finish(context, workplace, settled, {"item": str(ref), **_claim(workplace.claim(ref))})
        document: documents.Json = {"item": str(ref), "plan": None, "state": "confirmed", "steps": []}
        if context.json:
            context.answer(document | _claim(workplace.claim(ref)))
        else:
            context.say("cli_team_done", id=str(ref))
    return Exit.DONE


def _claim(held: tuple[str, str] | None) -> documents.Json:
    return {"claimed_by": held[0] if held else None, "claimed_by_name": held[1] if held else None}

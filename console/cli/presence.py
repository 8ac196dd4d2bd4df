"""``marquee presence``: cards that tell customers who looks after a forum; list, preview, publish, take down."""

import argparse
from typing import TYPE_CHECKING

from console.cli import presence_documents as shown
from console.cli.context import Context
from console.cli.decide import add_waiting
from console.cli.exits import Exit
from console.cli.output import for_people, safe
from console.cli.queue import forum
from console.cli.settling import finish, noticing_interrupts, settle
from console.cli.words import Words
from console.language import LANGUAGES
from moderation.errors import NotAllowedError
from moderation.findings import Audience
from moderation.ids import Ref
from moderation.plans import Wish
from moderation.presence import CardShape, CardState
from moderation.presence.steps import leaving
from resources import messages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.wiring import Workplace
    from moderation.desk.presence import Preview


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``presence``."""
    parser.add_argument("--forum", metavar="F", help=words("cli_help_presence_forum"))
    what = parser.add_mutually_exclusive_group()
    for name in ("preview", "publish", "take-down", "history"):
        what.add_argument(f"--{name}", action="store_true", help=words(f"cli_help_presence_{name.replace('-', '_')}"))
    parser.add_argument("--in", dest="spoken", choices=LANGUAGES, default="", help=words("cli_help_presence_in"))
    shapes = [str(one) for one in CardShape]
    parser.add_argument("--as", dest="shape", choices=shapes, help=words("cli_help_presence_as"))
    parser.add_argument("--over", action="store_true", help=words("cli_help_presence_over"))
    parser.add_argument("--dry-run", action="store_true", help=words("cli_help_presence_dry_run"))
    add_waiting(parser, words)


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Show, publish or take down; exit codes as for every command."""
    names = context.chosen()
    ref = Ref.parse(forum(context, parsed.forum, names)) if parsed.forum else None
    if not (parsed.preview or parsed.publish or parsed.take_down or parsed.history):
        return _list(context, names, ref)
    if ref is None:
        raise NotAllowedError("cli_card_needs_forum")
    if parsed.publish:
        return _publish(context, parsed, ref)
    if parsed.take_down:
        return _take_down(context, parsed, ref)
    with context.desk(engine=False) as workplace:
        return _history(context, workplace, ref) if parsed.history else _preview(context, workplace, parsed, ref)


def _list(context: Context, names: list[str], ref: Ref | None) -> int:
    with context.desk(engine=False) as workplace:
        wanted = [ref.community] if ref is not None else names
        found = [one for name in wanted for one in workplace.desk.presence.see(name, [ref] if ref else [])]
    if context.json:
        context.answer({"cards": [shown.preview(one) for one in found]})
        return Exit.DONE
    columns = [("cli_col_forum", ""), ("cli_col_card", ""), ("cli_col_card_true", ""), ("cli_col_changed", ""),
               ("cli_col_why", ""), ("cli_col_id", "f")]  # fmt: skip
    context.show_table(columns, [_row(context, one) for one in found])
    return Exit.DONE


def _row(context: Context, one: "Preview") -> list[object]:
    card, judged = one.card, one.judged
    state = context.words(f"card_state_{card.state}" if card is not None else "card_none")
    verdict = context.words(f"card_verdict_{judged.verdict}") if judged is not None else ""
    kinds = ", ".join(context.words(f"card_kind_{kind}") for kind in judged.kinds) if judged is not None else ""
    code = (judged.reason if judged is not None else "") or (card.reason if card is not None else "")
    why = "; ".join(filter(None, (reason_in(context, code), kinds)))
    changed = for_people(card.changed_at) if card is not None else ""
    return [one.forum.name, state, verdict, changed, why, str(one.forum.id)]


def reason_in(context: Context, code: str) -> str:
    """A reason in words: ours, or what the server said."""
    if not code:
        return ""
    return context.words(f"card_reason_{code}" if messages.known(f"card_reason_{code}") else code)


def _preview(context: Context, workplace: "Workplace", parsed: argparse.Namespace, ref: Ref) -> int:
    found = _previewed(workplace, parsed, ref)
    if context.json:
        context.answer(shown.preview(found, text=True))
    else:
        _say(context, found, found.steps)
    return Exit.DONE if found.possible else Exit.REFUSED


def _previewed(workplace: "Workplace", parsed: argparse.Namespace, ref: Ref) -> "Preview":
    shape = CardShape(parsed.shape) if parsed.shape else None
    return workplace.desk.presence.preview(ref, language=parsed.spoken, shape=shape)


def _publish(context: Context, parsed: argparse.Namespace, ref: Ref) -> int:
    if parsed.dry_run:
        with context.desk(engine=False) as workplace:
            if not context.json:
                context.say("cli_card_dry_run")
            return _preview(context, workplace, parsed, ref)
    with noticing_interrupts() as interrupted, context.desk() as workplace:
        desk, hold = workplace.desk.presence, 0.0 if parsed.now else None
        shape = CardShape(parsed.shape) if parsed.shape else None
        plan, found = desk.publish(ref, language=parsed.spoken, shape=shape, over=parsed.over, hold_seconds=hold)
        if plan is None:
            return _nothing_begun(context, found)
        if not context.json:
            _say(context, found, ())
        settled = settle(context, workplace, plan, parsed.wait, interrupted)
        return finish(context, workplace, settled, {"card": shown.preview(desk.preview(ref), text=True)})


def _nothing_begun(context: Context, found: "Preview") -> int:
    if context.json:
        context.answer({"plan": None, "state": None, "steps": [], "card": shown.preview(found, text=True)})
    elif found.possible:
        context.say("card_true_already")
    else:
        _say(context, found, ())
    return Exit.DONE if found.possible else Exit.REFUSED


def _take_down(context: Context, parsed: argparse.Namespace, ref: Ref) -> int:
    with noticing_interrupts() as interrupted, context.desk(engine=not parsed.dry_run) as workplace:
        desk = workplace.desk.presence
        if parsed.dry_run:
            return _would_take_down(context, workplace, ref)
        plan = desk.take_down(ref, hold_seconds=0.0 if parsed.now else None)
        settled = settle(context, workplace, plan, parsed.wait, interrupted)
        return finish(context, workplace, settled, {"card": shown.preview(desk.preview(ref))})


def _would_take_down(context: Context, workplace: "Workplace", ref: Ref) -> int:
    found = workplace.desk.presence.preview(ref)
    standing = found.card if found.card is not None and found.card.shown and found.card.post is not None else None
    steps = leaving(standing, workplace.desk.bench.community(ref.community).info.platform) if standing else []
    if context.json:
        context.answer({**shown.preview(found), "steps": [shown.step(one) for one in steps]})
    else:
        context.say("cli_card_dry_run")
        _steps(context, steps, found.account)
    return Exit.DONE if standing is not None else Exit.REFUSED


def _say(context: Context, found: "Preview", steps: "Iterable[Wish]") -> None:
    """The card for a person: its text, who reads it, what is done, what it leaves out; what is in its way on stderr."""
    out = context.out
    out.write(safe(found.title) + "\n\n")
    for line in found.text.split("\n")[2:]:
        out.write("  " + safe(line) + "\n")
    out.write("\n" + context.words(f"card_reads_{'anyone' if found.audience is Audience.PUBLIC else 'closed'}") + "\n")
    _steps(context, steps, found.account)
    for code in found.left_out:
        out.write("- " + context.words(f"card_leaves_out_{code}") + "\n")
    if found.card is not None and found.card.state is CardState.CONFLICT:
        out.write("\n" + context.words("cli_card_theirs") + "\n")
        for line in found.theirs.split("\n"):
            out.write("  " + safe(line) + "\n")
    for code in found.blocked:
        context.say(f"card_stops_{code}")


def _steps(context: Context, steps: "Iterable[Wish]", account: str) -> None:
    rows: list[list[object]] = [
        [number, context.words(f"step_{one.payload['what']}"), account] for number, one in enumerate(steps, 1)
    ]
    if rows:
        context.out.write("\n")
        context.show_table([("cli_col_number", "r"), ("cli_col_step", ""), ("cli_col_account", "")], rows)
        context.out.write("\n")


def _history(context: Context, workplace: "Workplace", ref: Ref) -> int:
    found = workplace.desk.presence.history(ref)
    if context.json:
        context.answer([shown.change(one) for one in found])
        return Exit.DONE
    columns = [("cli_col_at", ""), ("cli_col_card", ""), ("cli_col_why", ""), ("cli_col_changed", "")]
    rows: list[list[object]] = [
        [for_people(one.at), context.words(f"card_state_{one.state}"), reason_in(context, one.reason),
         ", ".join(context.words(f"card_kind_{kind}") for kind in one.kinds)]
        for one in found
    ]  # fmt: skip
    context.show_table(columns, rows)
    context.say("cli_card_history_note")
    return Exit.DONE

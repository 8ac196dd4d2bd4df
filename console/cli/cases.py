"""``marquee cases``: what went private, whose turn it is there, and one case with everything that was said."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from console.cli import conversion_documents as shown
from console.cli import documents
from console.cli.answer import read_text
from console.cli.context import Context
from console.cli.decide import add_waiting
from console.cli.exits import Exit
from console.cli.output import for_people, safe
from console.cli.settling import finish, noticing_interrupts, settle
from console.cli.words import Words
from moderation.case_tickets import asked_about
from moderation.cases import Case
from moderation.content import Post
from moderation.conversation import CaseNote, Standing
from moderation.desk.conversing import Conversation
from moderation.errors import NotAllowedError
from moderation.intents import SENDERS, Identities
from moderation.text import neutralise

if TYPE_CHECKING:
    from console.wiring import Workplace
    from moderation.desk import Desk


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``cases``."""
    parser.add_argument("case", metavar="CASE", nargs="?", help=words("cli_help_cases_case"))
    parser.add_argument("--all", action="store_true", help=words("cli_help_cases_all"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--reply", metavar="TEXT", help=words("cli_help_cases_reply"))
    what.add_argument("--note", metavar="TEXT", help=words("cli_help_cases_note"))
    what.add_argument("--close", metavar="REASON", help=words("cli_help_cases_close"))
    what.add_argument("--reopen", action="store_true", help=words("cli_help_cases_reopen"))
    identities = [str(identity) for identity in SENDERS]
    parser.add_argument("--as", dest="identity", choices=identities, default="me", help=words("cli_help_reply_as"))
    add_waiting(parser, words)


def run(context: Context, parsed: argparse.Namespace) -> int:
    """List them, those that wait for staff first; or show one; or do something to one."""
    acts = any(value not in {None, False} for value in _wishes(parsed))
    if parsed.case is None and acts:
        raise NotAllowedError("case_action_without_case")
    if parsed.reply is not None:
        return _reply(context, parsed)
    names = context.chosen()
    with context.desk(engine=False) as workplace:
        if parsed.case is None:
            return _list(context, workplace, names, every=parsed.all)
        case = workplace.desk.conversing.find(parsed.case, names)
        return _act(context, workplace, case, parsed) if acts else _show(context, workplace, case)


def _wishes(parsed: argparse.Namespace) -> tuple[object, ...]:
    return parsed.reply, parsed.note, parsed.close, parsed.reopen


def _list(context: Context, workplace: "Workplace", names: list[str], *, every: bool) -> int:
    desk = workplace.desk
    found = desk.conversing.standings(names, every=every)
    if context.json:
        documents_of = (shown.case(one.case, desk.privately.standing(one.case), one) for one in found)
        context.answer([one | ticket(desk, talk.case) for one, talk in zip(documents_of, found, strict=True)])
        return Exit.DONE
    columns = [
        ("cli_col_case", "f"), ("cli_col_status", ""), ("cli_col_customer", ""), ("cli_col_waiting", ""),
        ("cli_col_last_by", ""), ("cli_col_place", ""), ("cli_col_title", ""),
    ]  # fmt: skip
    context.show_table(columns, [_row(context, one) for one in found])
    for case, kept in desk.ticketing.questions(names):
        context.say(f"cli_ticket_question_{kept.question}", case=case.key)
    return Exit.DONE


def _row(context: Context, one: Standing) -> list[object]:
    case, by = one.case, one.last_by
    return [
        case.key,
        context.words(f"case_status_{one.status}"),
        case.customer_name,
        for_people(one.waiting_since),
        f"{by.name or context.words(f'case_party_{by.party}')}, {for_people(one.last_at)}" if by is not None else "",
        _place(context, one),
        case.title,
    ]


def _place(context: Context, one: Standing) -> str:
    """Where it goes on; of a ticket which one and how it stands."""
    place = context.words(f"conversion_place_{one.case.place}")
    if one.ticket is None:
        return place
    return f"{place} {one.ticket.id}, {context.words(f'ticket_state_{one.ticket.state}')}"


def ticket(desk: "Desk", case: Case) -> documents.Json:
    """The ticket of a case as the team keeps it; nothing where it has none."""
    kept = desk.ticketing.kept(case)
    return {"ticket": shown.kept_ticket(kept, case)} if kept is not None else {}


def _say_ticket(context: Context, desk: "Desk", case: Case) -> None:
    kept = desk.ticketing.kept(case)
    if kept is None:
        return
    waits = kept.shown().waits_for
    state = context.words(f"ticket_state_{kept.state}")
    turn = context.words(f"case_party_{waits}") if waits is not None else context.words("case_ticket_nobody")
    lines = {"ticket": f"{kept.ticket}, {state}", "ticket_url": kept.url, "ticket_waits_for": turn}
    for name, value in lines.items():
        if value:
            context.out.write(f"{name}: {safe(value)}\n")
    if kept.others:
        context.say("cli_ticket_others", case=case.key, ids=", ".join(kept.others))
    if question := asked_about(kept, case):
        context.say(f"cli_ticket_question_{question}", case=case.key)


def _show(context: Context, workplace: "Workplace", case: Case) -> int:
    """One case with what was said in private and the notes, in the order of time."""
    talk = workplace.desk.conversing.conversation(case.community, case.key)
    head = shown.case(case, workplace.desk.privately.standing(case), talk.standing)
    if context.json:
        posts, notes = [documents.post(one) for one in talk.posts], [shown.note(one) for one in talk.notes]
        context.answer(head | {"posts": posts, "notes": notes} | ticket(workplace.desk, case))
        return Exit.DONE
    for name in ("case", "title", "customer_name", "status", "waiting_since", "thread", "private_thread", "messages"):
        if head[name] is not None:
            context.out.write(f"{name}: {safe(str(head[name]))}\n")
    _say_ticket(context, workplace.desk, case)
    _say(context, talk)
    return Exit.DONE


def _say(context: Context, talk: Conversation) -> None:
    said: list[Post | CaseNote] = [*talk.posts, *talk.notes]
    for one in sorted(said, key=lambda each: each.created_at if isinstance(each, Post) else each.at):
        if isinstance(one, Post):
            head, text = f"{one.author_name or ''}, {for_people(one.created_at)}", one.body or one.body_html
        else:
            head, text = context.words("cli_case_note_by", by=one.author_name, at=for_people(one.at)), one.text
        context.out.write(f"\n— {safe(head)}\n{neutralise(text)}\n")


def _act(context: Context, workplace: "Workplace", case: Case, parsed: argparse.Namespace) -> int:
    """A note, the end, or the beginning anew."""
    desk = workplace.desk.conversing
    does: Callable[[], object]
    if parsed.note is not None:
        does, said = (lambda: desk.note(case, parsed.note)), "cli_case_noted"
    elif parsed.close is not None:
        does, said = (lambda: desk.close(case, parsed.close)), "cli_case_closed"
    else:
        does, said = (lambda: desk.reopen(case)), "cli_case_reopened"
    does()
    if context.json:
        now = desk.conversation(case.community, case.key)
        document = shown.case(now.case, workplace.desk.privately.standing(now.case), now.standing)
        context.answer(document | {"notes": [shown.note(one) for one in now.notes]})
    else:
        context.say(said, case=case.key)
    return Exit.DONE


def _reply(context: Context, parsed: argparse.Namespace) -> int:
    """Answer the customer; exit 6 when a finding blocks it."""
    text = read_text("-") if parsed.reply == "-" else parsed.reply
    names = context.chosen()
    with noticing_interrupts() as interrupted, context.desk() as workplace:
        desk = workplace.desk.conversing
        case = desk.find(parsed.case, names)
        hold = 0.0 if parsed.now else None
        plan, findings = desk.reply(case, text, identity=Identities(parsed.identity), hold_seconds=hold)
        extra = {"case": case.key, "findings": [documents.finding(entry) for entry in findings]}
        if plan is not None:
            return finish(context, workplace, settle(context, workplace, plan, parsed.wait, interrupted), extra)
        if context.json:
            context.answer({"plan": None, "state": None, "steps": [], **extra})
        for finding in findings:
            context.say(f"finding_{finding.rule}")
    return Exit.REFUSED

"""``marquee tickets``: connected ticket systems, and what is done in the ticket of a case."""

import argparse
import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import conversion_documents as shown
from console.cli import documents
from console.cli.answer import read_text
from console.cli.context import Context
from console.cli.decide import add_waiting
from console.cli.exits import Exit
from console.cli.settling import finish, noticing_interrupts, settle
from console.cli.words import Words
from console.credentials import TICKET_VARIABLE
from moderation.bounces import LONGEST, read_bounce
from moderation.cases import Case
from moderation.errors import SignInError, StoreError
from moderation.intents import Plan
from moderation.tickets import TicketState

if TYPE_CHECKING:
    from console.wiring import Workplace

LONGEST_KEY = 4096
_STATES = [str(state) for state in TicketState if state is not TicketState.NEW]


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``tickets``."""
    what = parser.add_subparsers(title=words("cli_commands"), metavar="WHAT", dest="what", required=True)

    def command(name: str) -> argparse.ArgumentParser:
        about = words(f"cli_does_tickets_{name}")
        return what.add_parser(name, help=about, description=about)

    _add_connect(command("connect"), words)
    command("list")
    command("forget").add_argument("name", metavar="NAME", help=words("cli_help_ticket_system"))
    say, state, confirm = command("say"), command("state"), command("confirm")
    for each in (say, state, confirm, command("keep")):
        each.add_argument("case", metavar="CASE", help=words("cli_help_ticket_case"))
    say.add_argument("text", metavar="TEXT", help=words("cli_help_ticket_text"))
    say.add_argument("--note", action="store_true", help=words("cli_help_ticket_note"))
    state.add_argument("state", choices=_STATES, help=words("cli_help_ticket_state"))
    confirm.add_argument("address", metavar="ADDRESS", help=words("cli_help_ticket_address"))
    confirm.add_argument("--post", metavar="POST", help=words("cli_help_ticket_post"))
    for each in (say, state, confirm):
        add_waiting(each, words)
    command("bounced").add_argument("file", metavar="FILE", help=words("cli_help_bounce_file"))


def _add_connect(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("url", metavar="URL", help=words("cli_help_ticket_url"))
    parser.add_argument("--kind", required=True, metavar="KIND", help=words("cli_help_ticket_kind"))
    parser.add_argument("--queue", default="", metavar="Q", help=words("cli_help_ticket_queue"))
    parser.add_argument("--user", default="", metavar="NAME", help=words("cli_help_ticket_user"))
    parser.add_argument("--from", dest="sender", default="", metavar="ADDRESS", help=words("cli_help_ticket_from"))
    parser.add_argument("--case-field", default="", metavar="FIELD", help=words("cli_help_ticket_case_field"))
    security = ["starttls", "tls", "none"]
    parser.add_argument("--security", choices=security, default="", help=words("cli_help_ticket_security"))
    parser.add_argument("--token-stdin", action="store_true", help=words("cli_help_token_stdin"))
    parser.add_argument("--no-token", action="store_true", help=words("cli_help_ticket_no_token"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Do what was asked; exit codes as for every command."""
    if parsed.what == "connect":
        return _connect(context, parsed)
    if parsed.what == "list":
        return _list(context)
    if parsed.what == "forget":
        return _forget(context, parsed.name)
    if parsed.what == "bounced":
        return _bounced(context, parsed.file)
    if parsed.what == "keep":
        return _keep(context, parsed.case)
    with noticing_interrupts() as interrupted, context.desk() as workplace:
        case = workplace.desk.conversing.find(parsed.case, context.chosen())
        plan = _begin(workplace, case, parsed)
        settled = settle(context, workplace, plan, parsed.wait, interrupted)
        return finish(context, workplace, settled, {"case": case.key, "ticket": _ticket(workplace, case)})


def _begin(workplace: "Workplace", case: Case, parsed: argparse.Namespace) -> Plan:
    tickets, hold = workplace.desk.ticketing, 0.0 if parsed.now else None
    if parsed.what == "say":
        text = read_text("-") if parsed.text == "-" else parsed.text
        return tickets.say(case, text, internal=parsed.note, hold_seconds=hold)
    if parsed.what == "state":
        return tickets.set_state(case, TicketState(parsed.state), hold_seconds=hold)
    return tickets.confirm(case, parsed.address, parsed.post, hold_seconds=hold)


def _ticket(workplace: "Workplace", case: Case) -> documents.Json | None:
    kept = workplace.desk.ticketing.kept(case)
    return shown.kept_ticket(kept, case) if kept is not None else None


def _keep(context: Context, which: str) -> int:
    """The case stays as it is, whatever became of its ticket."""
    with context.desk(engine=False) as workplace:
        case = workplace.desk.conversing.find(which, context.chosen())
        workplace.desk.ticketing.keep_as_it_is(case)
        document = _ticket(workplace, case)
    if context.json:
        context.answer(document)
    else:
        context.say("cli_ticket_kept", case=case.key)
    return Exit.DONE


def _bounced(context: Context, source: str) -> int:
    """A report of a mail server, handed over by a filter or from a file: the case that it is about shows it."""
    bounce = read_bounce(sys.stdin.buffer.read(LONGEST + 1) if source == "-" else _file(source))
    with context.desk(engine=False) as workplace:
        case = workplace.desk.ticketing.not_delivered(bounce, context.chosen())
        document = _ticket(workplace, case)
    if context.json:
        told = {"fate": str(bounce.fate), "status": bounce.status or None, "recipient": bounce.recipient or None}
        context.answer({"case": case.key, **told, "said": bounce.said or None, "ticket": document})
    else:
        facts = {"case": case.key, "recipient": bounce.recipient or "-", "status": bounce.status, "said": bounce.said}
        context.out.write(context.words(f"cli_ticket_bounce_{bounce.fate}", **facts) + "\n")
    return Exit.DONE


def _file(path: str) -> bytes:
    try:
        with Path(path).open("rb") as found:
            return found.read(LONGEST + 1)
    except OSError as error:
        raise StoreError("file_unreadable", path=path, why=error.strerror or type(error).__name__) from error


# Connected systems


def _connect(context: Context, parsed: argparse.Namespace) -> int:
    """Try it, and keep it when it takes the key and has the queue."""
    from console import ticket_offices

    communities = tuple(context.chosen()) if context.community else ()
    asked = ticket_offices.Asked(
        parsed.kind, _address(parsed), parsed.queue, parsed.user, parsed.sender, parsed.case_field, parsed.security,
        communities, _key(context, parsed),
    )  # fmt: skip
    tried = ticket_offices.try_out(asked)
    if not ticket_offices.remember(context.home, context.credentials(), tried):
        context.say("cli_token_this_run", variable=TICKET_VARIABLE)
    if context.settings.communities:
        with context.desk(engine=False) as workplace:
            workplace.desk.ticketing.try_now()
    if context.json:
        desk = tried.desk
        context.answer(
            {"name": asked.name, "kind": asked.kind, "account": desk.account, "queue": desk.queue or None,
             "version": desk.version or None, "can": sorted(tried.can), "communities": list(communities)}
        )  # fmt: skip
    else:
        facts = {"name": asked.name, "account": tried.desk.account, "queue": tried.desk.queue or "-"}
        context.out.write(context.words("cli_ticket_connected", **facts) + "\n")
    return Exit.DONE


def _address(parsed: argparse.Namespace) -> str:
    """The address; that of a mail server is no page."""
    from console.addresses import candidates

    return str(parsed.url) if parsed.kind == "mail" else candidates(parsed.url)[0]


def _key(context: Context, parsed: argparse.Namespace) -> str:
    """From standard input, the environment, or the person; never from an argument."""
    if parsed.no_token:
        return ""
    if parsed.token_stdin:
        key = sys.stdin.readline(LONGEST_KEY)
    elif not (key := context.environment.get(TICKET_VARIABLE, "")) and context.interactive:
        key = getpass.getpass(context.words("cli_ticket_key", url=parsed.url), context.err)
    if not key.strip():
        raise SignInError("token_not_given")
    return key.strip()


def _list(context: Context) -> int:
    """What is connected, and about which tickets a person is asked."""
    from console.ticket_offices import communities_of

    entries = sorted(context.settings.tickets.items())
    found = [
        {"name": name, "kind": entry["kind"], "account": entry.get("account") or None,
         "queue": entry.get("queue") or None, "url": entry.get("url") or entry.get("host") or None,
         "communities": list(communities_of(entry))}
        for name, entry in entries
    ]  # fmt: skip
    if context.json:
        context.answer(found)
        return Exit.DONE
    if not found:
        context.say("cli_no_ticket_system")
        return Exit.DONE
    columns = [("cli_col_name", "f"), ("cli_col_platform", ""), ("cli_col_account", ""), ("cli_col_queue", ""),
               ("cli_col_community", ""), ("cli_col_url", "")]  # fmt: skip
    every = context.words("cli_ticket_for_all")
    rows: list[list[object]] = [
        [one["name"], one["kind"], one["account"], one["queue"], ", ".join(communities_of(entry)) or every, one["url"]]
        for one, (_, entry) in zip(found, entries, strict=True)
    ]
    context.show_table(columns, rows)
    return Exit.DONE


def _forget(context: Context, name: str) -> int:
    """Let go of one and of its key."""
    from console import ticket_offices

    ticket_offices.forget(context.home, context.credentials(), name)
    if context.json:
        context.answer({"name": name})
    else:
        context.say("cli_ticket_forgotten", name=name)
    return Exit.DONE

"""``marquee bring-back``: the answer of a private case as a public reply; proposed, checked, and posted once."""

import argparse
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

from console.cli import documents
from console.cli.answer import read_text
from console.cli.context import Context
from console.cli.convert import read_texts
from console.cli.decide import add_waiting
from console.cli.exits import Exit
from console.cli.output import at, for_people, safe
from console.cli.settling import finish, noticing_interrupts, settle
from console.cli.words import Words
from moderation.errors import UnknownIdError
from moderation.findings import Severity
from moderation.ids import Kind, Ref
from moderation.intents import SENDERS, Identities
from resources import messages

if TYPE_CHECKING:
    from console.wiring import Workplace
    from moderation.bringing import Candidate, Objection, Struck
    from moderation.desk.bringing import Opened

READ_WITHIN = 8.0
_LOOK_EVERY = 0.25


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``bring-back``."""
    parser.add_argument("thread", metavar="THREAD", help=words("cli_help_thread"))
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--text", metavar="TEXT", help=words("cli_help_bring_text"))
    source.add_argument("--file", metavar="F", help=words("cli_help_bring_file"))
    parser.add_argument("--accept", metavar="HASH", action="append", default=[], help=words("cli_help_accept"))
    parser.add_argument("--choose", metavar="POST", action="append", default=[], help=words("cli_help_choose"))
    identities = [str(identity) for identity in SENDERS]
    parser.add_argument(
        "--as", dest="identity", choices=identities, default="official", help=words("cli_help_bring_as")
    )
    parser.add_argument("--close", action="store_true", help=words("cli_help_close_case"))
    parser.add_argument("--dry-run", action="store_true", help=words("cli_help_bring_dry_run"))
    add_waiting(parser, words)


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Without a text show the proposal; else check it, and post it where nothing stands in the way.

    Exit 6 where something has to go first, 7 where only a yes is missing.
    """
    ref = context.reference(parsed.thread)
    if ref.kind is not Kind.THREAD:
        raise UnknownIdError("not_a_thread", id=str(ref))
    chosen = [_message(context, text) for text in parsed.choose]
    text = read_text(parsed.file) if parsed.file is not None else parsed.text
    with noticing_interrupts() as interrupted, context.desk() as workplace:
        _freshen(workplace, ref)
        opened = workplace.desk.bringing.propose(ref, removed, chosen=chosen)
        draft = opened.proposal.text if text is None else text
        objections = workplace.desk.bringing.check(opened, draft, parsed.accept)
        stops = [one for one in objections if one.stops]
        if text is None or parsed.dry_run or stops:
            return _only_shown(context, opened, draft, objections, parsed, posting=text is not None)
        return _post_it(context, workplace, opened, draft, parsed, interrupted)


def removed(kind: str, language: str) -> str:
    """The neutral words for what was struck out, in the language of the text around it."""
    return messages.text(f"removed_{kind}", language)


def _post_it(
    context: Context,
    workplace: "Workplace",
    opened: "Opened",
    draft: str,
    parsed: argparse.Namespace,
    interrupted: threading.Event,
) -> int:
    plan, objections = workplace.desk.bringing.post(
        opened.case.thread,
        draft,
        parsed.accept,
        removed,
        identity=Identities(parsed.identity),
        hold_seconds=0.0 if parsed.now else None,
        close=parsed.close,
    )
    if plan is None:  # something came in between
        return _only_shown(context, opened, draft, objections, parsed, posting=True)
    if not context.json:
        _say_place(context, opened, parsed.identity)
    settled = settle(context, workplace, plan, parsed.wait, interrupted)
    return finish(context, workplace, settled, document(opened, draft, objections, parsed.identity))


def _only_shown(
    context: Context,
    opened: "Opened",
    draft: str,
    objections: "Sequence[Objection]",
    parsed: argparse.Namespace,
    *,
    posting: bool,
) -> int:
    if context.json:
        nothing: documents.Json = {"plan": None, "state": None, "steps": []}
        context.answer({**nothing, **document(opened, draft, objections, parsed.identity)})
    else:
        if not posting:
            _show_proposal(context, opened)
        _say_objections(context, draft, objections)
        _say_place(context, opened, parsed.identity)
    stops = [one for one in objections if one.stops]
    if not stops:
        context.say("cli_bring_clear")
    elif posting:
        context.say("cli_bring_stops")
    if not posting or not stops:
        return Exit.DONE
    return Exit.REFUSED if any(one.severity is Severity.BLOCK for one in stops) else Exit.UNSETTLED


# As JSON


def document(opened: "Opened", draft: str, objections: "Sequence[Objection]", identity: str) -> documents.Json:
    """What stands beside plan and steps."""
    thread = opened.texts.thread
    return {
        "case": opened.case.key,
        "thread": str(thread.id) if thread is not None else None,
        "as": identity,
        "account": opened.official if identity == Identities.OFFICIAL else opened.me,
        "marked": opened.marks,
        "proposal": opened.proposal.text,
        "struck": [_struck(one) for one in opened.proposal.struck],
        "answers": [_candidate(one) for one in opened.proposal.candidates],
        "findings": [_objection(one, draft) for one in objections],
    }


def _objection(one: "Objection", draft: str) -> documents.Json:
    said = draft[one.start : one.end] if one.start is not None and one.token else None
    return {
        **documents.finding(one.finding()),
        "accept": one.token or None,
        "accepted": one.accepted,
        "whose": str(one.whose) if one.whose is not None else None,
        "kind": one.kind or None,
        "sentence": said,
    }


def _struck(one: "Struck") -> documents.Json:
    place = {"start": one.start, "end": one.end}
    return {"place": place, "kind": one.kind, "reason": one.reason or None, "masked": one.masked}


def _candidate(one: "Candidate") -> documents.Json:
    """An answer to choose from; its text stays in the private place."""
    message = one.message
    return {
        "id": message.id, "author_name": message.author_name, "at": at(message.at), "tells": one.tells,
        "chosen": one.chosen,
    }  # fmt: skip


# For people


def _show_proposal(context: Context, opened: "Opened") -> None:
    proposal = opened.proposal
    if not proposal.text:
        context.say("bring_no_answer")
    else:
        context.say("cli_bring_proposal")
        context.out.write("\n".join(map(safe, proposal.text.splitlines())) + "\n")
    for one in proposal.struck:
        context.say("cli_bring_struck", kind=kind_words(context, one.kind), masked=one.masked)
    for candidate in proposal.candidates:
        code = "cli_bring_choice_taken" if candidate.chosen else "cli_bring_choice"
        message = candidate.message
        context.say(code, id=message.id, name=message.author_name, at=for_people(message.at))


def _say_objections(context: Context, draft: str, objections: "Sequence[Objection]") -> None:
    for one in objections:
        said = safe(draft[one.start : one.end]) if one.start is not None else ""
        if one.accepted:
            context.say("cli_bring_accepted", sentence=said)
            continue
        code = f"finding_{one.rule}" if messages.known(f"finding_{one.rule}") else one.rule
        told = context.words(code, what=kind_words(context, one.kind), masked=one.masked, text=one.text)
        context.err.write(f"{told}  {said}\n" if said else f"{told}\n")
        if one.token:
            context.say("cli_bring_accept", token=one.token)


def kind_words(context: Context, kind: str) -> str:
    """A kind of private data in words."""
    code = f"private_kind_{kind}"
    return context.words(code) if messages.known(code) else context.words(f"removed_{kind}") if kind else ""


def _say_place(context: Context, opened: "Opened", identity: str) -> None:
    thread = opened.texts.thread
    if thread is None:
        return
    name = (opened.official if identity == Identities.OFFICIAL else opened.me) or "-"
    context.say("cli_bring_place", thread=str(thread.id), title=thread.title, name=name)
    if not opened.marks:
        context.say("cli_bring_marked_no")


# What is needed


def _freshen(workplace: "Workplace", ref: Ref) -> None:
    """Ask for both threads in full, and wait a little where something of the private one is missing."""
    from moderation.conversation import private_place

    desk, patience = workplace.desk, READ_WITHIN
    place = private_place(desk.bringing.case_of(ref))
    if place is None:
        return
    heard = threading.Event()
    deaf = desk.engine.listen(lambda records: heard.set())
    try:
        desk.engine.want([place, ref])
        while patience > 0 and not ((known := desk.mirror.thread(place)) and known.complete):
            heard.wait(_LOOK_EVERY)
            heard.clear()
            patience -= _LOOK_EVERY
    finally:
        deaf()
    read_texts(workplace, place)


def _message(context: Context, text: str) -> str:
    """A post; or a message of a ticket, whose id has no colon."""
    if ":" not in text:
        return text
    ref = context.reference(text)
    if ref.kind is not Kind.POST:
        raise UnknownIdError("not_a_post", id=text)
    return str(ref)

"""What colleagues ask of each other on the command line: asking, handing over, answering, giving back."""

import argparse
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

from console.cli import documents
from console.cli import following_documents as shown
from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import for_people
from console.cli.settling import noticing_interrupts
from console.cli.words import Words
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Kind, Ref
from moderation.people import FollowRequest

if TYPE_CHECKING:
    from console.wiring import Workplace

ACTS = ("ask", "hand_over", "requests", "accept", "decline", "withdraw", "back", "give_back")
"""Names of the options that are about requests; ``None`` for those that were not given."""
_ANSWERS = ("accept", "decline", "withdraw", "back", "give_back")


def add_requests(parser: argparse.ArgumentParser, what: Any, words: Words) -> None:
    """Their arguments; ``what`` is the group of options of which one may be given."""
    what.add_argument("--ask", metavar="MEMBER", help=words("cli_help_following_ask"))
    what.add_argument("--hand-over", metavar="AWAY", help=words("cli_help_following_hand_over"))
    what.add_argument(
        "--requests", action="store_const", const=True, default=None, help=words("cli_help_following_requests")
    )
    for name in _ANSWERS:
        flag, code = f"--{name.replace('_', '-')}", f"cli_help_following_{name}"
        what.add_argument(flag, metavar="REQUEST", help=words(code))
    parser.add_argument("--to", metavar="MEMBER", help=words("cli_help_following_to"))
    parser.add_argument("--until", metavar="DATE", help=words("cli_help_following_until"))


def run_request(context: Context, parsed: argparse.Namespace, forums: list[Ref]) -> int:
    """Do it; exit 6 where a rule refuses it."""
    if parsed.accept is not None or parsed.give_back is not None:
        return _plans(context, parsed)
    names = context.chosen()
    with context.desk(engine=False) as workplace:
        if parsed.requests:
            return _list(context, workplace, names)
        return _shown(context, workplace, _done(context, workplace, parsed, forums))


def _done(context: Context, workplace: "Workplace", parsed: argparse.Namespace, forums: list[Ref]) -> FollowRequest:
    """Ask or answer; gives the request as it stands then."""
    desk = workplace.desk.asking
    if parsed.ask is not None:
        if not forums:
            raise NotAllowedError("following_needs_forum")
        return desk.ask(forums, _member(context, workplace, parsed.ask, forums[0].community))
    if parsed.hand_over is not None:
        if parsed.to is None:
            raise NotAllowedError("following_needs_colleague")
        names = context.chosen()
        away = _member(context, workplace, parsed.hand_over, names[0] if len(names) == 1 else "")
        of = _member(context, workplace, parsed.to, away.community)
        return desk.hand_over(away, of, _until(parsed.until))
    name = next(name for name in _ANSWERS if getattr(parsed, name) is not None)
    request: str = getattr(parsed, name)
    getattr(desk, name)(request)
    return next(one for row in workplace.desk.communities() for one in desk.every(row.name) if one.id == request)


def _plans(context: Context, parsed: argparse.Namespace) -> int:
    """Accept, or give back: intents of the person who sits here."""
    from console.cli.following import settled

    with noticing_interrupts() as interrupted, context.desk() as workplace:
        desk, hold = workplace.desk.asking, 0.0 if parsed.now else None
        request = parsed.accept or parsed.give_back
        act = desk.accept if parsed.accept is not None else desk.give_back
        plans = act(request, hold_seconds=hold)
        if not plans and not context.json:
            context.say("following_nothing_to_change")
        return settled(context, workplace, plans, parsed, interrupted, {"request": request})


def _member(context: Context, workplace: "Workplace", text: str, community: str) -> Ref:
    """A member by id, or one of the roster by name."""
    if ":" in text:
        ref = context.reference(text)
        if ref.kind is not Kind.MEMBER:
            raise UnknownIdError("not_a_member", id=text)
        return ref
    person = workplace.desk.staffing.person(text)
    accounts = [one for one in person.accounts if not community or one.community == community]
    if len(accounts) != 1:
        raise UnknownIdError("person_has_no_account", name=person.name)
    return accounts[0]


def _until(text: str | None) -> datetime | None:
    """The end of a day (UTC) on which somebody is away for the last time."""
    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(23, 59, 59), UTC)
    except ValueError:
        raise NotAllowedError("end_date_wrong") from None


def _list(context: Context, workplace: "Workplace", names: list[str]) -> int:
    """What waits for the person first, then all others, newest first."""
    desk, now = workplace.desk.asking, workplace.desk.clock.now()
    waiting = [one for name in names for one in desk.to_me(name)]
    others = [one for name in names for one in desk.every(name) if one.id not in {each.id for each in waiting}]
    if context.json:
        mine = {one.id for one in waiting}
        found = [shown.request(one, now, due=desk.is_due(one)) for one in (*waiting, *others)]
        context.answer([one | {"waits_for_me": one["id"] in mine} for one in found])
        return Exit.DONE
    columns = [("cli_col_id", "f"), ("cli_col_state", ""), ("cli_col_about", ""), ("cli_col_at", "")]
    rows: list[list[object]] = [[one.id, *_row(context, workplace, one)] for one in (*waiting, *others)]
    context.show_table(columns, rows)
    if waiting:
        context.say("following_requests_wait", count=len(waiting))
    return Exit.DONE


def _row(context: Context, workplace: "Workplace", one: FollowRequest) -> list[object]:
    now = workplace.desk.clock.now()
    named = {forum.id: forum.name for forum in workplace.desk.mirror.forums(one.community)}
    facts = {
        "by": one.asked_by_name,
        "of": one.asked_of_name,
        "away": one.instead_of_name,
        "forums": ", ".join(named.get(forum, str(forum)) for forum in one.forums),
    }
    due = workplace.desk.asking.is_due(one)
    state = context.words("following_request_due" if due else f"following_request_{one.standing(now)}")
    return [state, context.words(f"following_asks_{one.kind}", **facts), for_people(one.asked_at)]


def _shown(context: Context, workplace: "Workplace", one: FollowRequest) -> int:
    desk, now = workplace.desk.asking, workplace.desk.clock.now()
    document: documents.Json = shown.request(one, now, due=desk.is_due(one))
    if context.json:
        context.answer(document)
    else:
        state, about, _ = _row(context, workplace, one)
        context.out.write(f"{one.id}  {state}  {about}\n")
    return Exit.DONE

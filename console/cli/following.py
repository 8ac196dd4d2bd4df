"""``marquee following``: who of the staff follows which forum, what nobody covers, and what can be done about it."""

import argparse
import threading
from typing import TYPE_CHECKING

from console.cli import documents
from console.cli import following_documents as shown
from console.cli.context import Context
from console.cli.decide import add_waiting
from console.cli.exits import Exit, of_intents, worst
from console.cli.following_requests import ACTS, add_requests, run_request
from console.cli.following_threads import set_thread, show_threads, thread_of
from console.cli.output import for_people
from console.cli.queue import forum
from console.cli.settling import finish, noticing_interrupts, settle
from console.cli.words import Words
from moderation.content import Level
from moderation.errors import NotAllowedError, StoreError
from moderation.following.matrix import Shown
from moderation.following.promised import Promised
from moderation.ids import Ref
from moderation.intents import Plan

if TYPE_CHECKING:
    from console.wiring import Workplace
    from moderation.desk.following import Followed

LEVELS = [str(level) for level in Level]


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``following``."""
    parser.usage = "%(prog)s [--forum F] [OPTION]"  # all of them in one line would fit no terminal
    parser.add_argument("--forum", metavar="F", action="append", default=[], help=words("cli_help_following_forum"))
    parser.add_argument("--gaps", action="store_true", help=words("cli_help_following_gaps"))
    parser.add_argument("--thread", metavar="T", help=words("cli_help_following_thread"))
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--set", dest="level", choices=LEVELS, help=words("cli_help_following_set"))
    what.add_argument("--suggest", action="store_true", help=words("cli_help_following_suggest"))
    what.add_argument("--threads", action="store_true", help=words("cli_help_following_threads"))
    what.add_argument("--history", action="store_true", help=words("cli_help_following_history"))
    what.add_argument("--owners", metavar="MEMBER", nargs="*", help=words("cli_help_following_owners"))
    add_requests(parser, what, words)
    add_waiting(parser, words)


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Show it, or do what was asked; exit codes as for every command."""
    names = context.chosen()
    forums = [Ref.parse(forum(context, text, names)) for text in parsed.forum]
    if any(getattr(parsed, name) is not None for name in ACTS):
        return run_request(context, parsed, forums)
    if parsed.level is not None:
        return _set(context, parsed, forums) if parsed.thread is None else set_thread(context, parsed)
    with context.desk(engine=False) as workplace:
        return _read(context, workplace, parsed, names, forums)


def _read(
    context: Context, workplace: "Workplace", parsed: argparse.Namespace, names: list[str], forums: list[Ref]
) -> int:
    """What needs no engine."""
    if parsed.threads or parsed.thread is not None:
        thread = None if parsed.thread is None else thread_of(context, parsed.thread)
        return show_threads(context, workplace, names, forums, thread)
    if parsed.owners is not None:
        return _owners(context, workplace, forums, parsed.owners)
    if parsed.suggest:
        return _suggest(context, workplace, forums)
    if parsed.history:
        return _history(context, workplace, names, forums)
    return _show(context, workplace, names, forums, gaps=parsed.gaps)


def _show(context: Context, workplace: "Workplace", names: list[str], forums: list[Ref], *, gaps: bool) -> int:
    wanted = list(dict.fromkeys(forum.community for forum in forums)) or names
    seen = [
        workplace.desk.following.see(name, [forum for forum in forums if forum.community == name]) for name in wanted
    ]
    rows = [
        (one, row, promised)
        for one in seen
        for row, (promised, expected) in enumerate(_promised(context, workplace, one))
        if not gaps or (expected and one.covered(row) is False)
    ]
    if context.json:
        context.answer(
            {
                "forums": [shown.forum(one, row, promised) for one, row, promised in rows],
                "communities": [*map(shown.community, seen)],
            }
        )
        return Exit.DONE
    columns = [
        ("cli_col_forum", ""), ("cli_col_state", ""), ("cli_col_last_there", ""), ("cli_col_covered_by", ""),
        ("cli_col_followed_by", ""), ("cli_col_id", "f"),
    ]  # fmt: skip
    context.show_table(columns, [_row(context, one, row) for one, row, _ in rows])
    for one in seen:
        _say_beside(context, one)
    for one, row, promised in rows:
        if promised is not None and promised.open_s:
            facts = {"hours": round(promised.open_s / 3600, 1), "of": round(promised.promised_s / 3600, 1)}
            context.say("following_promised_open", forum=one.matrix.rows[row].forum.name, **facts)
    return Exit.DONE


def _promised(context: Context, workplace: "Workplace", seen: "Followed") -> list[tuple[Promised | None, bool]]:
    """Promised hours, and whether an answer is expected; where the file with them cannot be read, that is said, and
    the rest is shown all the same.
    """
    desk = workplace.desk.following
    try:
        return list(zip(desk.promised(seen), desk.expected(seen), strict=True))
    except StoreError as error:
        context.err.write(context.explain(error) + "\n")
        return [(None, True)] * len(seen.matrix.rows)


def _row(context: Context, seen: "Followed", row: int) -> list[object]:
    entry, columns = seen.matrix.rows[row], seen.matrix.columns
    state = str(entry.gap) if seen.confirmed else "unknown"
    present = entry.present if seen.confirmed else ()
    others = [at for at in entry.followers if at not in present]
    return [
        entry.forum.name,
        context.words(f"following_gap_{state}"),
        for_people(entry.last_there),
        ", ".join(columns[at].name for at in present),
        ", ".join(columns[at].name if at in entry.present else _follower(context, seen, at) for at in others),
        str(entry.forum.id),
    ]


def _follower(context: Context, seen: "Followed", column: int) -> str:
    """Who follows a forum and does not cover it, with why."""
    one = seen.matrix.columns[column]
    if one.absent_until is not None:
        return context.words("following_away", name=one.name, until=one.absent_until.date().isoformat())
    return context.words("following_barred" if one.barred else "following_not_seen", name=one.name)


def _say_beside(context: Context, seen: "Followed") -> None:
    """What must stand beside the table: whether it may be believed, and of whom nothing is known."""
    if not seen.confirmed:
        context.say("following_not_confirmed", community=seen.community)
    if seen.complete_since is None:
        context.say("following_not_complete", community=seen.community)
    for column in seen.matrix.unread():
        context.say(f"following_why_{column.why or 'not_read'}", name=column.name, community=seen.community)
    for column in seen.matrix.columns:
        if column.account is None:
            context.say("following_why_no_account", name=column.name, community=seen.community)
    for load in seen.loads:
        if load.too_much:
            name = seen.matrix.columns[load.column].name
            context.say("following_too_much", name=name, count=load.follows, present=load.present_in)


def _suggest(context: Context, workplace: "Workplace", forums: list[Ref]) -> int:
    """Who answers there anyway."""
    forum = _one(forums)
    desk = workplace.desk.following
    found = desk.suggestions(desk.see(forum.community), forum)
    if context.json:
        context.answer({"forum": str(forum), "suggestions": [shown.suggestion(one) for one in found]})
        return Exit.DONE
    columns = [("cli_col_who", ""), ("cli_col_answers", "r"), ("cli_col_at", ""), ("cli_col_about", "")]
    rows: list[list[object]] = [
        [one.name, "" if one.answers is None else one.answers, for_people(one.last_at),
         context.words(f"following_is_{one.kind}")]
        for one in found
    ]  # fmt: skip
    context.show_table(columns, rows)
    if any(one.answers is None for one in found):
        context.say("following_figures_off")
    return Exit.DONE


def _history(context: Context, workplace: "Workplace", names: list[str], forums: list[Ref]) -> int:
    desk = workplace.desk
    about: list[tuple[str, Ref | None]] = [(forum.community, forum) for forum in forums]
    about = about or [(name, None) for name in names]
    found = [one for name, forum in about for one in desk.following.history(name, forum=forum)]
    if context.json:
        context.answer([shown.change(one) for one in found])
        return Exit.DONE
    people = {account: person.name for person in desk.staffing.roster() for account in person.accounts}
    named = {forum.id: forum.name for name in names for forum in desk.mirror.forums(name)}
    rows: list[list[object]] = [
        [for_people(one.at), people.get(one.member, str(one.member)), named.get(one.forum, str(one.forum)),
         _level(context, one.before), _level(context, one.level)]
        for one in found
    ]  # fmt: skip
    columns = [("cli_col_at", ""), ("cli_col_who", ""), ("cli_col_forum", ""), ("cli_col_before", ""),
               ("cli_col_now", "")]  # fmt: skip
    context.show_table(columns, rows)
    return Exit.DONE


def _level(context: Context, level: str) -> str:
    return context.words(f"following_level_{level or Shown.NO_CHOICE}")


def _owners(context: Context, workplace: "Workplace", forums: list[Ref], members: list[str]) -> int:
    """Name those who look after a forum; nobody with an empty list."""
    forum = _one(forums)
    owners = [context.reference(text) for text in members]
    workplace.desk.following.set_owners(forum, owners)
    if context.json:
        context.answer({"forum": str(forum), "owners": [str(owner) for owner in owners]})
    else:
        context.say("following_owners_set", forum=str(forum), count=len(owners))
    return Exit.DONE


def _set(context: Context, parsed: argparse.Namespace, forums: list[Ref]) -> int:
    """The own level; what goes along on this platform is said before."""
    if not forums:
        raise NotAllowedError("following_needs_forum")
    with noticing_interrupts() as interrupted, context.desk() as workplace:
        desk = workplace.desk.following
        along = [one.name for forum in forums for one in desk.goes_along(forum) if one.id not in forums]
        if along:
            context.say("following_goes_along", names=", ".join(dict.fromkeys(along)))
        plans = desk.set_level(forums, Level(parsed.level), hold_seconds=0.0 if parsed.now else None)
        return settled(context, workplace, plans, parsed, interrupted)


def settled(
    context: Context, workplace: "Workplace", plans: list[Plan], parsed: argparse.Namespace,
    interrupted: threading.Event, extra: documents.Json | None = None,
) -> int:  # fmt: skip
    """Wait for several plans, and print them as one document; one alone as every command does."""
    if len(plans) == 1:
        plan = settle(context, workplace, plans[0], parsed.wait, interrupted)
        return finish(context, workplace, plan, extra)
    done = [settle(context, workplace, plan, parsed.wait, interrupted) for plan in plans]
    if context.json:
        context.answer({"plans": [documents.plan(plan) for plan in done], **(extra or {})})
    else:
        columns = [("cli_col_intent", "f"), ("cli_col_forum", ""), ("cli_col_state", "")]
        rows: list[list[object]] = [
            [one.id, plan.title, context.words(f"state_{one.state}")] for plan in done for one in plan.intents
        ]
        context.show_table(columns, rows)
    return worst(of_intents(plan.intents) for plan in done)


def _one(forums: list[Ref]) -> Ref:
    if len(forums) != 1:
        raise NotAllowedError("following_needs_forum")
    return forums[0]

"""``marquee team``: the roster, what the platform's groups propose for it, and when people are away."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from console.cli import following_documents as shown
from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.output import for_people
from console.cli.words import Words
from moderation.content import Level
from moderation.errors import MarqueeError, NotAllowedError
from moderation.people import CalendarState, Consent, Person, hours_text, parse_hours, parse_terms, terms_text

if TYPE_CHECKING:
    from console.wiring import Workplace

_DEFAULTS = [str(level) for level in Level]


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``team``."""
    what = parser.add_subparsers(title=words("cli_commands"), metavar="WHAT", dest="what")

    def command(name: str) -> argparse.ArgumentParser:
        about = words(f"cli_does_team_{name}")
        return what.add_parser(name, help=about, description=about)

    command("list").add_argument("person", metavar="PERSON", nargs="?", help=words("cli_help_team_person"))
    command("groups")
    command("propose")
    confirm = command("confirm")
    confirm.add_argument("members", metavar="MEMBER", nargs="*", help=words("cli_help_team_members"))
    confirm.add_argument("--group", metavar="G", help=words("cli_help_team_group"))
    confirm.add_argument("--dates", metavar="DATES", action="append", default=[], help=words("cli_help_team_dates"))
    added = command("add")
    added.add_argument("name", metavar="NAME", help=words("cli_help_team_name"))
    added.add_argument("--account", metavar="MEMBER", action="append", default=[], help=words("cli_help_team_account"))
    _add_set(command("set"), words)
    left = command("left")
    left.add_argument("person", metavar="PERSON", help=words("cli_help_team_person"))
    left.add_argument("day", metavar="DATE", help=words("cli_help_team_last_day"))
    command("drop").add_argument("person", metavar="PERSON", help=words("cli_help_team_person"))
    calendar = command("calendar")
    calendar.add_argument("person", metavar="PERSON", help=words("cli_help_team_person"))
    calendar.add_argument("source", metavar="SOURCE", nargs="?", help=words("cli_help_team_source"))
    calendar.add_argument("--forget", action="store_true", help=words("cli_help_team_forget"))
    rules = command("rules")
    rules.add_argument("--default-level", choices=_DEFAULTS, help=words("cli_help_team_default_level"))
    rules.add_argument("--active-days", type=int, metavar="N", help=words("cli_help_team_active_days"))
    rules.add_argument("--most-forums", type=int, metavar="N", help=words("cli_help_team_most_forums"))


def _add_set(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("person", metavar="PERSON", help=words("cli_help_team_person"))
    parser.add_argument("--name", metavar="NAME", help=words("cli_help_team_name"))
    parser.add_argument("--account", metavar="MEMBER", action="append", help=words("cli_help_team_account"))
    parser.add_argument("--dates", metavar="DATES", action="append", help=words("cli_help_team_dates"))
    parser.add_argument("--team", metavar="TEAM", help=words("cli_help_team_team"))
    parser.add_argument("--title", metavar="TITLE", help=words("cli_help_team_title"))
    parser.add_argument("--languages", metavar="en,ja", help=words("cli_help_team_languages"))
    parser.add_argument("--hours", metavar="HOURS", help=words("cli_help_team_hours"))
    parser.add_argument("--zone", metavar="ZONE", help=words("cli_help_team_zone"))
    parser.add_argument("--consent", choices=[str(one) for one in Consent], help=words("cli_help_team_consent"))
    parser.add_argument("--bot", action=argparse.BooleanOptionalAction, default=None, help=words("cli_help_team_bot"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Do what was asked; exit codes as for every command."""
    names = context.chosen()
    does: dict[str | None, Callable[[Workplace], int]] = {
        "groups": lambda workplace: _groups(context, workplace, names),
        "propose": lambda workplace: _propose(context, workplace, names),
        "confirm": lambda workplace: _confirm(context, workplace, names, parsed),
        "rules": lambda workplace: _rules(context, workplace, names, parsed),
        "calendar": lambda workplace: _calendar(context, workplace, parsed),
    }
    with context.desk(engine=parsed.what in {"confirm", "add", "set"}) as workplace:
        if parsed.what in {None, "list"}:
            return _list(context, workplace, getattr(parsed, "person", None))
        if parsed.what in does:
            return does[parsed.what](workplace)
        return _show(context, workplace, [_changed(context, workplace, parsed)])


def _changed(context: Context, workplace: "Workplace", parsed: argparse.Namespace) -> Person:
    """What is done to one person: added, changed, left, dropped."""
    desk = workplace.desk.staffing
    if parsed.what == "add":
        return desk.add(parsed.name, [context.reference(text) for text in parsed.account])
    if parsed.what == "left":
        try:
            day = date.fromisoformat(parsed.day)
        except ValueError:
            raise NotAllowedError("term_odd", text=parsed.day[:60]) from None
        return desk.left(parsed.person, day)
    if parsed.what == "drop":
        return desk.drop(parsed.person)
    return desk.change(parsed.person, **_facts(context, desk.person(parsed.person), parsed))


def _facts(context: Context, person: Person, parsed: argparse.Namespace) -> dict[str, Any]:
    """Fields that options of ``set`` name."""
    plain = {"name": parsed.name, "team": parsed.team, "title": parsed.title, "bot": parsed.bot}
    facts: dict[str, Any] = {name: value for name, value in plain.items() if value is not None}
    if parsed.account is not None:
        facts["accounts"] = tuple(context.reference(text) for text in parsed.account if text)
    if parsed.dates is not None:
        facts["terms"] = parse_terms([text for text in parsed.dates if text])
    if parsed.languages is not None:
        facts["languages"] = tuple(one.strip() for one in parsed.languages.split(",") if one.strip())
    if parsed.consent is not None:
        facts["consent"] = Consent(parsed.consent)
    if parsed.hours is not None or parsed.zone is not None:
        text = parsed.hours if parsed.hours is not None else hours_text(person.hours)
        facts["hours"] = parse_hours(text, parsed.zone or person.hours.zone)
    return facts


def _list(context: Context, workplace: "Workplace", which: str | None) -> int:
    desk = workplace.desk.staffing
    return _show(context, workplace, [desk.person(which)] if which else desk.roster(), alone=bool(which))


def _show(context: Context, workplace: "Workplace", people: list[Person], *, alone: bool = False) -> int:
    """People as a list; of one alone its absences too."""
    desk, now = workplace.desk.staffing, workplace.desk.clock.now()
    away, calendars = desk.away(), desk.calendars()
    if context.json:
        found = [shown.person(one, away.get(one.id), calendars.get(one.id), now) for one in people]
        for person, document in zip(people, found, strict=True):
            if alone:
                document["absences"] = [shown.absence(one) for one in desk.absences(person)]
        context.answer({"people": found})
        return Exit.DONE
    columns = [
        ("cli_col_name", ""), ("cli_col_team", ""), ("cli_col_dates", ""), ("cli_col_hours", ""),
        ("cli_col_away", ""), ("cli_col_state", ""), ("cli_col_account", ""),
    ]  # fmt: skip
    rows: list[list[object]] = [
        [
            one.name,
            one.team,
            terms_text(one.terms),
            f"{hours_text(one.hours)} {one.hours.zone}" if one.hours.periods else "",
            for_people(away.get(one.id)),
            context.words(_state(one, workplace)),
            ", ".join(map(str, one.accounts)),
        ]
        for one in people
    ]
    context.show_table(columns, rows)
    for one in people:
        told = calendars.get(one.id)
        if told is not None and told.state(now) is not CalendarState.FRESH:
            days = (told.age(now) or (now - now)).days
            context.say(f"team_calendar_{told.state(now)}", name=one.name, days=days, source=told.source)
    if not people:
        context.say("team_empty")
    return Exit.DONE


def _state(one: Person, workplace: "Workplace") -> str:
    if one.bot:
        return "team_is_bot"
    if not one.on_staff(workplace.desk.clock.now()):
        return "team_is_gone"
    if not one.confirmed:
        return "team_is_proposed"
    return "team_is_staff" if one.accounts else "team_is_without_account"


def _groups(context: Context, workplace: "Workplace", names: list[str]) -> int:
    """The server's groups, and which of them are staff."""
    desk = workplace.desk.staffing
    chosen = {(group.community, group.native) for name in names for group in desk.chosen(name)}
    found = [(name, group) for name in names for group in desk.groups(name)]
    if context.json:
        context.answer(
            [
                {"community": name, "group": group.native, "name": group.name, "members": group.size,
                 "automatic": group.automatic, "read": bool(group.members), "staff": (name, group.native) in chosen}
                for name, group in found
            ]
        )  # fmt: skip
        return Exit.DONE
    columns = [("cli_col_community", ""), ("cli_col_group", "f"), ("cli_col_name", ""), ("cli_col_number", "r"),
               ("cli_col_state", "")]  # fmt: skip
    rows: list[list[object]] = [
        [name, group.native, group.name, group.size,
         context.words("team_group_staff") if (name, group.native) in chosen else ""]
        for name, group in found
    ]  # fmt: skip
    context.show_table(columns, rows)
    if not found:
        context.say("team_no_groups")
    return Exit.DONE


def _propose(context: Context, workplace: "Workplace", names: list[str]) -> int:
    """What groups say beside the roster; nothing is changed by it."""
    desk = workplace.desk.staffing
    found = [(name, desk.proposals(name)) for name in names]
    if context.json:
        context.answer([shown.proposals(name, one) for name, one in found])
        return Exit.DONE
    for name, one in found:
        if not desk.chosen(name):
            context.say("team_no_group_chosen", community=name)
        for member, member_name, groups in one.joined:
            context.out.write(
                context.words("team_joined", name=member_name, member=str(member), groups=", ".join(groups)) + "\n"
            )
        for person in one.left:
            context.out.write(context.words("team_left", name=person.name) + "\n")
        for change in one.changed:
            code = "team_group_renamed" if change.now is not None else "team_group_gone"
            now = change.now.name if change.now is not None else ""
            context.out.write(context.words(code, name=change.group.name, now=now) + "\n")
        for person in one.without_account:
            context.say("following_why_no_account", name=person.name, community=name)
        if desk.chosen(name) and not one:
            context.say("team_as_groups_say", community=name)
    return Exit.DONE


def _confirm(context: Context, workplace: "Workplace", names: list[str], parsed: argparse.Namespace) -> int:
    desk = workplace.desk.staffing
    if not parsed.members and parsed.group is None:
        raise NotAllowedError("team_confirm_whom")
    confirmed: list[Person] = []
    if parsed.group is not None:
        if len(names) != 1:
            raise NotAllowedError("team_which_community")
        confirmed += desk.confirm_group(names[0], parsed.group)
    members = [context.reference(text) for text in parsed.members]
    if members:
        confirmed += desk.confirm(members, parse_terms(parsed.dates))
    return _show(context, workplace, confirmed)


def _calendar(context: Context, workplace: "Workplace", parsed: argparse.Namespace) -> int:
    """Read a person's calendar, or forget it; one that cannot be read changes nothing of what is known."""
    from console.calendars import fetch, shown_as
    from sync.calendars import read_calendar

    desk, now = workplace.desk.staffing, workplace.desk.clock.now()
    person = desk.person(parsed.person)
    if parsed.forget:
        desk.drop_calendar(person.id)
        return _show(context, workplace, [person], alone=True)
    if parsed.source is None:
        raise NotAllowedError("team_calendar_whence")
    try:
        fetched = fetch(parsed.source, lambda: sys.stdin.buffer)
        told = read_calendar(fetched.data, person.hours.zone, now)
    except MarqueeError as error:
        desk.calendar_failed(person.id, shown_as(parsed.source), error.code)
        raise
    kept = desk.keep_calendar(
        person.id, fetched.shown, told.absences, covers_until=told.covers_until, made_at=fetched.made_at
    )
    if not context.json:
        context.say("team_calendar_read", name=person.name, count=kept.count)
        if told.skipped:
            context.say("team_calendar_skipped", count=told.skipped)
    return _show(context, workplace, [person], alone=True)


def _rules(context: Context, workplace: "Workplace", names: list[str], parsed: argparse.Namespace) -> int:
    """How the site is set up and what counts as being there; shows what holds."""
    desk = workplace.desk.following
    level = Level(parsed.default_level) if parsed.default_level is not None else None
    given = (level, parsed.active_days, parsed.most_forums)
    for name in names:
        if any(value is not None for value in given):
            desk.set_rules(name, default_level=level, active_days=parsed.active_days, most_forums=parsed.most_forums)
    seen = [desk.see(name) for name in names]
    if context.json:
        context.answer(
            [{"community": one.community, "default_level": str(one.default), "active_days": one.active_days}
             for one in seen]
        )  # fmt: skip
        return Exit.DONE
    for one in seen:
        level_name = context.words(f"following_level_{one.default}")
        context.out.write(
            context.words("team_rules", community=one.community, level=level_name, days=one.active_days) + "\n"
        )
    return Exit.DONE

"""``marquee persons``: figures of one's own, of teams, and of everybody where the team allows it; and who looked."""

import argparse
from typing import TYPE_CHECKING, Any

from console.cli.context import Context
from console.cli.coverage import USUAL, look_back
from console.cli.exits import Exit
from console.cli.output import at, for_people
from console.cli.queue import forum
from console.cli.words import Words
from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.persons import PersonFigures

if TYPE_CHECKING:
    from console.wiring import Workplace
    from moderation.desk.persons import Shown


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``persons``."""
    what = parser.add_subparsers(title=words("cli_commands"), metavar="WHAT", dest="what")

    def command(name: str) -> argparse.ArgumentParser:
        about = words(f"cli_does_persons_{name}")
        return what.add_parser(name, help=about, description=about)

    for name in ("me", "teams", "all"):
        one = command(name)
        one.add_argument("--since", metavar="TIME", help=words("cli_help_coverage_since", usual=USUAL))
        one.add_argument("--forum", metavar="ID", action="append", help=words("cli_help_coverage_forum"))
    command("looks")
    rules = command("rules")
    switch = rules.add_mutually_exclusive_group()
    switch.add_argument("--on", dest="shown", action="store_true", default=None, help=words("cli_help_persons_on"))
    switch.add_argument("--off", dest="shown", action="store_false", default=None, help=words("cli_help_persons_off"))
    rules.add_argument("--least", type=int, metavar="N", help=words("cli_help_persons_least"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Print what was asked for; exit 6 where the team does not allow it."""
    if parsed.what in {"looks", "rules"}:
        with context.desk(engine=False) as workplace:
            does = _looks if parsed.what == "looks" else _rules
            return does(context, workplace, context.chosen(), parsed)
    return figures(context, parsed.what or "me", parsed)


def figures(context: Context, whose: str, parsed: argparse.Namespace) -> int:
    """Those of ``me``, ``teams`` or ``all``, as ``coverage --by`` asks for them too."""
    with context.desk(engine=False) as workplace:
        return _figures(context, workplace, whose, parsed)


def _figures(context: Context, workplace: "Workplace", whose: str, parsed: argparse.Namespace) -> int:
    desk, names = workplace.desk.persons, context.chosen()
    read = {"all": desk.everybody, "teams": desk.teams}.get(whose, desk.own)
    wanted = [Ref.parse(forum(context, text, names)) for text in getattr(parsed, "forum", None) or ()]
    since = look_back(getattr(parsed, "since", None) or USUAL, workplace.desk.clock.now())
    asked = [name for name in names if not wanted or any(ref.community == name for ref in wanted)]
    seen = [read(name, since, [ref for ref in wanted if ref.community == name]) for name in asked]
    by_team = whose == "teams"
    if context.json:
        context.answer([_document(one, by_team=by_team) for one in seen])
        return Exit.DONE
    rows = [_line(context, one, figures, by_team) for one in seen for figures in one.figures]
    columns = [("cli_col_team" if by_team else "cli_col_name", ""), ("cli_col_people", "r"),
               ("cli_col_answers", "r"), ("cli_col_first_answers", "r"), ("cli_col_median", "r")]  # fmt: skip
    context.show_table(columns, rows)
    for one in seen:
        context.say("cli_coverage_as_of", as_of=for_people(one.as_of), since=for_people(since))
        if by_team:
            context.say("persons_small_together", least=one.rules.least_group)
    return Exit.DONE


def _line(context: Context, seen: "Shown", one: PersonFigures, by_team: bool) -> list[object]:
    from moderation.charts.words import figure

    name = (one.who or context.words("persons_others")) if by_team else seen.names.get(one.who, one.who)
    median = figure(context.words, "first_response_median_s", one.first_response_median_s)
    return [name, one.people, one.answers, one.first_answers, median]


def _document(seen: "Shown", *, by_team: bool) -> dict[str, Any]:
    return {
        "community": seen.community,
        "since": at(seen.since),
        "as_of": at(seen.as_of),
        "least_group": seen.rules.least_group,
        "figures": [_figure(seen, one, by_team=by_team) for one in seen.figures],
    }


def _figure(seen: "Shown", one: PersonFigures, *, by_team: bool) -> dict[str, Any]:
    who: dict[str, Any] = {"team": one.who or None, "people": one.people}
    if not by_team:
        who = {"member": str(Ref(seen.community, Kind.MEMBER, one.who)), "member_name": seen.names.get(one.who)}
    return {
        **who,
        "answers": one.answers,
        "first_answers": one.first_answers,
        "first_response_median_s": one.first_response_median_s,
    }


def _looks(context: Context, workplace: "Workplace", names: list[str], parsed: argparse.Namespace) -> int:
    """Who looked at figures of others."""
    del parsed
    found = [look for name in names for look in workplace.desk.persons.looks(name)]
    if context.json:
        context.answer([
            {"at": at(one.at), "by": one.by, "by_name": one.by_name, "community": one.community,
             "since": at(one.scope.since), "forums": list(one.scope.forums), "outcome": one.outcome}
            for one in found
        ])  # fmt: skip
        return Exit.DONE
    columns = [("cli_col_when", ""), ("cli_col_name", ""), ("cli_col_community", ""), ("cli_col_since", ""),
               ("cli_col_forum", ""), ("cli_col_state", "")]  # fmt: skip
    rows: list[list[object]] = [
        [for_people(one.at), one.by_name, one.community, for_people(one.scope.since), ", ".join(one.scope.forums),
         context.words(f"persons_look_{one.outcome}")]
        for one in found
    ]  # fmt: skip
    context.show_table(columns, rows)
    return Exit.DONE


def _rules(context: Context, workplace: "Workplace", names: list[str], parsed: argparse.Namespace) -> int:
    """Switch it, and say what holds."""
    changes = parsed.shown is not None or parsed.least is not None
    if changes and len(names) != 1:
        raise NotAllowedError("team_which_community")
    desk = workplace.desk.persons
    found = {
        name: desk.set_rules(name, shown=parsed.shown, least_group=parsed.least) if changes else desk.rules(name)
        for name in names
    }
    if context.json:
        context.answer([
            {"community": name, "shown": rules.shown, "least_group": rules.least_group}
            for name, rules in found.items()
        ])  # fmt: skip
        return Exit.DONE
    for name, rules in found.items():
        code = "persons_are_on" if rules.shown else "persons_are_off"
        context.out.write(context.words(code, community=name, least=rules.least_group) + "\n")
    return Exit.DONE

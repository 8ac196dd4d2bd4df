"""``marquee goals``: the worksheet of goals, with how each stands by live figures."""

import argparse
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from console.cli.answer import read_text
from console.cli.context import Context
from console.cli.coverage import USUAL, look_back
from console.cli.exits import Exit
from console.cli.words import Words
from moderation.errors import NotAllowedError
from moderation.goals import Goal, Standing, write_sheet
from moderation.goals.sheet import target_text
from moderation.goals.telling import cells

if TYPE_CHECKING:
    from console.wiring import Workplace

_ADDED = ("department", "goal", "problem", "measure", "target")


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``goals``."""
    what = parser.add_subparsers(title=words("cli_commands"), metavar="WHAT", dest="what")

    def command(name: str) -> argparse.ArgumentParser:
        about = words(f"cli_does_goals_{name}")
        return what.add_parser(name, help=about, description=about)

    listed = command("list")
    listed.add_argument("--since", metavar="TIME", help=words("cli_help_coverage_since", usual=USUAL))
    added = command("add")
    for name in _ADDED:
        needed = name != "target"
        added.add_argument(f"--{name}", required=needed, metavar="TEXT", help=words(f"cli_help_goals_{name}"))
    added.add_argument("--forum", action="append", default=[], metavar="ID", help=words("cli_help_goals_forum"))
    command("drop").add_argument("number", type=int, metavar="N", help=words("cli_help_goals_number"))
    command("export")
    command("set").add_argument("file", metavar="FILE", help=words("cli_help_goals_file"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Do what was asked; exit 6 where the worksheet is odd, with the line."""
    names = context.chosen()
    if parsed.what not in {None, "list"} and len(names) != 1:
        raise NotAllowedError("team_which_community")
    with context.desk(engine=False) as workplace:
        desk = workplace.desk.goals
        if parsed.what == "export":
            context.out.write(write_sheet(desk.goals(names[0])))
            return Exit.DONE
        if parsed.what == "set":
            desk.keep(names[0], desk.read(names[0], read_text(parsed.file)))
        elif parsed.what == "add":
            desk.keep(names[0], [*desk.goals(names[0]), _added(workplace, names[0], parsed)])
        elif parsed.what == "drop":
            desk.drop(names[0], parsed.number)
        since = look_back(getattr(parsed, "since", None) or USUAL, workplace.desk.clock.now())
        return _list(context, workplace, names, since)


def _added(workplace: "Workplace", community: str, parsed: argparse.Namespace) -> Goal:
    """One line, read as a worksheet of its own; raises ``NotAllowedError`` ``goals_value_odd``."""
    values: dict[str, Any] = {name: value for name in _ADDED if (value := getattr(parsed, name)) is not None}
    values |= {"forums": parsed.forum} if parsed.forum else {}
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items()]
    text = "\n".join(["[[goal]]", *lines])
    try:
        return workplace.desk.goals.read(community, text)[0]
    except NotAllowedError as error:
        raise NotAllowedError("goals_value_odd", why=error.facts.get("why")) from error


def _list(context: Context, workplace: "Workplace", names: list[str], since: datetime) -> int:
    found = [
        (name, one)
        for name in names
        for one in workplace.desk.goals.standing(workplace.desk.coverage.see(name, since, compare=True))
    ]
    if context.json:
        context.answer([document(name, one) for name, one in found])
        return Exit.DONE
    columns = [("cli_col_department", ""), ("cli_col_wanted", ""), ("cli_col_problem", ""),
               ("cli_col_measure", ""), ("cli_col_now", "r"), ("cli_col_before", "r"), ("cli_col_target", ""),
               ("cli_col_state", "")]  # fmt: skip
    rows: list[list[object]] = [list(cells(context.words, one)) for _, one in found]
    if found:
        context.show_table(columns, rows)
    else:
        context.say("goals_none")
    return Exit.DONE


def document(community: str, one: Standing) -> dict[str, Any]:
    """A line as JSON."""
    goal = one.goal
    return {
        "community": community,
        "department": goal.department,
        "goal": goal.goal,
        "problem": goal.problem,
        "measure": goal.measure,
        "target": target_text(goal.target, goal.measure) if goal.target is not None else None,
        "forums": list(goal.forums),
        "now": one.now,
        "before": one.before,
        "reached": one.reached,
    }

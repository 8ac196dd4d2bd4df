"""``marquee alarms``: what needs somebody now, who sees to it, why one is silent, and where alarms are told besides."""

import argparse
import getpass
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from console.cli import alarm_documents as shown
from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.words import Words
from console.credentials import ALARM_VARIABLE
from console.language import LANGUAGES
from moderation.errors import NotAllowedError, SignInError

if TYPE_CHECKING:
    from console.wiring import Workplace
    from moderation.alarms.model import Alarm

LONGEST_SECRET = 4096
_KINDS = ("webhook", "mail")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_ABOUT_ONE = frozenset({"own", "release", "silence", "speak"})


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``alarms``."""
    what = parser.add_subparsers(title=words("cli_commands"), metavar="WHAT", dest="what")

    def command(name: str) -> argparse.ArgumentParser:
        about = words(f"cli_does_alarms_{name}")
        return what.add_parser(name, help=about, description=about)

    command("list").add_argument("--all", action="store_true", help=words("cli_help_alarms_all"))
    own, release, silence, speak = map(command, ("own", "release", "silence", "speak"))
    for each in (own, release, silence, speak):
        each.add_argument("alarm", metavar="ALARM", help=words("cli_help_alarm"))
    silence.add_argument("--reason", required=True, metavar="R", help=words("cli_help_alarm_reason"))
    silence.add_argument("--for", dest="span", metavar="4h", help=words("cli_help_alarm_for"))
    command("channels")
    _add_connect(command("connect"), words)
    for name in ("try", "forget"):
        command(name).add_argument("name", metavar="NAME", help=words("cli_help_alarm_channel"))


def _add_connect(parser: argparse.ArgumentParser, words: Words) -> None:
    parser.add_argument("name", metavar="NAME", help=words("cli_help_alarm_channel"))
    parser.add_argument("--kind", choices=_KINDS, default="webhook", help=words("cli_help_alarm_kind"))
    parser.add_argument("--in", dest="told_in", choices=LANGUAGES, default="", help=words("cli_help_alarm_language"))
    parser.add_argument("--only", default="", metavar="KIND,…", help=words("cli_help_alarm_only"))
    parser.add_argument("--quiet", default="", metavar="22:00-07:00", help=words("cli_help_alarm_quiet"))
    parser.add_argument("--zone", default="", metavar="ZONE", help=words("cli_help_team_zone"))
    parser.add_argument("--host", default="", metavar="HOST", help=words("cli_help_alarm_host"))
    parser.add_argument("--port", default="", metavar="PORT", help=words("cli_help_alarm_port"))
    security = ["starttls", "tls", "none"]
    parser.add_argument("--security", choices=security, default="", help=words("cli_help_ticket_security"))
    parser.add_argument("--user", default="", metavar="NAME", help=words("cli_help_alarm_user"))
    parser.add_argument("--from", dest="sender", default="", metavar="ADDRESS", help=words("cli_help_ticket_from"))
    parser.add_argument("--to", default="", metavar="ADDRESS", help=words("cli_help_alarm_to"))
    parser.add_argument("--secret-stdin", action="store_true", help=words("cli_help_alarm_secret_stdin"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Do what was asked; exit codes as for every command."""
    if parsed.what == "connect":
        return _connect(context, parsed)
    if parsed.what == "channels":
        return _channels(context)
    if parsed.what == "try":
        return _try(context, parsed.name)
    if parsed.what == "forget":
        return _forget(context, parsed.name)
    names = context.chosen()
    with context.desk(engine=bool(context.settings.alarms)) as workplace:
        if parsed.what in _ABOUT_ONE:
            alarm = workplace.desk.alarms.find(parsed.alarm, names)
            _do(workplace, alarm, parsed)
            _told(workplace, context)
            now = workplace.desk.alarms.find(alarm.id, [alarm.community])
            return shown.answer_one(context, workplace.desk, now)
        return _list(context, workplace, names, everything=getattr(parsed, "all", False))


def _list(context: Context, workplace: "Workplace", names: list[str], *, everything: bool) -> int:
    """Look, then print what there is."""
    desk = workplace.desk.alarms
    for name in names:
        for trouble in desk.look(name).troubles:
            context.err.write(context.explain(trouble) + "\n")
    _told(workplace, context)
    found = [alarm for name in names for alarm in desk.listed(name, ended=everything)]
    shown.answer(context, workplace.desk, found)
    return Exit.DONE


def _told(workplace: "Workplace", context: Context) -> None:
    """What is to be told is the engine's to tell."""
    if context.settings.alarms:
        workplace.engine.wake("alarms")


def _do(workplace: "Workplace", alarm: "Alarm", parsed: argparse.Namespace) -> None:
    desk = workplace.desk.alarms
    if parsed.what == "own":
        desk.own(alarm)
    elif parsed.what == "release":
        desk.release(alarm)
    elif parsed.what == "speak":
        desk.speak(alarm)
    else:
        until = _until(parsed.span, workplace.desk.clock.now()) if parsed.span else None
        desk.silence(alarm, parsed.reason, until)


def _until(text: str, now: datetime) -> datetime:
    """The end of ``4h``, ``2d``, ``1w``; raises ``NotAllowedError`` ``alarm_span_odd``."""
    unit = _UNITS.get(text[-1:])
    if unit is None or not text[:-1].isdigit() or not 0 < int(text[:-1]) <= 999:
        raise NotAllowedError("alarm_span_odd", text=text[:40])
    return now + int(text[:-1]) * unit


def _connect(context: Context, parsed: argparse.Namespace) -> int:
    """Keep a channel; its secret is asked, never an argument."""
    from console.alarm_channels import Given, remember

    given = {
        "kind": parsed.kind, "language": parsed.told_in or context.language, "kinds": parsed.only,
        "communities": context.community, "quiet": parsed.quiet, "zone": parsed.zone, "host": parsed.host,
        "port": parsed.port, "security": parsed.security, "user": parsed.user, "sender": parsed.sender, "to": parsed.to,
    }  # fmt: skip
    entry = {name: value for name, value in given.items() if value}
    needs = parsed.kind == "webhook" or bool(parsed.user)
    secret = _secret(context, parsed) if needs else ""
    stored = remember(context.home, context.credentials(), Given(parsed.name, entry, secret))
    if context.json:
        context.answer({"name": parsed.name, **entry})
    else:
        context.say("cli_alarm_connected" if stored else "cli_alarm_connected_for_now", name=parsed.name)
    return Exit.DONE


def _secret(context: Context, parsed: argparse.Namespace) -> str:
    secret = ""
    if parsed.secret_stdin:
        secret = sys.stdin.readline(LONGEST_SECRET)
    elif not (secret := context.environment.get(ALARM_VARIABLE, "")) and context.interactive:
        secret = getpass.getpass(context.words(f"cli_alarm_secret_{parsed.kind}", name=parsed.name), context.err)
    if not secret.strip():
        raise SignInError("alarm_secret_missing", name=parsed.name)
    return secret.strip()


def _channels(context: Context) -> int:
    """What is connected."""
    from console.alarm_channels import channel_of

    entries = sorted(context.settings.alarms.items())
    for name, entry in entries:
        channel_of(name, entry)
    if context.json:
        context.answer([{"name": name, **entry} for name, entry in entries])
        return Exit.DONE
    if not entries:
        context.say("cli_no_alarm_channel")
        return Exit.DONE
    columns = [("cli_col_name", "f"), ("cli_col_kind", ""), ("cli_col_only", ""), ("cli_col_quiet", ""),
               ("cli_col_to", "")]  # fmt: skip
    rows: list[list[object]] = [
        [name, entry["kind"], entry.get("kinds", ""), entry.get("quiet", ""), entry.get("to", "")]
        for name, entry in entries
    ]
    context.show_table(columns, rows)
    return Exit.DONE


def _try(context: Context, name: str) -> int:
    """Say one line in a channel now, so that a person sees it arrive."""
    from console.alarm_channels import HomeAlarms
    from console.clock import TimeIds
    from moderation.errors import UnknownIdError

    ways = HomeAlarms(context.home, context.credentials())
    channel = next((one for one in ways.channels() if one.name == name), None)
    if channel is None:
        raise UnknownIdError("alarm_channel_unknown", name=name[:60])
    from resources import messages

    words = [messages.text(code, channel.language) for code in ("alarm_try_heading", "alarm_try_line")]
    ways.open(channel).say(words[0], words[1:], TimeIds().new())
    if context.json:
        context.answer({"name": name})
    else:
        context.say("cli_alarm_tried", name=name)
    return Exit.DONE


def _forget(context: Context, name: str) -> int:
    """Let go of a channel and of its secret."""
    from console.alarm_channels import forget

    forget(context.home, context.credentials(), name)
    if context.json:
        context.answer({"name": name})
    else:
        context.say("cli_alarm_forgotten", name=name)
    return Exit.DONE

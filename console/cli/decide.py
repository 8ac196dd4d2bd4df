"""``marquee decide``: one decision, journalled and followed to its end."""

import argparse
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from console.cli.context import Context
from console.cli.queue import forum
from console.cli.settling import PATIENCE, finish, noticing_interrupts, settle
from console.cli.words import Words
from moderation.actions import Action
from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.intents import Json

if TYPE_CHECKING:
    from console.wiring import Workplace

_DURATION = re.compile(r"(\d{1,5})([mhdw])")
_ONLY_FOR = {
    "until": frozenset({Action.BAN, Action.MUTE, Action.PIN}),
    "to_forum": frozenset({Action.MOVE}),
    "text": frozenset({Action.EDIT}),
}
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``decide``."""
    parser.add_argument("id", metavar="ID", help=words("cli_help_decide_id"))
    slugs = ", ".join(str(action) for action in Action if not action.startswith("x:"))
    parser.add_argument("action", metavar="ACTION", type=action, help=words("cli_help_action", slugs=slugs))
    parser.add_argument("--reason", metavar="TEXT", help=words("cli_help_reason"))
    parser.add_argument("--policy", metavar="NAME", help=words("cli_help_policy"))
    parser.add_argument("--note", metavar="TEXT", help=words("cli_help_note"))
    parser.add_argument("--message", metavar="TEXT", help=words("cli_help_message"))
    parser.add_argument("--until", metavar="WHEN", type=until, help=words("cli_help_until"))
    parser.add_argument("--to-forum", metavar="ID", help=words("cli_help_to_forum"))
    parser.add_argument("--text", metavar="TEXT", help=words("cli_help_edit_text"))
    parser.add_argument("--seen", metavar="VERSION", type=version, help=words("cli_help_seen"))
    add_waiting(parser, words)


def add_waiting(parser: argparse.ArgumentParser, words: Words) -> None:
    """``--now`` and ``--wait``, for every command that sends something."""
    parser.add_argument("--now", action="store_true", help=words("cli_help_now"))
    parser.add_argument("--wait", type=seconds, default=PATIENCE, metavar="S", help=words("cli_help_wait"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Journal it, wait out the undo window, then until it is final; raises what the desk raises."""
    ref = context.reference(parsed.id)
    _check_options(parsed)
    payload: Json = {}
    if parsed.until is not None:
        payload["until"] = parsed.until
    if parsed.to_forum is not None:
        payload["forum"] = forum(context, parsed.to_forum, [ref.community])
    if parsed.text is not None:
        payload["text"] = parsed.text
    with noticing_interrupts() as interrupted, context.desk() as workplace:
        if parsed.action == Action.HIDE and ref.kind is Kind.POST and _deletes(workplace, ref):
            context.say("cli_hide_deletes")
        plan = workplace.desk.triage.decide(
            ref,
            parsed.action,
            seen_version=parsed.seen,
            reason=parsed.reason,
            policy=parsed.policy,
            note=parsed.note,
            message=parsed.message,
            payload=payload,
            hold_seconds=0.0 if parsed.now else None,
        )
        return finish(context, workplace, settle(context, workplace, plan, parsed.wait, interrupted))


def _deletes(workplace: "Workplace", ref: Ref) -> bool:
    """True where the platform has no other way of hiding a post that is in no review."""
    rows = workplace.desk.communities()
    return any(row.info.platform == "discourse" for row in rows if row.name == ref.community)


def _check_options(parsed: argparse.Namespace) -> None:
    """Nothing that a person gave is left out silently; a server's own action may take anything."""
    for name, actions in _ONLY_FOR.items():
        if getattr(parsed, name) is None or parsed.action in actions or parsed.action.startswith("x:"):
            continue
        raise NotAllowedError("option_not_for_action", action=parsed.action, option=f"--{name.replace('_', '-')}")


def action(text: str) -> str:
    """A slug for arguments; a server's own action begins with ``x:``."""
    if not text.startswith("x:"):
        Action(text)
    return text


def version(text: str) -> str:
    """What ``queue`` printed as ``version``, for arguments: never empty."""
    if not text.strip():
        raise ValueError(text)
    return text


def seconds(text: str) -> float:
    """A duration for arguments."""
    number = float(text)
    if not 0 <= number <= 86400:
        raise ValueError(text)
    return number


def until(text: str) -> str:
    """When something ends: ``7d``, ``12h``, ``30m``, ``2w``, or a time in ISO 8601 (UTC where it names no zone)."""
    match = _DURATION.fullmatch(text)
    if match is not None:
        moment = datetime.now(UTC) + timedelta(**{_UNITS[match[2]]: int(match[1])})
    else:
        moment = datetime.fromisoformat(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1970 <= moment.year < 9999:  # beyond that there is no UTC to turn it into
        raise ValueError(text)
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

"""``marquee reply``: an answer in a thread, checked, journalled, posted once."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli import documents
from console.cli.context import Context
from console.cli.decide import add_waiting
from console.cli.exits import Exit
from console.cli.settling import finish, noticing_interrupts, settle
from console.cli.words import Words
from moderation.errors import NotAllowedError, StoreError, UnknownIdError
from moderation.findings import Audience, Finding, Severity, reason
from moderation.ids import Kind, Ref
from moderation.intents import SENDERS, Identities

if TYPE_CHECKING:
    from console.wiring import Workplace

LONGEST = 20_000_000


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``reply``."""
    parser.add_argument("thread", metavar="THREAD", help=words("cli_help_thread"))
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--text", metavar="TEXT", help=words("cli_help_reply_text"))
    source.add_argument("--file", metavar="F", help=words("cli_help_reply_file"))
    identities = [str(identity) for identity in SENDERS]
    parser.add_argument("--as", dest="identity", choices=identities, default="me", help=words("cli_help_reply_as"))
    audiences = [str(audience) for audience in Audience]
    parser.add_argument("--audience", choices=audiences, help=words("cli_help_audience"))
    parser.add_argument("--to-post", metavar="ID", help=words("cli_help_to_post"))
    add_waiting(parser, words)


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Check and post; exit 6 when a finding blocks it, or when the person says no."""
    ref = context.reference(parsed.thread)
    if ref.kind is not Kind.THREAD:
        raise UnknownIdError("not_a_thread", id=str(ref))
    to_post = _post(context, parsed.to_post)
    text = parsed.text if parsed.text is not None else read_text(parsed.file)
    with noticing_interrupts() as interrupted, context.desk() as workplace:
        agreed = _agreed(context, workplace, ref, text, parsed.audience)
        plan, findings = workplace.desk.answering.reply(
            ref,
            text,
            identity=Identities(parsed.identity),
            audience=parsed.audience,
            to_post=to_post,
            hold_seconds=0.0 if parsed.now else None,
            agreed=agreed,
        )
        extra = {"findings": [documents.finding(entry) for entry in findings]}
        if plan is not None:
            return finish(context, workplace, settle(context, workplace, plan, parsed.wait, interrupted), extra)
        if context.json:
            context.answer({"plan": None, "state": None, "steps": [], **extra})
        _say(context, findings)
    return Exit.REFUSED


def read_text(name: str) -> str:
    """The text of a file, ``-`` for standard input; raises :class:`StoreError` ``file_unreadable``."""
    try:
        raw = sys.stdin.buffer.read(LONGEST) if name == "-" else Path(name).read_bytes()[:LONGEST]
        return raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise StoreError("file_unreadable", path=name, why=why) from error


def _post(context: Context, text: str | None) -> Ref | None:
    if text is None:
        return None
    ref = context.reference(text)
    if ref.kind is not Kind.POST:
        raise UnknownIdError("not_a_post", id=text)
    return ref


def _agreed(
    context: Context, workplace: "Workplace", thread: Ref, text: str, audience: str | None
) -> list[Finding] | None:
    """The findings to which the person said yes, ``None`` where nobody can answer; raises ``NotAllowedError``
    ``not_agreed``.
    """
    if not context.interactive:
        return None
    findings = workplace.desk.answering.check(text, thread, audience)
    asks = [finding for finding in findings if finding.severity is Severity.ASK]
    blocked = any(finding.severity is Severity.BLOCK for finding in findings)
    if not asks or blocked:
        return asks
    _say(context, asks)
    context.err.write(context.words("cli_send_anyway") + " ")
    context.err.flush()
    if context.keys.readline().strip().casefold() not in {"y", "yes", "j", "はい"}:
        raise NotAllowedError("not_agreed")
    return asks


def _say(context: Context, findings: list[Finding]) -> None:
    for finding in findings:
        code, facts = reason(finding)
        context.say(code, **facts)

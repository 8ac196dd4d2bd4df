"""``marquee disconnect``: sign out of a community, or let go of it altogether."""

import argparse

from console.cli.context import Context
from console.cli.exits import Exit
from console.cli.words import Words
from console.engine_client import EngineClient
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.intents import Identities


def add(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``disconnect``."""
    parser.add_argument("name", metavar="NAME", help=words("cli_help_disconnect"))
    parser.add_argument("--sign-out", action="store_true", help=words("cli_help_sign_out"))


def run(context: Context, parsed: argparse.Namespace) -> int:
    """Give up the keys, and with them the community unless only that was asked; exit 6 while something waits for it."""
    from console import leaving

    name = parsed.name
    if name not in context.settings.communities:
        raise UnknownIdError("community_unknown", community=name)
    credentials = context.credentials()
    if parsed.sign_out:
        told = leaving.sign_out(context.home, credentials, name)
        _tell_engine(context, name)
    else:
        _settled(context, name)
        told = leaving.disconnect(context.home, credentials, name)
    if context.json:
        context.answer({"community": name, "revoked": told, "connected": parsed.sign_out})
        return Exit.DONE
    context.out.write(context.words("cli_signed_out" if parsed.sign_out else "cli_disconnected", community=name) + "\n")
    context.out.write(context.words("cli_revoked" if told else "cli_not_revoked") + "\n")
    return Exit.DONE


def _settled(context: Context, name: str) -> None:
    """Raise ``not_settled`` while something of this community is on its way or needs the person."""
    with context.desk(engine=False) as workplace:
        waiting = [each for each in workplace.desk.outbox.intents() if each.community == name and not each.final]
    if waiting:
        raise NotAllowedError("not_settled", community=name, count=len(waiting))


def _tell_engine(context: Context, name: str) -> None:
    engine = EngineClient(context.home, context.credentials().for_engine, may_start=False)
    for identity in Identities:
        engine.forget(name, str(identity))
    engine.close()

"""Keys and tokens for commands: where there is no keyring, a passphrase is asked on the terminal."""

import getpass
from typing import TYPE_CHECKING

from console import keyrings
from console.credentials import Credentials, ForThisRun

if TYPE_CHECKING:
    from console.cli.context import Context

SHORTEST = 8


def credentials_for(context: "Context") -> Credentials:
    """Credentials of this run; only a person at a terminal is asked."""
    given = ForThisRun.of(context.environment, context.community)
    trusted = context.settings.trusted_keyring

    def ask(new: bool) -> str | None:
        return ask_passphrase(context, new) if context.interactive else None

    return Credentials(context.home, given, lambda: keyrings.find_backend(trusted), ask)


def ask_passphrase(context: "Context", new: bool) -> str | None:
    """Ask once, or twice for a new one; ``None`` when the person gives none."""
    if not new:
        return getpass.getpass(context.words("cli_passphrase"), context.err) or None
    context.say("cli_passphrase_why")
    while True:
        first = getpass.getpass(context.words("cli_passphrase_new"), context.err)
        if not first:
            return None
        if len(first) < SHORTEST:
            context.say("cli_passphrase_short", length=SHORTEST)
        elif first == getpass.getpass(context.words("cli_passphrase_again"), context.err):
            return first
        else:
            context.say("cli_passphrase_differs")

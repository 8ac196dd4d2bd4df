"""``marquee connect`` and ``marquee communities``."""

import argparse
import getpass
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

from console.addresses import is_local
from console.cli.context import Context
from console.cli.exits import Exit, of_error
from console.cli.output import at, for_people
from console.cli.words import Words
from console.credentials import TOKEN_VARIABLES
from console.settings import LIVE, Settings, change
from moderation.errors import SignInError, TryLaterError
from moderation.intents import PROBES, Identities

if TYPE_CHECKING:
    from console.connecting import Checked, Place

LONGEST_TOKEN = 4096
_VARIABLES = dict(zip(Identities, TOKEN_VARIABLES, strict=True))
_KINDS = [str(kind) for kind in Identities if kind is not Identities.ME]
_SAID = {
    Identities.ME: "cli_connected",
    Identities.OFFICIAL: "cli_connected_official",
    Identities.PROBE: "cli_connected_probe",
    Identities.BYSTANDER: "cli_connected_probe",
}


def add_connect(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``connect``."""
    parser.add_argument("url", metavar="URL", help=words("cli_help_url"))
    parser.add_argument("--user", metavar="NAME", required=True, help=words("cli_help_user"))
    parser.add_argument("--as", dest="identity", choices=_KINDS, help=words("cli_help_as"))
    parser.add_argument("--acts-as", metavar="UID", default="", help=words("cli_help_acts_as"))
    parser.add_argument("--token-stdin", action="store_true", help=words("cli_help_token_stdin"))


def run_connect(context: Context, parsed: argparse.Namespace) -> int:
    """Find the platform, check the token, store it; exit 2 for what is no address."""
    from console import connecting

    kind = Identities(parsed.identity) if parsed.identity else Identities.ME
    try:
        place = connecting.find(parsed.url)
        if place.url.startswith("http:") and not is_local(place.url):
            context.say("cli_plain_http", url=place.url)
        token = _token(context, parsed, place)
        checked = connecting.check(place, token, parsed.user, kind, parsed.acts_as)
    except TryLaterError as error:
        context.err.write(context.explain(error) + " " + context.words("cli_connect_again") + "\n")
        return of_error(error)
    if not connecting.remember(context.home, context.credentials(), checked, token):
        context.say("cli_token_this_run", variable=_VARIABLES[kind])
    _announce(context, checked)
    return Exit.DONE


def _token(context: Context, parsed: argparse.Namespace, place: "Place") -> str:
    """From standard input, the environment, the browser, or the person, in this order; never from an argument."""
    kind = Identities(parsed.identity or Identities.ME)
    names = (_VARIABLES[kind],) if kind in PROBES else (_VARIABLES[kind], _VARIABLES[Identities.ME])
    given = next((context.environment[name] for name in names if context.environment.get(name)), "")
    if parsed.token_stdin:
        token = sys.stdin.readline(LONGEST_TOKEN)
    elif given:
        token = given
    elif context.interactive:
        token = _by_browser(context, parsed, place) or getpass.getpass(
            context.words("cli_token", user=parsed.user, url=place.url), context.err
        )
    else:
        token = ""
    if not token.strip():
        raise SignInError("token_not_given")
    return token.strip()


def _by_browser(context: Context, parsed: argparse.Namespace, place: "Place") -> str:
    """Let the person agree in the browser; empty where there is no such way, and for the company account."""
    from console import connecting

    begun = None if parsed.identity else connecting.begin_by_browser(context.home, place)
    if begun is None:
        return ""
    source, wish = begun
    if wish.by_device:
        context.say("cli_sign_in_by_code", url=wish.url, user_code=wish.code)
        return connecting.key_by_browser(source, wish)
    context.say("cli_sign_in_by_paste", url=wish.url)
    lines = iter(lambda: context.keys.readline(LONGEST_TOKEN).strip(), "")
    return source.opened(wish, "".join(lines))


def _announce(context: Context, checked: "Checked") -> None:
    info, identity = checked.info, checked.identity
    if context.json:
        context.answer(
            {
                "community": checked.place.name,
                "platform": info.platform,
                "version": info.version,
                "user": identity.name,
                "capabilities": sorted(str(capability) for capability in checked.place.spec.capabilities),
                "url": checked.place.url,
                "title": info.title,
                "member": str(identity.member),
                "roles": sorted(identity.roles),
                "as": str(checked.kind),
            }
        )
        return
    code = _SAID[checked.kind]
    facts = {"title": info.title, "platform": info.platform, "version": info.version, "user": identity.name}
    context.out.write(context.words(code, **facts) + "\n")


def add_list(parser: argparse.ArgumentParser, words: Words) -> None:
    """Arguments of ``communities``."""
    parser.add_argument("--live", choices=LIVE, help=words("cli_help_live"))


def _choose_live(context: Context, live: str) -> None:
    """Keep the choice for the community that was named, or for all; a running engine heeds it within a minute."""

    def edit(found: Settings) -> Settings:
        known = found.communities.items()
        chosen = {name: replace(one, live=live) if context.community in {"", name} else one for name, one in known}
        return replace(found, communities=chosen)

    context.settings = change(context.home.settings, edit)


def run_list(context: Context, parsed: argparse.Namespace) -> int:
    """List what is connected, also when it was never read; choose live push first where that was asked for.

    Raises :class:`UnknownIdError` ``community_unknown``: a name that is not among them must not look like success.
    """
    if context.community and context.settings.communities:
        context.chosen()
    if parsed.live:
        _choose_live(context, parsed.live)
    connected = context.settings.communities
    if not connected:
        if context.json:
            context.answer([])
        else:
            context.say("no_community")
        return Exit.DONE
    with context.desk(engine=False) as workplace:
        read = {row.name: row for row in workplace.desk.communities()}
    documents = [
        {
            "community": name,
            "platform": entry.platform,
            "url": entry.url,
            "user": entry.user,
            "official": entry.official_user or None,
            "live": entry.live or "auto",
            "title": read[name].info.title if name in read else None,
            "read_at": at(read[name].as_of) if name in read else None,
            "trouble": read[name].trouble if name in read else None,
        }
        for name, entry in sorted(connected.items())
        if context.community in {"", name}
    ]
    if context.json:
        context.answer(documents)
        return Exit.DONE
    columns = [("cli_col_community", "f"), ("cli_col_platform", ""), ("cli_col_user", ""), ("cli_col_official", ""),
               ("cli_col_read", ""), ("cli_col_url", "")]  # fmt: skip
    rows: list[list[object]] = [
        [d["community"], d["platform"], d["user"], d["official"],
         for_people(read[n].as_of if (n := str(d["community"])) in read else None), d["url"]]
        for d in documents
    ]  # fmt: skip
    context.show_table(columns, rows)
    return Exit.DONE

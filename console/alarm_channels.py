"""Channels of alarms: what the settings say of them, their secrets from the keyring, and the way to them.

An entry of the settings has ``kind`` (``webhook`` or ``mail``) and may have ``language``, ``kinds`` and ``communities``
(with commas between), ``quiet`` (``22:00-07:00``) with ``zone``; mail has ``host``, ``port``, ``security``, ``user``,
``sender`` and ``to`` besides. The secret is the address of a webhook, or the password of the mail account.
"""

import re
import threading
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import TYPE_CHECKING

from console.credentials import Credentials, ForThisRun, alarm_entry
from console.engine_client import EngineClient
from console.home import Home
from console.language import LANGUAGES
from console.settings import Settings, change, load
from moderation.alarms.delivery import Channel, Speaker
from moderation.alarms.model import AlarmKind
from moderation.alarms.quiet import parse_quiet
from moderation.errors import MarqueeError, NotAllowedError, SignInError, StoreError, UnknownIdError

if TYPE_CHECKING:
    from moderation.alarms.unhappy import Unhappy

ALARM = "alarm"
WEBHOOK = "webhook"
KINDS = (WEBHOOK, "mail")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_KNOWN = frozenset(
    {"kind", "language", "kinds", "communities", "quiet", "zone", "host", "port", "security", "user", "sender", "to"}
)
LARGEST = 100_000


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gave to connect one; ``secret`` is the webhook's address or the mail account's password."""

    name: str
    entry: dict[str, str]
    secret: str = field(default="", repr=False)


class HomeAlarms:
    """What a home says of alarms; implements :class:`moderation.desk.alarms.AlarmWays`. Safe on any thread."""

    def __init__(self, home: Home, credentials: Credentials) -> None:
        self._home = home
        self._credentials = credentials
        self._lock = threading.Lock()
        self._handed: dict[str, str] = {}
        self._found: Unhappy | None = None

    def channels(self) -> list[Channel]:
        """By name; raises ``StoreError`` ``settings_value`` where an entry is none."""
        settings = load(self._home.settings)
        return [self._channel(name, entry) for name, entry in sorted(settings.alarms.items())]

    def unhappy(self) -> "Unhappy":
        """By the words that come with the program, or those of the team."""
        from moderation.alarms.unhappy import finder

        if self._found is None:
            self._found = finder(unhappy_words(self._home))
        return self._found

    def open(self, channel: Channel) -> Speaker:
        """The way to a channel; raises ``SignInError`` ``alarm_secret_missing``, and what is wrong with the entry."""
        entries = load(self._home.settings).alarms
        entry = entries[channel.name]
        with self._lock:
            known = self._handed.get(channel.name) or self._credentials.alarm_secret(channel.name, len(entries))
            secret = known or ""
        return speaker(channel.name, entry, secret)

    def keep(self, name: str, secret: str) -> None:
        """Remember a secret that another process handed over, in memory only; an empty one: look in the keyring."""
        with self._lock:
            self._handed[name] = secret

    def _channel(self, name: str, entry: dict[str, str]) -> Channel:
        try:
            return channel_of(name, entry)
        except MarqueeError as error:
            raise StoreError("settings_value", path=str(self._home.settings), name=f"alarms.{name}") from error


def unhappy_words(home: Home) -> list[str]:
    """A word or phrase a line; what begins with ``#`` is a remark. The team's own file counts instead of ours."""
    try:
        text = home.unhappy.read_text(encoding="utf-8")[:LARGEST]
    except (OSError, UnicodeDecodeError):
        text = (files("resources") / "unhappy.txt").read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def channel_of(name: str, entry: dict[str, str]) -> Channel:
    """The channel of an entry; raises ``NotAllowedError`` for a value that is none."""
    if not _NAME.fullmatch(name) or entry.get("kind") not in KINDS or entry.keys() - _KNOWN:
        raise NotAllowedError("alarm_channel_odd", name=name[:60])
    kinds = _parts(entry.get("kinds", ""))
    if not set(kinds) <= set(AlarmKind) or entry.get("language", "en") not in LANGUAGES:
        raise NotAllowedError("alarm_channel_odd", name=name[:60])
    return Channel(
        name,
        entry["kind"],
        entry.get("language", "en"),
        frozenset(map(AlarmKind, kinds)),
        tuple(_parts(entry.get("communities", ""))),
        parse_quiet(entry.get("quiet", ""), entry.get("zone", "UTC")),
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def speaker(name: str, entry: dict[str, str], secret: str) -> Speaker:
    """Opens one; nothing is sent."""
    if entry["kind"] == WEBHOOK:
        from sync.alarms.webhook import Webhook

        if not secret:
            raise SignInError("alarm_secret_missing", name=name)
        return Webhook(secret)
    from sync.alarms.mail import AlarmMail, server_of

    user = entry.get("user", "")
    if user and not secret:
        raise SignInError("alarm_secret_missing", name=name)
    try:
        server = server_of(entry["host"], entry.get("port", ""), entry.get("security", ""), user, secret)
        return AlarmMail(server, entry["sender"], entry["to"])
    except (KeyError, ValueError):
        raise NotAllowedError("alarm_channel_odd", name=name[:60]) from None


def remember(home: Home, credentials: Credentials, given: Given) -> bool:
    """Keep one: the secret in the keyring, the rest in the settings; ``False`` where the secret is known for this run
    only. Raises what is wrong with it before anything is kept.
    """
    channel_of(given.name, given.entry)
    speaker(given.name, given.entry, given.secret)
    home.prepare()
    stored = credentials.keep_secret(alarm_entry(given.name), given.secret) if given.secret else True
    change(home.settings, lambda settings: replace(settings, alarms={**settings.alarms, given.name: given.entry}))
    _tell_engine(home, given.name, "" if stored else given.secret)
    return stored


def forget(home: Home, credentials: Credentials, name: str) -> None:
    """Let go of one and its secret; raises ``UnknownIdError`` ``alarm_channel_unknown``."""
    if name not in load(home.settings).alarms:
        raise UnknownIdError("alarm_channel_unknown", name=name[:60])

    def edit(settings: Settings) -> Settings:
        return replace(settings, alarms={one: entry for one, entry in settings.alarms.items() if one != name})

    credentials.forget_secret(alarm_entry(name))
    change(home.settings, edit)
    _tell_engine(home, name, "")


def _tell_engine(home: Home, name: str, secret: str) -> None:
    """An engine that runs already looks for the secret anew, and tells what waited for it."""
    client = EngineClient(home, ForThisRun, may_start=False)
    if secret:
        client.hand_over(ForThisRun(tokens={alarm_entry(name): secret}))
    else:
        client.forget(name, ALARM)
    client.wake("alarms")
    client.close()

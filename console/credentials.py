"""Secrets: the key of the stores and the tokens of communities. They live in the keyring, or in memory for one run."""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Protocol

from console import keyrings
from console.home import Home
from moderation.errors import SignInError, StoreError
from moderation.intents import Identities

KEY_BYTES = 32
TOKEN_VARIABLES = ("MARQUEE_TOKEN", "MARQUEE_OFFICIAL_TOKEN", "MARQUEE_PROBE_TOKEN", "MARQUEE_BYSTANDER_TOKEN")
"""Of :class:`~moderation.intents.Identities`, in their order."""
TICKET_VARIABLE = "MARQUEE_TICKET_TOKEN"
"""The key of a ticket system, where there is but one."""
ALARM_VARIABLE = "MARQUEE_ALARM_SECRET"
"""The secret of a channel of alarms, where there is but one that is told by webhook or signs in."""
SECRET_VARIABLES = (*TOKEN_VARIABLES, TICKET_VARIABLE, ALARM_VARIABLE, "MARQUEE_STORE_KEY")
"""What must reach no process, report or log."""
_TICKET = "ticket"
_ALARM = "alarm"
_STORE_KEY = "store-key"
_RAW_KEY = re.compile(r"[0-9a-fA-F]{64}")
_NO_KEYRING = frozenset({"keyring_missing", "keyring_refused"})


_FIELDS = {
    Identities.ME: "token",
    Identities.OFFICIAL: "official_token",
    Identities.PROBE: "probe_token",
    Identities.BYSTANDER: "bystander_token",
}


@dataclass(frozen=True, slots=True)
class ForThisRun:
    """Secrets that came with this run and are never stored.

    ``store_key`` is a raw key (64 hexadecimal digits) or a passphrase; ``token`` is for ``community`` or, when that
    is empty, for the only one there is; ``tokens`` are by :func:`entry` name.
    """

    store_key: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    official_token: str = field(default="", repr=False)
    community: str = ""
    probe_token: str = field(default="", repr=False)
    bystander_token: str = field(default="", repr=False)
    tokens: Mapping[str, str] = field(default_factory=dict, repr=False)
    ticket_token: str = field(default="", repr=False)
    alarm_secret: str = field(default="", repr=False)

    @classmethod
    def of(cls, environment: Mapping[str, str], community: str = "") -> "ForThisRun":
        """From ``MARQUEE_STORE_KEY``, ``MARQUEE_TOKEN`` and, for the other accounts, the rest of TOKEN_VARIABLES."""
        token, official, probe, bystander = (environment.get(name, "").strip() for name in TOKEN_VARIABLES)
        key = environment.get("MARQUEE_STORE_KEY", "")
        ticket = environment.get(TICKET_VARIABLE, "").strip()
        alarm = environment.get(ALARM_VARIABLE, "").strip()
        return cls(
            key,
            token,
            official,
            community,
            probe_token=probe,
            bystander_token=bystander,
            ticket_token=ticket,
            alarm_secret=alarm,
        )

    def of_identity(self, identity: Identities) -> str:
        """The token given for this one, empty for none."""
        return str(getattr(self, _FIELDS[identity]))

    def without(self, identity: Identities) -> "ForThisRun":
        """The same without the token of this one."""
        facts: dict[str, str] = {_FIELDS[identity]: ""}
        return replace(self, **facts)  # type: ignore[arg-type]

    @classmethod
    def parse(cls, text: str) -> "ForThisRun":
        """From the line that a starting process writes to the engine's standard input."""
        told = json.loads(text)
        return cls(**told)

    def line(self) -> str:
        """The same as one line of JSON, for a pipe between own processes and nothing else."""
        return json.dumps(asdict(self))


def entry(community: str, identity: Identities) -> str:
    """Name of a token within this home's keyring service."""
    return f"token:{community}:{identity}"


def ticket_entry(name: str) -> str:
    """Name of the key of a ticket system within this home's keyring service."""
    return f"token:{name}:{_TICKET}"


def alarm_entry(name: str) -> str:
    """Name of the secret of a channel of alarms within this home's keyring service."""
    return f"token:{name}:{_ALARM}"


class Asks(Protocol):
    """Asks the person for a passphrase; ``None`` where there is nobody to ask."""

    def __call__(self, new: bool) -> str | None:
        """``new``: it is chosen now, so ask twice."""


class Credentials:
    """Keys and tokens of one home.

    ``find`` gives the keyring when it is first needed, so that a run with everything in its environment never touches
    one.
    """

    def __init__(
        self,
        home: Home,
        given: ForThisRun,
        find: Callable[[], keyrings.Backend] = keyrings.find_backend,
        ask: Asks = lambda new: None,
    ) -> None:
        self._home = home
        self._given = given
        self._find = find
        self._ask = ask
        self._backend: keyrings.Backend | None = None
        self._memory: dict[str, str] = dict(given.tokens)
        self._key: bytes | None = None

    @property
    def backend(self) -> keyrings.Backend:
        """The keyring; raises :class:`StoreError`."""
        if self._backend is None:
            self._backend = self._find()
        return self._backend

    def store_key(self) -> bytes:
        """The 32 bytes that open the stores, made on first use.

        Order: ``MARQUEE_STORE_KEY``, the passphrase of a home that has one, the keyring, a new passphrase. Raises
        :class:`StoreError` ``store_key_lost`` when stores are there but their key is not: a new key would only hide
        them.
        """
        if self._key is None:
            self._key = self._find_key()
        return self._key

    def _find_key(self) -> bytes:
        if self._given.store_key:
            return self._from_text(self._given.store_key)
        if self._home.salt.exists():
            return self._from_passphrase(new=False)
        try:
            return self._from_keyring()
        except StoreError as error:
            if error.code not in _NO_KEYRING or self._home.has_stores:
                raise
            return self._from_passphrase(new=True, otherwise=error)

    def _from_keyring(self) -> bytes:
        kept = self._get(_STORE_KEY)
        if kept is None:
            if self._home.has_stores:
                raise StoreError("store_key_lost", path=str(self._home.root), service=self._home.keyring_service)
            self._set(_STORE_KEY, secrets.token_hex(KEY_BYTES))
            kept = self._get(
                _STORE_KEY
            )  # another process may have been first: what the keyring says now holds for both
        if kept is None:
            raise StoreError("keyring_refused", backend=keyrings.backend_name(self.backend))
        if not _RAW_KEY.fullmatch(kept):
            raise StoreError("store_key_malformed", service=self._home.keyring_service)
        return bytes.fromhex(kept)

    def _from_passphrase(self, *, new: bool, otherwise: StoreError | None = None) -> bytes:
        passphrase = self._ask(new)
        if not passphrase:
            raise otherwise or StoreError("store_key_needed", path=str(self._home.root))
        return self._from_text(passphrase)

    def _from_text(self, text: str) -> bytes:
        if _RAW_KEY.fullmatch(text):
            return bytes.fromhex(text)
        from sync.vault import passphrase_key

        self._home.prepare()
        return passphrase_key(self._home.root, text)

    def token(self, community: str, identity: Identities, communities: int = 1) -> str:
        """The token of a community; ``communities`` is how many are connected, for a token given without a name.

        Raises :class:`SignInError` ``token_missing``.
        """
        name = entry(community, identity)
        given = self._given.of_identity(identity)
        if given and self._meant(community, communities):
            return given
        if name in self._memory:
            return self._memory[name]
        try:
            kept = self._get(name)
        except StoreError as error:
            raise SignInError("token_missing", community=community, why=error.code) from error
        if kept is None:
            raise SignInError("token_missing", community=community)
        return kept

    def _meant(self, community: str, communities: int) -> bool:
        return self._given.community == community or (not self._given.community and communities <= 1)

    def keep_token(self, community: str, identity: Identities, token: str) -> bool:
        """Store a token; ``False`` when there is no keyring and it is only known for this run."""
        try:
            self._set(entry(community, identity), token)
        except StoreError as error:
            if error.code not in _NO_KEYRING:
                raise
            self._memory[entry(community, identity)] = token
            return False
        return True

    def hold(self, community: str, identity: Identities, token: str = "") -> None:
        """Know a token in this run only; an empty one: what was known in this run counts no more, the keyring does."""
        self._memory.pop(entry(community, identity), None)
        if self._meant(community, 1):
            self._given = self._given.without(identity)
        if token:
            self._memory[entry(community, identity)] = token

    def forget_token(self, community: str, identity: Identities) -> None:
        """Delete a token from the keyring; one that is not there is fine, and so is no keyring at all."""
        self._forget(entry(community, identity))

    def _forget(self, name: str) -> None:
        self._memory.pop(name, None)
        try:
            kept = self._get(name)
        except StoreError as error:
            if error.code not in _NO_KEYRING:
                raise
            return
        if kept is not None:
            with keyrings.errors():
                self.backend.delete_password(self._home.keyring_service, name)

    def secret(self, name: str) -> str | None:
        """A secret by its :func:`alarm_entry` or :func:`ticket_entry` name, ``None`` where there is none."""
        if name in self._memory:
            return self._memory[name]
        try:
            return self._get(name)
        except StoreError as error:
            if error.code not in _NO_KEYRING:
                raise
            return None

    def alarm_secret(self, name: str, channels: int = 1) -> str | None:
        """The secret of a channel of alarms, ``None`` where there is none; ``channels`` is how many are connected."""
        if self._given.alarm_secret and channels <= 1:
            return self._given.alarm_secret
        return self.secret(alarm_entry(name))

    def keep_secret(self, name: str, value: str) -> bool:
        """Store one; ``False`` when there is no keyring and it is only known for this run."""
        self._memory.pop(name, None)
        try:
            self._set(name, value)
        except StoreError as error:
            if error.code not in _NO_KEYRING:
                raise
            self._memory[name] = value
            return False
        return True

    def forget_secret(self, name: str) -> None:
        """Delete one; one that is not there is fine, and so is no keyring at all."""
        self._forget(name)

    def ticket_key(self, name: str, systems: int = 1) -> str | None:
        """The key of a ticket system, ``None`` where there is none; ``systems`` is how many are connected."""
        if self._given.ticket_token and systems <= 1:
            return self._given.ticket_token
        return self.secret(ticket_entry(name))

    def keep_ticket_key(self, name: str, key: str) -> bool:
        """Store it; ``False`` when there is no keyring and it is only known for this run."""
        return self.keep_secret(ticket_entry(name), key)

    def forget_ticket_key(self, name: str) -> None:
        """Delete it; one that is not there is fine, and so is no keyring at all."""
        self._forget(ticket_entry(name))

    def note(self, name: str) -> str | None:
        """A small fact kept beside the secrets (the journal's generation), ``None`` where there is no keyring."""
        try:
            return self._get(name)
        except StoreError:
            return None

    def keep_note(self, name: str, value: str) -> bool:
        """Keep such a fact; ``False`` where there is no keyring."""
        try:
            self._set(name, value)
        except StoreError:
            return False
        return True

    def for_engine(self) -> ForThisRun:
        """What an engine that this process starts cannot find out by itself."""
        key = self._key.hex() if self._key is not None else self._given.store_key
        return replace(self._given, store_key=key, tokens=dict(self._memory))

    def for_this_run(self, communities: list[str], ticket_systems: list[str]) -> ForThisRun:
        """Tokens known only to this run, by community and ticket system, for an engine that runs already."""
        tokens = dict(self._memory)
        if self._given.ticket_token and len(ticket_systems) == 1:
            tokens[ticket_entry(ticket_systems[0])] = self._given.ticket_token
        meant = [name for name in communities if self._meant(name, len(communities))]
        for identity in Identities:
            if (token := self._given.of_identity(identity)) and meant:
                tokens[entry(meant[0], identity)] = token
        return ForThisRun(tokens=tokens)

    def _get(self, name: str) -> str | None:
        backend = self.backend
        with keyrings.errors():
            return backend.get_password(self._home.keyring_service, name)

    def _set(self, name: str, value: str) -> None:
        backend = self.backend
        with keyrings.errors():
            backend.set_password(self._home.keyring_service, name, value)

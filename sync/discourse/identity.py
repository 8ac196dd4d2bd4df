"""Who the key speaks for, proven on every answer."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import unquote

from moderation.content import Identity
from moderation.errors import NotAllowedError, PayloadError, SignInError, TryLaterError, UnclearError
from moderation.ids import Kind
from sync.connector import Urgency
from sync.discourse import endpoints
from sync.discourse.decoders import SESSION
from sync.discourse.ids import Namer
from sync.discourse.payloads import CurrentP
from sync.discourse.reading import GONE, Reader, decoded, is_login
from sync.discourse.rights import Rights, may, roles_of
from sync.http import Answer

_FRESH = timedelta(hours=1)
PROOF_SECONDS = 120.0


class NameCheck:
    """Compares ``X-Discourse-Username`` of every answer with the account that was identified.

    Once the server has told that name, an answer 403 without it means that the key is not accepted any more. While
    answers prove the name, nobody has to ask for it.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.expected: str | None = None
        self._told = False
        self._monotonic = monotonic
        self._proven_at: float | None = None

    @property
    def proven(self) -> bool:
        """True when the last answers came under the expected name."""
        return self._proven_at is not None and self._monotonic() - self._proven_at < PROOF_SECONDS

    def __call__(self, answer: Answer, write: bool) -> None:
        """Raise ``SignInError``; ``UnclearError`` where a write took effect under another name."""
        name = _written(answer.header("x-discourse-username"))
        self._told = self._told or bool(name)
        if self.expected is None or answer.path.endswith(endpoints.SESSION):
            return
        same = bool(name) and name.casefold() == self.expected.casefold()
        if same or name or answer.status in {401, 403}:
            self._proven_at = self._monotonic() if same and answer.status not in {401, 403} else None
        if name and not same:
            kind = UnclearError if write and answer.ok else SignInError
            raise kind("identity_changed", was=self.expected, now=name)
        if not name and self._told and answer.status == 403:
            raise SignInError("token_not_accepted", endpoint=answer.path)


class IdentityReader:
    """Reads ``/session/current.json``. Safe to use from several threads."""

    def __init__(self, reader: Reader, names: Namer, check: NameCheck) -> None:
        self._reader = reader
        self._names = names
        self._check = check
        self._rights: Rights | None = None
        self._read_at: datetime | None = None
        self._lock = threading.Lock()

    def identify(self, now: datetime, urgency: Urgency = Urgency.FLUSH) -> Rights:
        """Who this is now: asked, unless the answers of the last minutes have proven it and the rights are fresh."""
        known, read_at = self._rights, self._read_at
        if known is not None and read_at is not None and self._check.proven and timedelta() <= now - read_at <= _FRESH:
            return known
        return self._asked(now, urgency)

    def _asked(self, now: datetime, urgency: Urgency) -> Rights:
        me = self._me(urgency)
        roles = roles_of(me.admin, me.moderator, me.can_review)
        identity = Identity(self._names.ref(Kind.MEMBER, me.id), me.username, roles, None, may(roles))
        with self._lock:
            self._rights = Rights(identity, me.username, _groups(me.groups))
            self._read_at = now
            self._check.expected = me.username
            return self._rights

    def rights(self, now: datetime, urgency: Urgency = Urgency.POLL) -> Rights:
        """The rights read last; read now if that never happened or was an hour ago."""
        known, read_at = self._rights, self._read_at
        if known is None or read_at is None or now - read_at > _FRESH:
            return self.identify(now, urgency)
        return known

    def still_me(self, urgency: Urgency = Urgency.FLUSH) -> None:
        """Raise ``SignInError`` unless the server still takes the key for the same account."""
        me, known = self._me(urgency), self._rights
        if known is not None and known.identity.member.native != str(me.id):
            raise SignInError("identity_changed", was=known.identity.name, now=me.username)

    def _me(self, urgency: Urgency) -> CurrentP:
        answer = self._reader.raw(endpoints.SESSION, urgency)
        if answer.status in {401, 403, *GONE} or is_login(answer.path):
            raise SignInError("token_not_accepted", endpoint=answer.path)
        if answer.status >= 500:
            raise TryLaterError("server_error", status=answer.status, endpoint=answer.path)
        if not answer.ok:
            raise NotAllowedError("not_a_community", endpoint=answer.path)
        if not answer.is_json:
            raise PayloadError(
                "answer_not_json", connector="discourse", endpoint=answer.path, field="$", status=answer.status
            )
        me = decoded(answer.body, SESSION, answer.path).current_user
        if me is None:
            raise SignInError("token_not_accepted", endpoint=answer.path)
        return me


def _written(header: str) -> str:
    """A name from a header: beyond ASCII it is percent-encoded, or raw UTF-8, which HTTP takes for Latin-1."""
    with suppress(UnicodeError):
        header = header.encode("latin-1").decode()
    return unquote(header)


def _groups(groups: Any) -> tuple[str, ...]:
    """Groups of the account that take messages, as far as the server tells."""
    found = groups if isinstance(groups, list) else []
    return tuple(
        str(group["name"]) for group in found if isinstance(group, dict) and group.get("name") and _takes_mail(group)
    )


def _takes_mail(group: dict[str, Any]) -> bool:
    return group.get("has_messages") is True

"""Who the key speaks for, and what that account may do."""

import threading
from datetime import datetime, timedelta
from typing import Any

from moderation.content import Identity
from moderation.errors import NotAllowedError, PayloadError, SignInError, TryLaterError
from moderation.ids import Kind, Ref
from sync.connector import Urgency
from sync.http.answer import Answer
from sync.nodebb import endpoints
from sync.nodebb.decode import unescaped
from sync.nodebb.decoders import FLAG_LIST, QUEUE, SELF
from sync.nodebb.ids import Namer
from sync.nodebb.payloads import SelfP
from sync.nodebb.reading import Reader, decoded
from sync.nodebb.rights import Rights, may

_FRESH = timedelta(hours=1)


class IdentityReader:
    """Reads ``/api/self``, and once an hour the rights that go with it. Safe to use from several threads.

    A wrong or revoked token is no error for NodeBB but a guest; only ``/api/self`` tells.
    """

    def __init__(self, reader: Reader, names: Namer, acts_as: str | None) -> None:
        self._reader = reader
        self._names = names
        self._acts_as = acts_as
        self._rights: Rights | None = None
        self._read_at: datetime | None = None
        self._lock = threading.Lock()

    def identify(self, now: datetime, urgency: Urgency = Urgency.FLUSH) -> Rights:
        """Ask who this is now; rights are read again when the account differs or they are an hour old."""
        me = self._me(urgency)
        roles = _roles(me)
        with self._lock:
            known = self._rights
            same = known is not None and known.identity.member.native == str(me.uid) and known.identity.roles == roles
            if not same or self._read_at is None or now - self._read_at > _FRESH:
                self._rights = self._with_rights(me, roles, urgency)
                self._read_at = now
            assert self._rights is not None
            return self._rights

    def rights(self, now: datetime, urgency: Urgency = Urgency.POLL) -> Rights:
        """The rights read last; read now if that never happened."""
        known = self._rights
        return known if known is not None else self.identify(now, urgency)

    def still_me(self, urgency: Urgency = Urgency.FLUSH) -> None:
        """Raise ``SignInError`` unless the server still takes the key for the same account."""
        me = self._me(urgency)
        known = self._rights
        if known is not None and known.identity.member.native != str(me.uid):
            raise SignInError("identity_changed", was=known.identity.name, now=me.username)

    def _me(self, urgency: Urgency) -> SelfP:
        answer = self._reader.raw(endpoints.SELF, urgency)
        _check_self(answer)
        me = decoded(answer.body, SELF, answer.path)
        if me is None:
            raise SignInError("member_unknown", member=self._acts_as)
        if not me.uid or str(me.uid).startswith("-"):
            raise SignInError("token_not_accepted", endpoint=answer.path)
        if self._acts_as is not None and str(me.uid) != self._acts_as:
            raise SignInError("not_a_master_token", wanted=self._acts_as, name=me.username)
        return me

    def _with_rights(self, me: SelfP, roles: frozenset[str], urgency: Urgency) -> Rights:
        privileges = self._privileges(urgency)
        forums = self._forums(urgency) if "forum_moderator" in roles else None
        identity = Identity(
            member=self._names.ref(Kind.MEMBER, me.uid),
            name=unescaped(me.username or str(me.uid)),
            roles=roles,
            forums=forums,
            may=may(roles, privileges),
        )
        return Rights(identity, me.userslug or str(me.uid), privileges)

    def _privileges(self, urgency: Urgency) -> dict[str, bool]:
        """Community-wide rights: the post queue's page tells them to everybody who is signed in."""
        read = self._reader.find(endpoints.held_page(endpoints.NO_HELD_POST), QUEUE, urgency)
        given = read.value.privileges if read.value is not None else {}
        return {name: value is True for name, value in given.items()}

    def _forums(self, urgency: Urgency) -> frozenset[Ref]:
        """The moderated forums: the server writes them into the filters of the flags' list."""
        try:
            read = self._reader.get(endpoints.flags(None, 1, 1), FLAG_LIST, urgency)
        except NotAllowedError:
            return frozenset()
        cids: Any = read.value.filters.get("cid", [])
        return frozenset(self._names.ref(Kind.FORUM, str(cid)) for cid in (cids if isinstance(cids, list) else [cids]))


def _roles(me: SelfP) -> frozenset[str]:
    if me.isAdmin:
        return frozenset({"administrator", "member"})
    if me.isGlobalModerator:
        return frozenset({"moderator", "member"})
    return frozenset({"forum_moderator", "member"} if me.isModerator else {"member"})


def _check_self(answer: Answer) -> None:
    if answer.status in {401, 403}:
        raise SignInError("token_not_accepted", endpoint=answer.path)
    if answer.status == 404:
        raise NotAllowedError("not_a_community", endpoint=answer.path)
    if answer.status >= 500:
        if b"api.master-token-no-uid" in answer.body:
            raise SignInError("master_token_needs_member", endpoint=answer.path)
        raise TryLaterError("server_error", status=answer.status, endpoint=answer.path)
    if not answer.ok or not answer.is_json:
        raise PayloadError("answer_not_json", connector="nodebb", endpoint=answer.path, field="$", status=answer.status)

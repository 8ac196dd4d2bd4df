"""Asking a colleague to follow forums, or to take over what somebody follows who is away, and giving it back.

The team's store carries the question; the answer is the colleague's own: accepting makes intents under the colleague's
identity, on the colleague's machine, and giving back restores what the colleague followed before.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from moderation.content import Level
from moderation.desk.bench import Bench
from moderation.desk.following import FollowingDesk
from moderation.desk.staffing import Staffing
from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Ref
from moderation.intents import Plan
from moderation.people import FollowRequest, People, Person, RequestKind, RequestState, absent_until
from moderation.people.requests import EXPIRES_AFTER


class Asking:
    """Questions between colleagues; a question is no order, and nobody's level is changed by another."""

    def __init__(self, bench: Bench, following: FollowingDesk, staffing: Staffing) -> None:
        self._bench = bench
        self._following = following
        self._staffing = staffing

    # Reading

    def to_me(self, community: str) -> list[FollowRequest]:
        """What waits for the signed-in person: questions, and what is to be given back."""
        me, now = self._me(community), self._now
        found = [one for one in self._people.requests(community) if one.asked_of == me]
        return [one for one in found if one.standing(now) is RequestState.ASKED or self.is_due(one)]

    def of_me(self, community: str) -> list[FollowRequest]:
        """What the signed-in person asked of others, newest first."""
        me = self._me(community)
        return [one for one in self._people.requests(community) if one.asked_by == me]

    def every(self, community: str) -> list[FollowRequest]:
        """All requests of a community, newest first."""
        return self._people.requests(community)

    def is_due(self, request: FollowRequest) -> bool:
        """Is what was taken over to be given back? Its time is over, or whoever was away is back earlier."""
        now, since = self._now, request.answered_at
        if request.goes_back(now):
            return True
        away = self._person_of(request.instead_of)
        accepted = request.kind is RequestKind.TAKE_OVER and request.state is RequestState.ACCEPTED
        if not accepted or away is None or since is None:
            return False
        theirs = [one for one in self._people.absences(since=since) if one.person == away.id]
        return any(one.end <= now for one in theirs) and absent_until(theirs, now) is None

    # Asking

    def ask(self, forums: Sequence[Ref], of: Ref, level: Level = Level.WATCHING) -> FollowRequest:
        """Ask a colleague to follow these forums; the same question that is still open is not asked twice.

        Raises ``UnknownIdError`` ``id_unknown``, ``not_in_roster``; ``NotAllowedError`` ``asked_oneself``,
        ``colleague_absent`` with until when, ``colleague_left``, ``follows_already``.
        """
        return self._ask(RequestKind.FOLLOW, forums, of, level)

    def hand_over(self, away: Ref, of: Ref, back_at: datetime | None = None) -> FollowRequest:
        """Ask a colleague to follow what somebody who is away follows, until that one is back; for oneself too.

        ``back_at``: else the end of the absence that the calendar knows. Raises as :meth:`ask`, and
        ``NotAllowedError`` ``follows_nothing``, ``following_unknown`` where it is not known what is to be taken over.
        """
        if away == of:
            raise NotAllowedError("asked_oneself")
        person = self._listed(away)
        if away not in self._bench.mirror.followers(away.community):
            raise NotAllowedError("following_unknown", name=person.name)
        theirs = self._follows(away)
        if not theirs:
            raise NotAllowedError("follows_nothing", name=person.name)
        end = back_at or self._staffing.away().get(person.id)
        return self._ask(RequestKind.TAKE_OVER, theirs, of, Level.WATCHING, person, away, end)

    def withdraw(self, request: str) -> None:
        """Take an own question back; raises ``NotAllowedError`` ``request_not_mine``, ``request_over``."""
        found = self._known(request)
        if found.asked_by != self._me(found.community):
            raise NotAllowedError("request_not_mine", id=request)
        self._answer(found, RequestState.EXPIRED)

    # Answering

    def accept(self, request: str, *, hold_seconds: float | None = None) -> list[Plan]:
        """Do what was asked: the own levels, as intents. One that was accepted and never journalled goes on.

        Raises ``UnknownIdError`` ``request_unknown``, ``NotAllowedError`` ``request_not_mine``, ``request_over``.
        """
        found = self._mine(request)
        own = self._following.own_levels(found.community)
        if found.state is RequestState.ACCEPTED and self._journalled(found):
            raise NotAllowedError("request_over", id=request, state=found.state)
        there = {forum.id for forum in self._bench.mirror.forums(found.community)}
        wanted = {forum: found.level for forum in found.forums if forum in there}
        plans = self._following.plans(wanted, hold_seconds, found.id)
        touched = dict.fromkeys([*wanted, *(one.id for forum in wanted for one in self._following.goes_along(forum))])
        before = found.before or {str(forum): str(own.get(forum, "")) for forum in touched}
        told = {"before": before, "plan": plans[0].id if plans else ""}
        if not self._people.answer_request(found.id, RequestState.ACCEPTED, self._now, instead_of=found.state, **told):
            raise NotAllowedError("request_over", id=request, state=self._known(request).state)
        self._following.journal(plans)
        return plans

    def decline(self, request: str) -> None:
        """Say no; raises as :meth:`accept`."""
        self._answer(self._mine(request), RequestState.DECLINED)

    def back(self, request: str) -> None:
        """Whoever was away is back: what was taken over may go back. By that person, who asked, or who took over.

        Raises ``NotAllowedError`` ``request_not_mine``, ``request_over``.
        """
        found = self._known(request)
        me = self._me(found.community)
        if me not in {found.asked_by, found.asked_of, found.instead_of}:
            raise NotAllowedError("request_not_mine", id=request)
        if found.kind is not RequestKind.TAKE_OVER or found.state is not RequestState.ACCEPTED:
            raise NotAllowedError("request_over", id=request, state=found.standing(self._now))
        at = found.answered_at or self._now
        self._people.answer_request(
            found.id, RequestState.ACCEPTED, at, instead_of=RequestState.ACCEPTED, back_at=self._now
        )

    def give_back(self, request: str, *, hold_seconds: float | None = None) -> list[Plan]:
        """Follow as before again what was taken over, where that was not changed since; raises as :meth:`accept`,
        and ``NotAllowedError`` ``nothing_taken_over``.
        """
        found = self._mine(request, RequestState.ACCEPTED)
        if found.kind is not RequestKind.TAKE_OVER:
            raise NotAllowedError("nothing_taken_over", id=request)
        own = self._following.own_levels(found.community)
        there = {forum.id for forum in self._bench.mirror.forums(found.community)}
        default = Level.NORMAL
        wanted = {
            forum: Level(level or default)
            for forum, level in ((Ref.parse(text), level) for text, level in found.before.items())
            if forum in there and own.get(forum, found.level) is found.level
        }
        changed = {forum: level for forum, level in wanted.items() if level is not found.level}
        plans = self._following.plans(changed, hold_seconds)
        self._following.journal(plans)  # first: done twice it is needless, not done it would be lost
        self._people.answer_request(found.id, RequestState.RETURNED, self._now, instead_of=RequestState.ACCEPTED)
        return plans

    # Parts

    @property
    def _people(self) -> People:
        return cast(People, self._bench.team)

    @property
    def _now(self) -> datetime:
        return self._bench.clock.now()

    def _me(self, community: str) -> Ref:
        return self._bench.community(community).identity.member

    def _person_of(self, account: Ref | None) -> Person | None:
        return next((one for one in self._people.roster() if account in one.accounts), None)

    def _listed(self, account: Ref) -> Person:
        person = self._person_of(account)
        if person is None:
            raise UnknownIdError("not_in_roster", id=str(account))
        return person

    def _ask(
        self, kind: RequestKind, forums: Sequence[Ref], of: Ref, level: Level, away: Person | None = None,
        instead_of: Ref | None = None, back_at: datetime | None = None,
    ) -> FollowRequest:  # fmt: skip
        me = self._bench.community(of.community).identity
        if of == me.member:
            raise NotAllowedError("asked_oneself")
        person = self._there(of)
        known = {forum.id for forum in self._bench.mirror.forums(of.community)}
        for forum in forums:
            if forum not in known:
                raise UnknownIdError("id_unknown", id=str(forum))
        wanted = tuple(forum for forum in dict.fromkeys(forums) if forum not in self._follows(of, level))
        if not wanted:
            raise NotAllowedError("follows_already", name=person.name)
        for open_one in self._people.requests(of.community):
            same = (open_one.kind, open_one.asked_of, open_one.instead_of, set(open_one.forums), open_one.level)
            if open_one.standing(self._now) is RequestState.ASKED and same == (
                kind,
                of,
                instead_of,
                set(wanted),
                level,
            ):
                return open_one
        own = self._person_of(me.member)
        by = own.name if own is not None else me.name
        asked = FollowRequest(
            self._bench.ids.new(), kind, wanted, me.member, by, of, person.name, level, self._now,
            expires_at=self._now + EXPIRES_AFTER, instead_of=instead_of,
            instead_of_name=away.name if away is not None else "", back_at=back_at,
        )  # fmt: skip
        self._people.ask(asked)
        return asked

    def _there(self, of: Ref) -> Person:
        """The colleague, who must be on the staff and not away."""
        person = self._listed(of)
        if not person.on_staff(self._now) or person.bot:
            raise NotAllowedError("colleague_left", name=person.name)
        if (until := self._staffing.away().get(person.id)) is not None:
            raise NotAllowedError("colleague_absent", name=person.name, until=until.date().isoformat())
        return person

    def _follows(self, account: Ref, level: Level | None = None) -> list[Ref]:
        """Forums that an account watches; with a level, those that it follows at just that."""
        wanted = level if level is not None else Level.WATCHING
        return [forum for forum, own in self._following.levels_of(account).items() if own is wanted]

    def _known(self, request: str) -> FollowRequest:
        found = self._people.request(request)
        if found is None:
            raise UnknownIdError("request_unknown", id=request[:60])
        return found

    def _mine(self, request: str, *states: RequestState) -> FollowRequest:
        """A request to the signed-in person that stands so (asked, or accepted by half)."""
        found = self._known(request)
        if found.asked_of != self._me(found.community):
            raise NotAllowedError("request_not_mine", id=request)
        standing = found.standing(self._now)
        if standing not in (states or (RequestState.ASKED, RequestState.ACCEPTED)):
            raise NotAllowedError("request_over", id=request, state=standing)
        return replace(found, state=standing)

    def _journalled(self, request: FollowRequest) -> bool:
        return not request.plan or self._bench.journal.plan(request.plan) is not None

    def _answer(self, found: FollowRequest, state: RequestState) -> None:
        if found.standing(self._now) is not RequestState.ASKED or not self._people.answer_request(
            found.id, state, self._now, instead_of=RequestState.ASKED
        ):
            raise NotAllowedError("request_over", id=found.id, state=self._known(found.id).standing(self._now))

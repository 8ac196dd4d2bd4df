"""The team's roster in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from moderation.errors import ConflictError
from moderation.following.threads import FollowedThreads, replaces
from moderation.ids import Ref
from moderation.people import Absence, CalendarImport, FollowRequest, Person, RequestState, StaffGroup
from moderation.people.ports import FollowingChange


class FakePeople:
    """Implements :class:`moderation.people.People`."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.away: dict[str, list[Absence]] = {}
        self.imports: dict[str, CalendarImport] = {}
        self.chosen: dict[tuple[str, str], StaffGroup] = {}
        self.named: dict[Ref, tuple[Ref, ...]] = {}
        self.asked: dict[str, FollowRequest] = {}
        self.history: list[FollowingChange] = []
        self.set: dict[str, dict[str, Any]] = {}
        self.threads_of: dict[Ref, FollowedThreads] = {}
        self.told_of: dict[Ref, dict[Ref, str]] = {}

    def roster(self) -> list[Person]:
        """By name."""
        return sorted(self.people.values(), key=lambda person: (person.name.casefold(), person.id))

    def keep_person(self, person: Person) -> None:
        """One account, one person."""
        for other in self.people.values():
            if other.id != person.id and (both := set(other.accounts) & set(person.accounts)):
                raise ConflictError("account_taken", member=str(min(both)), name=other.name)
        self.people[person.id] = person

    def drop_person(self, person: str) -> bool:
        """With everything."""
        self.drop_calendar(person)
        return self.people.pop(person, None) is not None

    def staff_groups(self, community: str) -> list[StaffGroup]:
        """Of a community."""
        return [group for (where, _), group in sorted(self.chosen.items()) if where == community]

    def keep_staff_group(self, group: StaffGroup) -> None:
        """Instead of what was known."""
        self.chosen[group.community, group.native] = group

    def drop_staff_group(self, community: str, native: str) -> bool:
        """It is none."""
        return self.chosen.pop((community, native), None) is not None

    def absences(self, since: datetime | None = None) -> list[Absence]:
        """By person and time."""
        found = [one for person in sorted(self.away) for one in sorted(self.away[person])]
        return [one for one in found if since is None or one.end > since]

    def replace_absences(self, told: CalendarImport, absences: Sequence[Absence]) -> None:
        """Instead of all before."""
        self.away[told.person] = sorted(set(absences))
        self.imports[told.person] = told

    def note_calendar(self, told: CalendarImport) -> None:
        """Without touching them."""
        self.imports[told.person] = told

    def drop_calendar(self, person: str) -> bool:
        """And its absences."""
        self.away.pop(person, None)
        return self.imports.pop(person, None) is not None

    def calendars(self) -> list[CalendarImport]:
        """By person."""
        return [self.imports[person] for person in sorted(self.imports)]

    def owners(self, community: str) -> dict[Ref, tuple[Ref, ...]]:
        """By forum."""
        return {forum: owners for forum, owners in self.named.items() if forum.community == community and owners}

    def set_owners(self, forum: Ref, owners: Sequence[Ref], by: str, at: datetime) -> None:
        """Instead of those before."""
        self.named[forum] = tuple(dict.fromkeys(owners))

    def ask(self, request: FollowRequest) -> None:
        """Once."""
        self.asked.setdefault(request.id, request)

    def request(self, request: str) -> FollowRequest | None:
        """By id."""
        return self.asked.get(request)

    def requests(self, community: str) -> list[FollowRequest]:
        """Newest first."""
        found = [one for one in self.asked.values() if one.community == community]
        return sorted(found, key=lambda one: (one.asked_at, one.id), reverse=True)

    def answer_request(
        self, request: str, state: RequestState, at: datetime, *, instead_of: RequestState, **facts: Any
    ) -> bool:
        """Where it still stands so."""
        known = self.asked.get(request)
        if known is None or known.state is not instead_of:
            return False
        self.asked[request] = replace(known, state=state, answered_at=at, **facts)
        return True

    def note_following(self, community: str, levels: Mapping[Ref, Mapping[Ref, str]], seen_at: datetime) -> int:
        """Changes only."""
        count = len(self.history)
        for member, told in levels.items():
            if member not in self.told_of:
                self.told_of[member] = dict(told)
                continue
            before = dict(self.told_of[member]) | {one.forum: one.level for one in self.history if one.member == member}
            for forum in sorted(before.keys() | told.keys()):
                was, level = before.get(forum, ""), told.get(forum, "")
                if was != level:
                    self.history.append(FollowingChange(member, forum, level, was, seen_at))
        return len(self.history) - count

    def following_history(
        self, community: str, *, forum: Ref | None = None, member: Ref | None = None, limit: int = 200
    ) -> list[FollowingChange]:
        """Newest first."""
        found = [one for one in reversed(self.history) if one.member.community == community]
        return [one for one in found if forum in {None, one.forum} and member in {None, one.member}][:limit]

    def keep_followed_threads(self, told: FollowedThreads) -> bool:
        """The newer one."""
        if not replaces(told, self.threads_of.get(told.member)):
            return False
        self.threads_of[told.member] = told
        return True

    def followed_threads(self, community: str) -> dict[Ref, FollowedThreads]:
        """Of a community."""
        return {who: told for who, told in self.threads_of.items() if who.community == community}

    def drop_followed_threads(self, members: Iterable[Ref]) -> None:
        """Forget them."""
        for member in members:
            self.threads_of.pop(member, None)

    def people_settings(self, community: str) -> dict[str, Any]:
        """Of a community."""
        return dict(self.set.get(community, {}))

    def set_people_setting(self, community: str, name: str, value: Any) -> None:
        """``None`` takes it back."""
        own = self.set.setdefault(community, {})
        own.pop(name, None)
        if value is not None:
            own[name] = value

    def forget_people(self, gone: Iterable[Ref]) -> int:
        """Nobody is erased in tests of the desk."""
        return 0

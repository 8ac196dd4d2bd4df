"""What the team store keeps of people. Safe to use from several threads and processes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from moderation.following.threads import FollowedThreads
from moderation.ids import Ref
from moderation.people.absences import Absence, CalendarImport
from moderation.people.proposals import StaffGroup
from moderation.people.requests import FollowRequest, RequestState
from moderation.people.roster import Person


@dataclass(frozen=True, slots=True)
class FollowingChange:
    """A level that is another than it was. ``level`` and ``before`` are empty for no choice or not known before."""

    member: Ref
    forum: Ref
    level: str
    before: str
    at: datetime


class People(Protocol):
    """Roster, absences, owners of forums, requests between colleagues, and how following changed."""

    def roster(self) -> list[Person]:
        """Everybody, by name; those who left too."""

    def keep_person(self, person: Person) -> None:
        """Keep a person, instead of what was known; an account that another one has raises ``ConflictError``
        ``account_taken``.
        """

    def drop_person(self, person: str) -> bool:
        """Delete an entry that nobody has confirmed or that was a mistake, with absences; ``False``: not there."""

    def staff_groups(self, community: str) -> list[StaffGroup]:
        """Groups that the lead said are staff, by name."""

    def keep_staff_group(self, group: StaffGroup) -> None:
        """Keep one, instead of what was known of it."""

    def drop_staff_group(self, community: str, native: str) -> bool:
        """It is no staff group; ``False``: it was none."""

    def absences(self, since: datetime | None = None) -> list[Absence]:
        """Times away, by person and time; with ``since`` those that end after it."""

    def replace_absences(self, told: CalendarImport, absences: Sequence[Absence]) -> None:
        """What a person's calendar says now, instead of all that it said before, in one transaction."""

    def note_calendar(self, told: CalendarImport) -> None:
        """How an import went, without touching what was imported before."""

    def drop_calendar(self, person: str) -> bool:
        """Forget a calendar and its absences; ``False``: there was none."""

    def calendars(self) -> list[CalendarImport]:
        """All imports, by person."""

    def owners(self, community: str) -> dict[Ref, tuple[Ref, ...]]:
        """Members who are named as looking after a forum, by forum."""

    def set_owners(self, forum: Ref, owners: Sequence[Ref], by: str, at: datetime) -> None:
        """Name those who look after a forum, instead of those before."""

    def ask(self, request: FollowRequest) -> None:
        """Keep a request; the same id twice is one."""

    def request(self, request: str) -> FollowRequest | None:
        """One request, or ``None``."""

    def requests(self, community: str) -> list[FollowRequest]:
        """All of a community's, newest first."""

    def answer_request(
        self, request: str, state: RequestState, at: datetime, *, instead_of: RequestState, **facts: Any
    ) -> bool:
        """Move a request on, only where it still stands so; ``facts``: ``before``, ``plan``. ``False``: it does not."""

    def note_following(self, community: str, levels: Mapping[Ref, Mapping[Ref, str]], seen_at: datetime) -> int:
        """Append what changed since the last time: member to forum to level (empty: no choice). Gives how many changes;
        what is told of a member for the first time is none.
        """

    def following_history(
        self, community: str, *, forum: Ref | None = None, member: Ref | None = None, limit: int = 200
    ) -> list[FollowingChange]:
        """Changes, newest first."""

    def keep_followed_threads(self, told: FollowedThreads) -> bool:
        """Keep which threads a member follows, instead of what was known; ``False``: what is known stays
        (:func:`moderation.following.threads.replaces`).
        """

    def followed_threads(self, community: str) -> dict[Ref, FollowedThreads]:
        """What is known of each member."""

    def drop_followed_threads(self, members: Iterable[Ref]) -> None:
        """Forget what these follow: they left the staff."""

    def people_settings(self, community: str) -> dict[str, Any]:
        """What the lead has set: ``default_level``, ``active_days``."""

    def set_people_setting(self, community: str, name: str, value: Any) -> None:
        """Set one; ``None`` takes it back."""

    def forget_people(self, gone: Iterable[Ref]) -> int:
        """Accounts that were erased leave everything here; gives how many there were."""

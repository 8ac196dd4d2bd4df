"""What the platform's groups say of the staff, beside what the lead has confirmed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from moderation.content import Group
from moderation.ids import Ref
from moderation.people.roster import Person

_ALIKE = 0.5
"""Share of members in common from which on a new group is taken for an old one under another name."""


@dataclass(frozen=True, slots=True)
class StaffGroup:
    """A group that the lead said is staff, as it was then."""

    community: str
    native: str
    name: str
    members: tuple[Ref, ...] = ()
    chosen_by: str = ""
    chosen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A group of the staff that is not called so any more. ``now`` is what looks like it, ``None`` where nothing does:
    then nobody is proposed to leave because of it.
    """

    group: StaffGroup
    now: Group | None


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the lead may confirm. ``joined``: members with the names of their groups who are in no roster entry;
    ``left``: people of the roster in none of the groups any more; ``without_account``: people who have none here.
    """

    joined: tuple[tuple[Ref, str, tuple[str, ...]], ...] = ()
    left: tuple[Person, ...] = ()
    without_account: tuple[Person, ...] = ()
    changed: tuple[GroupChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.joined or self.left or self.changed)


def propose(
    community: str,
    groups: Sequence[Group],
    chosen: Iterable[StaffGroup],
    roster: Iterable[Person],
    names: Mapping[Ref, str],
    now: datetime,
) -> Proposals:
    """Compare groups with the roster of a community. A group that was renamed stays the same group; one that vanished
    says nothing of its members.
    """
    meant, changed, lost = _meant(groups, chosen)
    inside = {
        member: tuple(group.name for group in meant if member in group.members) for g in meant for member in g.members
    }
    people = [person for person in roster if person.on_staff(now)]
    listed = {account for person in people for account in person.accounts}
    joined = sorted(
        (member, names.get(member, member.native), where) for member, where in inside.items() if member not in listed
    )
    accounts = [(person, person.account(community)) for person in people]
    known = inside.keys() | lost.keys()
    left = [one for one, account in accounts if meant and account is not None and account not in known]
    without = [one for one, account in accounts if account is None]
    return Proposals(tuple(joined), tuple(left), tuple(without), tuple(changed))


def _meant(
    groups: Sequence[Group], chosen: Iterable[StaffGroup]
) -> tuple[list[Group], list[GroupChange], dict[Ref, None]]:
    """The groups that are staff now, those that are called otherwise, and members of those of which nothing is known:
    they vanished, or their members were not read.
    """
    by_native = {group.native: group for group in groups}
    meant: list[Group] = []
    changed: list[GroupChange] = []
    lost: dict[Ref, None] = {}
    for staff in chosen:
        found = by_native.get(staff.native)
        now = found or _alike(staff, groups)
        if found is None or found.name != staff.name:
            changed.append(GroupChange(staff, now))
        if now is None or (now.size and not now.members):
            lost |= dict.fromkeys(staff.members)
        else:
            meant.append(now)
    return meant, changed, lost


def _alike(staff: StaffGroup, groups: Iterable[Group]) -> Group | None:
    """The group that has most of the same members."""
    before = set(staff.members)

    def likeness(group: Group) -> float:
        both = before | set(group.members)
        return len(before & set(group.members)) / len(both) if both else 0.0

    best = max((group for group in groups if group.members), key=likeness, default=None)
    return best if best is not None and likeness(best) >= _ALIKE else None

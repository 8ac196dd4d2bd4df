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
    by_native = {group.native: group for group in groups}
    meant: list[Group] = []
    changed: list[GroupChange] = []
    lost: set[Ref] = set()
    for staff in chosen:
        if (found := by_native.get(staff.native)) is not None:
            meant.append(found)
            if found.name != staff.name:
                changed.append(GroupChange(staff, found))
            continue
        alike = _alike(staff, groups)
        changed.append(GroupChange(staff, alike))
        meant += [alike] if alike is not None else []
        lost |= set(staff.members) if alike is None else set()
    inside = {
        member: tuple(group.name for group in meant if member in group.members) for g in meant for member in g.members
    }
    people = [person for person in roster if person.on_staff(now)]
    listed = {account for person in people for account in person.accounts}
    joined = sorted(
        (member, names.get(member, member.native), where) for member, where in inside.items() if member not in listed
    )
    read = bool(meant)
    left = [
        person
        for person in people
        if (account := person.account(community)) is not None and read and account not in inside and account not in lost
    ]
    without = [person for person in people if person.account(community) is None]
    return Proposals(tuple(joined), tuple(left), tuple(without), tuple(changed))


def _alike(staff: StaffGroup, groups: Iterable[Group]) -> Group | None:
    """The group that has most of the same members."""
    before = set(staff.members)

    def likeness(group: Group) -> float:
        both = before | set(group.members)
        return len(before & set(group.members)) / len(both) if both else 0.0

    best = max((group for group in groups if group.members), key=likeness, default=None)
    return best if best is not None and likeness(best) >= _ALIKE else None

"""Members, groups and forums of the invented community."""

import random

from sync.sandbox.content.words import Table, load
from sync.sandbox.state import forums, members
from sync.sandbox.state.following import LEVELS
from sync.sandbox.state.records import ADMINS, GLOBAL_MODERATORS, STAFF, Group, Member
from sync.sandbox.state.store import State

PASSWORD = "sample-password"  # noqa: S105 - every invented account has the same
_DAY = 86_400_000
_RANKS = {"admin": ADMINS, "global": GLOBAL_MODERATORS}
_GROUPS = (
    (ADMINS, "administrators", "", "Administrators", True),
    (GLOBAL_MODERATORS, "global-moderators", "Global Moderator", "Forum wide moderators", True),
    (STAFF, "staff", "Quillby team", "People who work at Quillby", False),
)


def add_groups(state: State) -> None:
    """The groups that carry ranks, and the staff."""
    long_ago = state.clock.now() - 1500 * _DAY
    for name, slug, title, description, system in _GROUPS:
        state.tables.groups[name] = Group(name, slug, title, description, long_ago, system)


def add_people(state: State, chance: random.Random, count: int) -> None:
    """Everybody who is named in the sample, then invented members until there are `count`."""
    sample = load("people")
    named: list[Table] = sample["people"]
    for person in named:
        _add(state, chance, person)
    invented = sample["invented"]
    for n in range(max(0, count - len(named))):
        full = f"{chance.choice(invented['first'])} {chance.choice(invented['last'])}"
        name = f"{full.lower().replace(' ', '_')}_{n}"
        _add(state, chance, {"name": name, "full": full})


def add_forums(state: State) -> None:
    """The forums, closed ones for staff; announcements may only be opened by staff."""
    for place, row in enumerate(load("forums")["forums"], 1):
        forum = forums.add(state, row["name"], row["description"], order=place)
        forum.icon, forum.colour = row.get("icon", "hidden"), row["colour"]
        forum.language = row.get("language", "en")
        if row.get("close"):
            forums.close_to_staff(forum)
        if row.get("opens") == "staff":
            forum.grants["topics:create"] = {STAFF, GLOBAL_MODERATORS}


def give_roles(state: State) -> None:
    """Moderators of single forums, and who follows what."""
    by_name = {forum.name: forum for forum in state.tables.forums.values()}
    for person in load("people")["people"]:
        member = state.by_name(person["name"])
        for name in person.get("moderates", ()):
            forums.make_moderator(by_name[name], member.id)
        for name, level in person.get("watches", {}).items():
            member.watches[by_name[name].id] = LEVELS[level]


def customers(state: State, language: str) -> list[Member]:
    """Ordinary members who write in a language."""
    staff = set(state.tables.groups[STAFF].members)
    return [
        m
        for m in state.tables.members.values()
        if m.id not in staff and m.language == language and m.reputation >= 3 and m.name != "quillwatch"
    ]


def staff(state: State, language: str) -> list[int]:
    """People of the team who answer in a language, and the company's account; the administrator does not."""
    team = [state.member(ident) for ident in state.tables.groups[STAFF].members]
    return [m.id for m in team if m.name == "quillby" or (m.language == language and ADMINS not in m.groups)]


def without_office(state: State, language: str) -> list[Member]:
    """Ordinary members who moderate nothing."""
    holders = {h for forum in state.tables.forums.values() for h in forum.grants.get("moderate", ())}
    return [member for member in customers(state, language) if member.id not in holders]


def _add(state: State, chance: random.Random, person: Table) -> None:
    rank = person.get("rank", "member")
    newcomer = rank == "newcomer"
    member = members.register(state, person["name"], person["full"])
    age = chance.uniform(1, 6) if newcomer else chance.uniform(120, 1400)
    member.joined = state.clock.now() - int(age * _DAY)
    member.last_online = state.clock.now() - int(chance.expovariate(1 / 6) * 3_600_000)
    member.reputation = 0 if newcomer else person.get("reputation", chance.randint(4, 120))
    member.language = person.get("language", "en")
    member.about = person.get("about", "")
    member.password = PASSWORD
    member.colour = chance.choice(load("people")["invented"]["colours"])
    member.ip = f"198.51.100.{chance.randint(1, 250)}"
    member.email = f"{member.id}@members.example"
    if rank in _RANKS:
        members.join(state, member, _RANKS[rank], owner=rank == "admin")
    if person.get("staff"):
        members.join(state, member, STAFF, owner=person["name"] == "sunniva_holt")

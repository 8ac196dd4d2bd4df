"""The team of the sample: who is staff, in which team, and who is away, as a lead would have said it."""

from collections.abc import Mapping
from datetime import timedelta

from console.demo.sample import COLLEAGUE, COMPANY, Sample
from moderation.desk import Desk
from moderation.ids import Kind, Ref
from moderation.people import Absence, Person

_TEAMS = {
    "osric_vale": "Platform", "ines_lanternby": "Care", COLLEAGUE: "Care", "sunniva_holt": "Care",
    "rolf_quarrier": "Contracts", "edda_birch": "Contracts", "petra_wick": "Lines",
    "mochizuki_sora": "日本", "aizawa_kaoru": "日本",
}  # fmt: skip
_AWAY = {COLLEAGUE: (4, 8), "edda_birch": (1, 2)}
"""Days ago since when, and days ahead until when."""


def appoint(desk: Desk, samples: Mapping[str, Sample]) -> int:
    """Keep the roster of these communities (by their names in ids) with absences; gives how many people there are.

    Opens the team's store where it is not open yet, so that a window does it once it is painted.
    """
    accounts: dict[str, list[Ref]] = {}
    names: dict[str, str] = {}
    for community, sample in samples.items():
        for one in sample.control("staff")["staff"]:
            accounts.setdefault(one["user"], []).append(Ref(community, Kind.MEMBER, str(one["uid"])))
            names[one["user"]] = one["name"]
    accounts.pop(COMPANY, None)
    for user, owned in accounts.items():
        _keep(desk, user, names[user], tuple(owned))
    return len(accounts)


def _keep(desk: Desk, user: str, name: str, owned: tuple[Ref, ...]) -> None:
    now, team = desk.clock.now(), desk.bench.team
    person = Person(f"sample-{user}", name, owned, team=_TEAMS.get(user, ""), confirmed_by="sample", confirmed_at=now)
    team.keep_person(person)  # type: ignore[attr-defined]
    if user in _AWAY:
        since, until = (timedelta(days=days) for days in _AWAY[user])
        desk.staffing.keep_calendar(person.id, "away.ics", [Absence(now - since, now + until, person.id)])

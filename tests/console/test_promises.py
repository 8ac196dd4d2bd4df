"""What the team has set for coverage, read from the home and from the roster."""

import os
from pathlib import Path

import pytest

from console.promises import LARGEST, HomePromises
from moderation.coverage.rules import CoverageRules
from moderation.errors import StoreError
from moderation.ids import Kind, Ref
from moderation.people.roster import Person

HERE = "community.example"
SARA, DORA, ROBOT = (Ref(HERE, Kind.MEMBER, str(number)) for number in (1, 2, 3))


class Team:
    """The team's store, as far as it has a roster."""

    def __init__(self, *people: Person) -> None:
        self.people = people

    def roster(self) -> list[Person]:
        return list(self.people)


def test_a_changed_file_counts_at_once(tmp_path: Path) -> None:
    path = tmp_path / "coverage.toml"
    promises = HomePromises(path, object())
    assert promises.rules() == CoverageRules()
    path.write_text('\ufeff[usual]\r\ngoal = "1h"\r\n', encoding="utf-8")
    assert promises.rules().usual.goal_s == 3600
    path.write_text('[usual]\ngoal = "2h"\n', encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert promises.rules().usual.goal_s == 7200
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StoreError, match="coverage_rules_unreadable"):
        promises.rules()
    path.write_bytes(b"#" * (LARGEST + 1))
    with pytest.raises(StoreError, match="coverage_rules_unreadable"):
        promises.rules()


def test_the_staff_is_whom_the_lead_confirmed_else_whom_the_platform_has(tmp_path: Path) -> None:
    path = tmp_path / "coverage.toml"
    path.write_text(f'bots = ["{ROBOT}"]\n', encoding="utf-8")
    confirmed = Person("p1", "Sara", (SARA,), confirmed_by="lead")
    waiting = Person("p2", "Dora", (DORA,))
    told = HomePromises(path, Team(confirmed, waiting)).staff(HERE, [DORA])
    assert (set(told.terms), told.bots, told.confirmed) == ({str(SARA)}, {str(ROBOT)}, True)
    for team in (Team(waiting), Team(), object()):
        guessed = HomePromises(path, team).staff(HERE, [DORA])
        assert (set(guessed.terms), guessed.bots, guessed.confirmed) == ({str(DORA)}, {str(ROBOT)}, False)

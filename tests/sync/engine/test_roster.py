"""The roster beside the pulling: connectors learn whose following is wanted, and changes are kept."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from moderation.content import Following, Level, Unreadable
from moderation.ids import Kind, Ref
from moderation.people import Person, parse_terms
from sync.engine.roster import RosterInStep
from sync.mirror import MirrorKnown, MirrorWriter
from sync.parts.staff import PEOPLE, people_wanted
from sync.team import open_team
from sync.team.store import SqlTeam
from sync.vault import Vault
from tests import factory
from tests.factory import HERE, at, member, ref
from tests.fakes.clock import FakeClock


class Place:
    """Real stores with a clock of their own."""

    def __init__(self, home: Path) -> None:
        vault = Vault(home, bytes(range(32)))
        self.clock = FakeClock(at(0))
        self.team: SqlTeam = open_team(vault)
        self.writer = MirrorWriter(vault)
        self.known = MirrorKnown(vault, HERE)
        self.writer.put_community(factory.community())
        self.step = RosterInStep(HERE, self)  # type: ignore[arg-type]
        self.seq = 0

    def tell(self, **rows: object) -> None:
        self.seq += 1
        self.writer.apply(factory.batch(self.seq, None, **rows), HERE)  # type: ignore[arg-type]

    def close(self) -> None:
        for store in (self.team, self.writer, self.known):
            store.close()


@pytest.fixture
def place(home_folder: Path) -> Iterator[Place]:
    found = Place(home_folder)
    yield found
    found.close()


def who(number: int) -> Ref:
    return ref(Kind.MEMBER, number)


def person(number: int, **facts: object) -> Person:
    given: dict[str, object] = {"accounts": (who(number),), "confirmed_by": "lead", **facts}
    return Person(f"p{number}", f"Person {number}", **given)  # type: ignore[arg-type]


def test_connectors_learn_by_which_names_the_server_knows_the_roster(place: Place) -> None:
    place.tell(members=[member(7, name="Tamsin Vole", slug="tamsin-vole"), member(8, name="dagny")])
    for one in (person(7), person(8), person(9), person(10, accounts=()), person(11, bot=True)):
        place.team.keep_person(one)
    place.team.keep_person(person(12, terms=parse_terms(["..2020-01-01"])))
    place.step.tell()
    assert people_wanted(place.known) == {"7": "tamsin-vole", "8": "dagny"}
    place.team.drop_person("p7")
    place.step.tell()
    assert json.loads(place.known.cursor(PEOPLE) or "") == {"8": "dagny"}


def test_what_changed_is_kept_once(place: Place) -> None:
    place.team.keep_person(person(7))
    forums = [ref(Kind.FORUM, number) for number in (1, 2)]

    def follows(**levels: Level) -> None:
        rows = [Following(who(7), forums[int(name[1:]) - 1], level, at(5)) for name, level in levels.items()]
        place.tell(followers=[who(7), who(8)], following=[*rows, Following(who(8), forums[0], Level.MUTED, at(5))])

    follows(f1=Level.WATCHING, f2=Level.TRACKING)
    assert place.step.note() == 0  # the first time there is nothing to compare with
    place.clock.advance(3600)
    follows(f1=Level.MUTED, f2=Level.TRACKING)
    assert place.step.note() == 1
    newest = place.team.following_history(HERE)[0]
    assert (newest.member, newest.forum, newest.before, newest.level) == (who(7), forums[0], "watching", "muted")
    assert newest.at == at(3600)
    assert {one.member for one in place.team.following_history(HERE)} == {who(7)}  # of nobody outside of the roster


def test_who_cannot_be_read_for_a_while_leaves_no_change(place: Place) -> None:
    place.team.keep_person(person(7))
    place.tell(followers=[who(7)], following=[Following(who(7), ref(Kind.FORUM, 1), Level.WATCHING, at(5))])
    assert place.step.note() == 0
    place.tell(unreadable=[Unreadable(who(7), "right_missing", at(6))])
    assert place.step.note() == 0

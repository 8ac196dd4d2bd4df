"""The team's rules as they stand in a file."""

from datetime import date

import pytest

from moderation.coverage.hours import Period
from moderation.coverage.reading import read_rules
from moderation.coverage.rules import CoverageRules
from moderation.errors import StoreError

WHOLE = """
bots = ["community.example:member:12"]

[usual]
zone = "Europe/Berlin"
hours = "Mon-Fri 09:00-12:00,13:00-17:00"
holidays = ["2026-12-25", 2026-12-26]
goal = "4h"
grace = "30 min"

[forums."community.example:forum:5"]
answers = false

[forums."community.example:forum:6"]
zone = "Asia/Tokyo"
hours = "Sat 22:00-04:00"
goal = "2d"
"""


def test_forums_take_what_they_do_not_say_from_the_usual_ones() -> None:
    rules = read_rules(WHOLE, "coverage.toml")
    usual = rules.usual
    assert (usual.goal_s, usual.grace_s, usual.answers, usual.hours.zone) == (14_400, 1_800, True, "Europe/Berlin")
    assert len(usual.hours.periods) == 10
    assert usual.hours.holidays == {date(2026, 12, 25), date(2026, 12, 26)}
    assert rules.bots == {"community.example:member:12"}
    closed, tokyo = rules.of("community.example:forum:5"), rules.of("community.example:forum:6")
    assert (closed.answers, closed.hours) == (False, usual.hours)
    assert (tokyo.goal_s, tokyo.grace_s, tokyo.hours.zone) == (172_800, 1_800, "Asia/Tokyo")
    assert tokyo.hours.periods == (Period(5, 1320, 1680),)
    assert rules.of("community.example:forum:7") == usual


def test_nothing_said_is_the_usual() -> None:
    assert read_rules("", "coverage.toml") == CoverageRules()


def test_an_aim_is_a_share_and_a_forum_may_have_its_own() -> None:
    rules = read_rules("[usual]\naim = 0.8\n[forums.'c.example:forum:5']\naim = 1\n", "coverage.toml")
    assert (rules.usual.aim, rules.of("c.example:forum:5").aim, rules.of("c.example:forum:6").aim) == (0.8, 1.0, 0.8)


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("[usual", "end of a table declaration"),
        ("goals = 1", "goals"),
        ("usual = 1", "usual"),
        ("[usual]\ngaol = '4h'", "gaol"),
        ("[usual]\ngoal = 4", "goal: 4"),
        ("[usual]\ngoal = '4 hours'", "4 hours"),
        ("[usual]\ngrace = ''", "grace"),
        ("[usual]\nanswers = 'no'", "answers"),
        ("[usual]\naim = 80", "aim: 80"),
        ("[usual]\naim = '80 %'", "aim: 80 %"),
        ("[usual]\naim = true", "aim"),
        ("[usual]\naim = 0", "aim: 0"),
        ("[usual]\nzone = 'Europe/Nowhere'", "Europe/Nowhere"),
        ("[usual]\nzone = 1", "hours"),
        ("[usual]\nhours = 'Mon-Fri nine to five'", "nine to five"),
        ("[usual]\nhours = 'Mon 09:00-12:00; Mon 11:00-13:00'", "11:00-13:00"),
        ("[usual]\nholidays = ['Christmas']", "Christmas"),
        ("[usual]\nholidays = [2026-12-25T00:00:00]", "holidays"),
        ("bots = 'all'", "bots"),
        ("bots = ['somebody']", "somebody"),
        ("bots = ['community.example:forum:1']", "community.example:forum:1"),
        ("[forums.billing]\ngoal = '4h'", "billing"),
        ("[forums]\n'community.example:forum:1' = 4", "community.example:forum:1"),
    ],
)
def test_what_is_odd_is_named_and_nothing_is_guessed(source: str, place: str) -> None:
    with pytest.raises(StoreError) as raised:
        read_rules(source, "coverage.toml")
    assert raised.value.code == "coverage_rules_unreadable"
    assert raised.value.facts["path"] == "coverage.toml"
    assert place in str(raised.value.facts["why"])

"""What connectors share, by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from moderation.actions import Action
from moderation.errors import NotAllowedError
from moderation.ids import Kind
from moderation.intents import Intent
from moderation.records import Records
from sync.connector import Answer, Before, Evidence, Standing
from sync.parts.intents import Taken, effect_id, joined, on, until_of
from sync.parts.pushes import ByKind, Pushes
from sync.parts.recent import Recent
from tests.fakes.factory import flag, intent, member, post, ref

AT = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@dataclass
class Named:
    """A push that says its name."""

    name: str

    def before(self, intent: Intent) -> Before:
        return Before(Standing.CLEAR, {"by": self.name})

    def send(self, intent: Intent, before: Before) -> dict[str, Any]:
        return {"by": self.name}

    def look(self, intent: Intent, hints: Mapping[str, Any], taken: Taken) -> Evidence:
        return Evidence(Answer.ABSENT, where=(self.name,))


def test_what_was_put_last_is_remembered() -> None:
    recent: Recent[str, int] = Recent(2)
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        recent.put(key, value)
    assert [recent.get(key) for key in "abc"] == [3, None, 4]


def test_an_action_has_the_push_of_its_group() -> None:
    hide, own = Named("hide"), Named("own")
    pushes = Pushes([((Action.HIDE, Action.RESTORE), hide)], servers_own=own)
    assert (pushes.of(Action.RESTORE), pushes.of(Action("x:delete_and_agree"))) == (hide, own)


@pytest.mark.parametrize("action", [Action.BAN, Action("x:delete_and_agree")])
def test_an_action_without_a_push_is_unknown(action: Action) -> None:
    with pytest.raises(NotAllowedError, match="action_unknown"):
        Pushes([((Action.HIDE,), Named("hide"))]).of(action)


@pytest.mark.parametrize(("kind", "name"), [(Kind.HELD, "held"), (Kind.POST, "post")])
def test_the_kind_of_the_target_decides(kind: Kind, name: str) -> None:
    push, wish = ByKind(Kind.HELD, Named("held"), Named("post")), intent(target=ref(kind, 1))
    found = push.before(wish)
    told = (found.baseline["by"], push.send(wish, found)["by"], *push.look(wish, {}, lambda _: False).where)
    assert told == (name,) * 3


def test_a_target_of_another_kind_is_missing() -> None:
    wish = intent(target=ref(Kind.POST, 1))
    assert on(wish, Kind.POST) == ref(Kind.POST, 1)
    with pytest.raises(NotAllowedError, match="target_missing"):
        on(wish, Kind.MEMBER)


def test_an_end_without_a_zone_is_utc() -> None:
    assert until_of(intent(payload={})) is None
    assert until_of(intent(payload={"until": "2026-05-01T12:00:00"})) == AT
    assert until_of(intent(payload={"until": "2026-05-01T14:00:00+02:00"})) == AT
    with pytest.raises(NotAllowedError, match="end_date_wrong"):
        until_of(intent(payload={"until": "soon"}))


def test_an_effect_of_the_same_second_is_numbered() -> None:
    first = effect_id(flag(7), "hide", AT, lambda _: False)
    taken = {first, f"{first}.2"}
    assert (first, effect_id(flag(7), "hide", AT, taken.__contains__)) == ("flag:7@hide.1777636800000", f"{first}.3")


def test_joined_readings_are_as_old_as_the_oldest() -> None:
    one, two = Records(5, posts=(post(1),)), Records(3, posts=(post(2),), members=(member(4),), gone=(flag(9),))
    assert joined(one, None, two) == Records(3, posts=(post(1), post(2)), members=(member(4),), gone=(flag(9),))
    assert joined(None) is None

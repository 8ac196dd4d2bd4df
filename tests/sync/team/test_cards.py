"""Presence cards in the team store: one a forum, and who is first decides."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from moderation.ids import Kind
from moderation.presence import Card, CardChange, CardShape, CardState
from sync.team import open_team
from sync.team.store import SqlTeam
from sync.vault import Vault
from tests.factory import HERE, at, ref

FORUM = ref(Kind.FORUM, 1)
CARD = Card(
    FORUM, 2, CardShape.ABOUT, CardState.PUBLISHED, "ja", "a", ref(Kind.THREAD, 7), ref(Kind.POST, 9), "d1",
    {"names": ["p1"], "usual_s": None}, "d2", {"names": []}, "plan", "me", "Me", at(1), at(2), at(3), "asked",
)  # fmt: skip


@pytest.fixture
def team(home_folder: Path) -> Iterator[SqlTeam]:
    opened = open_team(Vault(home_folder, bytes(range(32))), lambda: at(1000))
    yield opened
    opened.close()


def test_all_of_it_is_kept_and_only_the_first_of_two_counts(team: SqlTeam) -> None:
    change = CardChange(FORUM, at(4), CardState.PUBLISHED, "me", "asked", ("names",))
    assert team.card(FORUM) is None
    assert team.keep_card(CARD, instead_of=None, change=change)
    assert not team.keep_card(CARD, instead_of=None)
    assert team.cards(HERE) == [CARD]
    one, other = replace(CARD, state=CardState.CHANGING), replace(CARD, state=CardState.LEAVING)
    assert team.keep_card(one, instead_of=CARD)
    assert not team.keep_card(other, instead_of=CARD, change=replace(change, state=CardState.LEAVING))
    assert team.card(FORUM) == one
    assert list(team.card_history(FORUM)) == [change]
    assert team.cards("other.example") == []

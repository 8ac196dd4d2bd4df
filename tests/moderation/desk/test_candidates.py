"""What is said not to be private: kept for the team, logged, and taken back."""

import pytest

from moderation.errors import NotAllowedError, UnknownIdError
from moderation.ids import Kind
from moderation.ports import NOT_PRIVATE
from moderation.privacy.dismissals import Found, WhyNot
from moderation.privacy.finder import Finder
from tests.fakes import factory
from tests.moderation.desk.conftest import Room

TEXT = "ask ines@example.com or call bo@example.com, again ines@example.com"


@pytest.fixture
def post(room: Room) -> str:
    name = str(factory.post().id)
    room.mirror.finds[name] = Found(name, b"d", tuple(Finder().find_in(TEXT, name)))
    return name


def test_a_find_is_dismissed_for_good_with_a_reason(room: Room, post: str) -> None:
    spots = room.desk.candidates.found(post).standing
    said = room.desk.candidates.not_private(post, [spots[1].print], WhyNot.AGREED)
    assert [spot.masked for spot in said.spots] == ["b…@e….com"]
    (kept,) = room.team.not_private()
    assert (kept.post, kept.kind, kept.why) == (post, "email", "agreed")
    (entry,) = room.team.audit()
    assert (entry.action, entry.target, entry.reason, entry.facts["snippet"]) == (
        "not_private", post, "agreed", "b…@e….com",
    )  # fmt: skip
    assert "bo@example.com" not in str(entry)
    assert room.mirror.overlay[post].action == NOT_PRIVATE


def test_all_finds_at_once_each_value_once(room: Room, post: str) -> None:
    room.desk.candidates.not_private(post, [], "example")
    assert len(room.team.not_private()) == 2
    assert len(room.team.audit()) == 2


def test_it_is_private_after_all(room: Room, post: str) -> None:
    said = room.desk.candidates.not_private(post, [], "ours")
    room.desk.candidates.take_back(said)
    assert room.team.not_private() == []
    assert [entry.action for entry in room.team.audit()].count("private_after_all") == 2
    assert post not in room.mirror.overlay


def test_what_is_refused(room: Room, post: str) -> None:
    with pytest.raises(NotAllowedError, match="not_private_why_unknown"):
        room.desk.candidates.not_private(post, [], "because")
    with pytest.raises(NotAllowedError, match="find_unknown"):
        room.desk.candidates.not_private(post, [b"other"], "ours")
    with pytest.raises(UnknownIdError, match="post_unknown"):
        room.desk.candidates.found(f"{factory.NAME}:post:999")
    with pytest.raises(UnknownIdError, match="post_unknown"):
        room.desk.candidates.found(f"{factory.NAME}:flag:1")


def test_a_post_is_looked_at_like_an_item(room: Room, post: str) -> None:
    context = room.desk.triage.context(post)
    assert context is not None
    assert context.item.kind is Kind.POST
    assert post in context.found
    assert {str(entry.action) for entry in context.permitted} <= {"hide", "edit", "purge"}

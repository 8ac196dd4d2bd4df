"""Of a long thread that is read a part at a time the page says which part is not here yet."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from moderation.desk.triage import ItemContext
from tests.fakes import factory
from views.item.page import Look, PageWriter, Unfolded
from views.theme import Scheme, Theme
from views.words import Words

pytestmark = pytest.mark.usefixtures("qapp")


def page(places: list[int], language: str = "en", **thread: Any) -> str:
    """The page of an item in a thread of which the posts at these places are here."""
    posts = tuple(factory.post(100 + place, position=place) for place in places)
    item = replace(factory.item(1), post=posts[-1].id)
    context = ItemContext(item, factory.thread(1, **thread), posts, None, (), (), (), None, ())
    theme = Theme(Scheme.LIGHT)
    look = Look({name: theme.hex(name) for name in _colours()}, 14, 20, 12, 11, {})
    writer = PageWriter(Words(language), look, "https://forum.example", datetime.now(UTC))
    return writer.write(context, None, Unfolded()).html


def _colours() -> tuple[str, ...]:
    from views.item.shelf import _COLOURS

    return tuple(_COLOURS)


@pytest.mark.parametrize(("language", "said"), [("en", "Posts 521 to 9,980 of 10,000"), ("ja", "521〜9,980 番目")])
def test_a_gap_is_named(language: str, said: str) -> None:
    assert said in page([518, 519, 520, 9981, 9982], language, complete=False, post_count=10_000)


def test_without_a_gap_beside_the_item_that_much_is_said() -> None:
    assert "Only a part of this thread’s 10,000 posts" in page([1, 2, 3], complete=False, post_count=10_000)


@pytest.mark.parametrize("thread", [{"complete": True, "post_count": 10_000}, {"complete": False, "post_count": 12}])
def test_of_others_nothing_is_said(thread: dict[str, Any]) -> None:
    html = page([1, 2, 900], **thread)
    assert "not here yet" not in html
    assert "Only a part" not in html

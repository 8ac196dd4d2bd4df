"""Priority: a number that explains itself and changes only when its inputs do."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.items import Item, Report
from moderation.priority import BASE, prioritise
from moderation.queries import Level
from tests.fakes import factory
from tests.fakes.clock import START


def reported(*texts: str, count: int | None = None) -> Item:
    reports = tuple(Report(text, None, None, START) for text in texts)
    return factory.item(reports=reports, report_count=len(texts) if count is None else count)


@pytest.mark.parametrize(
    ("text", "category", "level"),
    [
        ("He wrote that he wants to kill somebody", "danger", Level.URGENT),
        ("自殺をほのめかしています", "danger", Level.URGENT),
        ("Picture of a minor", "minors", Level.URGENT),
        ("A minor is shown here", "minors", Level.URGENT),
        ("shows children", "minors", Level.URGENT),
        ("Contains a phone number", "personal_data", Level.HIGH),
        ("電話番号が書かれています", "personal_data", Level.HIGH),
        ("API token in the text", "secret", Level.HIGH),
        ("HARASSMENT", "harassment", Level.HIGH),
        ("Spam", "spam", Level.NORMAL),
        ("スパム", "spam", Level.NORMAL),
        ("already asked", "duplicate", Level.LOW),
        ("+1 only", "low_effort", Level.LOW),
    ],
)
def test_words_of_reporters_give_category_and_level(text: str, category: str, level: Level) -> None:
    found = prioritise(reported(text))
    assert found.level is level
    assert f"category:{category}" in found.why
    assert found.score >= BASE[level]


@pytest.mark.parametrize(
    "text",
    ["Shows no skill", "a minor issue", "Minor typo", "Childish behaviour", "painkillers for sale", "minor spam"],
)
def test_words_that_only_contain_a_grave_one_are_not_urgent(text: str) -> None:
    assert prioritise(reported(text)).level is not Level.URGENT


def test_the_gravest_of_several_reports_counts() -> None:
    assert prioritise(reported("spam", "spam", "he threatens me")).level is Level.URGENT


@pytest.mark.parametrize(
    ("text", "count", "level"),
    [
        ("duplicate", 3, Level.NORMAL),
        ("spam", 2, Level.NORMAL),
        ("spam", 3, Level.HIGH),
        ("harassment", 9, Level.HIGH),
        ("", 3, Level.HIGH),
    ],
)
def test_three_reports_raise_it_one_step_and_never_to_urgent(text: str, count: int, level: Level) -> None:
    found = prioritise(reported(text, count=count))
    assert found.level is level
    assert f"reports:{count}" in found.why


def test_what_was_not_read_yet_is_ordinary() -> None:
    found = prioritise(factory.item(reports=(), report_count=0, detail=False))
    assert (found.level, found.why, found.reason) == (Level.NORMAL, (), "")


def test_a_new_author_and_a_public_forum_weigh_a_little() -> None:
    plain = prioritise(reported("spam"))
    new = prioritise(reported("spam"), factory.member(post_count=1), factory.forum())
    assert new.score > plain.score
    assert new.level is plain.level
    assert "new_author" in new.why


def test_the_reason_is_the_most_frequent_complaint_on_one_line() -> None:
    assert prioritise(reported("Off\ntopic", "Spam", "Off topic")).reason == "Off topic"


levels = st.sampled_from(["spam", "kill", "phone", "duplicate", "", "電話", "nothing special"])


@given(st.lists(levels, min_size=1, max_size=6), st.randoms())
def test_neither_order_nor_time_of_reports_moves_an_item(texts: list[str], random: object) -> None:
    item = reported(*texts)
    shuffled = replace(item, reports=item.reports[::-1], created_at=START.replace(year=2020))
    there, here = prioritise(shuffled), prioritise(item)
    assert (there.score, there.level, set(there.why)) == (here.score, here.level, set(here.why))


@given(st.lists(levels, min_size=1, max_size=4), st.integers(1, 400))
def test_levels_never_overlap(texts: list[str], count: int) -> None:
    found = prioritise(reported(*texts, count=count), factory.member(post_count=0), factory.forum())
    assert BASE[found.level] <= found.score < BASE[found.level] + 1000

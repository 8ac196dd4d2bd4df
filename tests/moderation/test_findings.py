"""Findings: what speaks against posting a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.content import CommunityInfo
from moderation.findings import Audience, Severity, check_text

INFO = CommunityInfo("c", "nodebb", "4", "http://c", "C", min_post_length=8, max_post_length=200)


def rules(text: str, audience: Audience = Audience.PUBLIC) -> list[tuple[str, Severity]]:
    return [(finding.rule, finding.severity) for finding in check_text(text, audience, INFO)]


def test_an_ordinary_answer_has_no_findings() -> None:
    assert rules("Thank you for telling us. It is mended in version 4.2.") == []
    assert rules("お知らせいただきありがとうございます。修正しました。") == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("Thanks", "too_short"),
        ("   Thanks   ", "too_short"),
        ("x" * 201, "too_long"),
    ],
)
def test_lengths_of_the_community_block(text: str, rule: str) -> None:
    assert rules(text) == [(rule, Severity.BLOCK)]


@pytest.mark.parametrize(
    "text",
    [
        "Hello {{name}}, thank you",
        "Hello {name}, thank you",
        "Dear [NAME], thank you",
        "Dear <CUSTOMER>, hello",
        "[TODO] write this",
    ],
)
def test_a_leftover_placeholder_blocks_and_is_shown_where_it_is(text: str) -> None:
    (finding,) = check_text(text, Audience.STAFF, INFO)
    assert (finding.rule, finding.severity, finding.remedy) == ("placeholder", Severity.BLOCK, "fill_in")
    assert finding.place is not None
    assert text[slice(*finding.place)][0] in "{[<"


@pytest.mark.parametrize(
    "text", ["Write to hana@example.com please", "Call 03-1234-5678 please", "Call +81 090-1234-5678"]
)
def test_personal_data_asks_wherever_others_than_its_owner_may_read(text: str) -> None:
    assert rules(text) == [("personal_data", Severity.ASK)]
    assert rules(text, Audience.STAFF) == [("personal_data", Severity.ASK)]
    assert rules(text, Audience.CUSTOMER) == []


@pytest.mark.parametrize(
    "text", ["Your password: hunter22", "API key = abcdef1234", "あなたのパスワード：himitsu1 です"]
)
def test_a_secret_blocks_in_public_and_asks_in_a_closed_forum(text: str) -> None:
    """Members may enter that: nothing says that only staff do."""
    assert ("secret", Severity.BLOCK) in rules(text)
    assert ("secret", Severity.ASK) in rules(text, Audience.STAFF)


def test_findings_come_in_the_order_of_the_text() -> None:
    found = check_text("a@example.com and {name} and b@example.com", Audience.PUBLIC, INFO)
    assert [finding.rule for finding in found] == ["personal_data", "placeholder", "personal_data"]


@given(st.text(max_size=400), st.sampled_from(Audience))
def test_every_place_lies_in_the_text(text: str, audience: Audience) -> None:
    for finding in check_text(text, audience, INFO):
        if finding.place is not None:
            start, end = finding.place
            assert 0 <= start < end <= len(text)

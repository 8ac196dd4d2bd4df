"""Ids: read and written the same everywhere, made in the order of time."""

import re
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.errors import MarqueeError, NotAllowedError, UnknownIdError
from moderation.ids import Kind, Ref, community_name, time_ordered_id

refs = st.builds(
    Ref,
    st.from_regex(r"[a-z0-9.-]{1,30}", fullmatch=True),
    st.sampled_from(Kind),
    st.from_regex(r"[A-Za-z0-9_.-]{1,30}", fullmatch=True),
)


@given(refs)
def test_an_id_is_read_back_as_it_was_written(ref: Ref) -> None:
    assert Ref.parse(str(ref)) == ref


@given(st.text(max_size=200).filter(lambda text: text.count(":") != 2))
def test_any_other_text_is_refused_with_a_short_fact(text: str) -> None:
    with pytest.raises(UnknownIdError) as refused:
        Ref.parse(text)
    assert refused.value.code == "id_malformed"
    assert len(str(refused.value.facts["id"])) <= 120


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a:flag",
        "a:flag:",
        ":flag:1",
        "A:flag:1",
        "a:ticket:1",
        "a:flag:1 ",
        "a:flag:1\n",
        "a:flag:１",
        "a:flag:1/2",
    ],
)
def test_near_misses_are_refused(text: str) -> None:
    with pytest.raises(UnknownIdError):
        Ref.parse(text)


def test_a_sibling_stays_in_the_community() -> None:
    assert str(Ref("c", Kind.FLAG, "1").sibling(Kind.POST, 7)) == "c:post:7"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://forum.example.org", "forum.example.org"),
        ("https://forum.example.org:8443/help/", "forum.example.org-8443-help"),
        ("HTTP://Forum.Example.ORG/Help", "forum.example.org-help"),
        ("forum.example.org", "forum.example.org"),
        ("http://127.0.0.1:4567", "127.0.0.1-4567"),
        ("https://例え.jp", "xn--r8jz45g.jp"),
    ],
)
def test_a_community_is_named_after_its_address(url: str, name: str) -> None:
    assert community_name(url) == name


@pytest.mark.parametrize(
    "url",
    ["", "http://", "http://[", "http://h:99999", "http://h:abc", "http://" + "a" * 70 + ".org", "..", "http:///x"],
)
def test_what_is_no_address_is_refused_in_words(url: str) -> None:
    with pytest.raises(NotAllowedError) as refused:
        community_name(url)
    assert refused.value.code == "address_malformed"


@given(st.text(max_size=80))
def test_a_name_fits_into_an_id_whatever_was_typed(text: str) -> None:
    try:
        name = community_name(text)
    except MarqueeError:
        return
    assert re.fullmatch(r"[a-z0-9.-]+", name)


@given(st.integers(0, (1 << 48) - 1), st.integers(0, (1 << 48) - 1), st.binary(min_size=10, max_size=16))
def test_made_ids_are_version_7_and_sort_by_time(first: int, second: int, random: bytes) -> None:
    one, other = time_ordered_id(first, random), time_ordered_id(second, random)
    assert uuid.UUID(one).version == 7
    assert uuid.UUID(one).variant == uuid.RFC_4122
    assert (one < other) == (first < second)

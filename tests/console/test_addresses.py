"""What people paste as an address."""

import pytest

from console.addresses import candidates, is_local
from moderation.errors import NotAllowedError


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("https://c.example.org", "https://c.example.org", "https://c.example.org"),
        ("  c.example.org/ ", "https://c.example.org", "https://c.example.org"),
        ("localhost:4567", "http://localhost:4567", "http://localhost:4567"),
        ("127.0.0.1:4567/forum", "http://127.0.0.1:4567/forum", "http://127.0.0.1:4567"),
        (
            "https://c.example.org/help/topic/3/x?page=2#5",
            "https://c.example.org/help/topic/3/x",
            "https://c.example.org",
        ),
        ("http://[::1]:4567", "http://[::1]:4567", "http://[::1]:4567"),
    ],
)
def test_addresses_to_try(text: str, first: str, last: str) -> None:
    tried = candidates(text)
    assert (tried[0], tried[-1]) == (first, last)
    assert len(tried) <= 5


@pytest.mark.parametrize(
    "text",
    [
        *("", "   ", "ftp://c.example", "https://", "http://a b", "https://c:99999", "file:///x"),
        *("https://[c.example", "[c.example", "https://c]example/", "https://c\u2100example"),
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(NotAllowedError, match="url_malformed"):
        candidates(text)


def test_a_password_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(NotAllowedError, match="url_with_password") as caught:
        candidates("https://ada:hunter2@c.example")
    assert "hunter2" not in str(caught.value)


def test_only_this_machine_is_local() -> None:
    assert is_local("http://127.0.0.1:4567")
    assert is_local("http://[::1]")
    assert not is_local("http://10.0.0.1")
    assert not is_local("https://localhost.example.org")

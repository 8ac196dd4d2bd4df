"""What a post shows: words without tags, links with the words one would press."""

import time

import pytest

from moderation.privacy.finder import Finder
from moderation.privacy.shown import shown
from moderation.privacy.spots import PrivateKind


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo\n"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("AC-<b>48</b>1516", "AC-481516"),
        ("fish &amp; chips &lt;b&gt;", "fish & chips <b>"),
        ("<script>password: x</script>seen<style>p{}</style>", "seen"),
        ("<pre><code>key = 1\nkey = 2</code></pre>", "key = 1\nkey = 2\n"),
        ("<blockquote>said</blockquote>mine", "said\nmine"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<!-- hidden -->x", "x"),
        ("unclosed <a href='x'>words", "unclosed words"),
    ],
)
def test_words(html: str, text: str) -> None:
    assert shown(html).text == text


def test_what_is_not_rendered_is_shown_as_typed() -> None:
    assert shown("", "a <b> &amp;\r\nb").text == "a <b> &amp;\nb"
    assert shown("", None).text == ""


@pytest.mark.parametrize(
    ("html", "kind", "words"),
    [
        ('<a href="mailto:ines@example.com">write me</a>', PrivateKind.EMAIL, "write me"),
        ('<p>See <a href="mailto:ines%40example.com?subject=x">this</a></p>', PrivateKind.EMAIL, "this"),
        ('<a href="https://x.example/r?token=Zk3v9QpL2xT8">the file</a>', PrivateKind.ACCESS_KEY, "the file"),
        ('<a href="https://x.example/r?id=1&amp;token=Zk3v9QpL2xT8">here</a>', PrivateKind.ACCESS_KEY, "here"),
        ('before<img src="https://x.example/p.png?sig=Zk3v9QpL2xT8Qm3z">', PrivateKind.ACCESS_KEY, ""),
        ('<a href="https://ann:p4ss-W0lf@files.example.com/">files</a>', PrivateKind.PASSWORD, "files"),
    ],
)
def test_targets_of_links_are_looked_at(html: str, kind: PrivateKind, words: str) -> None:
    seen = shown(html)
    (spot,) = Finder().find(seen)
    assert (spot.kind, seen.text[spot.start : spot.end], spot.reason) == (kind, words, "link_target")


def test_an_address_that_is_shown_and_linked_is_one_find() -> None:
    html = '<a href="mailto:ines@example.com">ines@example.com</a>'
    (spot,) = Finder().find(shown(html))
    assert spot.reason == "email"


def test_quotes_and_code_are_looked_at() -> None:
    html = "<blockquote>mail ines@example.com</blockquote><pre><code>password = Tr0ub4dor</code></pre>"
    assert [spot.kind for spot in Finder().find(shown(html))] == [PrivateKind.EMAIL, PrivateKind.PASSWORD]


def test_data_cut_by_tags_is_found_as_it_is_read() -> None:
    seen = shown("card <b>4111</b> <i>1111</i> 1111 1111")
    (spot,) = Finder().find(seen)
    assert seen.text[spot.start : spot.end] == "4111 1111 1111 1111"


@pytest.mark.parametrize(
    "unit", ["<", "<a ", "<a href=", '<a href="', "<!--", "</", "<b>", "&", "<a href='x'>", "<script>"]
)
def test_hostile_markup_takes_time_that_grows_with_its_length(unit: str) -> None:
    html = (unit * (300_000 // len(unit) + 1))[:300_000]
    begun = time.process_time()
    shown(html)
    assert time.process_time() - begun < 3

"""Finds in what people read: where they stand, their words, and what is cut away."""

import re

import pytest

from moderation.privacy.dismissals import Found
from moderation.privacy.finder import Finder
from moderation.privacy.shown import shown
from views.item.inert import inert_html
from views.item.marks import Finds, marked_finds, reason
from views.words import Words

COLOURS = ("#fce9a6", "#1f1e1c")
FINDER = Finder()


def marked(html: str, language: str = "en") -> str:
    seen = shown(html)
    finds = Finds.of(Found("c:post:1", seen.digest, tuple(FINDER.find(seen, "c:post:1"))), seen.text)
    inert = inert_html(html, base="https://c.example/")
    return marked_finds(inert.html, finds, Words(language), COLOURS)  # type: ignore[arg-type]


def words(html: str) -> str:
    """What is read, without tags and drawings."""
    return re.sub(r"<[^>]*>", "", html.replace("&nbsp;", ""))


def marks(html: str) -> list[str]:
    """The words that are marked, each with all its parts."""
    found = re.findall(r'<a href="marquee:find/[^"]*" title="[^"]*" style="[^"]*">(.*?)</a>', html)
    return [re.sub(r"<[^>]*>", "", part) for part in found]


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        ("<p>ask ines@example.com today</p>", ["ines@example.com"]),
        ("<p>card <b>4111</b> 1111 1111 1111</p>", ["4111", " 1111 1111 1111"]),
        ("<p>a &lt;b&gt; ines@example.com &amp; bo@example.com</p>", ["ines@example.com", "bo@example.com"]),
        ("<p>ines@example.com</p><p>ines@example.com</p>", ["ines@example.com", "ines@example.com"]),
        ("<pre><code>password = Tr0ub4dor\nnext</code></pre>", ["Tr0ub4dor"]),
        ("<blockquote>tel: 〒150-0041</blockquote>", ["〒150-0041"]),
    ],
)
def test_finds_are_marked_where_they_stand(html: str, wanted: list[str]) -> None:
    made = marked(html)
    assert marks(made) == wanted
    assert words(made) == words(inert_html(html, base="https://c.example/").html)


def test_a_mark_names_kind_reason_and_sureness() -> None:
    made = marked("<p>card 4111 1111 1111 1111</p>")
    assert 'title="card number: known issuer and right check digit (certain)"' in made
    assert "marquee:tag/card%20number" in made
    assert COLOURS[0] in made


def test_what_only_may_be_private_has_no_ground_and_asks() -> None:
    made = marked("<p>at 192.168.1.7</p>")
    assert COLOURS[0] not in made
    assert "underline" in made
    assert "marquee:tag/IP%20address%3F" in made


def test_a_link_keeps_its_address_and_gets_the_reason_as_a_hint() -> None:
    made = marked('<p><a href="mailto:ines@example.com">write me</a></p>')
    assert 'href="mailto:ines@example.com"' in made
    assert 'title="e-mail address: in the target of a link (certain)"' in made
    assert "marquee:find" not in made


def test_what_is_cut_away_is_not_marked_elsewhere() -> None:
    html = "<p>" + "word " * 5000 + "</p><p>ines@example.com</p>"
    assert marks(marked(html)) == []


def test_steering_signs_do_not_hide_a_mark() -> None:
    assert marks(marked("<p>ask ines\u200b@example.com</p>")) == ["ines\u200b@example.com"]


def test_hostile_words_stay_words() -> None:
    made = marked('<p>password: x"><img src=q onerror=1>7Qz ines@example.com</p>')
    assert "<img src=q" not in made
    assert made.count("onerror") == made.count("onerror=1") or "&" in made


def test_reasons_in_japanese() -> None:
    (spot,) = FINDER.find_in("〒150-0041")
    assert reason(spot, Words("ja")) == "住所：〒 の付いた郵便番号です（確実）"

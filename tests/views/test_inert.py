"""Hostile posts come out inert, bounded and readable."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from views.item.inert import FULL, Picture, host_of, inert_html, inert_text, plain, with_pictures
from views.outside import in_full

BASE = "https://quillby.example/"


@pytest.mark.parametrize(
    "raw",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<a href="file:///etc/passwd">x</a>',
        '<iframe src="https://evil.example"></iframe>',
        "<style>body{display:none}</style>",
        "<svg onload=alert(1)></svg>",
        '<p style="background:url(https://evil.example/x)">x</p>',
        '<link rel=stylesheet href="https://evil.example/x.css">',
        '<p onclick="x()">x</p>',
        '<form action="https://evil.example"><input></form>',
    ],
)
def test_nothing_that_acts_or_loads_survives(raw: str) -> None:
    html = inert_html(raw, base=BASE).html
    for word in (
        "script",
        "javascript",
        "onerror",
        "onclick",
        "onload",
        "evil.example",
        "style",
        "data:",
        "file:",
        "<img",
    ):
        assert word not in html


def test_where_a_picture_stood_there_is_a_place_for_it() -> None:
    raw = '<p>a<img src="https://img.example/1.png" alt="a &quot;cat&quot;">b<img src="/uploads/2.png"></p>'
    body = inert_html(raw, base=BASE)
    assert body.html == "<p>a<picture 0>b<picture 1></p>"
    assert body.pictures == (
        Picture("https://img.example/1.png", 'a "cat"'),
        Picture("https://quillby.example/uploads/2.png"),
    )
    assert with_pictures(body.html, lambda n: f"[{n}]") == "<p>a[0]b[1]</p>"
    assert host_of(body.pictures[0].address) == "img.example"


def test_where_a_picture_leads_is_told_unless_it_is_the_picture_itself() -> None:
    raw = '<p><a href="https://{}"> <img src="https://img.example/1.png"> </a></p>'
    away = inert_html(raw.format("evil.example/buy"), base=BASE)
    [home] = inert_html(raw.format("img.example/1.png"), base=BASE).pictures
    assert (away.pictures[0].link, home.link) == ("https://evil.example/buy", "")
    assert away.html == "<p><picture 0></p>"


def test_a_picture_stands_beside_the_link_that_it_shares_with_words() -> None:
    body = inert_html('<a href="https://e.example/x"><img src="/1.png">words</a>', base=BASE)
    assert body.html == '<picture 0><a href="https://e.example/x">words</a>'
    assert body.pictures[0].link == ""
    after = inert_html('<a href="https://e.example/x">words<img src="/1.png"></a>', base=BASE)
    assert after.html.count("</a>") == 1


def test_a_small_face_beside_a_quote_is_no_picture_but_a_large_one_is() -> None:
    raw = '<img class="avatar" src="/f.png" width="24" height="{}">'
    assert inert_html(raw.format(24), base=BASE).pictures == ()
    assert len(inert_html(raw.format(2400), base=BASE).pictures) == 1
    assert len(inert_html('<img class="avatar" src="/f.png">', base=BASE).pictures) == 1


def test_nobody_types_a_place() -> None:
    body = inert_html('<p><picture 0>x</picture>&lt;picture 0></p><img src="/a.png">', base=BASE)
    assert body.html.count("<picture ") == len(body.pictures) == 1


def test_a_flood_of_pictures_is_counted() -> None:
    body = inert_html('<img src="/a.png">' * 300, base=BASE)
    assert (len(body.pictures), body.more_pictures) == (20, 280)
    assert body.html.count("<picture ") == 20
    quoted = inert_html(
        "<blockquote>" * 4 + '<img src="/a.png">' + "</blockquote>" * 4 + '<img src="/b.png">', base=BASE
    )
    assert [picture.address for picture in quoted.pictures] == ["https://quillby.example/b.png"]
    assert quoted.more_pictures == 1
    assert "<picture 0>" in quoted.html


def test_an_emoji_picture_becomes_the_emoji() -> None:
    body = inert_html('<p><img class="emoji" alt="😄" src="/e.png"></p>', base=BASE)
    assert body.html == "<p>😄</p>"
    assert body.pictures == ()


def test_links_keep_their_address_and_relative_ones_are_resolved() -> None:
    html = inert_html('<a href="/topic/1" target=_blank onclick=x>here</a>', base=BASE).html
    assert html == '<a href="https://quillby.example/topic/1">here</a>'


@pytest.mark.parametrize("raw", ["a\u202eb", "a&#8238;b", "a\u0007b", "a\u2066b\u2069"])
def test_characters_that_steer_are_gone(raw: str) -> None:
    assert inert_html(f"<p>{raw}</p>", base=BASE).html == "<p>ab</p>"
    assert "\u202e" not in inert_text(raw).html


def test_quotes_in_quotes_in_quotes_are_folded() -> None:
    body = inert_html("<blockquote>" * 5 + "deep" + "</blockquote>" * 5 + "<p>own</p>", base=BASE)
    assert body.folded_quotes == 1
    assert "deep" not in body.html
    assert body.html.endswith("<p>own</p>")
    assert body.html.count("<blockquote>") == body.html.count("</blockquote>") == 2


@pytest.mark.parametrize(
    "raw",
    [
        "<p>" + "word " * 2_000_000,
        "a" * 1_000_000,
        "<blockquote>" * 60_000 + "x",
        "<b><i>" * 100_000 + "x",
        "<p>x</p>" * 100_000,
        "<br>" * 200_000,
        "&amp;" * 200_000,
        "<" * 200_000,
    ],
    ids=["ten megabytes", "no space", "quotes", "nested", "paragraphs", "breaks", "entities", "angles"],
)
def test_floods_are_cut_to_a_size_that_cannot_stall(raw: str) -> None:
    body = inert_html(raw, base=BASE)
    assert len(plain(body.html)) <= FULL
    assert len(body.html) < 60_000
    assert max((len(word) for word in plain(body.html).split()), default=0) <= 1_000
    assert body.cut > 0


def test_a_cut_post_is_still_balanced() -> None:
    html = inert_html("<ul>" + "<li><b>" + "x " * 30_000 + "</b></li></ul>", base=BASE).html
    for tag in ("ul", "li", "b"):
        assert html.count(f"<{tag}>") == html.count(f"</{tag}>")


def test_typed_text_is_shown_as_typed() -> None:
    body = inert_text("<b>not bold</b>\n\nsecond & last\nline")
    assert body.html == "<p>&lt;b&gt;not bold&lt;/b&gt;</p><p>second &amp; last<br>line</p>"


def test_headings_do_not_shout() -> None:
    assert inert_html("<h1>Big</h1>", base=BASE).html == "<p><b>Big</b></p>"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("<>/abipulqr \"'=&;\n\u202e漢"), max_size=300))
def test_whatever_is_posted_no_tag_outside_the_list_comes_out(raw: str) -> None:
    import re

    allowed = {
        "p",
        "br",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "s",
        "del",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "a",
        "hr",
    }
    html = inert_html(raw, base=BASE).html
    assert {tag.strip("/").lower() for tag in re.findall(r"<(/?\w+)", html)} <= allowed


def test_a_host_in_other_letters_is_shown_as_it_is_really_written() -> None:
    assert in_full("https://quillby.example/a") == "https://quillby.example/a"
    assert "\n(xn--" in in_full("https://qu\u0456llby.example/a")

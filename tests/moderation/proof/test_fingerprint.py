"""Recognising a text wherever a server puts it, in parts, and nothing that is not it."""

import html
import json
from urllib.parse import quote

import pytest

from moderation.proof.fingerprint import GRAM, WINDOW, Fingerprint, distinctive, fingerprint
from moderation.proof.words import joined, masked, plain, shown

KEY, OTHER = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
TEXT = (
    "Hello, since Monday my parcel with the serial number AX-4471-9983 has been lost near the bridge, "
    "and your colleague promised to ring me at 0170 / 555 12 34 or to write to anna.b@example.org."
)
JAPANESE = (
    "先週の月曜日に届くはずだった荷物がまだ届きません。住所は東京都千代田区丸の内一丁目九番一号、担当は佐藤様です。"
)
MARKS, MARKE = fingerprint([TEXT], KEY), fingerprint([JAPANESE], KEY)


def found(marks: Fingerprint, text: str) -> bool:
    return marks.find(joined([text])) is not None


DRESSED = {
    "as it is": TEXT,
    "in HTML": "<p>" + html.escape(TEXT).replace(", ", ",<br>\n") + "</p>",
    "with a tag in every word": "".join(f"{word[:2]}<em>{word[2:]}</em> " for word in TEXT.split(" ")),
    "escaped twice": html.escape(html.escape(f"<p>{TEXT}</p>")),
    "in JSON in a page": '<script id="data">'
    + json.dumps({"a": [f"<p>{TEXT}</p>"]}).replace("<", "\\u003c")
    + "</script>",
    "in CDATA": f"<description><![CDATA[<p>{TEXT}</p>]]></description>",
    "in an attribute": f'<meta property="og:description" content="{html.escape(TEXT)}" />',
    "in an address": "https://example.org/search?q=" + quote(TEXT),
    "with markdown": TEXT.replace("parcel", "**parcel**").replace("Monday", "_Monday_"),
    "in one line of capitals": TEXT.upper(),
    "with other spaces": TEXT.replace(" ", "\u00a0\u200b\n"),
    "in full width": "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in TEXT),
    "quoted in a reply": "> " + TEXT.replace("bridge, ", "bridge,\n> ") + "\n\nYes, the same here.",
}


@pytest.mark.parametrize("how", DRESSED)
def test_however_it_is_dressed(how: str) -> None:
    assert found(MARKS, f"Some other words before. {DRESSED[how]} And some after it.")


@pytest.mark.parametrize("start", range(0, 120, 7))
def test_a_part_of_it_is_enough(start: int) -> None:
    assert found(MARKS, "Somebody wrote: " + TEXT[start : start + 62])
    assert found(MARKE, "引用:" + JAPANESE[start % 25 : start % 25 + 26])


@pytest.mark.parametrize(
    "piece",
    ["AX-4471-9983", "ax 4471 9983", "anna.b@example.org", "ANNA.B@EXAMPLE.ORG", "0170-5551234", "+49 (170) 5551234"],
)
def test_what_tells_by_itself_is_enough(piece: str) -> None:
    assert found(MARKS, f"it was {piece}, I think")


INNOCENT = [
    "Hello everyone, thank you very much in advance for your help. Kind regards.",
    "My parcel arrived on Tuesday, and the colleague at the counter was friendly.",
    "Order 2026-11-28T10:36:04.264Z /assets/uploads/files/1795862273846-order-scan.png 4471 99 83",
    "お世話になっております。よろしくお願いいたします。ありがとうございました。",
    "先週の火曜日に注文しました。配送状況を教えていただけますか。",
    "",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_other_texts_are_not_it(text: str) -> None:
    assert not found(MARKS, text)
    assert not found(MARKE, text)


def test_greetings_that_everybody_writes_are_no_sign() -> None:
    marks = fingerprint(["Thank you very much in advance for your help. Kind regards. My code is QX-1100-77."], KEY)
    assert not found(marks, "Thank you very much in advance for your help. Kind regards.")
    assert found(marks, "QX 1100 77")


def test_what_may_stay_is_no_sign() -> None:
    reworded = TEXT.replace("AX-4471-9983", "(struck out)").replace("0170 / 555 12 34", "(struck out)")
    marks = fingerprint([TEXT], KEY, allowed=[reworded])
    assert not found(marks, f"<p>{reworded}</p>")
    assert found(marks, "the serial number AX-4471-9983 has been")
    assert fingerprint([TEXT], KEY, allowed=[TEXT]).empty


def test_a_short_text_is_recognised_as_a_whole() -> None:
    marks = fingerprint(["It is Thorne, door 7."], KEY)
    assert found(marks, "<li>It is <b>Thorne</b>, door 7.</li>")
    assert not found(marks, "It is Thorne.")


def test_in_a_thread_with_all_its_posts_what_many_say_is_no_sign() -> None:
    posts = ["It works now, thank you all!", "The same problem here since the update.", TEXT, "Which version is it?"]
    marks = fingerprint(posts, KEY, short=False)
    page = [
        "It works now, thank you all!",
        "Yes, the same problem here since the update was made.",
        "Which version is it?",
    ]
    assert marks.find(joined(page * 5)) is None
    assert found(fingerprint(posts, KEY), page[0])
    assert found(marks, TEXT[20:90])


def test_fragments_far_apart_are_no_quotation() -> None:
    said = plain("the quick brown fox jumps over the lazy dog while seven wizards brew potions beneath very old oaks")
    marks = fingerprint([said], KEY)
    parts = [said[start : start + 23] for start in range(0, len(said) - 22, 12)]
    assert marks.find("".join(parts)) is not None
    assert marks.find(("x" * 120).join(parts)) is None


def test_pieces_that_a_person_marked_count_and_short_numbers_stand_alone() -> None:
    marks = fingerprint([], KEY, pieces=["Rosalind Achterberg", "4471998"])
    assert found(marks, "by rosalind achterberg, yesterday")
    assert found(marks, "number 4471998, please")
    assert not found(marks, "at 1447199812")


def test_a_run_of_so_many_letters_always_meets_a_kept_fragment() -> None:
    body = plain(
        "the quick brown fox jumps over the lazy dog while seven wizards brew potions quietly beneath old oaks"
    )
    marks = fingerprint([body], KEY)
    kept = {fragment[2] for fragment in marks.grams}
    for start in range(len(body) - GRAM - WINDOW + 2):
        run = body[start : start + GRAM + WINDOW - 1]
        assert kept & {fragment[2] for fragment in fingerprint([run + "", run], KEY).grams}


def test_it_is_packed_without_the_text_and_differs_from_key_to_key() -> None:
    packed = MARKS.packed()
    assert Fingerprint.unpacked(packed) == MARKS
    assert "4471" not in packed
    assert "anna" not in repr(MARKS)
    assert not {fragment[2] for fragment in MARKS.grams} & {f[2] for f in fingerprint([TEXT], OTHER).grams}
    with pytest.raises(ValueError, match="two keys"):
        _ = MARKS | fingerprint([TEXT], OTHER)


def test_words_to_search_by_hold_nothing_that_tells() -> None:
    words = distinctive([TEXT])
    assert words == ("colleague", "promised", "Monday", "bridge", "number", "parcel")
    assert distinctive([JAPANESE])
    assert all(word in JAPANESE for word in distinctive([JAPANESE]))
    assert distinctive(["0170 5551234 anna@example.org AX-4471"]) == ()


def test_a_masked_snippet_shows_where_and_not_what() -> None:
    text = "Please ring +49 170 5551234 at Lindenstrasse 17"
    said = masked(text, 7, 30)
    assert "5" not in said
    assert "indenstrasse" not in said
    assert said.startswith("P•••••")


def test_a_reader_sees_no_tags() -> None:
    assert shown('<p dir="auto">one &amp; <b>two</b></p>\n<p>three</p>') == "one & two three"


def test_hostile_texts_take_no_time_to_speak_of() -> None:
    for text in ("<" * 20_000, "&amp;" * 20_000, "%25" * 20_000, "\\u003c" * 10_000, '="' * 20_000, "1 " * 20_000):
        assert not found(MARKS, text)
        fingerprint([text], KEY)

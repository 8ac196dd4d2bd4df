"""What many had said before is no sign of a text; everything else that a text says still is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from moderation.content import Post
from moderation.ids import Ref
from moderation.proof import Fingerprint, SaidBefore, fingerprint, with_common
from moderation.proof.common import own_words
from moderation.proof.words import joined
from tests.corpus import privacy_corpus
from tests.factory import post, ref

KEY = "00112233445566778899aabbccddeeff"
CANNED = (
    "Thanks for writing to the Quillby community, one of us will look into your question within two working days.",
    "I have already tried to switch it off and on again, to reset it and to update it, and nothing has helped so far.",
    "Please have a look at the pinned thread first, most questions about deliveries are answered there already.",
    "クイルビー製品をご利用いただき誠にありがとうございます。担当者が確認のうえ二営業日以内にお返事いたします。",
    "電源の入れ直しと初期化とファームウェアの更新はすでに試しましたが、まったく改善されませんでした。",
)
NEARLY = (
    "Thanks for writing to the Quillby community, one of us will look into your parcel within two working days.",
    "I have already tried to switch it off and on again, to reset it and to charge it, and nothing has helped so far.",
    "Please have a look at the pinned thread first, most questions about invoices are answered there already.",
    "クイルビー製品をご利用いただき誠にありがとうございます。担当者が確認のうえ三営業日以内にお返事いたします。",
    "電源の入れ直しと初期化とアプリの更新はすでに試しましたが、まったく改善されませんでした。",
)
SECRET = "My gate on Harbour Row sticks, so the driver left the blue parcel with old Mr Whitcombe next to the mill."
HIDDEN = f"{CANNED[1]} {SECRET} {CANNED[0]}"
CUSTOMER, CLERK = ref("member", 50), ref("member", 60)


def nobody(member: Ref, at: datetime) -> bool:
    return False


def said(text: str, *, threads: int = 3, people: int = 2, by: Ref | None = None, first: int = 100) -> list[Post]:
    """The same words in so many threads, by so many people."""
    return [
        post(first + n, in_thread=first + n, author=by or ref("member", 70 + n % people), body=text)
        for n in range(threads)
    ]


def marks_after(
    posts: Iterable[Post],
    text: str = HIDDEN,
    pieces: Iterable[str] = (),
    is_staff: Callable[[Ref, datetime], bool] = nobody,
) -> Fingerprint:
    before = SaidBefore(frozenset({CUSTOMER}), tuple(posts))
    return with_common(fingerprint([text], KEY, pieces=pieces), before, is_staff)


def found(marks: Fingerprint, text: str) -> bool:
    return marks.find(joined([text])) is not None


MANY = [one for n, text in enumerate(CANNED) for one in said(text, first=100 * n)]


@pytest.mark.parametrize("number", [0, 1])
def test_what_many_said_before_is_no_sign(number: int) -> None:
    bare = fingerprint([HIDDEN], KEY)
    for text in (CANNED[number], NEARLY[number]):
        assert found(bare, text)
        assert not found(marks_after(MANY), f"<p>{text}</p>")


LEAKS = {
    "whole": HIDDEN,
    "what is nobody else's": SECRET,
    "a part of it": SECRET[20:70],
    "with the phrases around": HIDDEN[60:190],
    "quoted": f"<blockquote><p>{HIDDEN}</p></blockquote><p>Is that so?</p>",
    "reworded a little": HIDDEN.replace("blue parcel", "red box").replace("already", "of course"),
    "one word of it behind a phrase": HIDDEN[: HIDDEN.index("gate") + 4],
    "one word of it before a phrase": HIDDEN[HIDDEN.index("mill") :],
}


@pytest.mark.parametrize("how", LEAKS)
def test_a_leak_is_seen_although_much_of_it_was_said_before(how: str) -> None:
    assert found(marks_after(MANY), f"Somebody wrote: {LEAKS[how]}")


REPEATED = {
    "in too few threads": said(SECRET, threads=2),
    "by one person": said(SECRET, threads=5, people=1),
    "by the customer": said(SECRET, threads=5, by=CUSTOMER),
    "as a quotation": [replace(one, body=f"> {one.body}\n\nThis is what I mean.") for one in said(SECRET, threads=5)],
    "as a quotation in HTML": [
        replace(one, body=None, body_html=f"<blockquote><blockquote>so</blockquote><p>{SECRET}</p></blockquote>Yes.")
        for one in said(SECRET, threads=5)
    ],
    "as a quotation with a head": [
        replace(one, body=f'[quote="anna, post:1"]\n{SECRET}\n[/quote]\nYes.') for one in said(SECRET, threads=5)
    ],
    "by nobody known": [replace(one, author=None) for one in said(SECRET, threads=5)],
}


@pytest.mark.parametrize("how", REPEATED)
def test_what_was_not_said_independently_is_still_a_sign(how: str) -> None:
    assert not marks_after(REPEATED[how]).common
    assert found(marks_after(REPEATED[how]), SECRET)


def test_the_words_beside_a_quotation_are_the_writers_own() -> None:
    for body in (
        "> so\n> it is\n\nI see.",
        '[quote="a"]so\n[quote]it[/quote] is[/quote]\nI see.',
        "<aside class='quote'><blockquote>so</blockquote></aside>I see.",
    ):
        assert own_words(post(1, body=body)).strip() == "I see."
    assert own_words(post(1, body="I see. <blockquote>so it goes on")).strip() == "I see."


def test_the_standard_sentences_of_the_staff_are_common_whoever_of_them_writes_also_in_the_thread() -> None:
    posts = said(CANNED[0], threads=4, by=CLERK)
    before = SaidBefore(frozenset({CUSTOMER, CLERK}), tuple(posts))
    marks = fingerprint([HIDDEN], KEY)
    assert not with_common(marks, before, nobody).common
    assert not found(with_common(marks, before, lambda member, at: member == CLERK), NEARLY[0])
    few = SaidBefore(frozenset(), tuple(posts[:2]))
    assert not with_common(marks, few, lambda member, at: True).common


def test_what_tells_by_itself_tells_however_often_it_was_said() -> None:
    text = f"{CANNED[0]} Write to zebra.quagga@example.org or ring 0170 5551234 about QX-7718-4402, says Ada Thorne."
    marks = marks_after(said(text, threads=9, people=9), text, ["Ada Thorne"])
    assert not found(marks, CANNED[0])
    for piece in ("zebra.quagga@example.org", "+49 170 5551234", "qx 7718 4402", "ada thorne"):
        assert found(marks, f"it was {piece}, I think")


def test_a_text_of_nothing_but_phrases_leaves_nothing_to_recognise() -> None:
    assert marks_after(MANY, CANNED[0]).empty
    assert not marks_after(MANY).empty


def test_it_is_worked_out_anew_and_kept_when_more_is_gathered() -> None:
    marks = marks_after(MANY)
    assert marks.common
    assert not marks.with_common(()).common
    assert (marks | fingerprint(["Something else that was written there, by somebody."], KEY)).common == marks.common
    assert Fingerprint.unpacked(marks.packed()) == marks


def variants(before: str, text: str, after: str) -> Iterator[str]:
    """A leak whole, without its beginning or end, quoted, and with every seventh word of the phrases changed."""
    whole = f"{before} {text} {after}"
    third = len(whole) // 3
    yield from (whole, whole[: 2 * third], whole[third:], f"<blockquote>{whole}</blockquote>")
    yield f"{reworded(before)} {text} {reworded(after)}"


def reworded(text: str) -> str:
    words = text.split(" ")
    return " ".join("xyzzy" if n % 7 == 3 else word for n, word in enumerate(words))


def test_in_the_corpus_no_leak_is_missed_that_was_seen_before_and_no_phrase_alarms() -> None:
    private = [one for one in privacy_corpus.everything() if any(not wanted.quiet for wanted in one.wanted)][::6]
    seen = kept = 0
    alarms = {"before": 0, "after": 0}
    for number, one in enumerate(private):
        canned = CANNED[:3] if "-en" in one.place else CANNED[3:]
        hidden = canned[number % len(canned)], one.text, canned[(number + 1) % len(canned)]
        bare = fingerprint([" ".join(hidden)], KEY)
        marks = with_common(bare, SaidBefore(posts=tuple(MANY)), nobody)
        for leak in variants(*hidden):
            seen, kept = seen + found(bare, leak), kept + found(marks, leak)
        alarms["before"] += sum(found(bare, text) for text in NEARLY)
        alarms["after"] += sum(found(marks, text) for text in NEARLY)
    assert seen == kept > 4 * len(private)
    assert alarms["after"] == 0 < len(private) < alarms["before"]

"""The leak guard: what it lists, how hard, what a person may accept, and what they may not."""

import pytest

from moderation.bringing import Guard, Known, Objection, PrivateText, Whose
from moderation.findings import Severity
from moderation.privacy.finder import Finder
from moderation.privacy.rules import NO_RULES
from sync.detectors import library_detectors

ANSWER = "Open Account, then Addresses, and set the new flat as billing address."
CUSTOMERS = "My wife is in hospital and I need the line to work by Thursday."
NOTE = "Was promised a call in November and never got one, handle with care."
PUBLIC = "The second invoice still shows my old address after the move."
FIND = Finder(NO_RULES, library_detectors(NO_RULES)).find_in


def guard(*more: PrivateText, complete: bool = True, names: tuple[str, ...] = (), public: str = PUBLIC) -> Guard:
    private = (
        PrivateText(ANSWER, Whose.STAFF),
        PrivateText(f"{CUSTOMERS} {PUBLIC}", Whose.CUSTOMER),
        PrivateText(NOTE, Whose.NOTE),
        *more,
    )
    return Guard(Known("case-7", private, (public,), names, complete), FIND)


def stops(draft: str, looks: Guard | None = None, accepted: tuple[str, ...] = ()) -> list[Objection]:
    return [one for one in (looks or guard()).look(draft, accepted) if one.stops]


@pytest.mark.parametrize(
    ("draft", "rule", "severity", "whose"),
    [
        (ANSWER, "private_words_staff", Severity.ASK, Whose.STAFF),
        (CUSTOMERS, "private_words_customer", Severity.BLOCK, Whose.CUSTOMER),
        (NOTE, "private_words_note", Severity.BLOCK, Whose.NOTE),
        (f"> {CUSTOMERS}", "private_words_customer", Severity.BLOCK, Whose.CUSTOMER),
        (f"```\n{CUSTOMERS}\n```", "private_words_customer", Severity.BLOCK, Whose.CUSTOMER),
        ("- my wife is in hospital!", "private_words_customer", Severity.BLOCK, Whose.CUSTOMER),
    ],
)
def test_whose_words_it_repeats(draft: str, rule: str, severity: Severity, whose: Whose) -> None:
    found = stops(draft)
    assert [(one.rule, one.severity, one.whose) for one in found] == [(rule, severity, whose)]


def test_what_outsiders_read_anyway_is_no_leak() -> None:
    assert stops(PUBLIC) == []
    assert stops("We are glad that it works now.") == []


def test_each_sentence_is_accepted_by_itself_and_an_edit_takes_that_back() -> None:
    draft = f"{ANSWER} Something new follows here. {CUSTOMERS}"
    first, second = stops(draft)
    assert draft[first.start : first.end] == ANSWER
    assert stops(draft, accepted=(first.token,)) == [second]
    assert stops(draft, accepted=(first.token, second.token)) == []
    edited = draft.replace("new flat", "new  flat")
    assert [one.rule for one in stops(edited, accepted=(first.token, second.token))] == ["private_words_staff"]
    other_case = Guard(Known("case-8", (PrivateText(ANSWER, Whose.STAFF),)), FIND)
    assert stops(ANSWER, other_case, (first.token,)), "an acceptance belongs to its case"


def test_words_spread_over_tiny_lines_are_seen() -> None:
    draft = "\n\n".join(CUSTOMERS.split())
    found = stops(draft)
    assert {one.rule for one in found} == {"private_words_customer"}
    assert len(found) > 8


def test_a_short_private_sentence_counts_as_a_whole() -> None:
    looks = guard(PrivateText("So what happened? Cancer. It is bad.", Whose.CUSTOMER))
    assert [one.rule for one in stops("Cancer!", looks)] == ["private_words_customer"]
    assert stops("Canary.", looks) == []


@pytest.mark.parametrize(
    "written",
    ["QB-48213-77", "ＱＢ－４８２１３－７７", "Q B - 4 8 2 1 3 - 7 7", "QB\u200b-482\n13-77", "48213"],
)
def test_a_private_number_is_seen_however_it_is_written(written: str) -> None:
    looks = guard(PrivateText("The order QB-48213-77 went to the wrong place.", Whose.CUSTOMER))
    assert stops(f"It was about {written} all along.", looks)
    assert stops("It was about 12345 all along.", looks) == []


@pytest.mark.parametrize(
    "written",
    ["+44 20 7946 0958", "＋４４ ２０ ７９４６ ０９５８", "+44.20.7946.0958", "+44 20 79\n46 0958", "020 7946 0958"],
)
def test_private_data_has_to_be_struck_out(written: str) -> None:
    looks = guard(PrivateText("Call me at +44 20 7946 0958, my phone is always on.", Whose.CUSTOMER))
    found = stops(f"Call 0{written}" if written.startswith("20") else f"Please call {written} for it.", looks)
    assert found
    tokens = tuple(one.token for one in found)
    assert stops(f"Please call {written} for it.", looks, tokens), "nobody can accept it"


def test_data_of_the_case_is_struck_out_and_what_is_doubtful_accepted() -> None:
    mail = "maren@oakhollow.example"
    sure = guard(PrivateText(f"Write to {mail} please.", Whose.CUSTOMER))
    (one,) = stops(f"We wrote to {mail} yesterday.", sure)
    assert (one.rule, one.token, one.kind) == ("private_data", "", "email")
    assert mail not in one.masked
    (weak,) = stops("Open 192.168.0.12 in the browser.")
    assert weak.rule == "private_data_maybe"
    assert stops("Open 192.168.0.12 in the browser.", accepted=(weak.token,)) == []


def test_data_that_stands_in_public_is_no_find() -> None:
    mail = "maren@oakhollow.example"
    looks = guard(PrivateText(f"Write to {mail} please.", Whose.CUSTOMER), public=f"I am {mail}, by the way.")
    assert stops(f"We wrote to {mail} yesterday.", looks) == []


def test_a_short_secret_inside_of_a_public_number_is_no_public_one() -> None:
    looks = guard(PrivateText("My PIN: 4821, please keep it.", Whose.CUSTOMER), public="Order 99482113 is late.")
    assert [one.rule for one in stops("The code 4821 was wrong.", looks)] == ["private_data"]
    assert stops("The code 14821 was wrong.", looks) == []


def test_the_name_of_the_customer_is_asked_about_unless_outsiders_know_it() -> None:
    looks = guard(names=("Maren Oakhollow", "田中"))
    assert [one.rule for one in stops("This was for maren oakhollow alone.", looks)] == ["private_name"]
    assert [one.rule for one in stops("これは田中様のための回答です。", looks)] == ["private_name"]
    known = guard(names=("Maren",), public="Maren asked about the invoice.")
    assert stops("This was for Maren alone.", known) == []


def test_where_not_everything_could_be_read_every_sentence_is_asked_about() -> None:
    looks = guard(complete=False)
    found = stops("One thing is new. Another thing is new too.", looks)
    assert [one.rule for one in found] == ["private_unread", "private_unread"]
    assert stops("One thing is new.", looks, (found[0].token,)) == []


def test_the_guard_takes_long_texts() -> None:
    long = " ".join(f"{ANSWER} {n}" for n in range(400))
    looks = guard(PrivateText(long, Whose.STAFF))
    assert len(stops(long, looks)) >= 400

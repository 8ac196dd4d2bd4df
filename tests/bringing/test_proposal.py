"""The proposal: which message is the answer, and what of it others may read."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.bringing import Guard, Known, Message, PrivateText, Whose, propose
from moderation.bringing.manners import own_words
from moderation.privacy.finder import Finder
from moderation.privacy.rules import NO_RULES
from sync.detectors import library_detectors

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANSWER = "Open Account, then Addresses, and set the new flat as billing address. The next invoice is correct."
FIND = Finder(NO_RULES, library_detectors(NO_RULES)).find_in


def removed(kind: str, language: str) -> str:
    return f"<{kind}:{language}>"


def talk(*said: tuple[Whose, str]) -> list[Message]:
    return [Message(str(n), whose, "x", NOW + timedelta(minutes=n), text) for n, (whose, text) in enumerate(said)]


def test_the_last_word_that_tells_something_is_the_answer() -> None:
    said = talk(
        (Whose.STAFF, "Hello Maren, thank you for writing. We will look into it at once."),
        (Whose.CUSTOMER, "Any news?"),
        (Whose.STAFF, f"Hello Maren,\n\n{ANSWER}\n\nBest regards,\nInes Lanternby\nQuillby support"),
        (Whose.CUSTOMER, "Wonderful, that works!\n\nThanks,\nMaren"),
        (Whose.STAFF, "Glad to hear that! Have a nice day."),
    )
    proposal = propose(said, (), FIND, removed)
    assert proposal.chosen == ("2",)
    assert proposal.text == ANSWER
    assert [(one.message.id, one.tells) for one in proposal.candidates] == [("0", False), ("2", True), ("4", False)]


def test_an_answer_in_two_messages_is_both_of_them() -> None:
    more = "If an invoice was already sent, choose Reissue beside it and a corrected copy arrives."
    said = talk((Whose.CUSTOMER, "Help!"), (Whose.STAFF, ANSWER), (Whose.STAFF, more), (Whose.CUSTOMER, "Thanks"))
    proposal = propose(said, (), FIND, removed)
    assert proposal.chosen == ("1", "2")
    assert proposal.text == f"{ANSWER}\n\n{more}"
    assert propose(said, (), FIND, removed, chosen=("2",)).text == more


def test_private_data_and_the_name_give_way_to_words_that_say_what_stood_there() -> None:
    said = talk(
        (Whose.CUSTOMER, "I am at maren@oakhollow.example."),
        (
            Whose.STAFF,
            "Hi Maren,\nwe wrote to maren@oakhollow.example, Mrs. Oakhollow, and called @maren_oakhollow at "
            "+44 20 7946 0958. " + ANSWER,
        ),
    )
    proposal = propose(said, ("maren_oakhollow", "Oakhollow"), FIND, removed)
    assert proposal.text.startswith("We wrote to <email:en>, <customer:en>, and called <customer:en> at <phone:en>.")
    assert [one.kind for one in proposal.struck] == ["email", "customer", "customer", "phone"]
    for one in proposal.struck:
        assert proposal.text[one.start : one.end] == one.replacement
        assert "oakhollow" not in one.masked
    assert "Maren" not in proposal.text


def test_a_value_that_the_case_knows_as_private_is_struck_in_whatever_form() -> None:
    looks = Guard(Known("c", (PrivateText("My order QB-48213-77 is late.", Whose.CUSTOMER),)), FIND)
    said = talk((Whose.STAFF, f"It was about qb 48213 77. {ANSWER}"))
    assert propose(said, (), FIND, removed, known=looks.data).text == f"It was about <order:en>. {ANSWER}"


def test_japanese_is_read_as_japanese() -> None:
    answer = (
        "田中様\n\nお世話になっております。\nアカウントの「住所」を開き、新しい部屋を請求先に設定してください。"
        "確認の連絡は 090-1234-5678 の田中様へ差し上げます。\n\n"
        "よろしくお願いいたします。\nクイルビー サポート 例野"
    )
    said = talk((Whose.CUSTOMER, "よろしくお願いします。\n田中"), (Whose.STAFF, answer))
    proposal = propose(said, (), FIND, removed)
    assert proposal.text.startswith("アカウントの「住所」を開き")
    assert proposal.text.endswith("<customer:ja>へ差し上げます。")
    assert "田中" not in proposal.text
    assert "例野" not in proposal.text


def test_the_quoted_copy_and_quotes_are_nobodys_answer() -> None:
    copy = Message("0", Whose.STAFF, "x", NOW, "> My order went to the wrong place, and I am angry.", copied=True)
    said = [copy, *talk((Whose.STAFF, f"Maren said:\n> My wife is in hospital and I need it.\n\n{ANSWER}"))]
    assert propose(said, (), FIND, removed).text == ANSWER
    assert propose([copy], (), FIND, removed).text == ""
    assert propose([copy], (), FIND, removed).candidates == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hello Maren, the next invoice is right.", "The next invoice is right."),
        ("Dear Mrs. Oakhollow,\n\nIt is done.\n\nKind regards\nInes", "It is done."),
        ("High time that this was mended.", "High time that this was mended."),
        ("Thank you for the log. It shows the cause.", "Thank you for the log. It shows the cause."),
        ("It is done.\n\nThanks,\n\nDoes it work?", "It is done.\n\nThanks,\n\nDoes it work?"),
        (
            "お世話になっております。\nクイルビーサポートの例野です。\n\n直りました。\n今後ともよろしくお願いいたします。",
            "直りました。",
        ),
        ("", ""),
    ],
)
def test_what_belongs_to_the_person_goes(text: str, left: str) -> None:
    assert own_words(text) == left

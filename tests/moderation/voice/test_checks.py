"""The checks of an answer as one: what they object to, where, and what they offer instead."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.bringing.model import PrivateText, Whose
from moderation.content import CommunityInfo
from moderation.findings import Audience, Finding, Severity, reason
from moderation.privacy.finder import Finder
from moderation.voice.checks import Checks, Colleagues, Context
from moderation.voice.pack import Pack, Phrase, Wording
from moderation.voice.private_words import PrivateWords
from resources import messages

INFO = CommunityInfo("c", "nodebb", "4", "http://c", "C", min_post_length=1, max_post_length=30_000)
NOTE = "Maren was promised a call on 9 November and did not get one, contract K-4471882."
PACK = Pack(
    "Billing",
    "en",
    team="our team",
    contacts=("care@quillby.example",),
    greetings=(Wording("Hello {customer},", ("Hi",)),),
    sign_offs=(Wording("Your Quillby team", ("Best wishes",)),),
    phrases=(
        Phrase("term", ("known issue", "utilis*"), "fault", Severity.HINT),
        Phrase("promise", ("by {day}", "within {number} days", "{number}日以内に"), "soon", Severity.ASK),
        Phrase("legal", ("we are liable",), "", Severity.BLOCK),
        Phrase("tone", ("obviously",), "", Severity.HINT),
    ),
)
CONTEXT = Context(
    Audience.PUBLIC,
    INFO,
    PACK,
    "en",
    {"customer": "Maren"},
    date(2026, 11, 22),
    PrivateWords([PrivateText(NOTE, Whose.NOTE), PrivateText("We looked into your bill twice already.", Whose.STAFF)]),
    Colleagues(("Rolf Quarrier", "大野 真由"), ("rolf_q",)),
    Finder().find_in,
)
CHECKS = Checks(CONTEXT)


def look(body: str, checks: Checks = CHECKS) -> list[Finding]:
    return checks.look(f"Hello Maren,\n{body}\nYour Quillby team")


def rules(body: str, checks: Checks = CHECKS) -> list[tuple[str, Severity]]:
    return [(one.rule, one.severity) for one in look(body, checks)]


def of(audience: Audience) -> Checks:
    return Checks(Context(audience, INFO, PACK, "en", private=CONTEXT.private, never=CONTEXT.never, find=CONTEXT.find))


def words(body: str) -> list[tuple[str, str]]:
    text = f"Hello Maren,\n{body}\nYour Quillby team"
    return [(one.rule, text[slice(*one.place)]) for one in CHECKS.look(text) if one.place is not None]


def test_an_ordinary_answer_has_no_findings() -> None:
    assert look("The fault is mended in 4.2. Write to care@quillby.example if it comes back.") == []


@pytest.mark.parametrize(
    ("body", "rule", "where"),
    [
        ("This is a known  issue here.", "term", "known  issue"),
        ("This is a KNOWN\nissue here.", "term", "KNOWN\nissue"),
        ("We utilised it.", "term", "utilised"),
        ("You have it by Friday at noon.", "promise", "by Friday"),
        ("Within three days you hear from us.", "promise", "Within three days"),
        ("３日以内にお返事します。", "promise", "３日以内に"),
        ("Yes, we are liable for it.", "legal", "we are liable"),
        ("A kno\u200bwn issue again.", "term", "kno\u200bwn issue"),
        ("A k\u202eno\u202cwn issue again.", "term", "k\u202eno\u202cwn issue"),
        ("A ｋｎｏｗｎ ｉｓｓｕｅ again.", "term", "ｋｎｏｗｎ ｉｓｓｕｅ"),
        ("Rolf Quarrier will look.", "colleague_never", "Rolf Quarrier"),
        ("Ask @rolf_q about it.", "colleague_never", "@rolf_q"),
        ("大野真由が見ます。", "colleague_never", "大野真由"),
        ("You were promised a call on 9 November, we know.", "private_words_note", "promised a call on 9 November"),
        ("Prom**ised** a\ncall on 9 november!", "private_words_note", "Prom**ised** a\ncall on 9 november"),
        ("Your contract K-4471882 goes on.", "private_number", "K-4471882"),
        ("[here](https://) you find it", "broken_link", "[here](https://)"),
        ("[here] (https://quillby.example/a)", "broken_link", "[here] (https://quillby.example/a)"),
        ("see htps://quillby.example/a now", "broken_link", "htps://quillby.example/a"),
        ("A pаsswоrd is enough.", "mixed_letters", "pаsswоrd"),
        ("Dear {{customer}}", "placeholder", "{{customer}}"),
        ("On ｛date｝ then", "placeholder", "｛date｝"),
        ("Your {product?} is fine.", "placeholder", "{product?}"),
        ("Your card is 4539 1488 0343 6467.", "personal_data", "4539 1488 0343 6467"),
        ("Wait\u200b here.", "hidden_signs", "\u200b"),
    ],
)
def test_each_fault_is_found_at_its_place(body: str, rule: str, where: str) -> None:
    assert (rule, where) in words(body)


@pytest.mark.parametrize(
    "body",
    [
        "They told you that it is unknown issues of others.",
        "> You have it by Friday.\n\nThis is what you were told.",
        "Write `{name}` and `by Friday` into the field.",
        "```\nhello {name}, we are liable\n```\nThis goes into the file.",
        "See https://quillby.example/by-friday/known-issue for it.",
        '[here](https://quillby.example/a_(b)) you find it, and [there](/thread/1 "a title").',
        "Obviously it works.",
        "Rolf from your street looked, Quarrier Street that is.",
        "Ask @rolf_quick about it.",
        "We looked into it twice.",
        "👨‍👩‍👧 can share it.",
        "The µm scale of Ω is fine.",
    ],
)
def test_what_only_looks_like_a_fault_is_none(body: str) -> None:
    assert look(body) == []


def test_tone_is_hinted_at_only_where_the_pack_says_so() -> None:
    from dataclasses import replace

    checks = Checks(replace(CONTEXT, pack=replace(PACK, tone_hints=True)))
    assert rules("Obviously it works.", checks) == [("tone", Severity.HINT)]


def test_a_missing_greeting_and_sign_off_are_offered_with_the_customers_name() -> None:
    found = CHECKS.look("This works again since yesterday, thanks for telling us.")
    assert [(one.rule, one.remedy, one.text) for one in found] == [
        ("no_greeting", "add_greeting", "Hello Maren,"),
        ("no_sign_off", "add_sign_off", "Your Quillby team"),
    ]


def test_a_placeholder_whose_value_is_known_is_filled_in() -> None:
    (finding,) = look("Thank you, {customer}, for it.")
    assert (finding.remedy, finding.text) == ("write", "Maren")
    (finding,) = look("Thank you, {product}, for it.")
    assert finding.remedy == "fill_in"
    (finding,) = look("Your {product?} works.")
    assert finding.remedy == "leave_out"


def test_the_preferred_word_is_offered() -> None:
    (finding,) = look("A known issue.")
    assert (finding.remedy, finding.text, finding.about) == ("write", "fault", "known issue")


def test_the_wrong_language_asks() -> None:
    found = CHECKS.look("お知らせいただきありがとうございます。次の版で直っています。")
    assert ("wrong_language", Severity.ASK, "ja") in [(one.rule, one.severity, one.about) for one in found]
    assert ("wrong_language", Severity.ASK) not in rules("設定 (Settings) で choose the network and save it there.")


def test_words_of_staff_ask_and_those_of_others_block() -> None:
    assert ("private_words_staff", Severity.ASK) in rules("We looked into your bill twice already.")
    assert ("private_words_note", Severity.BLOCK) in rules(NOTE)


def test_what_the_public_can_read_is_not_private() -> None:
    private = PrivateWords([PrivateText(NOTE, Whose.NOTE)], [f"She says: {NOTE}"])
    assert private.empty


def test_readers_decide_what_counts() -> None:
    text = "Rolf Quarrier wrote: promised a call on 9 November, card 4539 1488 0343 6467."
    public = {rule for rule, _ in rules(text)}
    assert {"colleague_never", "private_words_note", "personal_data"} <= public
    assert {rule for rule, _ in rules(text, of(Audience.CUSTOMER))} == {"colleague_never"}
    assert "colleague_never" not in {rule for rule, _ in rules(text, of(Audience.STAFF))}


def test_what_blocks_comes_first() -> None:
    found = look("A known issue by Friday, said Rolf Quarrier.")
    assert [one.severity for one in found] == [Severity.BLOCK, Severity.ASK, Severity.HINT]


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=300))
def test_every_place_lies_in_the_text(text: str) -> None:
    for finding in CHECKS.look(text):
        if finding.place is not None:
            start, end = finding.place
            assert 0 <= start < end <= len(text)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_finding_has_its_words(language: str) -> None:
    table = messages.table(language)
    faults = (
        "A known issue by Friday, we are liable, Rolf Quarrier, K-4471882, [a](https://), {x} \u200b pаss,",
        "password: hunter22, a@b.example, card 4539 1488 0343 6467, obviously {product?}",
        "We looked into your bill twice already.",
    )
    text = " ".join([*faults, NOTE])
    found = [*CHECKS.look(text), *CHECKS.look("日本語の文です。とても長い文です。")]
    codes = {code for one in found for code in (reason(one)[0], f"kind_{one.rule}")}
    codes |= {f"remedy_{one.remedy}" for one in found if one.remedy}
    assert len(codes) > 25
    assert sorted(codes - table.keys()) == []

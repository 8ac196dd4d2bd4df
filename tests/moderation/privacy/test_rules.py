"""A team's rules: what is read, and that each refusal names its line and has words."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.errors import StoreError
from moderation.privacy.patterns import PatternError, from_form, from_pattern
from moderation.privacy.rules import REFUSALS, read_rules
from moderation.privacy.spots import PrivateKind
from resources import messages


def test_all_that_can_be_said() -> None:
    rules = read_rules(
        """
        regions = ["JP"]
        [[number]]
        kind = "contract"
        pattern = 'K[0-9]{7}-[0-9]{2}'
        example = "K0048151-62"
        [names]
        list = ["大野　真由"]
        [public]
        domains = ["@ACME.example"]
        phones = ["0120-444-000"]
        """,
        "rules",
    )
    assert rules.regions == ("JP",)
    assert rules.names == ("大野 真由",)
    assert rules.is_public(PrivateKind.EMAIL, "Ann@mail.acme.example")
    assert not rules.is_public(PrivateKind.EMAIL, "ann@notacme.example")
    assert rules.is_public(PrivateKind.PHONE, "+81 120 444 000")
    assert rules.digest
    assert read_rules("", "rules").digest != rules.digest


@pytest.mark.parametrize(
    ("source", "why", "line"),
    [
        ('regions = ["JP"\n[names]\n', "toml", 2),
        ("[names]\nlist = [\n", "toml", 3),
        ('\n\ncolour = "red"\n', "unknown_entry", 3),
        ("\nnumber = 3\n", "wrong_type", 2),
        ('[names]\nlist = ["Ann Lee", 3]\n', "wrong_type", 2),
        ('[names]\nother = ["Ann Lee"]\n', "unknown_entry", 2),
        ('[names]\nlist = [\n  "Ann Lee",\n  "B",\n]\n', "name_length", 4),
        ('regions = ["Japan"]\n', "regions", 1),
        ('[[number]]\nkind = "order"\nform = "A#"\n[[number]]\nform = "B#"\n', "kind", 4),
        ('[[number]]\nkind = "parcel"\nform = "A###"\n', "kind", 2),
        ('[[number]]\nkind = "order"\n', "form_or_pattern", 1),
        ('[[number]]\nkind = "order"\nform = "A###"\npattern = "A[0-9]{3}"\n', "form_or_pattern", 3),
        ('[[number]]\nkind = "order"\nform = "ABC"\n', "form_without_signs", 3),
        ('[[number]]\nkind = "order"\nform = "A####"\nexample = "A12"\n', "example", 4),
        ("[[number]]\nkind = 'order'\npattern = '(a+)+'\n", "pattern_endless", 3),
        ("[[number]]\nkind = 'order'\npattern = 'A[0-9]*'\n", "pattern_endless", 3),
        ("[[number]]\nkind = 'order'\npattern = '(a{1,9}){1,9}'\n", "pattern_nested", 3),
        ("[[number]]\nkind = 'order'\npattern = '(a|aa){2,9}b'\n", "pattern_nested", 3),
        ("[[number]]\nkind = 'order'\npattern = 'a{0,60}a{0,60}a{0,60}b'\n", "pattern_too_costly", 3),
        ("[[number]]\nkind = 'order'\npattern = '(?=a)abc'\n", "pattern_looking_around", 3),
        ("[[number]]\nkind = 'order'\npattern = '(abc'\n", "pattern_bracket", 3),
        ("[[number]]\nkind = 'order'\npattern = 'abc)'\n", "pattern_bracket", 3),
        ("[[number]]\nkind = 'order'\npattern = '[abc'\n", "pattern_bracket", 3),
        ("[[number]]\nkind = 'order'\npattern = '[z-a]bc'\n", "pattern_sign", 3),
        ("[[number]]\nkind = 'order'\npattern = 'abc{2,}'\n", "pattern_endless", 3),
        ("[[number]]\nkind = 'order'\npattern = '(abc)\\1'\n", "pattern_escape", 3),
        ("[[number]]\nkind = 'order'\npattern = 'a?'\n", "pattern_too_short", 3),
        ("[[number]]\nkind = 'order'\npattern = '" + "a" * 201 + "'\n", "pattern_too_long", 3),
    ],
)
def test_a_refusal_names_the_line(source: str, why: str, line: int) -> None:
    with pytest.raises(StoreError) as caught:
        read_rules(source, "privacy.toml")
    assert (caught.value.code, caught.value.facts["line"]) == (f"privacy_rules_{why}", line)
    for language in messages.LANGUAGES:
        said = messages.text(caught.value.code, language, **caught.value.facts)
        assert "privacy.toml" in said
        assert str(line) in said
        assert "{column}" not in said


def test_every_refusal_has_words() -> None:
    assert all(messages.known(f"privacy_rules_{why}") for why in REFUSALS)


@pytest.mark.parametrize("kind", PrivateKind)
def test_every_kind_has_words(kind: PrivateKind) -> None:
    assert messages.known(f"private_kind_{kind.value}")


def test_forms_match_whole_numbers_only() -> None:
    form = from_form("AC-######")
    assert form.search("(ac 481516)")
    assert form.search("AC481516")
    assert not form.search("AC-48151")
    assert not form.search("XAC-481516")
    assert not form.search("AC-4815162")


_ATOMS = st.sampled_from(["a", "[a-c]", r"\d", "(a|b)", "(?:ab)", "(a{1,3})", ".", r"\w", "(a|ab|abc)"])
_TIMES = st.sampled_from(["", "?", "{3}", "{1,4}", "{0,9}", "*", "+", "{2,}", "{0,64}"])


@given(st.lists(st.tuples(_ATOMS, _TIMES).map("".join), min_size=1, max_size=8).map("".join))
@settings(max_examples=200, deadline=None)
def test_what_is_accepted_is_fast_on_any_text(pattern: str) -> None:
    try:
        compiled = from_pattern(pattern)
    except PatternError:
        return
    for text in ("a" * 5000 + "!", "ab " * 1700, "1" * 5000, "abc" * 1700):
        begun = time.process_time()
        sum(1 for _ in compiled.finditer(text))
        assert time.process_time() - begun < 2

"""Voice packs: read whole, and refused with the line of what is wrong."""

import pytest

from moderation.errors import StoreError
from moderation.findings import Severity
from moderation.voice.choosing import choose, clashes
from moderation.voice.pack import ANY, Pack, Reach
from moderation.voice.reading import REFUSALS, examine, read_pack
from resources import messages
from resources.voice import shipped

PACK = """\
name = "Billing"
language = "en"
levels = ["plain", "formal"]
level = "plain"

[[for]]
community = "quillby.example"
forums = ["Billing"]
level = "formal"

[identity]
as = "official"
team = "our team"

[[greeting]]
write = "Hello {customer},"

[[term]]
avoid = [
  "known issue",
  "within {number} days",
]
prefer = "fault"

[[snippet]]
name = "steps"
text = \"\"\"
Which {product?} do you use?
Since {date:%-d %B %Y}?
\"\"\"
"""


def wrong(old: str, new: str) -> list[tuple[str, int]]:
    assert old in PACK
    pack, problems = examine(PACK.replace(old, new), "billing.toml")
    assert pack is None
    return [(one.why, one.line) for one in problems]


def test_a_pack_is_read_whole() -> None:
    pack = read_pack(PACK, "billing.toml")
    assert (pack.name, pack.language, pack.level, pack.team) == ("Billing", "en", "plain", "our team")
    assert pack.reaches == (Reach("quillby.example", ("Billing",), "formal"),)
    (term,) = pack.phrases
    assert (term.kind, term.instead, term.severity) == ("term", "fault", Severity.HINT)
    assert pack.snippets[0].title == "steps"
    assert pack.snippets[0].text.startswith("Which {product?}")


@pytest.mark.parametrize(
    ("old", "new", "why", "line"),
    [
        ('team = "our team"', 'team = "our team', "toml", 13),
        ('team = "our team"', 'teem = "our team"', "unknown_entry", 13),
        ('name = "Billing"', "name = 3", "wrong_type", 1),
        ('language = "en"', 'language = "English"', "language", 2),
        ('language = "en"\n', "", "missing", 1),
        ('as = "official"', 'as = "customer"', "identity", 12),
        ('forums = ["Billing"]\nlevel = "formal"', 'forums = ["Billing"]\nlevel = "stiff"', "level_unknown", 9),
        ('prefer = "fault"', 'prefer = "fault"\nseverity = "grave"', "severity", 24),
        ('"within {number} days"', '"within {some} days"', "phrase_sign", 21),
        ('"known issue"', '" "', "phrase_empty", 20),
        ("{product?}", "{prodcut?}", "placeholder_unknown", 28),
        ("{product?}", "{Product}", "placeholder_odd", 28),
        ("{product?}", "{product:x}", "format_without_date", 28),
        ("%-d %B", "%Q %B", "date_format", 29),
        ("[[term]]", "[[words]]", "unknown_entry", 18),
        ('[[for]]\ncommunity = "quillby.example"\nforums = ["Billing"]\nlevel = "formal"\n', "", "nowhere", 1),
        ("[[snippet]]", '[[snippet]]\nname = "steps"\ntext = "x"\n\n[[snippet]]', "snippet_twice", 30),
    ],
)
def test_what_is_wrong_has_its_line(old: str, new: str, why: str, line: int) -> None:
    assert (why, line) in wrong(old, new)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    found = wrong('as = "official"\nteam = "our team"', 'as = "x"\nteem = "y"')
    assert [why for why, _ in found] == ["identity", "unknown_entry"]


def test_a_refused_pack_names_file_and_line() -> None:
    with pytest.raises(StoreError) as refused:
        read_pack(PACK.replace("{product?}", "{prodcut}"), "billing.toml")
    assert refused.value.code == "voice_pack_placeholder_unknown"
    assert (refused.value.facts["path"], refused.value.facts["line"]) == ("billing.toml", 28)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_refusal_has_a_sentence(language: str) -> None:
    assert [why for why in REFUSALS if f"voice_pack_{why}" not in messages.table(language)] == []


@pytest.mark.parametrize(("name", "source"), list(shipped()))
def test_the_packs_that_ship_are_good_and_complete(name: str, source: str) -> None:
    pack = read_pack(source, name)
    for level in pack.levels:
        there = pack.at(level)
        assert there.greetings, level
        assert there.sign_offs, level
        assert there.snippets, level
        assert {one.kind for one in there.phrases} == {"term", "promise", "legal", "tone"}


def test_levels_of_politeness_are_kept_apart() -> None:
    japanese = next(read_pack(source, name) for name, source in shipped() if "-ja" in name)
    polite, formal = japanese.at("polite"), japanese.at("formal")
    assert not {one.text for one in polite.snippets} & {one.text for one in formal.snippets}
    assert {one.instead for one in formal.phrases} - {one.instead for one in polite.phrases}
    assert any("了解しました" in one.says for one in formal.phrases)
    assert not any("了解しました" in one.says for one in polite.phrases)


def pack(place: str, *reaches: Reach, language: str = "en") -> Pack:
    return Pack(place, language, place, reaches=reaches)


def test_the_most_exact_pack_holds() -> None:
    packs = [
        pack("a", Reach(ANY)),
        pack("b", Reach("one")),
        pack("c", Reach("one", ("Billing",))),
        pack("d", Reach("one"), language="ja"),
    ]

    def chosen(community: str, forum: str, language: str = "en") -> str:
        found = choose(packs, community, [forum, "one:forum:7"], language)
        return found.place if found is not None else ""

    assert chosen("one", "billing") == "c"
    assert chosen("one", "Mesh") == "b"
    assert chosen("two", "Billing") == "a"
    assert chosen("one", "Billing", "ja") == "d"
    assert chosen("two", "Billing", "ja") == ""


def test_a_pack_holds_with_the_level_of_its_place() -> None:
    read = read_pack(PACK, "billing.toml")
    found = choose([read], "quillby.example", ["Billing"], "en")
    assert found is not None
    assert found.level == "formal"


def test_two_packs_for_one_forum_are_told() -> None:
    first, second = pack("a", Reach("one", ("Billing", "Mesh"))), pack("b", Reach("one", ("billing",)))
    (clash,) = clashes([first, second, pack("c", Reach("one")), pack("d", Reach("one"), language="ja")])
    assert (clash.first.place, clash.second.place, clash.forum) == ("a", "b", "billing")
    assert choose([second, first], "one", ["Billing"], "en") == first.at("")

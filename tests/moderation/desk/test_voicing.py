"""The voice at the desk: which pack holds in a thread, what is private there, who must not be named."""

from dataclasses import replace

import pytest

from moderation.errors import StoreError
from moderation.findings import Finding, Severity
from moderation.people import Consent
from moderation.ports import TeamNote
from moderation.voice.ports import Voices
from moderation.voice.reading import read_pack
from resources.voice import shipped
from tests.fakes import factory
from tests.fakes.factory import thread_ref
from tests.moderation.desk.conftest import Room

SECRET = "The fee was waived last year after a complaint to the press office."
PACKS = Voices(tuple(read_pack(source, name) for name, source in shipped()))


@pytest.fixture
def voiced(room: Room) -> Room:
    """The same desk with the packs that ship."""
    room.desk._voices = lambda: PACKS
    return room


def rules(found: list[Finding]) -> set[str]:
    return {one.rule for one in found}


def test_the_language_of_the_thread_chooses_the_pack(voiced: Room) -> None:
    pack, snippets = voiced.desk.answering.voice(thread_ref())
    assert pack is not None
    assert (pack.language, pack.level) == ("en", "plain")
    author = voiced.mirror.thread_rows[thread_ref()].author_name
    assert any(author and author in one.text for one in snippets)
    voiced.mirror.add(factory.thread(title="毎晩二時に再起動します。どなたか分かる方はいますか"))
    voiced.mirror.post_rows.clear()
    pack, snippets = voiced.desk.answering.voice(thread_ref())
    assert pack is not None
    assert (pack.language, pack.level) == ("ja", "polite")
    assert not any("{date" in one.text for one in snippets)


def test_without_packs_nothing_is_said_of_wording(room: Room) -> None:
    assert room.desk.answering.voice(thread_ref()) == (None, [])
    assert room.desk.answering.check("A known issue, mended by Friday, we guarantee it.", thread_ref()) == []


def test_what_a_note_says_stops_an_answer_in_public(voiced: Room) -> None:
    item = next(iter(voiced.mirror.items))
    voiced.team.add_note(TeamNote("n1", str(item), "c:member:1", "Ines", voiced.clock.now(), SECRET))
    text = f"Hello, it can be done: {SECRET.lower()} Best wishes"
    plan, found = voiced.desk.answering.reply(thread_ref(), text)
    assert plan is None
    assert "private_words_note" in rules(found)
    voiced.mirror.forum_rows = [factory.forum(private=True)]
    assert "private_words_note" not in rules(voiced.desk.answering.check(text, thread_ref()))


def test_what_the_thread_says_itself_may_be_said_again(voiced: Room) -> None:
    item = next(iter(voiced.mirror.items))
    voiced.team.add_note(TeamNote("n1", str(item), "c:member:1", "Ines", voiced.clock.now(), SECRET))
    voiced.mirror.add(replace(factory.post(12), body=SECRET, thread=thread_ref()))
    assert "private_words_note" not in rules(voiced.desk.answering.check(SECRET, thread_ref()))


def test_whispers_and_hidden_posts_of_the_thread_are_private(voiced: Room) -> None:
    voiced.mirror.add(replace(factory.post(12), body=SECRET, thread=thread_ref(), hidden=True))
    assert {"private_words_others", "private_words_customer"} & rules(voiced.desk.answering.check(SECRET, thread_ref()))


def test_a_colleague_who_chose_never_stops_an_answer_and_others_do_not(voiced: Room) -> None:
    person = voiced.desk.staffing.add("Rolf Quarrier")
    text = "Hello, Rolf Quarrier looked at it. Best wishes"
    assert "colleague_never" not in rules(voiced.desk.answering.check(text, thread_ref()))
    voiced.desk.staffing.change(person.id, consent=Consent.NEVER)
    found = voiced.desk.answering.check(text, thread_ref())
    assert [(one.severity, one.text) for one in found if one.rule == "colleague_never"] == [
        (Severity.BLOCK, "our team")
    ]


def test_while_somebody_types_a_thread_is_read_once_and_before_sending_again(voiced: Room) -> None:
    text = "Hello, Rolf Quarrier looked at it. Best wishes"
    answering = voiced.desk.answering
    assert "colleague_never" not in rules(answering.check(text, thread_ref(), fresh=False))
    person = voiced.desk.staffing.add("Rolf Quarrier")
    voiced.desk.staffing.change(person.id, consent=Consent.NEVER)
    assert "colleague_never" not in rules(answering.check(text, thread_ref(), fresh=False))
    plan, found = answering.reply(thread_ref(), text)
    assert plan is None
    assert "colleague_never" in rules(found)


def test_rules_for_private_data_that_cannot_be_read_ask(voiced: Room) -> None:
    def find(text: str) -> list[object]:
        raise StoreError("privacy_rules_toml", path="privacy.toml", line=3)

    voiced.desk._find = find  # type: ignore[assignment]
    (finding,) = voiced.desk.answering.check("Hello, it works. Best wishes", thread_ref())
    assert (finding.rule, finding.severity, finding.about) == ("rules_unread", Severity.ASK, "privacy.toml:3")

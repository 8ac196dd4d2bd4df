"""What was erased there is erased here: from rows, index, reports and drafts; and what comes back is believed."""

from dataclasses import replace
from typing import Any

import pytest

from moderation.content import Member
from moderation.errors import UnknownIdError
from moderation.ids import Kind, Ref
from moderation.items import Change, Item, ItemState
from moderation.ports import Draft
from moderation.queries import QueueQuery
from sync.journal import open_journal
from sync.mirror import MirrorWriter
from sync.vault import StoreFile
from tests import factory
from tests.factory import HERE, item, member, post, ref, thread
from tests.sync.mirror.place import RARE, Mirror

WORDS = f"erase these words 消去 {RARE}"


def nowhere(mirror: Mirror, words: str = "erase these") -> bool:
    """True when no file holds the words, nor the full text their grams once it was rewritten."""
    mirror.indexer.purge()
    stores = (StoreFile.MIRROR, StoreFile.PRIVATE)
    return not any(words in mirror.everything_in(store) or mirror.grams_hold(store) for store in stores)


def filled(mirror: Mirror, forum: int = 1, *, fed: bool = True) -> None:
    mirror.tell(
        threads=[thread(1, title=WORDS, in_forum=forum)],
        posts=[post(1, body=WORDS, body_html=WORDS, in_forum=forum), post(2, body="others stay", in_forum=forum)],
        items=[item(1, body=WORDS, body_html=WORDS, thread_title=WORDS, in_forum=forum)],
    )
    if fed:
        mirror.index()


@pytest.mark.parametrize("forum", [1, 2])
@pytest.mark.parametrize("fed", [True, False])
def test_a_post_that_is_gone(mirror: Mirror, forum: int, fed: bool) -> None:
    filled(mirror, forum, fed=fed)
    mirror.tell(threads=[thread(1, title="harmless", in_forum=forum)], items=[item(1, body=WORDS, in_forum=forum)])
    told = mirror.reader.item(ref("flag", 1))
    assert told is not None
    mirror.tell(items=[replace(told, thread_title="harmless")])
    changes = mirror.tell(gone=[ref("post", 1)])
    assert {str(record.table) for record in changes} == {"post", "item"}
    assert mirror.erased == [ref("post", 1)]
    assert mirror.reader.post(ref("post", 1)) is None
    assert [each.id.native for each in mirror.reader.posts(ref("thread", 1))] == ["2"]
    found = mirror.reader.item(ref("flag", 1))
    assert found is not None
    assert (found.body, found.body_html, found.state) == (None, None, ItemState.OPEN)
    assert found.reports == (factory.report(),)
    assert mirror.reader.search("erase these", private=True) == []
    assert nowhere(mirror)
    mirror.index()
    assert nowhere(mirror)
    assert mirror.reader.count(QueueQuery(text="erase")) == 0
    assert [hit.id for hit in mirror.reader.search("others", private=True)] == [f"{HERE}:post:2"]


@pytest.mark.parametrize("forum", [1, 2])
def test_a_thread_that_is_gone_takes_its_posts_along(mirror: Mirror, forum: int) -> None:
    filled(mirror, forum)
    mirror.tell(gone=[ref("thread", 1)])
    assert mirror.reader.thread(ref("thread", 1)) is None
    assert mirror.reader.posts(ref("thread", 1)) == []
    assert set(mirror.erased) == {ref("thread", 1), ref("post", 1), ref("post", 2)}
    assert nowhere(mirror)
    assert nowhere(mirror, "others stay")


def test_a_forum_that_is_gone_takes_all_along(mirror: Mirror) -> None:
    filled(mirror)
    mirror.tell(gone=[ref("forum", 1)])
    assert [forum.id for forum in mirror.reader.forums(HERE)] == [ref("forum", 2)]
    assert set(mirror.erased) == {ref("forum", 1), ref("thread", 1), ref("post", 1), ref("post", 2)}
    assert nowhere(mirror)


@pytest.mark.parametrize("forum", [1, 2])
def test_an_item_that_is_gone(mirror: Mirror, forum: int) -> None:
    told = item(
        1,
        kind=Kind.HELD,
        state=ItemState.HELD,
        in_forum=forum,
        body=WORDS,
        thread_title=WORDS,
        reports=(factory.report(WORDS),),
        notes=(factory.note(WORDS),),
        history=(factory.entry({Change.OTHER: WORDS}),),
        extra={"title": WORDS},
    )
    mirror.tell(items=[told])
    mirror.index()
    mirror.tell(gone=[told.id])
    assert mirror.reader.count(QueueQuery()) == 0
    assert mirror.reader.count(QueueQuery(states=(ItemState.GONE,))) == 1
    assert nowhere(mirror)
    found = mirror.reader.item(told.id)
    assert found is not None
    assert (found.state, found.detail, found.reports) == (ItemState.GONE, False, ())
    assert mirror.tell(gone=[told.id]) == []


def test_a_member_that_is_gone(mirror: Mirror) -> None:
    named = member(3, name="Erase These Names")
    by: dict[str, Any] = {"author": named.id, "author_name": named.name}
    mirror.tell(
        members=[named],
        threads=[thread(1, **by), thread(2, in_forum=2, **by)],
        posts=[post(1, **by)],
        items=[
            item(1, **by),
            item(2, reports=(replace(factory.report("Spam", by=3), reporter_name=named.name), factory.report())),
            item(3, assigned_to=3, assignee_name=named.name, in_forum=2),
            item(4, notes=(replace(factory.note(by=3), author_name=named.name),)),
            item(5, history=(replace(factory.entry({Change.STATE: "open"}, by=3), by_name=named.name),)),
        ],
    )
    mirror.tell(gone=[named.id])
    assert mirror.reader.member(named.id) is None
    assert nowhere(mirror, "Erase These Names")
    assert nowhere(mirror, "erase these names")
    found = mirror.reader.post(ref("post", 1))
    assert found is not None
    assert (found.author, found.author_name) == (named.id, None)
    two = mirror.reader.item(ref("flag", 2))
    assert two is not None
    assert [(each.text, each.reporter_name) for each in two.reports] == [("Spam", None), ("Spam", "member-7")]


def test_only_a_newer_answer_brings_it_back(mirror: Mirror) -> None:
    rows: dict[str, Any] = {
        "posts": [post(1)],
        "threads": [thread(1)],
        "members": [member(1)],
        "items": [item(1)],
        "forums": [factory.forum(1)],
    }
    mirror.tell(10, **rows)
    mirror.tell(20, gone=[ref(kind, 1) for kind in ("post", "thread", "member", "flag")])
    assert mirror.tell(15, **rows) == []
    assert mirror.reader.post(ref("post", 1)) is None
    mirror.tell(25, **rows)
    assert mirror.reader.post(ref("post", 1)) == post(1)
    assert mirror.reader.thread(ref("thread", 1)) == thread(1)
    assert mirror.reader.member(ref("member", 1)) == member(1)
    assert mirror.reader.item(ref("flag", 1)) == item(1)
    mirror.index()
    assert [hit.id for hit in mirror.reader.search("post")] == [f"{HERE}:post:1"]


def test_what_was_never_here_may_still_be_named_in_a_draft(mirror: Mirror) -> None:
    journal = open_journal(mirror.vault)
    mirror.writer.close()
    mirror.writer = MirrorWriter(mirror.vault, forgotten=journal.drop_drafts_about)
    journal.save_draft(Draft(f"reply:{ref('thread', 5)}", "quoting it", factory.at()))
    mirror.tell(gone=[ref("thread", 5), Ref("other.example.org", Kind.THREAD, "5")])
    assert journal.drafts() == []
    journal.close()


def test_forgetting_a_member_on_request(mirror: Mirror) -> None:
    who = ref("member", 3)
    by: dict[str, Any] = {"author": who, "author_name": "Erase These"}
    mirror.tell(
        members=[Member(who, "Erase These")],
        threads=[thread(1, title=WORDS, **by)],
        posts=[post(1, body=WORDS, **by), post(2, body=WORDS, in_forum=2, in_thread=2, **by), post(3)],
        items=[item(1, body=WORDS, **by), item(2, reports=(factory.report(WORDS, by=3), factory.report("stays")))],
    )
    mirror.index()
    mirror.writer.forget_member(who)
    assert nowhere(mirror)
    assert nowhere(mirror, "Erase These")
    assert mirror.erased == [who]
    two = mirror.reader.item(ref("flag", 2))
    assert two is not None
    assert [each.text for each in two.reports] == ["", "stays"]
    assert mirror.reader.post(ref("post", 3)) == post(3)


def test_export_of_what_is_held_on_a_member(mirror: Mirror) -> None:
    who = ref("member", 3)
    told: Item = item(
        2, author=ref("member", 4), reports=(factory.report("by three", by=3), factory.report("by seven"))
    )
    mirror.tell(
        members=[member(3)],
        threads=[thread(1, author=who), thread(2, author=who, in_forum=2)],
        posts=[post(1, author=who), post(2, author=who, in_forum=2, in_thread=2), post(3)],
        items=[item(1, author=who), told],
    )
    held = mirror.reader.export_member(who)
    assert held["member"]["name"] == "member-3"
    assert [each["id"]["native"] for each in held["posts"]] == ["1", "2"]
    assert [each["id"]["native"] for each in held["threads"]] == ["1", "2"]
    assert [each["id"]["native"] for each in held["items"]] == ["1"]
    assert [(each["item"], each["report"]["text"]) for each in held["reports"]] == [(f"{HERE}:flag:2", "by three")]
    nobody = mirror.reader.export_member(ref("member", 99))
    assert nobody == {"member": None, "threads": [], "posts": [], "items": [], "reports": [], "times": []}


def test_malformed_ids_are_said_so() -> None:
    with pytest.raises(UnknownIdError):
        Ref.parse("forum.example.org:post:")

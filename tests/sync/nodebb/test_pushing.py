"""Oddities of NodeBB that touch single writes."""

import socket
import threading
from dataclasses import replace

import pytest

from moderation.actions import Action
from moderation.errors import NotAllowedError, PayloadError, RefusedError, TryLaterError, UnclearError
from moderation.ids import Kind
from moderation.intents import Identities
from moderation.items import Change, ItemState
from sync.connector import Account, Answer, Standing
from sync.nodebb import open_connection
from sync.nodebb.push import reply as reply_push
from tests.conformance.acting import Actor
from tests.conformance.memory import MemoryMirror
from tests.sync.http.wire import Heard, reply, wire
from tests.sync.nodebb.deeds import DEEDS
from tests.sync.nodebb.recorded import body
from tests.sync.nodebb.world import (
    COLLEAGUE,
    CUSTOMER,
    FORUM_MODERATOR,
    HORIZON,
    ME,
    NEWCOMER,
    OTHER_CUSTOMER,
    World,
    ref,
)  # fmt: skip


@pytest.fixture
def actor(world: World, expected_logs: list[str]) -> Actor:
    expected_logs.append(r"^sync\.http\.pacing: ")
    return world.actor()


def test_what_is_so_already_is_seen_before_sending(world: World, actor: Actor) -> None:
    flag, post, thread = world.reported_post()
    world.community.decide_as(COLLEAGUE, int(flag.native), "wip", ME)
    world.raw(f"/api/v3/posts/{post.native}/state", COLLEAGUE, "DELETE", {})
    world.raw(f"/api/v3/topics/{thread.native}/lock", COLLEAGUE, "PUT", {})
    item = actor.item(flag, MemoryMirror())
    for action, target in ((Action.HIDE, post), (Action.RESOLVE, flag), (Action.LOCK, thread)):
        assert actor.before(actor.intent(action, target, item))[1].standing is Standing.ALREADY, action
    forum = world.raw(f"/api/v3/topics/{thread.native}")["response"]["cid"]
    move = actor.intent(Action.MOVE, thread, item, forum=str(forum))
    assert actor.before(move)[1].standing is Standing.ALREADY, "the server would answer 400"


@pytest.mark.parametrize("seen", ["bogus", "q123", "h0.0.0!open!1!0", "r"])
def test_what_is_no_version_is_refused_and_not_taken_for_nothing_new(world: World, actor: Actor, seen: str) -> None:
    flag, post, _ = world.reported_post()
    world.community.decide_as(COLLEAGUE, int(flag.native), "rejected")
    item = replace(actor.item(flag, MemoryMirror()), version=seen)
    for action, target in ((Action.RESOLVE, flag), (Action.HIDE, post)):
        with pytest.raises(RefusedError, match="version_malformed"):
            actor.before(actor.intent(action, target, item))
    held = ref(Kind.HELD, world.community.snapshot()["held"][0]["id"])
    waiting = replace(actor.item(held, MemoryMirror()), version="bogus")
    with pytest.raises(RefusedError, match="version_malformed"):
        actor.before(actor.intent(Action.APPROVE, held, waiting))


def test_the_assignee_is_sent_as_text_and_only_when_it_differs(world: World, actor: Actor) -> None:
    flag, _, _ = world.reported_post()
    world.community.decide_as(COLLEAGUE, int(flag.native), None, ME)
    before = len(world.raw(f"/api/flags/{flag.native}")["history"])
    done = actor.act(Action.TAKE, flag, actor.item(flag, MemoryMirror()))
    assert done.evidence.answer is Answer.HAPPENED
    history = world.raw(f"/api/flags/{flag.native}")["history"]
    assert len(history) == before + 1
    assert "assignee" not in history[0]["fields"]


def test_an_assignee_who_may_not_moderate_is_200_and_nothing(world: World, actor: Actor) -> None:
    flag, _, _ = world.reported_post()
    customer = str(ref(Kind.MEMBER, world.community.uid(CUSTOMER)))
    intent, before = actor.before(actor.intent(Action.ASSIGN, flag, actor.item(flag, MemoryMirror()), member=customer))
    with pytest.raises(RefusedError, match="silently_ignored"):
        actor.connection.push(Action.ASSIGN).send(intent, before)


def test_a_colleague_who_was_faster_by_a_moment_sends_the_intent_back(world: World, actor: Actor) -> None:
    flag, _, _ = world.reported_post()
    intent, before = actor.before(actor.intent(Action.RESOLVE, flag, actor.item(flag, MemoryMirror())))
    world.community.decide_as(COLLEAGUE, int(flag.native), "resolved")
    with pytest.raises(TryLaterError, match="overtaken") as caught:
        actor.connection.push(Action.RESOLVE).send(intent, before)
    assert caught.value.facts["scope"] == "intent"
    _, now = actor.before(intent)
    assert now.standing is Standing.ALREADY
    assert [entry.by_name for entry in now.entries] == [world.raw("/api/self", COLLEAGUE)["displayname"]]


def test_rejected_then_in_progress_leaves_both_entries(world: World, actor: Actor) -> None:
    flag, _, _ = world.reported_post()
    seen = actor.item(flag, MemoryMirror())
    world.community.decide_as(COLLEAGUE, int(flag.native), "rejected")
    world.community.decide_as(ME, int(flag.native), "wip")
    _, before = actor.before(actor.intent(Action.RESOLVE, flag, seen))
    assert [entry.changes[Change.STATE] for entry in before.entries] == ["in_progress", "dismissed"]


def test_a_decision_on_a_list_row_is_compared_too(world: World, actor: Actor) -> None:
    flag, _, _ = world.reported_post()
    rows = (
        item
        for batch in actor.connection.catch_up(MemoryMirror(), HORIZON)
        for records in batch.records
        for item in records.items
    )
    row = next(item for item in rows if item.id == flag)
    assert not row.detail
    world.community.decide_as(COLLEAGUE, int(flag.native), "rejected")
    _, before = actor.before(actor.intent(Action.RESOLVE, flag, row))
    assert [entry.changes.get(Change.STATE) for entry in before.entries] == ["dismissed"]


def test_a_further_report_is_an_entry_of_its_own(world: World, actor: Actor) -> None:
    flag, post, _ = world.reported_post()
    seen = actor.item(flag, MemoryMirror())
    world.community.report("jory_pennyfeather", int(post.native), "I mind it too")
    _, before = actor.before(actor.intent(Action.RESOLVE, flag, seen))
    assert [set(entry.changes) for entry in before.entries] == [{Change.REPORT}]


def test_hiding_resolves_the_report_under_ones_own_name(world: World, actor: Actor) -> None:
    flag, post, _ = world.reported_post()
    done = actor.act(Action.HIDE, post, actor.item(flag, MemoryMirror()))
    [entry] = done.evidence.entries
    assert entry.by == actor.me.member
    assert entry.changes == {Change.STATE: "resolved"}
    [item] = [item for records in done.evidence.records for item in records.items]
    assert item.state is ItemState.RESOLVED


def test_restoring_does_not_open_the_report_again(world: World, actor: Actor) -> None:
    flag, post, _ = world.reported_post()
    actor.act(Action.HIDE, post, actor.item(flag, MemoryMirror()))
    actor.act(Action.RESTORE, post, actor.item(flag, MemoryMirror()))
    assert actor.item(flag, MemoryMirror()).state is ItemState.RESOLVED


def test_a_post_hidden_by_a_colleague_is_none_of_ours(world: World, actor: Actor) -> None:
    flag, post, _ = world.reported_post()
    intent, before = actor.before(actor.intent(Action.HIDE, post, actor.item(flag, MemoryMirror())))
    world.raw(f"/api/v3/posts/{post.native}/state", COLLEAGUE, "DELETE", {})
    with pytest.raises(TryLaterError, match="overtaken"):
        actor.connection.push(Action.HIDE).send(intent, before)
    assert actor.look(intent).answer is Answer.ABSENT


def test_the_same_post_hidden_twice_gives_two_receipts(world: World, actor: Actor) -> None:
    flag, post, _ = world.reported_post()
    for action in (Action.HIDE, Action.RESTORE, Action.HIDE, Action.RESTORE):
        actor.act(action, post, actor.item(flag, MemoryMirror()))
    assert len(actor.receipts) == 4


def test_an_empty_note_would_be_stored_and_is_refused(world: World, actor: Actor) -> None:
    flag, _, _ = world.reported_post()
    intent, before = actor.before(actor.intent(Action.NOTE, flag, actor.item(flag, MemoryMirror()), text=" \n"))
    with pytest.raises(RefusedError, match="note_empty"):
        actor.connection.push(Action.NOTE).send(intent, before)
    assert world.raw(f"/api/flags/{flag.native}")["notes"] == []


def test_the_same_note_twice_is_two_notes_with_two_receipts(world: World, actor: Actor) -> None:
    flag, _, _ = world.reported_post()
    for _ in range(2):
        done = actor.act(Action.NOTE, flag, actor.item(flag, MemoryMirror()), text="Seen, waiting for the author")
        assert done.evidence.answer is Answer.HAPPENED
    assert len(world.raw(f"/api/flags/{flag.native}")["notes"]) == 2
    assert len(actor.receipts) == 2


def test_a_report_on_a_member_has_no_post_to_act_on(world: World, actor: Actor) -> None:
    member = world.community.uid(CUSTOMER)
    made = world.raw("/api/v3/flags", ME, "POST", {"type": "user", "id": member, "reason": "Spam account"})
    flag = ref(Kind.FLAG, made["response"]["flagId"])
    item = actor.item(flag, MemoryMirror())
    assert (item.post, item.author) == (None, ref(Kind.MEMBER, member))
    assert "ban" in (item.actions or ())
    assert "hide" not in (item.actions or ())
    with pytest.raises(NotAllowedError, match="target_missing"):
        actor.before(actor.intent(Action.HIDE, flag, item))
    assert actor.act(Action.RESOLVE, flag, item).evidence.answer is Answer.HAPPENED


def test_a_thread_locked_twice_has_two_events_and_one_receipt_each(world: World, actor: Actor) -> None:
    _, _, thread = world.reported_post()
    actor.act(Action.LOCK, thread)
    world.raw(f"/api/v3/topics/{thread.native}/lock", COLLEAGUE, "PUT", {})
    actor.act(Action.UNLOCK, thread)
    actor.act(Action.LOCK, thread)
    assert len(actor.receipts) == 3


def test_an_end_in_the_past_would_ban_for_ever_and_is_refused(world: World, actor: Actor) -> None:
    target = ref(Kind.MEMBER, world.community.uid(CUSTOMER))
    for until in ("2020-01-01T00:00:00+00:00", "2020-01-01", "soon"):
        intent, before = actor.before(actor.intent(Action.BAN, target, until=until))
        with pytest.raises((RefusedError, NotAllowedError), match="end_date_wrong"):
            actor.connection.push(Action.BAN).send(intent, before)
    assert not world.effects("ban")


def test_administrators_are_not_banned(world: World, actor: Actor) -> None:
    intent, before = actor.before(actor.intent(Action.BAN, ref(Kind.MEMBER, world.community.uid("osric_vale"))))
    with pytest.raises(RefusedError, match="member_is_administrator"):
        actor.connection.push(Action.BAN).send(intent, before)


def test_a_forum_moderator_decides_held_posts_without_seeing_the_queue(world: World) -> None:
    moderator = world.actor(FORUM_MODERATOR)
    held = ref(Kind.HELD, world.community.hold_as(NEWCOMER, world.open_thread(), "A first post, held back").id)
    done = moderator.act(Action.APPROVE, held)
    assert done.evidence.answer is Answer.HAPPENED
    assert done.evidence.receipt is not None
    assert f"@post.{done.hints['post']}" in done.evidence.receipt.server_id


def test_what_is_let_in_need_not_become_a_post_of_its_author(world: World, actor: Actor) -> None:
    """A topic from elsewhere that waits to be shown in a category as well is the system's (uid 0)."""
    held = ref(Kind.HELD, world.community.hold_as(NEWCOMER, world.open_thread(), "A first post, held back").id)
    intent = replace(actor.intent(Action.APPROVE, held), baseline={"author": None, "written": 0})
    world.raw(f"/api/v3/posts/queue/{held.native}", ME, "POST", {})
    found = actor.look(intent, {"done": True, "post": None})
    assert found.answer is Answer.HAPPENED
    assert found.receipt is not None
    assert "@approved" in found.receipt.server_id
    assert actor.look(intent).answer is Answer.UNCLEAR


@pytest.mark.parametrize(("title", "found"), [("A better title", Answer.ABSENT), ("", Answer.HAPPENED)])
def test_an_edit_that_leaves_the_text_is_known_by_its_title(
    world: World, actor: Actor, title: str, found: Answer
) -> None:
    text = "A first post, held back"
    held = ref(Kind.HELD, world.community.hold_as(NEWCOMER, world.open_thread(), text).id)
    intent = actor.intent(Action.EDIT, held, text=text, title=title)
    assert actor.look(replace(intent, baseline={})).answer is found


@pytest.mark.parametrize("first", [Action.APPROVE, Action.REJECT])
@pytest.mark.parametrize("mine", [Action.APPROVE, Action.REJECT])
def test_two_odd_400s_mean_that_somebody_else_was_first(
    world: World, actor: Actor, first: Action, mine: Action
) -> None:
    held = ref(Kind.HELD, world.community.hold_as(NEWCOMER, world.open_thread(), "A first post, held back").id)
    intent, before = actor.before(actor.intent(mine, held, actor.item(held, MemoryMirror())))
    method = "POST" if first is Action.APPROVE else "DELETE"
    world.raw(f"/api/v3/posts/queue/{held.native}", COLLEAGUE, method, {})
    with pytest.raises(TryLaterError, match="overtaken"):
        actor.connection.push(mine).send(intent, before)
    assert actor.before(intent)[1].standing is Standing.GONE


def test_an_edit_by_a_colleague_since_the_person_looked_is_named(world: World, actor: Actor) -> None:
    flag, post, _ = world.reported_post()
    seen = actor.item(flag, MemoryMirror())
    edit = actor.intent(Action.EDIT, post, seen, text="My own better words")
    assert actor.before(edit)[1].changed == {}
    world.raw(f"/api/v3/posts/{post.native}", COLLEAGUE, "PUT", {"content": "A colleague's better words"})
    assert set(actor.before(edit)[1].changed) == {"edited"}
    assert actor.before(actor.intent(Action.EDIT, post, actor.item(flag, MemoryMirror()), text="x"))[1].changed == {}


def test_a_reply_is_compared_as_it_was_stored(world: World, actor: Actor) -> None:
    thread = ref(Kind.THREAD, world.open_thread())
    text = "Zeile eins\r\n  日本語 🎪 *stern*\n\n> zitat  \u3000\n"
    intent, before = actor.before(actor.intent(Action.REPLY, thread, text=text))
    world.fault("drop_after", f"/api/v3/topics/{thread.native}$", "POST")
    with pytest.raises(UnclearError):
        actor.connection.push(Action.REPLY).send(intent, before)
    assert actor.look(intent).answer is Answer.HAPPENED


def test_the_reply_that_the_answer_named_is_ours_whatever_became_of_its_text(world: World, actor: Actor) -> None:
    thread = ref(Kind.THREAD, world.open_thread())
    intent, before = actor.before(actor.intent(Action.REPLY, thread, text="An answer that a colleague mends"))
    hints = actor.connection.push(Action.REPLY).send(intent, before)
    world.raw(f"/api/v3/posts/{hints['post']}", COLLEAGUE, "PUT", {"content": "An answer that a colleague has mended"})
    assert actor.look(intent).answer is Answer.ABSENT
    found = actor.connection.push(Action.REPLY).look(intent, hints, lambda _: False)
    assert found.receipt is not None
    assert found.receipt.server_id == f"post:{hints['post']}"


def test_a_rejection_is_proven_only_by_the_authors_posts_back_to_that_time(world: World, actor: Actor) -> None:
    """A colleague accepted it, and its author has written more than is read since."""
    held = ref(Kind.HELD, world.community.hold_as(NEWCOMER, world.open_thread(), "A first post, held back").id)
    intent, _ = actor.before(actor.intent(Action.REJECT, held, actor.item(held, MemoryMirror())))
    world.raw(f"/api/v3/posts/queue/{held.native}", COLLEAGUE, "POST", {})
    assert actor.look(intent).answer is Answer.ABSENT
    thread = world.open_thread()
    for number in range(25):
        world.community.reply_as(NEWCOMER, thread, f"Another reply, number {number}")
    assert actor.look(intent).answer is Answer.ABSENT
    for number in range(100):
        world.community.reply_as(NEWCOMER, thread, f"And one more, number {number}")
    assert actor.look(intent).answer is Answer.UNCLEAR


def test_a_post_that_may_have_been_brought_back_is_not_hidden_again(world: World, actor: Actor) -> None:
    """The answer was lost, and a colleague was of another mind before the look."""
    flag, post, _ = world.reported_post()
    intent, before = actor.before(actor.intent(Action.HIDE, post, actor.item(flag, MemoryMirror())))
    assert actor.look(intent).answer is Answer.ABSENT
    actor.connection.push(Action.HIDE).send(intent, before)
    world.raw(f"/api/v3/posts/{post.native}/state", COLLEAGUE, "PUT", {})
    assert actor.look(intent).answer is Answer.UNCLEAR


def test_what_the_answer_named_and_is_gone_is_not_offered_again(world: World, actor: Actor) -> None:
    intent, _ = actor.before(actor.intent(Action.REPLY, ref(Kind.THREAD, world.open_thread()), text="Never posted"))
    look = actor.connection.push(Action.REPLY).look
    assert look(intent, {}, lambda _: False).answer is Answer.ABSENT
    for hints in ({"post": "99999"}, {"held": "reply-1"}):
        assert look(intent, hints, lambda _: False).answer is Answer.UNCLEAR


def test_a_message_that_the_answer_named_is_not_offered_again(world: World, actor: Actor) -> None:
    member = ref(Kind.MEMBER, world.community.uid(CUSTOMER))
    intent, _ = actor.before(actor.intent(Action.MESSAGE, member, text="Never written"))
    look = actor.connection.push(Action.MESSAGE).look
    assert look(intent, {}, lambda _: False).answer is Answer.ABSENT
    assert look(intent, {"message": "99999"}, lambda _: False).answer is Answer.UNCLEAR


def test_more_posts_of_ones_own_than_are_read_prove_nothing(
    world: World, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    thread = world.open_thread()
    intent, _ = actor.before(actor.intent(Action.REPLY, ref(Kind.THREAD, thread), text="Never posted"))
    for number in range(45):
        world.community.reply_as(ME, thread, f"Another reply, number {number}")
    assert actor.look(intent).answer is Answer.ABSENT
    monkeypatch.setattr(reply_push, "_MOST_PAGES", 2)
    assert actor.look(intent).answer is Answer.UNCLEAR


def test_an_answer_for_a_closed_forum_does_not_follow_the_thread_elsewhere(world: World, actor: Actor) -> None:
    thread, here = ref(Kind.THREAD, world.open_thread()), str(ref(Kind.FORUM, world.public_forum()))
    for meant, changed in ((here, {}), (str(ref(Kind.FORUM, 99)), {"forum": here})):
        _, before = actor.before(actor.intent(Action.REPLY, thread, text="For colleagues", only_in=meant))
        assert before.changed == changed


def test_other_peoples_identical_words_do_not_count(world: World, actor: Actor) -> None:
    thread = world.open_thread()
    intent, _ = actor.before(actor.intent(Action.REPLY, ref(Kind.THREAD, thread), text="Thanks, that worked!"))
    world.community.reply_as(COLLEAGUE, thread, "Thanks, that worked!")
    other = world.open_thread()
    world.community.reply_as(ME, other, "Thanks, that worked!")
    assert actor.look(intent).answer is Answer.ABSENT


def test_a_reply_is_found_behind_many_others(world: World, actor: Actor) -> None:
    thread = world.open_thread()
    target = ref(Kind.THREAD, thread)
    intent, before = actor.before(actor.intent(Action.REPLY, target, text="The answer that got lost"))
    world.fault("drop_after", f"/api/v3/topics/{thread}$", "POST")
    with pytest.raises(UnclearError):
        actor.connection.push(Action.REPLY).send(intent, before)
    for number in range(45):
        world.community.reply_as(ME if number % 2 else OTHER_CUSTOMER, thread, f"Another reply, number {number}")
    assert actor.look(intent).answer is Answer.HAPPENED


def test_a_reply_that_arrives_after_the_look_is_found_by_the_next(world: World, expected_logs: list[str]) -> None:
    expected_logs.append("answer_timed_out")
    actor = world.actor(seconds=0.3)
    thread = ref(Kind.THREAD, world.open_thread())
    intent, before = actor.before(actor.intent(Action.REPLY, thread, text="An answer that is late"))
    world.fault("delay", f"/api/v3/topics/{thread.native}$", "POST", seconds=1.0)
    with pytest.raises(UnclearError, match="answer_timed_out"):
        actor.connection.push(Action.REPLY).send(intent, before)
    patient = world.actor()
    while patient.look(intent).answer is not Answer.HAPPENED:
        threading.Event().wait(0.05)
    assert len([e for e in world.effects("reply") if e["by"] == world.community.uid(ME)]) == 1


def test_a_held_reply_is_200_without_a_post(world: World) -> None:
    newcomer = world.actor(NEWCOMER)
    thread = ref(Kind.THREAD, world.open_thread())
    done = newcomer.act(Action.REPLY, thread, text="My very first words here")
    assert done.hints.keys() == {"held"}
    assert done.evidence.held_id == f"sample:held:{done.hints['held']}"
    assert done.evidence.receipt is not None
    assert done.evidence.receipt.server_id == f"held:{done.hints['held']}"


def test_a_held_reply_whose_answer_was_lost_is_found_in_the_queue(world: World, expected_logs: list[str]) -> None:
    expected_logs.append("answer_broke_off")
    newcomer = world.actor(NEWCOMER)
    thread = ref(Kind.THREAD, world.open_thread())
    intent, before = newcomer.before(newcomer.intent(Action.REPLY, thread, text="My very first words here"))
    world.fault("drop_after", f"/api/v3/topics/{thread.native}$", "POST")
    with pytest.raises(UnclearError):
        newcomer.connection.push(Action.REPLY).send(intent, before)
    evidence = newcomer.look(intent)
    assert evidence.answer is Answer.HAPPENED
    assert evidence.held_id


def test_the_post_delay_puts_off_this_intent_only(world: World) -> None:
    world.community.state.settings.post_delay = 30
    customer = world.actor(CUSTOMER)
    thread = ref(Kind.THREAD, world.open_thread())
    intent, before = customer.before(customer.intent(Action.REPLY, thread, text="Too soon after the last one"))
    with pytest.raises(TryLaterError, match="post_delay") as caught:
        customer.connection.push(Action.REPLY).send(intent, before)
    assert (caught.value.seconds, caught.value.facts["scope"]) == (30.0, "intent")


def test_one_post_at_a_time_for_each_account(world: World, actor: Actor) -> None:
    world.community.service.posting_time_ms = 400
    thread = ref(Kind.THREAD, world.open_thread())
    wishes = [actor.before(actor.intent(Action.REPLY, thread, text=f"At the same time {n}")) for n in range(2)]
    outcomes: list[str] = []

    def send(number: int) -> None:
        try:
            actor.connection.push(Action.REPLY).send(*wishes[number])
            outcomes.append("sent")
        except TryLaterError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert sorted(outcomes) == ["already_posting", "sent"]


def test_a_locked_thread_refuses_members_and_takes_moderators(world: World, actor: Actor) -> None:
    _, _, thread = world.reported_post()
    actor.act(Action.LOCK, thread)
    customer = world.actor(CUSTOMER)
    intent, before = customer.before(customer.intent(Action.REPLY, thread, text="Nobody closes my mouth"))
    with pytest.raises(RefusedError, match="thread_locked"):
        customer.connection.push(Action.REPLY).send(intent, before)
    assert actor.act(Action.REPLY, thread, text="Closed, see the announcement").evidence.answer is Answer.HAPPENED


def test_writes_ask_for_english_whatever_the_accounts_language(world: World) -> None:
    actor = world.actor("mochizuki_sora")
    intent, before = actor.before(actor.intent(Action.REPLY, ref(Kind.THREAD, world.open_thread()), text="x"))
    with pytest.raises(RefusedError, match="text_too_short"):
        actor.connection.push(Action.REPLY).send(intent, before)


def test_a_baseline_holds_no_text(world: World, actor: Actor) -> None:
    for name in ("reply", "edit", "edit held", "message", "note"):
        deed = DEEDS[name](world, actor)
        intent, _ = actor.before(actor.intent(deed.action, deed.target, deed.item, **deed.payload))
        assert deed.payload["text"].strip() not in str(intent.baseline)


def test_without_a_baseline_a_reply_cannot_be_judged(world: World, actor: Actor) -> None:
    intent = actor.intent(Action.REPLY, ref(Kind.THREAD, world.open_thread()), text="Anything at all here")
    assert actor.look(intent).answer is Answer.UNCLEAR


def test_the_company_speaks_through_its_own_connection(world: World) -> None:
    official = Actor(world.connect("quillby"), Identities.OFFICIAL)
    done = official.act(Action.REPLY, ref(Kind.THREAD, world.open_thread()), text="We are looking into it")
    assert done.evidence.receipt is not None
    assert done.evidence.receipt.by == str(ref(Kind.MEMBER, world.community.uid("quillby")))


def test_a_server_that_ignores_a_filter_is_not_believed(world: World) -> None:
    def handle(heard: Heard, sock: socket.socket) -> None:
        if "/api/self" in heard.line:
            reply(sock, body("auth-self-user-token"))
        elif "/api/flags" in heard.line:
            reply(sock, body("flags-list-default"))
        else:
            reply(sock, body("post-queue-list"))

    with wire(handle) as server:
        connection, mirror = open_connection(server.url, "x", Account(Identities.ME, "t")), MemoryMirror()
        with pytest.raises(PayloadError, match="filter_ignored"):
            mirror.take(connection.poll(mirror))
        connection.close()
    assert not mirror.items_by_ref

"""The connector against the sample community's Discourse face: two readings of the same documents must agree."""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from moderation.actions import Action
from moderation.errors import ConflictError, NotAllowedError, SignInError, TryLaterError
from moderation.ids import Kind
from moderation.intents import Identities
from moderation.items import Change, Item, ItemState
from sync.connector import Account, Answer, Standing, Urgency
from sync.discourse import open_connection, recognise, sign_in
from sync.http import Plan, PlannedBudget
from tests.conformance.memory import MemoryMirror
from tests.sync.discourse.face import ADMIN, COLLEAGUE, COMPANY, CUSTOMER, ME, World, ref, small_face

UNTIL = (datetime.now(UTC) + timedelta(days=3)).isoformat(timespec="milliseconds")


@pytest.fixture
def world() -> Iterator[World]:
    """A world that the test may change."""
    with small_face() as found:
        yield found


def items_of(mirror: MemoryMirror, kind: str) -> list[Item]:
    return [item for item in mirror.items_by_ref.values() if item.extra["type"] == kind]


def free(mirror: MemoryMirror, kind: str = "ReviewableFlaggedPost") -> Item:
    """A pending item that nobody claims."""
    return next(item for item in items_of(mirror, kind) if item.claimed_by is None and item.offers)


def test_it_is_recognised_and_says_what_it_is(world: World) -> None:
    assert recognise(world.server.url)
    assert not recognise(f"{world.server.url}/not/the/front/page")
    info = world.connect().info()
    assert (info.platform, info.version) == ("discourse", "2026.8.0")


def test_everything_fits(world: World) -> None:
    connection, mirror = world.pulled()
    assert mirror.problems == []
    assert mirror.complete_since is not None
    assert len(mirror.pending_items()) == world.raw("/review/count.json")["count"]
    state = world.community.state.tables
    assert {int(one.native) for one in mirror.threads_by_ref} == set(state.threads)
    public = {native for native, post in state.posts.items() if not post.hidden}
    assert public <= {int(one.native) for one in mirror.posts_by_ref}
    assert all(thread.complete for thread in mirror.threads_by_ref.values())
    assert connection.usage()["requests"] < 30


def test_all_types_of_items(world: World) -> None:
    _, mirror = world.pulled()
    assert {item.extra["type"] for item in mirror.items_by_ref.values()} >= {
        "ReviewableFlaggedPost", "ReviewableQueuedPost", "ReviewableUser", "ReviewablePictureScan",
    }  # fmt: skip
    for item in mirror.items_by_ref.values():
        assert item.reports or item.state is not ItemState.OPEN
        assert item.body or item.body_html
        assert item.history


def test_a_quiet_poll_is_one_request(world: World) -> None:
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    before = connection.usage()["requests"]
    assert mirror.take(connection.poll(mirror)) == 0
    assert connection.usage()["requests"] - before == 1


def test_news_arrive_by_poll(world: World) -> None:
    connection, mirror = world.pulled()
    mirror.take(connection.poll(mirror))
    item, _, thread = world.reported_post()
    mirror.take(connection.poll(mirror))
    assert mirror.items_by_ref[item].state is ItemState.OPEN
    assert len(mirror.posts_of(thread)) == mirror.threads_by_ref[thread].post_count == 2


def test_deciding_by_every_kind_of_offer(world: World) -> None:
    actor = world.actor()
    for slug in ("resolve", "dismiss", "hide", "x:ignore_and_do_nothing", "x:delete_and_agree"):
        target, _, _ = world.reported_post()
        item = actor.item(target, MemoryMirror())
        offer = item.offered(slug)
        assert offer is not None
        wanted = offer.leads_to.value if offer.leads_to else None
        done = actor.act(Action(slug), target, item, offer=offer.name, leads_to=wanted)
        assert done.evidence.answer is Answer.HAPPENED, slug
        assert actor.item(target, MemoryMirror()).state is offer.leads_to, slug


def test_an_unknown_type_is_decided_by_its_own_names(world: World) -> None:
    connection, mirror = world.pulled()
    item = free(mirror, "ReviewablePictureScan")
    assert item.offers is not None
    offer = item.offers[0]
    actor = world.actor()
    done = actor.act(Action(offer.slug), item.id, actor.item(item.id, mirror), offer=offer.name)
    assert done.evidence.answer is Answer.HAPPENED
    mirror.take(connection.fetch([item.id], mirror))
    assert mirror.items_by_ref[item.id].state not in {ItemState.OPEN, ItemState.HELD}


def test_claims_notes_and_held_posts(world: World) -> None:
    actor = world.actor()
    target, _, _ = world.reported_post()
    for action, payload in (
        (Action.TAKE, {}), (Action.RELEASE, {}), (Action.ASSIGN, {}), (Action.NOTE, {"text": "A note of ours"}),
    ):  # fmt: skip
        item = actor.item(target, MemoryMirror())
        assert actor.act(action, target, item, **payload).evidence.answer is Answer.HAPPENED
    item = actor.item(target, MemoryMirror())
    assert (item.claimed_by, [note.text for note in item.notes]) == (actor.me.member, ["A note of ours"])
    _, mirror = world.pulled()
    held, other = [one for one in items_of(mirror, "ReviewableQueuedPost") if one.state is ItemState.HELD][:2]
    text = "A held text that a moderator has edited"
    assert actor.act(Action.EDIT, held.id, held, text=text).evidence.answer is Answer.HAPPENED
    now = actor.item(held.id, mirror)
    assert now.body == text
    assert actor.act(Action.APPROVE, held.id, now).evidence.answer is Answer.HAPPENED
    assert actor.act(Action.REJECT, other.id, other).evidence.answer is Answer.HAPPENED


def test_a_claim_of_a_colleague_and_a_decision_of_one(world: World) -> None:
    actor, colleague = world.actor(), world.actor(COLLEAGUE)
    target, _, _ = world.reported_post()
    seen = actor.item(target, MemoryMirror())
    colleague.act(Action.TAKE, target, colleague.item(target, MemoryMirror()))
    intent, before = actor.before(actor.intent(Action.RESOLVE, target, seen, offer="agree_and_keep"))
    assert [entry.by for entry in before.entries if Change.ASSIGNEE in entry.changes] == [colleague.me.member]
    claimed = actor.item(target, MemoryMirror())
    with pytest.raises(ConflictError, match="claimed_by_other"):
        actor.act(Action.RESOLVE, target, claimed, offer="agree_and_keep")
    colleague.act(Action.DISMISS, target, claimed, leads_to="dismissed")
    with pytest.raises(TryLaterError, match="overtaken"):
        actor.connection.push(Action.RESOLVE).send(intent, before)
    _, after = actor.before(intent)
    assert after.state is ItemState.DISMISSED
    assert {entry.by for entry in after.entries} == {colleague.me.member}


def test_suspending_and_silencing(world: World) -> None:
    actor = world.actor()
    member = ref(Kind.MEMBER, world.community.uid(CUSTOMER))
    for action in (Action.BAN, Action.UNBAN, Action.MUTE, Action.UNMUTE):
        payload = {"reason": "Spam", "until": UNTIL} if action in (Action.BAN, Action.MUTE) else {}
        done = actor.act(action, member, **payload)
        assert done.evidence.answer is Answer.HAPPENED
        assert actor.before(actor.intent(action, member, **payload))[1].standing is Standing.ALREADY


@pytest.mark.parametrize("release", ["2025", "2026"])
def test_shapes_of_releases(world: World, release: str) -> None:
    world.settings.release = release
    _, mirror = world.pulled()
    assert mirror.problems == []
    item = free(mirror)
    assert item.offered("resolve") is not None
    assert all(report.text for report in item.reports)
    claimed = [one for one in mirror.items_by_ref.values() if one.claimed_by is not None]
    assert claimed
    assert all(one.assignee_name for one in claimed)


def test_a_site_in_a_subfolder(world: World) -> None:
    world.settings.subfolder = "/help"
    _, mirror = world.pulled()
    assert mirror.problems == []
    assert mirror.pending_items()
    assert free(mirror).id.community == "sample"


def test_keys(world: World) -> None:
    assert world.connect(ADMIN).identify().roles >= {"administrator"}
    assert world.connect(COMPANY, admin_key=True).identify().name == COMPANY
    with pytest.raises(NotAllowedError, match="may_not_moderate"):
        world.pulled(CUSTOMER)
    connection = world.connect()
    connection.identify()
    world.community.revoke_token(world.community.user_key_for(ME))
    with pytest.raises(SignInError, match="token_not_accepted"):
        MemoryMirror().take(connection.fetch([ref(Kind.REVIEW, 28)], MemoryMirror()))


def test_the_first_minute_of_a_pull_has_the_queue(world: World) -> None:
    """Within the limits that Discourse ships with; what needs more waits for the next minute."""
    world.settings.limited = True
    budget = PlannedBudget(Plan(20, 2880), patience=0.0)
    connection, mirror = world.connect(budget=budget), MemoryMirror()
    with pytest.raises(TryLaterError, match="budget_used_up"):
        mirror.take(connection.catch_up(mirror, datetime.now(UTC) - timedelta(days=90)))
    assert len(mirror.pending_items()) == world.raw("/review/count.json", ADMIN)["count"]
    assert all(facts.detail for facts in mirror.pending_items().values())
    assert connection.usage()["requests"] <= 20
    assert budget.may(Urgency.PERSON)


def test_a_read_only_site(world: World, expected_logs: list[str]) -> None:
    expected_logs.append(r"^sync\.http\.pacing: ")
    actor = world.actor()
    target, _, _ = world.reported_post()
    item = actor.item(target, MemoryMirror())
    intent, before = actor.before(actor.intent(Action.RESOLVE, target, item, offer="agree_and_keep"))
    world.settings.read_only = True
    with pytest.raises(TryLaterError, match="read_only"):
        actor.connection.push(Action.RESOLVE).send(intent, before)
    assert actor.look(intent).answer is Answer.ABSENT


def agree(world: World, address: str, **fields: str) -> str:
    """What a person does in the browser."""
    answer = requests.post(world.server.url + address, data={"username": ME, **fields}, timeout=20)
    assert answer.ok, answer.text[:200]
    return answer.text


def test_signing_in_by_code_and_out_again(world: World) -> None:
    wish = sign_in.start(world.server.url, "marquee-test")
    assert wish.by_device
    assert wish.url.startswith(world.server.url)
    assert sign_in.poll(wish) is None
    agree(world, "/user-api-key/activate", user_code=wish.code)
    key = sign_in.poll(wish)
    assert key is not None
    account = Account(Identities.ME, key)
    connection = open_connection(world.server.url, "sample", account, budget=PlannedBudget(Plan(100)))
    assert connection.identify().name == ME
    assert sign_in.revoke(world.server.url, key)
    connection.close()
    again = open_connection(world.server.url, "sample", account, budget=PlannedBudget(Plan(100)))
    with pytest.raises(SignInError, match="token_not_accepted"):
        again.identify()
    again.close()


def test_signing_in_by_a_pasted_text(world: World) -> None:
    world.settings.device_code = False
    wish = sign_in.start(world.server.url, "marquee-test")
    assert not wish.by_device
    fields = {name: values[0] for name, values in parse_qs(urlsplit(wish.url).query).items()}
    shown = re.search(r"<textarea>([^<]+)</textarea>", agree(world, "/user-api-key", **fields))
    assert shown is not None
    key = sign_in.opened(wish, html.unescape(shown[1]))
    assert open_connection(world.server.url, "sample", Account(Identities.ME, key)).identify().name == ME


def test_a_key_over_its_limit_is_told_and_learned(world: World, expected_logs: list[str]) -> None:
    expected_logs.append(r"^sync\.http\.pacing: ")
    world.settings.limited = True
    world.settings.user_key_minute = 7
    budget = PlannedBudget(Plan(1000, 2880))
    connection, mirror = world.connect(budget=budget), MemoryMirror()
    with pytest.raises(TryLaterError) as caught:
        mirror.take(connection.catch_up(mirror, datetime.now(UTC) - timedelta(days=90)))
    assert caught.value.code == "too_many_requests"
    assert 0 < caught.value.seconds <= 60
    assert budget.limits == (7, 2880)


def test_a_used_up_day_is_a_sentence(world: World, expected_logs: list[str]) -> None:
    expected_logs.append(r"^sync\.http\.pacing: ")
    world.settings.limited = True
    world.settings.user_key_day = 5
    connection, mirror = world.connect(budget=PlannedBudget(Plan(1000, 2880))), MemoryMirror()
    with pytest.raises(TryLaterError, match="day_limit_reached") as caught:
        mirror.take(connection.catch_up(mirror, datetime.now(UTC) - timedelta(days=90)))
    assert float(str(caught.value.facts["hours"])) > 20
    assert connection.budget_left() == 0


def test_messages_that_the_account_may_read(world: World) -> None:
    text = {
        "raw": "Let us look at your contract in private",
        "archetype": "private_message",
        "title": "About a contract",
    }
    mine = world.raw("/posts.json", ME, "POST", {**text, "target_recipients": CUSTOMER})["topic_id"]
    theirs = world.raw("/posts.json", COLLEAGUE, "POST", {**text, "target_recipients": CUSTOMER})["topic_id"]
    _, mirror = world.pulled()
    thread = mirror.threads_by_ref[ref(Kind.THREAD, mine)]
    assert (thread.forum, thread.complete) == (ref(Kind.FORUM, "messages"), True)
    assert [post.forum for post in mirror.posts_of(thread.id)] == [ref(Kind.FORUM, "messages")]
    assert ref(Kind.THREAD, theirs) not in mirror.threads_by_ref

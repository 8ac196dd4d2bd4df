"""Every constructed answer that lies beside this project, shaken: what it says is read all the same, and a record that
does not fit is set aside alone.
"""

import json
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.errors import PayloadError
from moderation.ids import Kind, Ref
from moderation.intents import Identities
from moderation.records import Batch
from sync.connector import Account, Urgency
from sync.discourse import decoders as d
from sync.discourse import open_connection
from sync.discourse.decode_review import note_of
from sync.discourse.pull.bus import Hints
from sync.discourse.pull.feed import Feed
from sync.discourse.pull.people import People
from sync.discourse.pull.queue import ReviewQueue
from sync.discourse.pull.threads import Threads
from sync.discourse.reading import Reader, decoded, error_of
from sync.http import Answer
from sync.mirror import MirrorWriter
from tests.conformance.memory import MemoryMirror
from tests.fakes import factory
from tests.sync.discourse import made
from tests.sync.discourse.shaking import FOLDER, lists_in, recorded, renumbered, schema_of, shaken, spoiled
from tests.sync.discourse.test_responses import UNREAD

NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))
pytestmark = pytest.mark.skipif(not NAMES, reason="../shared/discourse/responses is not here")
ERRORS = [name for name in NAMES if recorded(name)["status"] >= 400 and "body" in recorded(name)]
often = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
JSON = "application/json; charset=utf-8"


class Told:
    """A client that knows one answer, and who is signed in."""

    def __init__(self, body: Any) -> None:
        self._body = json.dumps(body).encode()

    def read(self, path: str, urgency: Urgency) -> Answer:
        """The session, or that answer, whatever is asked for."""
        known = made.session() if path.startswith("/session") else {"latest_posts": []}
        other = path.startswith(("/session", "/posts.json?"))
        return Answer(200, path, 1, json.dumps(known).encode() if other else self._body, JSON)

    def ask(self, path: str, form: Any, urgency: Urgency, headers: Any) -> Answer:
        """That answer to a form."""
        return self.read(path, urgency)


def context_of(body: Any) -> Any:
    """What the connector's readers share, with that answer."""
    context = open_connection("http://127.0.0.1:9", "sample", Account(Identities.ME, "key"))._context
    context.reader = context.identity._reader = Reader(Told(body))  # type: ignore[arg-type]
    context.bus = Told(body)  # type: ignore[assignment]
    return context


def told(batches: Any) -> list[str]:
    """What batches tell: ids of everything, then the problems."""
    found: list[str] = []
    for batch in batches:
        assert isinstance(batch, Batch)
        for records in batch.records:
            for kind in ("items", "threads", "posts", "members"):
                found += [str(one.id) for one in getattr(records, kind) if kind != "members"]
        found += [f"problem {problem}" for problem in batch.problems]
    return found


def of(kind: Kind, native: object) -> Ref:
    return Ref("sample", kind, str(native))


def queue(body: Any) -> Any:
    return told(islice(ReviewQueue(context_of(body)).newest(MemoryMirror(), Urgency.POLL), 1))


def reviewable(body: Any) -> Any:
    item, _, problems = ReviewQueue(context_of(body)).one(of(Kind.REVIEW, 820), Urgency.POLL)
    return [str(item.id) if item is not None else None, *(f"problem {one}" for one in problems)]


def topic(body: Any) -> Any:
    ref = of(Kind.THREAD, body["id"])
    return told(islice(Threads(context_of(body)).whole([ref], MemoryMirror(), Urgency.POLL), 1))


def topic_posts(body: Any) -> Any:
    posts, _, problems = Threads(context_of(body)).posts(of(Kind.THREAD, 301), [1], Urgency.POLL)
    return [*(str(post.id) for post in posts), *(f"problem {one}" for one in problems)]


def latest(body: Any) -> Any:
    context = context_of(body)
    found = Feed(context).heads(0, Urgency.POLL)
    records = Feed(context)._head_records(found, found.topics, False)
    return told([Batch((records,), {}, found.problems)])


def posts(body: Any) -> Any:
    feed = Feed(context_of(body))
    page = feed._page(None, Urgency.POLL)
    return told([Batch((feed._post_records(page),), {}, page.problems)])


def group(body: Any) -> Any:
    return [str(member.id) for member in People(context_of(body)).group("team", Urgency.POLL)]


def profile(body: Any) -> Any:
    found = People(context_of(body)).followed("lee_support", Urgency.POLL)
    return [str(member.id) for member in found.members] if found is not None else []


def bus(body: Any) -> Any:
    hints = Hints(context_of(body))
    return [str(ref) for ref in hints.changed(Urgency.POLL)]


def plainly(decoder: Any, what: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda body: [str(what(decoded(json.dumps(body).encode(), decoder, "/")))]


READ: dict[str, Callable[[Any], Any]] = {
    "group_members_200": group,
    "latest_200": latest,
    "message_bus_poll_200": bus,
    "message_bus_reviewable_counts_event": bus,
    "post_create_200": plainly(d.POST, lambda one: one.id),
    "post_create_enqueued_200": plainly(d.CREATED, lambda one: one.action),
    "post_create_private_message_200": plainly(d.POST, lambda one: one.id),
    "posts_latest_200": posts,
    "review_count_200": lambda body: [str(ReviewQueue(context_of(body)).count(Urgency.POLL))],
    "review_list_200": queue,
    "review_note_create_200": plainly(d.NOTE, lambda one: note_of(one, None, context_of({}).names).id),
    "review_perform_200": plainly(d.PERFORMED, lambda one: one.reviewable_perform_result.success),
    "review_perform_approve_queued_200": plainly(d.PERFORMED, lambda one: one.reviewable_perform_result.success),
    "review_show_queued_200": reviewable,
    "review_update_200": plainly(d.EDITED_REVIEWABLE, lambda one: one.version),
    "topic_posts_by_id_200": topic_posts,
    "topic_show_converted_private_200": topic,
    "topic_show_public_200": topic,
    "user_api_device_poll_200": plainly(d.DEVICE_POLL, lambda one: one.status),
    "user_api_device_start_200": plainly(d.DEVICE, lambda one: (one.device_code, one.user_code)),
    "user_show_staff_view_200": profile,
}


def test_every_answer_has_a_reader() -> None:
    assert set(NAMES) == {*READ, *UNREAD, *ERRORS, *(n for n in NAMES if "body_text" in recorded(n))}


@pytest.mark.parametrize("bare", [False, True], ids=["by the schema", "bare"])
@pytest.mark.parametrize("name", sorted(READ))
@often
@given(seed=st.integers(0, 2**32))
def test_it_says_the_same_in_another_guise(name: str, bare: bool, seed: int) -> None:
    answer = recorded(name)
    plain = READ[name](answer["body"])
    assert plain or "bus" in name
    assert not any("problem" in one for one in plain)
    other = shaken(answer["body"], schema_of(answer.get("schema")), Random(seed), bare=bare)
    assert READ[name](other) == plain


@pytest.mark.parametrize("name", ERRORS)
@often
@given(seed=st.integers(0, 2**32))
def test_an_error_keeps_its_type(name: str, seed: int) -> None:
    body = recorded(name)["body"]
    other = shaken(body, {}, Random(seed))
    found = error_of(Answer(recorded(name)["status"], "/", 1, json.dumps(other).encode(), JSON))
    assert found.error_type == (body.get("error_type") or "")
    assert found.errors == body.get("errors", [])


LISTS = {
    "latest_200", "posts_latest_200", "review_list_200", "topic_posts_by_id_200", "topic_show_public_200",
    "group_members_200",
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(LISTS))
@often
@given(seed=st.integers(0, 2**32))
def test_a_record_that_does_not_fit_is_set_aside_alone(name: str, seed: int) -> None:
    """A broken record more in any list of the answer, wherever it stands."""
    chance, body = Random(seed), recorded(name)["body"]
    plain = READ[name](body)
    rows = chance.choice(list(lists_in(body)))
    broken = spoiled(renumbered(rows[0], "99-x" if isinstance(rows[0].get("id"), str) else 99_000_099), chance)
    rows.insert(chance.randrange(len(rows) + 1), broken)
    found = READ[name](body)
    assert set(plain) <= set(found)
    assert sum("problem" in one for one in found) <= 1


@pytest.mark.parametrize("name", sorted(READ))
@often
@given(seed=st.integers(0, 2**32))
def test_a_field_of_another_kind_is_an_error_of_ours_or_none(name: str, seed: int) -> None:
    """Whatever is wrong anywhere: the error names endpoint and field, and nothing else ever comes out."""
    chance, body = Random(seed), recorded(name)["body"]
    places = [one for one in objects_in(body) if one]
    place = chance.choice(places)
    place.update(spoiled(place, chance))
    code, facts = "payload_unfit", {"endpoint", "field"}
    try:
        READ[name](body)
    except PayloadError as error:
        code, facts = error.code, set(error.facts)
    assert code in {"payload_unfit", "endpoint_missing"}
    assert facts >= {"endpoint", "field"}


def test_numbers_beyond_all_use_are_set_aside(tmp_path: Path) -> None:
    """They would fit into no store."""
    rows = [made.topic(301), made.topic(302, views=10**30), made.topic(303, created_at="0001-01-01T00:00:00Z")]
    context = context_of({"users": [], "topic_list": {"topics": rows}})
    found = Feed(context).heads(0, Urgency.POLL)
    records = Feed(context)._head_records(found, found.topics, False)
    writer = MirrorWriter(factory.vault(tmp_path))
    writer.apply(Batch((records,), {}), "sample")
    assert [thread.id.native for thread in records.threads] == ["301", "303"]
    assert records.threads[1].created_at.year == 1970
    assert writer.totals("sample")["threads"] == 2
    writer.close()


def objects_in(value: Any) -> list[dict[str, Any]]:
    """Every object of an answer."""
    own = [value] if isinstance(value, dict) else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return own + [found for one in inner for found in objects_in(one)]

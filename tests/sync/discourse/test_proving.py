"""Every place of a Discourse: seen where it leaks and only there, hidden where it does not, unclear when silent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from moderation.ids import Kind
from moderation.proof import Answer, Finding, Subject, Verdict, Viewer, What, distinctive, fingerprint
from sync.discourse.probes.places import PLACES, Shape
from sync.parts.probing import Place, facts_of
from sync.sandbox import Fault
from sync.sandbox.discourse.people import team_name
from sync.sandbox.state.records import STAFF
from tests.sync.discourse.face import ADMIN, CUSTOMER, NAME, OTHER_CUSTOMER, World, ref, small_face

KEY = "5f2c81d09ab34e7766f01a2b3c4d5e6f"
TITLE = "Question about customer number seventeen eighty"
OPENING = "私の注文番号はＡＢＣ－１２３４５６７です。電話は03-1234-9876、住所は東京都千代田区丸の内一丁目九番です。"
TEXT = "My order QX-7718-4402 never came, ring +49 170 5551234 or write to zebra.quagga@example.org about it, please."
FILE = "/uploads/default/original/1X/0123456789abcdef0123456789abcdef01234567.png"
SILENT_PLACES = frozenset({"{file}"})
"""A file is at its address or it is not: there is nothing between."""
TELLS_NOTHING = frozenset({"/categories.json", "/notifications.json"})
"""The sample tells titles there at the most, and this one not."""
LEAKY = [place for place in PLACES if place.path not in SILENT_PLACES | TELLS_NOTHING]
THREE_AT_ONCE = [LEAKY[first :: len(LEAKY) // 3] for first in range(len(LEAKY) // 3)]
"""Every place once, beside places of other kinds: a proof asks at all of them each time."""


@dataclass
class Case:
    """A thread that was public and stands in a closed category now."""

    world: World
    subject: Subject

    def prove(self, *viewers: Viewer, subject: Subject | None = None) -> Verdict:
        """Ask as a visitor, and as ordinary members."""
        prober = self.world.connect().prober({viewer: self.world.connect(OTHER_CUSTOMER) for viewer in viewers})
        try:
            return Verdict(tuple(prober.findings(subject or self.subject)))
        finally:
            prober.close()

    def paths(self, place: Place) -> set[str]:
        """Where the place is, without what is asked there."""
        return {path.partition("?")[0] for path in place.paths(facts_of(self.subject))}


@pytest.fixture(scope="module")
def case() -> Iterator[Case]:
    with pytest.MonkeyPatch.context() as patch, small_face() as world:
        patch.setattr("sync.discourse.limits.VISITOR_RATE", 10_000.0)
        patch.setattr("sync.discourse.limits.KEY_RATE", 10_000.0)
        yield _made(world)


def _made(world: World) -> Case:
    community, state = world.community, world.community.state
    forums = world.raw("/site.json")["categories"]
    public = next(one["id"] for one in forums if not one["read_restricted"])
    closed = next(one["id"] for one in world.raw("/site.json", ADMIN)["categories"] if one["read_restricted"])
    thread = community.open_thread_as(CUSTOMER, public, TITLE, OPENING)
    state.post(thread.posts[0]).up = 9999
    thread.tags = ("warranty",)
    state.tables.groups[STAFF].members.append(community.uid(CUSTOMER))
    post = community.reply_as(CUSTOMER, thread.id, f"{TEXT} ![scan]({FILE})")
    post.reply_to = thread.posts[0]
    state.post(thread.posts[0]).answers = (post.id,)
    world.raw(f"/posts/{post.id}.json", CUSTOMER, "PUT", {"post": {"raw": f"{TEXT} Thanks. ![scan]({FILE})"}})
    posts = (ref(Kind.POST, thread.posts[0]), ref(Kind.POST, post.id))
    marks = fingerprint([TITLE, OPENING, TEXT], KEY, pieces=[TITLE])
    subject = Subject(
        NAME, ref(Kind.THREAD, thread.id), posts, marks, titled=True, words=distinctive([TEXT]), elsewhere=posts[1:],
        places={"group": (team_name(),)},
    )  # fmt: skip
    prober = world.connect().prober({})
    gathered = prober.gather(subject)
    world.raw(f"/t/-/{thread.id}.json", ADMIN, "PUT", {"category_id": closed})
    gathered = world.connect(ADMIN).prober({}).gather(gathered)
    prober.close()
    return Case(world, gathered)


@pytest.fixture(autouse=True)
def tight(case: Case) -> Iterator[None]:
    yield
    case.world.community.service.leaks.clear()
    case.world.community.faults.orders.clear()


def test_everything_that_can_be_gathered_is(case: Case) -> None:
    places = case.subject.places
    assert set(places) >= {"tid", "cid", "uid", "user", "tag", "file", "revision", "chapter"}
    assert FILE in places["file"]
    assert len(places["cid"]) == 2


def test_nothing_is_visible_where_nothing_leaks(case: Case) -> None:
    verdict = case.prove(Viewer.MEMBER, Viewer.BYSTANDER)
    assert [(f.probe.place, f.probe.viewer, f.reason) for f in (*verdict.visible, *verdict.unchecked)] == []
    assert verdict.passed


@pytest.mark.parametrize("places", THREE_AT_ONCE, ids=lambda places: "+".join(place.path for place in places))
def test_a_leak_is_seen_exactly_where_it_is(case: Case, places: list[Place]) -> None:
    leaking = {place: {path.removesuffix(".json") for path in case.paths(place)} for place in places}
    assert all(leaking.values())
    every = set().union(*leaking.values())
    for path in every:
        case.world.community.leak(re.escape(path))
    viewers = [Viewer.MEMBER] if any(Viewer.ANONYMOUS not in place.viewers for place in places) else []
    verdict = case.prove(*viewers)
    assert {_page(found) for found in verdict.visible} <= every
    for place, paths in leaking.items():
        assert place.what in {found.probe.what for found in verdict.visible if _page(found) in paths}, place.path
    assert not verdict.passed


def _page(found: Finding) -> str:
    return found.probe.place.partition("?")[0].removesuffix(".json")


def test_a_file_answers_as_long_as_it_is_there(case: Case) -> None:
    sample = "/uploads/default/original/1X/shelf.png"
    verdict = case.prove(subject=replace(case.subject, places={**case.subject.places, "file": (sample,)}))
    assert [(f.probe.place, f.reason) for f in verdict.visible] == [(sample, "file_answers")]


SILENT = {
    "proxy_502": {"gateway_error"},
    "drop_before": {"answer_broke_off", "connection_failed"},
    "too_many": {"too_many_requests"},
    "status": {"server_error"},
}


@pytest.mark.parametrize("kind", SILENT)
def test_a_place_that_does_not_answer_is_not_checked(case: Case, kind: str) -> None:
    case.world.community.fault(Fault(kind, r"^(?!/(session/current|posts)\.json$)", times=10_000))
    verdict = case.prove(Viewer.MEMBER)
    silent = [f for f in verdict.findings if f.probe.viewer is not Viewer.BYSTANDER and f.probe.place != "/posts.json"]
    assert {f.answer for f in silent} == {Answer.COULD_NOT_CHECK}
    assert {f.reason for f in silent} <= SILENT[kind]
    assert not verdict.passed


def test_a_site_that_asks_for_a_login_proves_nothing_about_this_text(case: Case) -> None:
    case.world.settings.login_required = True
    try:
        verdict = case.prove()
    finally:
        case.world.settings.login_required = False
    assert {f.reason for f in verdict.findings if f.probe.viewer is Viewer.ANONYMOUS} == {"closed_to_viewer"}
    assert not verdict.passed


def test_a_page_that_is_an_empty_shell_is_not_hidden(case: Case) -> None:
    page = next(place for place in PLACES if place.shape == Shape.PAGE)
    case.world.community.fault(Fault("status", r"^/t/.*[^n]$", status=200, times=100))
    found = [
        f for f in case.prove().findings if f.probe.viewer is Viewer.ANONYMOUS and f.probe.place in case.paths(page)
    ]
    assert {(f.answer, f.reason) for f in found} == {(Answer.COULD_NOT_CHECK, "not_understood")}


def test_a_protection_in_front_is_not_the_community(case: Case) -> None:
    case.world.community.fault(Fault("status", r"^/raw/", status=403, times=10))
    found = [f for f in case.prove().findings if f.probe.place.startswith("/raw/")]
    assert {(f.answer, f.reason) for f in found} == {(Answer.COULD_NOT_CHECK, "not_understood")}


def test_the_search_counts_because_it_finds_a_public_post(case: Case) -> None:
    found = [f for f in case.prove(Viewer.MEMBER).findings if f.probe.what is What.SEARCH]
    assert {f.probe.viewer: f.answer for f in found if f.probe.viewer is not Viewer.BYSTANDER} == {
        Viewer.ANONYMOUS: Answer.HIDDEN,
        Viewer.MEMBER: Answer.HIDDEN,
    }


def test_a_key_of_staff_or_of_nobody_proves_nothing(case: Case) -> None:
    for connection, reason in (
        (case.world.connect(ADMIN), "probe_account_is_staff"),
        (case.world.connect(CUSTOMER), "probe_account_is_author"),
    ):
        prober = case.world.connect().prober({Viewer.MEMBER: connection})
        verdict = Verdict(tuple(prober.findings(case.subject)))
        prober.close()
        assert {f.reason for f in verdict.findings if f.probe.viewer is Viewer.MEMBER} == {reason}

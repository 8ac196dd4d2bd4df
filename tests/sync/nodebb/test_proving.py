"""Every place of a NodeBB: seen where it leaks and only there, hidden where it does not, unclear where it is silent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from moderation.ids import Kind
from moderation.proof import Answer, Finding, Subject, Verdict, Viewer, What, distinctive, fingerprint
from sync.nodebb.probes.places import PLACES
from sync.parts.probing import MOST_POSTS, Place, facts_of
from sync.sandbox import Fault
from tests.sync.nodebb.world import ADMIN, COMPANY, CUSTOMER, NAME, OTHER_CUSTOMER, World, ref, small_world

KEY = "5f2c81d09ab34e7766f01a2b3c4d5e6f"
TITLE = "Rückfrage wegen Kundennummer siebzehn achtzig"
OPENING = "私の注文番号はＡＢＣ－１２３４５６７です。電話は03-1234-9876、住所は東京都千代田区丸の内一丁目九番です。"
TEXT = "My order QX-7718-4402 never came, ring +49 170 5551234 or write to zebra.quagga@example.org about it, please."
FILE, THUMB = "/assets/uploads/files/1-scan.png", "/assets/uploads/files/2-thumb.png"
ADDRESSES_ONLY = frozenset({"/api/v3/posts/{pid}/diffs", "/post/{pid}/replies"})
"""Places that tell times and addresses and never a text."""
THREE_AT_ONCE = [list(PLACES[first :: len(PLACES) // 3]) for first in range(len(PLACES) // 3)]
"""Every place once, beside places of other kinds: a proof asks at all of them each time."""


@dataclass
class Case:
    """A thread that was public and stands in a closed forum now."""

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
    with small_world() as world:
        yield _made(world)


def _made(world: World) -> Case:
    community, state = world.community, world.community.state
    state.settings.guests_search = True
    thread = community.open_thread_as(CUSTOMER, world.public_forum(), TITLE, OPENING)
    state.post(thread.posts[0]).up = 9999
    state.tables.groups["testers"] = replace(
        next(iter(state.tables.groups.values())), name="testers", slug="testers", members=[thread.author], system=False
    )
    thread.tags, thread.followers = ("warranty",), frozenset({community.uid(ADMIN)})
    community.reply_as(OTHER_CUSTOMER, thread.id, "The same with me, somebody please look into it soon.")
    for number in range(25):
        community.reply_as(COMPANY, thread.id, f"Somebody looks into this, answer number {number}.")
    body = {"content": f"{TEXT} ![scan]({FILE})", "toPid": thread.posts[0]}
    pid = world.raw(f"/api/v3/topics/{thread.id}", CUSTOMER, "POST", body)["response"]["pid"]
    world.raw(f"/api/v3/posts/{pid}", CUSTOMER, "PUT", {"content": f"{TEXT} Thanks. ![scan]({FILE})"})
    thread.thumbs, state.tables.files = (THUMB,), {FILE: "scan.png", THUMB: "thumb.png"}
    marks = fingerprint([TITLE, OPENING, TEXT], KEY, pieces=[TITLE])
    posts = (ref(Kind.POST, thread.posts[0]), ref(Kind.POST, pid))
    subject = Subject(
        NAME, ref(Kind.THREAD, thread.id), posts, marks, titled=True, words=distinctive([TEXT]), elsewhere=posts[1:]
    )
    prober = world.connect().prober({})
    gathered = prober.gather(subject)
    prober.close()
    closed = next(
        f.id for f in state.tables.forums.values() if "guests" not in f.grants.get("read", set()) and not f.secret
    )
    world.raw(f"/api/v3/topics/{thread.id}/move", ADMIN, "PUT", {"cid": closed})
    thread.thumbs, state.post(pid).text = (), f"{TEXT} Thanks."  # nothing uses the files any more
    prober = world.connect().prober({})
    gathered = prober.gather(gathered)
    prober.close()
    return Case(world, gathered)


@pytest.fixture(autouse=True)
def tight(case: Case) -> Iterator[None]:
    community = case.world.community
    community.state.tables.reads.pop(community.uid(ADMIN), None)  # what leaked before counts as read
    yield
    case.world.community.service.leaks.clear()
    case.world.community.faults.orders.clear()


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(f.probe.place, f.probe.viewer, f.reason) for f in findings]


def test_everything_that_can_be_gathered_is(case: Case) -> None:
    places = case.subject.places
    assert set(places) >= {"tid", "cid", "pid", "uid", "user", "tag", "group", "file", "thumb", "revision", "chapter"}
    assert places["file"] == (FILE, FILE.replace(".png", "-resized.png"))
    assert places["tag"] == ("warranty",)


def test_nothing_is_visible_where_nothing_leaks(case: Case) -> None:
    verdict = case.prove(Viewer.MEMBER, Viewer.BYSTANDER)
    assert told(verdict.visible) == []
    assert told(verdict.unchecked) == []
    assert verdict.passed
    asked = {(f.probe.what, f.probe.viewer) for f in verdict.findings}
    assert asked == {(what, viewer) for what in What for viewer in Viewer}


@pytest.mark.parametrize("places", THREE_AT_ONCE, ids=lambda places: "+".join(place.path for place in places))
def test_a_leak_is_seen_exactly_where_it_is(case: Case, places: list[Place]) -> None:
    leaking = {place: case.paths(place) for place in places}
    assert all(leaking.values())
    for path in set().union(*leaking.values()):
        case.world.community.leak(re.escape(path))
    viewers = [Viewer.MEMBER] if any(Viewer.ANONYMOUS not in place.viewers for place in places) else []
    verdict = case.prove(*viewers)
    seen = {found.probe.place.partition("?")[0] for found in verdict.visible}
    assert seen <= set().union(*leaking.values())
    for place, paths in leaking.items():
        told = {f.probe.what for f in verdict.visible if f.probe.place.partition("?")[0] in paths}
        assert (place.what in told) == (place.path not in ADDRESSES_ONLY), place.path
        assert bool(seen & paths) == (place.path not in ADDRESSES_ONLY), place.path
    assert all(found.digest and found.request.startswith("GET /") for found in verdict.visible)
    assert not verdict.visible or not verdict.passed


SILENT = {
    "proxy_502": {"gateway_error"},
    "drop_before": {"answer_broke_off", "connection_failed"},
    "too_many": {"too_many_requests"},
    "status": {"server_error"},
}


@pytest.mark.parametrize("kind", SILENT)
def test_a_place_that_does_not_answer_is_not_checked(case: Case, kind: str) -> None:
    case.world.fault(kind, r"^(?!/api/(self|recent/posts)$)", times=10_000)
    verdict = case.prove(Viewer.MEMBER)
    asked = [f for f in verdict.findings if f.probe.viewer is not Viewer.BYSTANDER]
    silent = [f for f in asked if f.probe.place != "/api/recent/posts"]
    assert {f.answer for f in silent} == {Answer.COULD_NOT_CHECK}
    assert {f.reason for f in silent} <= SILENT[kind]
    assert len(silent) > 100
    assert not verdict.passed


def test_maintenance_is_not_hidden(case: Case) -> None:
    case.world.community.maintenance(True)
    try:
        verdict = case.prove()
    finally:
        case.world.community.maintenance(False)
    assert {f.answer for f in verdict.findings} == {Answer.COULD_NOT_CHECK}
    assert {f.reason for f in verdict.findings if f.probe.viewer is Viewer.ANONYMOUS} == {"maintenance"}


def test_a_body_that_is_cut_off_is_not_hidden(case: Case) -> None:
    case.world.fault("garbage", r"^/(api/category|topics\.rss)", times=10)
    verdict = case.prove()
    cut = [f for f in verdict.findings if "/api/category" in f.probe.place or f.probe.place == "/topics.rss"]
    assert {(f.answer, f.reason) for f in cut} == {(Answer.COULD_NOT_CHECK, "not_understood")}


def test_a_community_closed_to_visitors_proves_nothing_about_this_text(case: Case) -> None:
    state = case.world.community.state
    before = {ident: set(forum.grants.get("topics:read", ())) for ident, forum in state.tables.forums.items()}
    for forum in state.tables.forums.values():
        forum.grants.get("topics:read", set()).discard("guests")
    try:
        verdict = case.prove()
    finally:
        for ident, holders in before.items():
            state.tables.forums[ident].grants["topics:read"] = holders
    assert {f.reason for f in verdict.findings if f.probe.viewer is Viewer.ANONYMOUS} == {"closed_to_viewer"}
    assert not verdict.passed


def test_a_closed_search_is_not_clean_and_no_hindrance(case: Case) -> None:
    case.world.community.state.settings.guests_search = False
    try:
        verdict = case.prove(Viewer.MEMBER)
    finally:
        case.world.community.state.settings.guests_search = True
    found = {f.probe.viewer: (f.answer, f.reason) for f in verdict.findings if f.probe.what is What.SEARCH}
    assert found[Viewer.ANONYMOUS] == (Answer.COULD_NOT_CHECK, "search_closed")
    assert found[Viewer.MEMBER] == (Answer.HIDDEN, "absent")
    assert verdict.passed


def test_a_search_that_finds_nothing_at_all_is_no_proof(case: Case) -> None:
    case.world.fault("status", "^/api/search", status=200, times=10)
    found = [f for f in case.prove().findings if f.probe.what is What.SEARCH and f.probe.viewer is Viewer.ANONYMOUS]
    assert [(f.answer, f.reason) for f in found] == [(Answer.COULD_NOT_CHECK, "not_understood")]


def test_only_words_without_digits_go_into_a_search(case: Case) -> None:
    assert case.subject.words
    assert not any(char.isdigit() or char == "@" for word in case.subject.words for char in word)
    assert all("term" not in f.probe.place for f in case.prove().findings)


def test_a_key_that_is_not_accepted_is_said_and_fails_the_proof(case: Case) -> None:
    prober = case.world.connect().prober({Viewer.MEMBER: case.world.connect(token="0000-not-a-token")})
    verdict = Verdict(tuple(prober.findings(case.subject)))
    prober.close()
    assert {f.reason for f in verdict.findings if f.probe.viewer is Viewer.MEMBER} == {"probe_key_not_accepted"}
    assert not verdict.passed


def test_without_marks_only_refusals_count(case: Case) -> None:
    bare = replace(case.subject, marks=fingerprint([], KEY))
    found = case.prove(subject=bare).findings
    lists = {(f.answer, f.reason) for f in found if f.probe.what is What.LISTS and f.probe.viewer is Viewer.ANONYMOUS}
    assert (Answer.COULD_NOT_CHECK, "no_text") in lists
    raw = {(f.answer, f.reason) for f in found if f.probe.what is What.RAW and f.probe.viewer is Viewer.ANONYMOUS}
    assert raw == {(Answer.HIDDEN, "refused")}


def test_evidence_holds_no_key_and_nothing_of_the_text(case: Case) -> None:
    for place in PLACES[:8]:
        for path in case.paths(place):
            case.world.community.leak(re.escape(path))
    verdict = case.prove(Viewer.MEMBER)
    everything = repr(verdict.findings)
    assert len(verdict.visible) > 5
    for secret in (
        "zebra",
        "quagga",
        "QX-7718",
        "5551234",
        "千代田",
        "注文",
        case.world.community.token_for(OTHER_CUSTOMER),
    ):
        assert secret not in everything


def test_a_fault_is_the_only_thing_that_keeps_a_place_from_being_checked(case: Case) -> None:
    case.world.community.fault(Fault("proxy_504", r"^/recent\.rss", "GET"))
    assert told(case.prove().unchecked) == [("/recent.rss", "anonymous", "gateway_error")]


def test_of_a_long_thread_the_ends_are_asked_for_and_that_is_said(case: Case) -> None:
    many = tuple(ref(Kind.POST, 900_000 + number) for number in range(MOST_POSTS + 20))
    verdict = case.prove(subject=replace(case.subject, posts=(*case.subject.posts, *many)))
    assert verdict.passed
    raw = [f for f in verdict.findings if f.probe.what is What.RAW and f.answer is Answer.HIDDEN]
    assert len(raw) == MOST_POSTS
    assert raw[0].probe.place.endswith(f"/{case.subject.posts[0].native}/raw")
    assert [f.reason for f in verdict.findings if f.probe.place == "*" and f.probe.viewer is Viewer.ANONYMOUS] == [
        "only_some_posts"
    ]


def test_a_bystander_who_wrote_in_the_thread_may_look_at_all_of_it(case: Case) -> None:
    prober = case.world.connect().prober({Viewer.BYSTANDER: case.world.connect(OTHER_CUSTOMER)})
    found = tuple(prober.findings(prober.gather(replace(case.subject, whole=True))))
    prober.close()
    told = {f.reason for f in found if f.probe.viewer is Viewer.BYSTANDER}
    assert "probe_account_is_author" not in told
    assert "refused" in told

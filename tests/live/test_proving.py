"""Proof that a text can no longer be read, on a server where it really was: hidden, purged, reworded, moved, a file."""

import struct
import time
import uuid
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests

from moderation.ids import Kind, Ref
from moderation.proof import Answer, Subject, Verdict, Viewer, What, distinctive, fingerprint
from sync.nodebb.connection import NodeBB
from tests.live.conftest import COMMUNITY
from tests.live.place import Place, Raw, word

pytestmark = pytest.mark.timeout(600)
KEY = "5f2c81d09ab34e7766f01a2b3c4d5e6f"


@dataclass
class Case:
    """A public thread with a post that should not be public."""

    place: Place
    raw: Raw
    tid: int
    cid: int
    main: int
    pid: int
    text: str
    others: list[NodeBB] = field(default_factory=list)

    def visitor(self) -> Raw:
        return Raw(self.place.url, None)


@pytest.fixture
def case(place: Place, ground: dict[str, Any], need: Callable[..., None]) -> Iterator[Case]:
    """A thread of its own with a customer's post full of personal data."""
    need("CUSTOMER", "SECOND_CUSTOMER")
    raw, mark = place.raw(), word()
    made = raw.call(
        "POST", "/api/v3/topics",
        {"cid": ground["cid"], "title": f"Where is it {word()}", "content": f"A beginning {word()} for all."},
    )  # fmt: skip
    # Words of this run between all others: what an earlier run left somewhere is not this text.
    said = "My order ORD-{} never {} came, please {} ring +49 170 {} {} or write to {}@example.org {} this week."
    text = said.format(mark, word(), word(), _number(), word(), mark, word())
    sent = place.raw("CUSTOMER").call("POST", f"/api/v3/topics/{made['tid']}", {"content": text})
    if sent.get("queued"):
        sent = raw.call("POST", f"/api/v3/posts/queue/{sent['id']}")["post"]
    yield Case(place, raw, made["tid"], ground["cid"], made["mainPid"], int(sent["pid"]), text)
    raw.call("DELETE", f"/api/v3/topics/{made['tid']}")


@pytest.fixture
def prove(case: Case, connect: Callable[..., NodeBB]) -> Callable[..., Verdict]:
    """Look for the text of the case, as a visitor and as an ordinary member."""

    def run(pids: list[int], texts: list[str], **facts: Any) -> Verdict:
        posts = tuple(Ref(COMMUNITY, Kind.POST, str(pid)) for pid in pids)
        thread = Ref(COMMUNITY, Kind.THREAD, str(case.tid))
        marks = fingerprint(texts, KEY, allowed=facts.pop("allowed", ()))
        subject = Subject(COMMUNITY, thread, posts, marks, words=distinctive(texts), **facts)
        prober = connect().prober({Viewer.MEMBER: connect("SECOND_CUSTOMER")})
        try:
            return Verdict(tuple(prober.findings(prober.gather(subject))))
        finally:
            prober.close()

    return run


def kinds(verdict: Verdict, answer: Answer, viewer: Viewer) -> set[What]:
    return {f.probe.what for f in verdict.findings if f.answer is answer and f.probe.viewer is viewer}


def test_a_public_post_is_found_wherever_it_shows(case: Case, prove: Callable[..., Verdict]) -> None:
    verdict = prove([case.pid], [case.text])
    seen = {What.THREAD, What.POSTS, What.RAW, What.PREVIEWS, What.LISTS, What.FEEDS, What.FEDERATION}
    assert not verdict.passed
    assert kinds(verdict, Answer.VISIBLE, Viewer.ANONYMOUS) >= seen
    assert kinds(verdict, Answer.VISIBLE, Viewer.MEMBER) >= seen | {What.SEARCH}
    for found in verdict.visible:
        assert found.digest
        assert "ORD" not in found.snippet
        assert not any(char.isdigit() for char in found.snippet)


def test_a_hidden_post_is_gone_for_everybody_but_its_author(case: Case, prove: Callable[..., Verdict]) -> None:
    case.raw.call("DELETE", f"/api/v3/posts/{case.pid}/state")
    verdict = prove([case.pid], [case.text])
    assert [(f.probe, f.reason) for f in (*verdict.visible, *verdict.unchecked)] == []
    assert verdict.passed
    own = case.place.raw("CUSTOMER").get(f"/api/topic/{case.tid}")["posts"]
    assert any(case.text[:20] in post["content"] for post in own)


def test_a_copy_for_other_servers_outlives_hiding_for_a_minute_and_no_longer(
    case: Case, prove: Callable[..., Verdict]
) -> None:
    note = requests.get(
        f"{case.place.url}/post/{case.pid}", headers={"Accept": "application/activity+json"}, timeout=60
    )
    assert case.text[:20] in note.text
    case.raw.call("DELETE", f"/api/v3/posts/{case.pid}/state")
    assert {found.probe.what for found in prove([case.pid], [case.text]).visible} <= {What.FEDERATION}
    ends = time.monotonic() + 90
    while not prove([case.pid], [case.text]).passed:
        assert time.monotonic() < ends
        time.sleep(3)


def test_a_visitors_search_that_is_closed_says_nothing(case: Case, prove: Callable[..., Verdict]) -> None:
    case.raw.call("DELETE", f"/api/v3/posts/{case.pid}/state")
    found = [f for f in prove([case.pid], [case.text]).findings if f.probe.what is What.SEARCH]
    answers = {f.probe.viewer: (f.answer, f.reason) for f in found}
    assert answers[Viewer.ANONYMOUS] == (Answer.COULD_NOT_CHECK, "search_closed")
    assert answers[Viewer.MEMBER] == (Answer.HIDDEN, "absent")


def test_a_purged_post_is_gone_with_the_marks_kept_from_before(case: Case, prove: Callable[..., Verdict]) -> None:
    case.raw.call("DELETE", f"/api/v3/posts/{case.pid}")
    assert prove([case.pid], [case.text]).passed


def test_an_edit_leaves_the_old_wording_to_members_until_the_revision_is_deleted(
    case: Case, prove: Callable[..., Verdict]
) -> None:
    new = f"This is solved in private, thank you. {word()}"
    case.raw.call("PUT", f"/api/v3/posts/{case.pid}", {"content": new})
    before = prove([case.pid], [case.text], allowed=[new], redacted=True)
    assert kinds(before, Answer.VISIBLE, Viewer.MEMBER) == {What.REVISIONS}
    assert kinds(before, Answer.VISIBLE, Viewer.ANONYMOUS) == set()
    stamps = case.raw.get(f"/api/v3/posts/{case.pid}/diffs")["response"]["timestamps"]
    case.raw.call("DELETE", f"/api/v3/posts/{case.pid}/diffs/{stamps[-1]}")
    assert prove([case.pid], [case.text], allowed=[new], redacted=True).passed


def test_a_moved_thread_is_gone_with_all_its_posts_and_its_title(
    case: Case, prove: Callable[..., Verdict], need: Callable[..., None]
) -> None:
    need("ADMIN")
    admin = case.place.raw("ADMIN")
    closed = next(row["cid"] for row in _forums(admin) if row["cid"] not in {f["cid"] for f in _forums(case.visitor())})
    admin.call("PUT", f"/api/v3/topics/{case.tid}/move", {"cid": closed})
    verdict = prove([], [case.text], whole=True)
    assert [(f.probe, f.reason) for f in (*verdict.visible, *verdict.unchecked)] == []
    assert verdict.passed
    assert any(f.reason == "refused" and f.probe.what is What.THREAD for f in verdict.findings)


def _number() -> str:
    return str(uuid.uuid4().int)[:7]


def _forums(raw: Raw) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = raw.get("/api/v3/categories")["response"]["categories"]
    return [row for row in found if row["cid"] > 0]


def test_a_file_stays_readable_when_its_post_is_hidden(case: Case, prove: Callable[..., Verdict]) -> None:
    address = _uploaded(case)
    sent = case.raw.call("POST", f"/api/v3/topics/{case.tid}", {"content": f"The scan {word()} ![scan]({address})"})
    case.raw.call("DELETE", f"/api/v3/posts/{sent['pid']}/state")
    verdict = prove([sent["pid"]], ["nothing but the scan is of interest here"])
    assert {(f.probe.what, f.probe.place, f.reason) for f in verdict.visible} == {
        (What.ATTACHMENTS, address, "file_answers")
    }


def test_a_thumbnail_of_a_thread_is_a_place_too(case: Case, prove: Callable[..., Verdict]) -> None:
    address = _uploaded(case)
    case.raw.call("DELETE", f"/api/v3/posts/{case.main}/state")
    verdict = prove([case.main], [])
    assert (What.THUMBNAILS, address) in {(f.probe.what, f.probe.place) for f in verdict.visible}


def test_a_bystanders_quotation_is_found(case: Case, prove: Callable[..., Verdict]) -> None:
    quoted = case.text[10:90]
    sent = case.place.raw("SECOND_CUSTOMER").call(
        "POST", f"/api/v3/topics/{case.tid}", {"content": f"> {quoted}\n\nSo it went with me, too.", "toPid": case.pid}
    )
    case.raw.call("DELETE", f"/api/v3/posts/{case.pid}/state")
    pid = sent.get("pid") or case.raw.call("POST", f"/api/v3/posts/queue/{sent['id']}")["post"]["pid"]
    verdict = prove([case.pid], [case.text], elsewhere=(Ref(COMMUNITY, Kind.POST, str(pid)),))
    assert kinds(verdict, Answer.VISIBLE, Viewer.ANONYMOUS) >= {What.THREAD, What.QUOTES, What.LISTS}
    assert What.RAW not in kinds(verdict, Answer.VISIBLE, Viewer.ANONYMOUS)


def test_a_probe_account_that_is_staff_or_not_accepted_proves_nothing(
    case: Case, connect: Callable[..., NodeBB]
) -> None:
    case.raw.call("DELETE", f"/api/v3/posts/{case.pid}/state")
    thread = Ref(COMMUNITY, Kind.THREAD, str(case.tid))
    posts = (Ref(COMMUNITY, Kind.POST, str(case.pid)),)
    subject = Subject(COMMUNITY, thread, posts, fingerprint([case.text], KEY))
    for role, reason in (("ME", "probe_account_is_staff"), ("CUSTOMER", "probe_account_is_author")):
        prober = connect().prober({Viewer.MEMBER: connect(role)})
        verdict = Verdict(tuple(prober.findings(prober.gather(subject))))
        assert {f.reason for f in verdict.findings if f.probe.viewer is Viewer.MEMBER} == {reason}
        assert not verdict.passed
        prober.close()


def _uploaded(case: Case) -> str:
    """A picture on the server; the way by which a key may upload one is that of the thread's thumbnails."""
    answer = requests.post(
        f"{case.place.url}/api/v3/topics/{case.tid}/thumbs",
        files={"files[]": ("scan.png", _picture(), "image/png")},
        headers={"Authorization": f"Bearer {case.place.tokens['ME']}"},
        timeout=60,
    )
    assert answer.ok, answer.text[:300]
    return str(answer.json()["response"]["images"][0]["url"])


def _picture() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head, rows = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0), zlib.compress((b"\0" + b"abc" * 4) * 4)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")

"""From looks to answers: only a place that answered as itself, without the text, counts as hidden."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from moderation.errors import NotAllowedError
from moderation.ids import Kind, Ref
from moderation.proof import (
    Answer,
    Control,
    Finding,
    Incident,
    Look,
    Probe,
    Proof,
    Standing,
    Subject,
    Verdict,
    Viewer,
    What,
    closable,
    fingerprint,
    judged,
    merged,
    next_due,
    standing,
)

KEY = "00112233445566778899aabbccddeeff"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXT = "My customer number is KD-77-441-90, and I live above the bakery in the narrow lane."
PUBLIC = "A public post about the new firmware, which everybody may read in this community."
MARKS, OTHER = fingerprint([TEXT], KEY), fingerprint([PUBLIC], KEY)
PROBE = Probe(What.RAW, "/raw/1", Viewer.ANONYMOUS)
LOOK = Look("GET /raw/1", NOW, 200, digest="ab")
SHAPED, REFUSED = replace(LOOK, shaped=True, texts=("nothing of it",)), replace(LOOK, status=404, refused=True)
WORKS = Control(works=True)
BESIDE = Control(True, replace(LOOK, shaped=True, texts=(PUBLIC,)), OTHER)

CASES = {
    "found": (replace(SHAPED, texts=("x", f"<p>{TEXT}</p>")), WORKS, Answer.VISIBLE, "found"),
    "found in a refusal": (replace(REFUSED, texts=(TEXT,)), WORKS, Answer.VISIBLE, "found"),
    "a file": (replace(SHAPED, content=True, texts=()), WORKS, Answer.VISIBLE, "file_answers"),
    "absent": (SHAPED, WORKS, Answer.HIDDEN, "absent"),
    "refused": (REFUSED, BESIDE, Answer.HIDDEN, "refused"),
    "refused to all": (REFUSED, Control(True, REFUSED, OTHER), Answer.HIDDEN, "closed_place"),
    "no answer": (replace(LOOK, trouble="answer_timed_out"), WORKS, Answer.COULD_NOT_CHECK, "answer_timed_out"),
    "something else": (LOOK, WORKS, Answer.COULD_NOT_CHECK, "not_understood"),
    "login wall": (REFUSED, Control(works=False), Answer.COULD_NOT_CHECK, "closed_to_viewer"),
    "control in trouble": (REFUSED, Control(True, replace(LOOK, trouble="gateway_error"), OTHER),
                           Answer.COULD_NOT_CHECK, "gateway_error"),
    "control unclear": (REFUSED, Control(True, LOOK, OTHER), Answer.COULD_NOT_CHECK, "control_not_understood"),
    "blind search": (SHAPED, Control(True, SHAPED, OTHER, must_show=True), Answer.COULD_NOT_CHECK, "control_not_found"),
    "closed search": (REFUSED, Control(True, REFUSED, OTHER, must_show=True), Answer.COULD_NOT_CHECK, "search_closed"),
    "search without control": (SHAPED, Control(True, must_show=True), Answer.COULD_NOT_CHECK, "control_not_found"),
    "search that works": (SHAPED, replace(BESIDE, must_show=True), Answer.HIDDEN, "absent"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_answers(name: str) -> None:
    look, control, answer, reason = CASES[name]
    found = judged(PROBE, look, MARKS, control)
    assert (found.answer, found.reason) == (answer, reason)
    assert (found.request, found.digest, found.at) == (look.request, look.digest, NOW)


def test_without_marks_a_list_says_nothing_and_a_refusal_does() -> None:
    empty = fingerprint([], KEY)
    assert judged(PROBE, SHAPED, empty, WORKS).reason == "no_text"
    assert judged(PROBE, REFUSED, empty, BESIDE).answer is Answer.HIDDEN


def test_the_snippet_names_the_place_and_not_the_text() -> None:
    long = "word " * 400 + TEXT + " word" * 400
    found = judged(PROBE, replace(SHAPED, texts=("a", long)), MARKS, WORKS)
    assert 0 < len(found.snippet) < 200
    assert "KD" not in found.snippet
    assert not any(char.isdigit() for char in found.snippet)


def finding(answer: Answer, what: What = What.RAW, *, mandatory: bool = True, at: datetime = NOW) -> Finding:
    return Finding(Probe(what, "/x", Viewer.ANONYMOUS, mandatory), answer, "r", at)


def test_passed_is_nothing_visible_and_every_mandatory_probe_checked() -> None:
    hidden, unclear = finding(Answer.HIDDEN), finding(Answer.COULD_NOT_CHECK, What.SEARCH)
    assert Verdict((hidden,)).passed
    assert not Verdict(()).passed
    assert not Verdict((hidden, unclear)).passed
    assert Verdict((hidden, finding(Answer.COULD_NOT_CHECK, What.SEARCH, mandatory=False))).passed
    assert not Verdict((hidden, finding(Answer.VISIBLE, What.FEEDS, mandatory=False))).passed
    assert not Verdict((finding(Answer.HIDDEN, mandatory=False),)).passed
    assert [standing(Verdict(f)) for f in ((hidden,), (unclear,), (finding(Answer.VISIBLE),))] == [
        Standing.PASSED, Standing.UNCHECKED, Standing.VISIBLE,
    ]  # fmt: skip


def test_results_get_better_only_by_a_new_check() -> None:
    later = NOW + timedelta(minutes=5)
    seen, hidden = finding(Answer.VISIBLE), finding(Answer.HIDDEN, at=later)
    unclear = finding(Answer.COULD_NOT_CHECK, at=later)
    assert merged([seen], [unclear]) == (seen,)
    assert merged([seen], [hidden]) == (hidden,)
    assert merged([finding(Answer.HIDDEN)], [unclear]) == (unclear,)
    assert merged([seen], []) == (seen,), "a place that was not asked any more"
    assert merged([finding(Answer.HIDDEN)], []) == ()


def test_when_it_is_looked_at_again() -> None:
    def due(after: timedelta, stands: Standing) -> timedelta | None:
        when = next_due(NOW, NOW + after, stands)
        return None if when is None else when - NOW

    minute, day = timedelta(minutes=1), timedelta(days=1)
    assert due(timedelta(0), Standing.PASSED) == 10 * minute
    assert due(10 * minute, Standing.PASSED) == day
    assert due(day, Standing.PASSED) is None
    assert due(3 * day, Standing.PASSED) is None
    assert due(timedelta(0), Standing.VISIBLE) == timedelta(seconds=75)
    assert due(timedelta(0), Standing.UNCHECKED) == 5 * minute
    assert due(day, Standing.VISIBLE) == day + timedelta(hours=6), "and ever rarer, but on"


@pytest.mark.parametrize(
    ("reason", "accepted", "stands", "code"),
    [
        ("", False, Standing.PASSED, "reason_missing"),
        ("It is gone.", False, Standing.VISIBLE, "still_visible"),
        ("It is another text.", True, Standing.VISIBLE, None),
        ("It is gone.", False, Standing.PASSED, None),
    ],
)
def test_an_incident_is_closed_for_a_reason(reason: str, accepted: bool, stands: Standing, code: str | None) -> None:
    thread = Ref("c", Kind.THREAD, "1")
    incident = Incident("i", "p", "c", thread, (), NOW, ())
    proof = Proof("p", Subject("c", thread, (), MARKS), "erasure", "me", NOW, due_at=NOW, standing=stands)
    closable(incident, replace(proof, due_at=None), "Its case was taken back.", False)
    if code is None:
        closable(incident, proof, reason, accepted)
        return
    with pytest.raises(NotAllowedError) as caught:
        closable(incident, proof, reason, accepted)
    assert caught.value.code == code

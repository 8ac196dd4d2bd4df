"""Was somebody else first? Every rule of DESIGN section 5, point 8."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from moderation.conflict import Judgement, Verdict, judge
from moderation.ids import Ref
from moderation.items import Change, HistoryEntry, ItemState
from tests.fakes.clock import START
from tests.fakes.factory import COLLEAGUE, CUSTOMER, ME

J = Judgement


def entry(seconds: int, by: Ref | None, **changes: str) -> HistoryEntry:
    named = {Change(name): value for name, value in changes.items()}
    return HistoryEntry(f"{seconds}-{by}", START + timedelta(seconds=seconds), by, "name" if by else None, named)


def verdict(*entries: HistoryEntry, now: ItemState | None = ItemState.OPEN, **facts: object) -> Verdict:
    return judge(entries, me=ME, wanted=ItemState.RESOLVED, state_now=now, **facts)  # type: ignore[arg-type]


def test_nothing_happened_since_is_clear() -> None:
    assert verdict().clear


def test_a_state_set_by_a_colleague_is_a_conflict_that_names_them() -> None:
    theirs = entry(1, COLLEAGUE, state="dismissed")
    found = verdict(theirs, now=ItemState.DISMISSED)
    assert found.judgement is J.CONFLICT
    assert found.entry == theirs
    facts = found.facts()
    assert (facts["by"], facts["their_state"], facts["code"]) == (str(COLLEAGUE), "dismissed", "conflict")


def test_an_assignee_set_by_a_colleague_is_a_conflict() -> None:
    assert verdict(entry(1, COLLEAGUE, assignee="somebody")).judgement is J.CONFLICT


def test_a_colleague_beneath_ones_own_newer_entry_is_still_a_conflict() -> None:
    found = verdict(entry(1, COLLEAGUE, state="dismissed"), entry(2, ME, state="resolved"), now=ItemState.RESOLVED)
    assert found.judgement is J.CONFLICT


def test_the_same_state_set_by_a_colleague_is_the_same() -> None:
    found = verdict(entry(1, COLLEAGUE, state="resolved"), now=ItemState.RESOLVED)
    assert found.judgement is J.SAME
    assert found.entry is not None


def test_the_same_state_that_did_not_last_is_a_conflict() -> None:
    undone = verdict(entry(1, COLLEAGUE, state="resolved"), entry(2, COLLEAGUE, state="open"))
    assert undone.judgement is J.CONFLICT
    reopened = verdict(entry(1, COLLEAGUE, state="resolved"), now=ItemState.OPEN)
    assert reopened.judgement is J.CONFLICT


def test_the_newest_of_several_colleagues_decides() -> None:
    entries = [entry(1, COLLEAGUE, state="resolved"), entry(3, COLLEAGUE, state="dismissed")]
    found = verdict(*reversed(entries), now=ItemState.DISMISSED)
    assert found.entry == entries[1]


def test_ones_own_entries_only_advance_the_version() -> None:
    assert verdict(entry(1, ME, state="in_progress"), entry(2, ME, assignee="me")).clear


def test_notes_and_other_entries_change_nothing() -> None:
    assert verdict(entry(1, COLLEAGUE, note="hm"), entry(2, None, other="renamed")).clear


def test_a_further_report_asks_to_look_again() -> None:
    assert verdict(entry(1, CUSTOMER, report="Insults")).judgement is J.LOOK_AGAIN


def test_a_report_that_also_reopens_the_item_is_a_change_of_state() -> None:
    assert verdict(entry(1, CUSTOMER, report="Insults", state="open")).judgement is J.CONFLICT


def test_already_so_without_a_colleague_is_the_same() -> None:
    found = verdict(already=True, now=ItemState.RESOLVED)
    assert (found.judgement, found.entry) == (J.SAME, None)


def test_gone_comes_before_everything() -> None:
    assert verdict(entry(1, COLLEAGUE, state="resolved"), gone=True).judgement is J.GONE


def test_things_without_history_differ_field_by_field() -> None:
    found = verdict(changed={"edited": "2026-03-02T09:00:00Z", "by": "x"})
    assert found.judgement is J.CONFLICT
    assert found.facts()["now_edited"] == "2026-03-02T09:00:00Z"


def made(at: int, by: Ref | None, what: dict[Change, str]) -> HistoryEntry:
    return HistoryEntry(f"{at}{by}", START + timedelta(seconds=at), by, None, what)


changes = st.dictionaries(st.sampled_from(Change), st.sampled_from(["open", "resolved", "dismissed", "x"]), max_size=3)
people = st.sampled_from([ME, COLLEAGUE, CUSTOMER, None])
entries = st.lists(st.builds(made, st.integers(0, 50), people, changes), max_size=6)


@given(entries, st.sampled_from([*ItemState]))
def test_nothing_of_a_colleague_is_ever_overwritten_unseen(history: list[HistoryEntry], now: ItemState) -> None:
    """Whatever the order: clear only if no other account touched state or assignee, and reported nothing."""
    found = judge(history, me=ME, wanted=ItemState.RESOLVED, state_now=now)
    touched = [e for e in history if e.by != ME and {Change.STATE, Change.ASSIGNEE, Change.REPORT} & set(e.changes)]
    assert found.clear == (not touched)


@given(entries)
def test_the_order_of_the_answer_does_not_matter(history: list[HistoryEntry]) -> None:
    at_once = {e.at for e in history}
    if len(at_once) == len(history):
        there = judge(history, me=ME, wanted=ItemState.RESOLVED, state_now=None)
        assert judge(history[::-1], me=ME, wanted=ItemState.RESOLVED, state_now=None) == there

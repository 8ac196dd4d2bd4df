"""Versions of flags, and what is new since one."""

from datetime import UTC, datetime

import pytest

from moderation.ids import Kind, Ref
from moderation.items import Change, HistoryEntry
from sync.nodebb.versions import FlagVersion, entries_after

ME = Ref("c", Kind.MEMBER, "1")


def entry(ms: int, key: str = "", **changes: str) -> HistoryEntry:
    made = {Change(name): value for name, value in changes.items()}
    return HistoryEntry(key or f"{ms}.{'+'.join(changes)}", datetime.fromtimestamp(ms / 1000, UTC), ME, "me", made)


OPENED = entry(1000, state="open")
TAKEN = entry(2000, state="in_progress", assignee="me")
NOTED = entry(2500, note="")
REPORTED = entry(3000, state="open", report="added")
RESOLVED = entry(4000, state="resolved")


def version(state: str, *history: HistoryEntry, assignee: str = "", heat: int = 1) -> FlagVersion:
    return FlagVersion.of(state, assignee, heat, history, 0)


def test_a_version_is_read_back() -> None:
    for one in (
        FlagVersion("open", "8", 3),
        version("resolved", OPENED, RESOLVED),
        FlagVersion("open", "", 1, 5, 1, 2, 77),
    ):
        assert FlagVersion.parse(str(one)) == one


@pytest.mark.parametrize("text", ["", "q0123456789abcdef", "p17", "h1.2!open", "42"])
def test_other_texts_are_no_versions(text: str) -> None:
    assert FlagVersion.parse(text) is None


def test_entries_after_a_detail_are_the_newer_ones() -> None:
    history = (RESOLVED, NOTED, TAKEN, OPENED)
    seen = version("in_progress", TAKEN, OPENED, assignee="1")
    assert entries_after(seen, version("resolved", *history), history) == (RESOLVED, NOTED)


def test_nothing_new_is_nothing() -> None:
    history = (TAKEN, OPENED)
    now = version("in_progress", *history)
    assert entries_after(now, now, history) == ()


def test_an_entry_in_the_same_millisecond_is_seen() -> None:
    twin = entry(2000, "2000.9.state", state="dismissed")
    seen = version("in_progress", TAKEN, OPENED)
    history = (twin, TAKEN, OPENED)
    assert twin in entries_after(seen, version("dismissed", *history), history)


def test_an_older_entry_that_appears_later_is_no_news() -> None:
    ban = entry(500, "500.9.meta", other="banned")
    seen = version("open", OPENED)
    assert entries_after(seen, version("open", OPENED, ban), (OPENED, ban)) == ()


def test_what_is_new_since_a_list_row_leads_back_to_what_it_said() -> None:
    history = (RESOLVED, TAKEN, OPENED)
    seen = FlagVersion("in_progress", "1", 1)
    assert entries_after(seen, version("resolved", *history, assignee="1"), history) == (RESOLVED,)


def test_a_row_that_still_fits_has_nothing_new() -> None:
    history = (TAKEN, OPENED)
    seen = FlagVersion("in_progress", "1", 1)
    assert entries_after(seen, version("in_progress", *history, assignee="1"), history) == ()


def test_a_further_report_and_an_assignment_are_found_since_a_row() -> None:
    history = (REPORTED, TAKEN, OPENED)
    now = version("open", *history, assignee="1", heat=2)
    assert entries_after(FlagVersion("open", "", 1), now, history) == (REPORTED, TAKEN)
    assert entries_after(FlagVersion("in_progress", "1", 1), now, history) == (REPORTED,)


def test_a_row_that_never_was_shows_all() -> None:
    history = (TAKEN, OPENED)
    assert entries_after(FlagVersion("dismissed", "", 1), version("in_progress", *history), history) == history


def test_without_a_version_nothing_can_be_said() -> None:
    assert entries_after(None, version("open", OPENED), (OPENED,)) == ()

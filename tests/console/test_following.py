"""``following`` and ``team`` against a sample community over real HTTP, with a real engine process."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sync.sandbox.state.records import IGNORING, NOT_WATCHING, TRACKING, WATCHING
from tests.console.conftest import COLLEAGUE, MODERATOR, Sample, connect, sample_server
from tests.console.schema import fits
from tests.support.program import Program, program


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    """One community for this file."""
    yield from sample_server()


@pytest.fixture(scope="module")
def marquee(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One connected home for this file, read once."""
    home = tmp_path_factory.mktemp("following") / "home"
    home.mkdir()
    (home / "settings.toml").write_text("undo_seconds = 0.1\nidle_seconds = 60\n")
    with program(home) as ready:
        yield connect(ready, sample)


@pytest.fixture(scope="module")
def team(marquee: Program, sample: Sample) -> Program:
    """The staff's group was confirmed, and everybody's following read."""
    before = marquee("following", "--json").json
    assert {forum["covered"] for forum in before["forums"]} == {"unknown"}
    assert not before["communities"][0]["confirmed"]
    assert marquee("team", "confirm", "--group", "staff").code == 0
    assert marquee("sync").code == 0
    return marquee


def member(sample: Sample, name: str) -> str:
    return sample.id("member", sample.community.uid(name))


def forums(answer: Any) -> dict[str, dict[str, Any]]:
    return {forum["forum_name"]: forum for forum in fits("following", answer)["forums"]}


def levels(forum: dict[str, Any]) -> dict[str, str]:
    return {one["member_name"]: one["level"] for one in forum["followers"]}


def test_the_matrix_is_what_the_server_has(team: Program, sample: Sample) -> None:
    answer = team("following", "--json")
    assert answer.code == 0
    shown = forums(answer.json)
    state = sample.community.state
    default = state.settings.default_watch
    for forum in state.tables.forums.values():
        for one in shown[forum.name]["followers"]:
            account = state.tables.members[int(one["member"].rpartition(":")[2])]
            chosen = account.watches.get(forum.id, default)
            wanted = "no_choice" if chosen == default else _word(chosen)
            if one["level"] != "unknown":
                assert one["level"] == wanted, (forum.name, account.name)
    assert set(shown) == {forum.name for forum in state.tables.forums.values()}
    assert shown["Billing"]["covered"] in {True, False}


def _word(level: int) -> str:
    return {WATCHING: "watching", TRACKING: "tracking", NOT_WATCHING: "normal", IGNORING: "muted"}[level]


def test_an_administrator_who_cannot_be_read_is_named_and_spoils_nothing(team: Program, sample: Sample) -> None:
    answer = team("following", "--json").json
    unreadable = answer["communities"][0]["unreadable"]
    assert [(one["member"], one["why"]) for one in unreadable] == [(member(sample, "osric_vale"), "right_missing")]
    assert levels(forums(answer)["Billing"])["Osric Vale"] == "unknown"
    shown = team("following")
    assert "Osric Vale" in shown.err
    assert {forum["covered"] for forum in answer["forums"]} & {True, False}


def test_last_seen_is_the_newest_post_there(team: Program, sample: Sample) -> None:
    state = sample.community.state
    billing = next(forum for forum in state.tables.forums.values() if forum.name == "Billing")
    for one in forums(team("following", "--forum", sample.id("forum", billing.id), "--json").json)["Billing"][
        "followers"
    ]:
        uid = int(one["member"].rpartition(":")[2])
        own = [
            post.at for post in state.tables.posts.values()
            if post.author == uid and state.tables.threads[post.thread].forum == billing.id
        ]  # fmt: skip
        assert (one["last_seen"] is None) == (not own), one
        if own:
            assert datetime.fromisoformat(one["last_seen"]) == datetime.fromtimestamp(max(own) / 1000, UTC)


def test_the_table_says_it_in_words_of_the_person(team: Program) -> None:
    for language, word in (("en", "Nobody"), ("ja", "担当なし")):
        shown = team("following", "--language", language)
        assert shown.code == 0
        assert word in shown.out
        assert "‹" not in shown.out + shown.err
    gaps = team("following", "--gaps", "--json").json
    assert gaps["forums"]
    assert {forum["covered"] for forum in gaps["forums"]} == {False}


def test_the_own_level_is_set_once_and_read_back(team: Program, sample: Sample) -> None:
    mesh = next(forum for forum in sample.community.state.tables.forums.values() if forum.name == "Mesh")
    ident, before = sample.id("forum", mesh.id), len(sample.effects("watch"))
    done = team("following", "--forum", ident, "--set", "watching", "--now", "--json")
    assert (done.code, done.json["state"]) == (0, "confirmed"), done
    assert len(sample.effects("watch")) == before + 1
    assert levels(forums(team("following", "--forum", ident, "--json").json)["Mesh"])["Ines Lanternby"] == "watching"
    again = team("following", "--forum", ident, "--set", "watching", "--now", "--json")
    assert (again.code, len(sample.effects("watch"))) == (0, before + 1)
    first = team("following", "--forum", ident, "--set", "watching_first", "--now", "--json")
    assert (first.code, len(sample.effects("watch"))) == (6, before + 1)


def test_a_colleague_is_asked_and_nobody_elses_level_is_touched(team: Program, sample: Sample) -> None:
    ident, before = sample.id("forum", 1), len(sample.effects("watch"))
    asked = team("following", "--forum", ident, "--ask", member(sample, "petra_wick"), "--json")
    assert (asked.code, asked.json["state"]) == (0, "asked")
    request = asked.json["id"]
    assert team("following", "--accept", request).code == 6
    listed = team("following", "--requests", "--json").json
    assert [(one["id"], one["waits_for_me"]) for one in listed] == [(request, False)]
    assert "Ines Lanternby asks Petra Wick" in team("following", "--requests").out
    assert team("following", "--withdraw", request, "--json").json["state"] == "expired"
    assert len(sample.effects("watch")) == before


def test_absences_come_from_a_calendar_and_a_broken_one_is_told(team: Program, sample: Sample, tmp_path: Path) -> None:
    today = date.today()  # noqa: DTZ011 - a day is enough
    first, last = today - timedelta(days=2), today + timedelta(days=9)
    file = tmp_path / "away.ics"
    event = f"DTSTART;VALUE=DATE:{first:%Y%m%d}\r\nDTEND;VALUE=DATE:{last:%Y%m%d}\r\nSUMMARY:Secret\r\n"
    file.write_text(
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    done = team("team", "calendar", "rolf_quarrier", str(file), "--json")
    assert (done.code, len(done.json["people"][0]["absences"])) == (0, 1)
    assert "Secret" not in done.out
    answer = team("following", "--json").json
    rolf = [one for forum in answer["forums"] for one in forum["followers"] if one["member_name"] == "Rolf Quarrier"]
    assert all(one["absent_until"] and not one["covers"] for one in rolf)
    (tmp_path / "broken.ics").write_text("<html>")
    broken = team("team", "calendar", "rolf_quarrier", str(tmp_path / "broken.ics"))
    assert broken.code == 6
    assert len(broken.err.strip().splitlines()) == 1
    shown = team("team", "list", "Rolf Quarrier", "--json").json["people"][0]
    assert (shown["calendar"]["state"], len(shown["absences"])) == ("broken", 1)


def test_the_roster_keeps_dates_and_more(team: Program, sample: Sample) -> None:
    done = team(
        "team", "set", "edda_birch", "--dates", "2024-01-01..2024-12-31", "--dates", "2026-01-01..",
        "--team", "Routers", "--languages", "en,ja", "--hours", "Mon-Fri 09:00-17:00", "--zone", "Asia/Tokyo",
        "--consent", "name", "--json",
    )  # fmt: skip
    person = done.json["people"][0]
    assert person["dates"] == ["2024-01-01..2024-12-31", "2026-01-01.."]
    assert (person["hours"], person["zone"], person["consent"]) == ("Mon-Fri 09:00-17:00", "Asia/Tokyo", "name")
    assert team("team", "set", "edda_birch", "--hours", "sometimes").code == 6
    assert team("team", "set", "nobody").code == 1
    assert team("team", "add", "Fen Arkwright").code == 0
    assert "Fen Arkwright" in team("following").err
    assert team("team", "drop", "Fen Arkwright").code == 0
    assert team("team", "left", "edda_birch", "yesterday").code == 6


def test_a_group_that_was_renamed_is_proposed_as_the_same(team: Program, sample: Sample) -> None:
    groups = {one["group"]: one for one in team("team", "groups", "--json").json}
    assert groups["staff"]["staff"]
    assert not groups["administrators"]["staff"]
    nothing = team("team", "propose", "--json").json[0]
    assert (nothing["joined"], nothing["left"], nothing["groups_changed"]) == ([], [], [])


def test_history_tells_what_changed(team: Program, sample: Sample) -> None:
    team("sync")
    history = team("following", "--history", "--json").json
    mine = [one for one in history if one["member"] == member(sample, MODERATOR)]
    assert any(one["level"] == "watching" for one in mine)
    assert team("following", "--history").code == 0


def test_a_sync_reads_anew_what_colleagues_changed_on_the_server(team: Program, sample: Sample) -> None:
    state = sample.community.state
    hello = next(forum for forum in state.tables.forums.values() if forum.name == "Hello")
    state.tables.members[sample.community.uid("petra_wick")].watches[hello.id] = WATCHING
    assert team("sync").code == 0
    assert levels(forums(team("following", "--json").json)["Hello"])["Petra Wick"] == "watching"


def test_who_answers_anyway_is_suggested(team: Program, sample: Sample) -> None:
    ident = sample.id("forum", 2)
    found = team("following", "--forum", ident, "--suggest", "--json")
    assert found.code == 0
    assert {"member", "answers", "staff", "follows"} <= set(found.json["suggestions"][0])
    assert team("following", "--suggest").code == 6


def test_who_follows_which_thread(team: Program, sample: Sample) -> None:
    state = sample.community.state
    told = fits("following-threads", team("following", "--threads", "--json").json)
    people = {one["member_name"]: one for one in told["communities"][0]["people"]}
    assert (people["Osric Vale"]["why"], people["Osric Vale"]["threads"]) == ("right_missing", None)
    compared = 0
    for one in people.values():
        if one["why"] is None:
            uid = int(one["member"].rpartition(":")[2])
            mine = {
                sample.id("thread", thread.id) for thread in state.tables.threads.values() if uid in thread.followers
            }
            assert set(one["threads"]) <= mine
            assert not one["whole"] or set(one["threads"]) == mine
            compared += len(mine)
    assert compared > 5
    by = {row["thread"]: {one["member_name"] for one in row["followers"]} for row in told["threads"]}
    assert by == {
        thread: {name for name, one in people.items() if thread in (one["threads"] or ())} for thread in by
    }  # fmt: skip
    assert all(row["thread_name"] and row["forum_name"] for row in told["threads"])
    shown = team("following", "--threads", "--language", "ja")
    assert (shown.code, "‹" in shown.out + shown.err) == (0, False)
    assert "Osric Vale" in shown.err


def test_the_own_follow_of_a_thread_is_set_and_seen(team: Program, sample: Sample) -> None:
    state, me = sample.community.state, sample.community.uid(MODERATOR)
    thread = next(one for one in state.tables.threads.values() if me not in one.followers and not one.hidden)
    ident = sample.id("thread", thread.id)
    done = team("following", "--thread", ident, "--set", "watching", "--now", "--json")
    assert (done.code, done.json["state"], me in thread.followers) == (0, "confirmed", True), done
    done = team("following", "--thread", ident, "--set", "muted", "--now", "--json")
    assert (done.code, me in thread.ignorers) == (0, True), done
    assert team("following", "--thread", sample.id("forum", 2), "--set", "muted", "--now").code == 1
    assert team("following", "--thread", ident, "--json").json["threads"] == []


def test_what_is_not_there_is_said(team: Program, sample: Sample) -> None:
    assert team("following", "--forum", sample.id("forum", 4711)).code == 1
    assert team("following", "--forum", member(sample, COLLEAGUE)).code == 1
    assert team("following", "--set", "everything").code == 2
    assert team("team", "confirm").code == 6
    assert team("team", "confirm", "--group", "nobody").code == 1

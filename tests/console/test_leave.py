"""Signing out and letting go on the command line."""

from tests.console.conftest import Sample
from tests.support.program import Program


def test_signing_out_keeps_the_community(connected: Program, sample: Sample) -> None:
    done = connected("disconnect", sample.name, "--sign-out", "--json")
    assert (done.code, done.json) == (0, {"community": sample.name, "revoked": False, "connected": True})
    assert [row["community"] for row in connected("communities", "--json").json] == [sample.name]
    assert connected("queue", "--json").json != []


def test_letting_go_leaves_nothing_but_the_journal(connected: Program, sample: Sample) -> None:
    item = next(row["id"] for row in connected("queue", "--json").json if row["kind"] == "flag")
    assert connected("decide", item, "resolve", "--now").code == 0
    done = connected("disconnect", sample.name)
    assert done.code == 0, done.err
    assert "let go" in done.out
    assert connected("communities", "--json").json == []
    assert "No community is connected yet" in connected("queue").err
    assert (connected.folder / "journal.sqlite").exists()


def test_while_something_waits_nothing_is_let_go(connected: Program, sample: Sample) -> None:
    item = next(row["id"] for row in connected("queue", "--json").json if row["kind"] == "flag")
    connected.kill_engine()
    sample.server.close()
    connected("decide", item, "resolve", "--now", "--wait", "0")
    done = connected("disconnect", sample.name)
    assert done.code == 6
    assert "not settled yet" in done.err
    assert [row["community"] for row in connected("communities", "--json").json] == [sample.name]


def test_a_community_that_is_none(connected: Program) -> None:
    done = connected("disconnect", "nowhere.example")
    assert done.code == 1
    assert "nowhere.example" in done.err

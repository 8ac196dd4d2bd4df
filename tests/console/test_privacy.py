"""The queue "should be private?" on the command line, over a sample community with a real engine."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.console.conftest import Sample, connect, sample_server
from tests.console.schema import fits
from tests.support.program import Program, program


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    yield from sample_server()


@pytest.fixture(scope="module")
def marquee(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = tmp_path_factory.mktemp("privacy") / "home"
    home.mkdir()
    (home / "settings.toml").write_text("idle_seconds = 60\n")
    with program(home) as ready:
        yield connect(ready, sample)


def rows(marquee: Program) -> list[dict[str, Any]]:
    """All rows, once the engine has looked at everything."""
    ends = time.monotonic() + 60
    while True:
        answer = marquee("queue", "--private", "--json")
        if answer.json and not answer.err.strip():
            return list(fits("queue", answer.json))
        assert time.monotonic() < ends, answer.err


def test_rows_are_public_posts_with_what_was_found(marquee: Program) -> None:
    found = rows(marquee)
    assert {row["kind"] for row in found} == {"review"}
    assert {row["state"] for row in found} == {"open"}
    assert all(row["why"] and row["found"] and row["post"] for row in found)
    kinds = {spot["kind"] for row in found for spot in row["found"]}
    assert {"phone", "email", "order"} <= kinds
    assert [row["priority"] for row in found] == sorted((row["priority"] for row in found), reverse=True)


def test_the_queue_of_items_is_another(marquee: Program) -> None:
    exposed = {row["id"] for row in rows(marquee)}
    items = {row["id"] for row in marquee("queue", "--json").json}
    assert not exposed & items


def test_the_table_names_what_was_found_and_not_the_value(marquee: Program) -> None:
    rows(marquee)
    shown = marquee("queue", "--private")
    assert shown.code == 0
    assert "phone number" in shown.out
    assert "@mail.example" not in shown.out


def test_a_find_that_is_not_private_leaves_for_good(marquee: Program) -> None:
    row = next(row for row in rows(marquee) if len(row["found"]) == 1)
    told = marquee("privacy", row["id"], "--json").json
    assert told == {"id": row["id"], "found": row["found"]}
    assert marquee("privacy", row["id"], "--not-private", "1").code == 6
    said = marquee("privacy", row["id"], "--not-private", "1", "--why", "example", "--json")
    assert said.code == 0
    assert [find["stands"] for find in said.json["found"]] == [False]
    assert row["id"] not in {other["id"] for other in rows(marquee)}
    again = marquee("privacy", row["id"], "--private", "all", "--json")
    assert [find["stands"] for find in again.json["found"]] == [True]
    assert row["id"] in {other["id"] for other in rows(marquee)}


def test_doctor_names_the_line_of_rules_that_are_refused(marquee: Program) -> None:
    rules = marquee.home.privacy
    rules.write_text("[[number]]\nkind = 'order'\npattern = '(a+)+'\n")
    try:
        answer = marquee("doctor", "--offline", "--json")
    finally:
        rules.unlink()
    (check,) = [check for check in answer.json if check["check"] == "privacy_rules"]
    assert not check["ok"]
    assert "3" in check["remedy"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["privacy", "NAME:post:999999"], 1),
        (["privacy", "nonsense"], 1),
        (["privacy", "NAME:post:1", "--not-private", "0"], 2),
        (["privacy", "NAME:post:1", "--why", "because"], 2),
    ],
)
def test_what_is_refused(marquee: Program, sample: Sample, arguments: list[str], code: int) -> None:
    answer = marquee(*(argument.replace("NAME", sample.name) for argument in arguments))
    assert answer.code == code
    assert answer.err

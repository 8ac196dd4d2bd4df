"""``marquee coverage`` against a sample community: numbers beside those of the server's own state, files, bad input."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from moderation.coverage.figures import NUMBERS
from sync.sandbox.state import posts, threads
from tests.console.conftest import COLLEAGUE, COMPANY, MODERATOR, Sample, connect, sample_server
from tests.console.naive_coverage import Slow
from tests.console.schema import fits
from tests.support.program import Program, program

CUSTOMER, OTHER = "benno_crabtree", "pippa_thistlewood"
SINCE = "80d"


@pytest.fixture(scope="module")
def sample() -> Iterator[Sample]:
    """A community in which a few things happened that change figures."""
    for served in sample_server():
        happen(served)
        yield served


def happen(sample: Sample) -> None:
    """Threads that were moved, taken private, locked, deleted; answers that were hidden."""
    community, state = sample.community, sample.community.state
    admin = community.uid("osric_vale")
    forums = {forum.name: forum.id for forum in state.tables.forums.values()}
    made = [community.open_thread_as(CUSTOMER, forums["Mesh"], f"Thread {n} of ours", "Words") for n in range(9)]
    with state.lock:
        community.reply_as(MODERATOR, made[0].id, "An answer of the staff")
        community.reply_as(OTHER, made[1].id, "An answer of a customer")
        community.reply_as(CUSTOMER, made[2].id, "The asker again")
        threads.move(state, admin, made[3], forums["Private cases"])
        community.reply_as(COLLEAGUE, made[3].id, "Said in private")
        hidden = community.reply_as(COLLEAGUE, made[4].id, "An answer that is hidden")
        posts.hide(state, admin, hidden)
        threads.set_locked(state, admin, made[5], True)
        threads.hide(state, admin, made[6])
        threads.move(state, admin, made[7], forums["Fibre"])
        community.reply_as(COMPANY, made[7].id, "Answered where it stands")
        community.reply_as(MODERATOR, made[8].id, "Answered, then taken private")
        threads.move(state, admin, made[8], forums["Private cases"])


@pytest.fixture(scope="module")
def marquee(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """One connected home for this file."""
    home = tmp_path_factory.mktemp("coverage") / "home"
    home.mkdir()
    (home / "settings.toml").write_text("idle_seconds = 60\n")
    with program(home) as ready:
        yield connect(ready, sample)


def ms(text: str) -> int:
    return round(datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


@pytest.fixture(scope="module")
def answer(marquee: Program) -> dict[str, Any]:
    done = marquee("coverage", "--since", SINCE, "--json")
    assert done.code == 0, done.err
    found: dict[str, Any] = fits("coverage", done.json)
    return found


def test_every_number_is_that_of_the_servers_own_state(answer: dict[str, Any], sample: Sample) -> None:
    expected = Slow(sample.community, ms(answer["since"]), ms(answer["as_of"])).forums()
    told = {int(row["forum"].rpartition(":")[2]): row for row in answer["forums"]}
    assert told.keys() == expected.keys()
    for forum, counted in expected.items():
        for name, number in counted.document().items():
            assert told[forum][name] == pytest.approx(number, abs=0.01), (told[forum]["forum_name"], name)
    assert sum(row["threads"] for row in told.values()) > 20
    assert sum(row["unanswered_taken_private"] for row in told.values()) == 1
    assert answer["complete_since"] is not None
    assert not answer["confirmed"]


def test_rows_are_those_of_the_servers_own_state(answer: dict[str, Any], marquee: Program, sample: Sample) -> None:
    names = ("threads", "answered_by_staff", "answered_by_community", "unanswered", "open")
    told = marquee("coverage", "--since", SINCE, "--json", *(part for name in names for part in ("--rows", name)))
    expected = Slow(sample.community, ms(told.json["since"]), ms(told.json["as_of"])).forums()
    for name in names:
        rows = {sample.id("thread", thread) for counted in expected.values() for thread in getattr(counted, name)}
        assert set(told.json["rows"][name]) == rows
        assert sum(row[name] for row in told.json["forums"]) == len(rows)


def test_working_time_needs_hours(marquee: Program, sample: Sample, answer: dict[str, Any]) -> None:
    assert all(row["within_goal"] is None and row["working_median_s"] is None for row in answer["forums"])
    rules = marquee.home.coverage
    rules.write_text('[usual]\nzone = "Europe/Berlin"\nhours = "Mon-Sun 00:00-24:00"\ngoal = "2h"\n', encoding="utf-8")
    try:
        always = marquee("coverage", "--since", SINCE, "--working", "--json").json
        for row, wall in zip(always["forums"], answer["forums"], strict=True):
            assert row["first_response_median_s"] == pytest.approx(wall["first_response_median_s"], abs=0.01)
            assert (row["within_goal"] is not None) is (row["threads"] >= 10 and row["answered_by_staff"] > 0)
        rules.write_text("[usual]\ngaol = 1\n", encoding="utf-8")
        broken = marquee("coverage", "--json")
        assert (broken.code, broken.out) == (1, "")
        assert "gaol" in broken.err
    finally:
        rules.unlink()


def test_one_forum(marquee: Program, sample: Sample, answer: dict[str, Any]) -> None:
    forum = next(row for row in answer["forums"] if row["forum_name"] == "Mesh")
    for named in (forum["forum"], forum["forum"].rpartition(":")[2]):
        told = marquee("coverage", "--since", SINCE, "--forum", named, "--json").json
        assert [row["forum"] for row in told["forums"]] == [forum["forum"]]
        assert told["forums"][0]["threads"] == forum["threads"]
    unknown = marquee("coverage", "--forum", sample.id("forum", 987), "--json")
    assert (unknown.code, unknown.out) == (1, "")
    assert "987" in unknown.err
    assert marquee("coverage", "--forum", sample.id("thread", 1)).code == 1


@pytest.mark.parametrize("wrong", [["--since", "soon"], ["--since", "9999999d"], ["--rows", "happiness"]])
def test_what_is_no_time_and_no_figure_is_said(marquee: Program, wrong: list[str]) -> None:
    done = marquee("coverage", *wrong)
    assert (done.code, done.out) == (2, "")
    assert wrong[1] in done.err


def test_nobody_asked_yet(marquee: Program) -> None:
    told = marquee("coverage", "--since", "2999-01-01", "--json").json
    assert all(row["threads"] == 0 and row["first_response_median_s"] is None for row in told["forums"])


def test_the_table(marquee: Program, answer: dict[str, Any]) -> None:
    done = marquee("coverage", "--since", SINCE, COLUMNS="160")
    assert done.code == 0
    mesh = next(row for row in answer["forums"] if row["forum_name"] == "Mesh")
    line = next(line for line in done.out.splitlines() if line.startswith("Mesh"))
    assert re.findall(r"\d+", line)[:4] == [str(mesh[name]) for name in (
        "threads", "answered_by_staff", "answered_by_community", "unanswered")]  # fmt: skip
    assert "Nobody has confirmed who the staff is" in done.err
    ja = marquee("coverage", "--since", SINCE, "--language", "ja", COLUMNS="160")
    assert "全フォーラム" in ja.out
    assert "スタッフとみなしています" in ja.err


def test_a_table_for_spreadsheets(marquee: Program, answer: dict[str, Any], tmp_path: Path) -> None:
    file = tmp_path / "coverage.csv"
    assert marquee("coverage", "--since", SINCE, "--csv", str(file)).code == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    assert [row["forum_name"] for row in rows] == [row["forum_name"] for row in answer["forums"]]
    assert [list(row)[2:] for row in rows] == [list(NUMBERS)] * len(rows)
    for row, told in zip(rows, answer["forums"], strict=True):
        assert row["threads"] == str(told["threads"])
        assert row["first_response_median_s"] == str(told["first_response_median_s"] or "")


@pytest.mark.parametrize(("language", "title"), [("en", "Coverage of"), ("ja", "の対応状況")])
def test_a_report_that_needs_nothing_else(marquee: Program, tmp_path: Path, language: str, title: str) -> None:
    file = tmp_path / "coverage.html"
    assert marquee("coverage", "--since", SINCE, "--html", str(file), "--language", language).code == 0
    page = file.read_text(encoding="utf-8")
    assert title in page
    assert f'<html lang="{language}">' in page
    assert "‹" not in page, "a code without words"
    assert not re.findall(r"<script|<link|<img|src=|href=|url\(|@import", page)
    assert page.count("<tr>") > 15
    assert page.count("<svg") == 3


def test_the_last_full_week_beside_the_one_before(marquee: Program, sample: Sample) -> None:
    told = fits("coverage", marquee("coverage", "--weekly", "--json").json)
    since, until = (datetime.fromisoformat(told[name].replace("Z", "+00:00")) for name in ("since", "until"))
    assert (since.weekday(), since.hour, until - since) == (0, 0, timedelta(days=7))
    assert until <= datetime.now(UTC) < until + timedelta(days=7)
    for rows, start in ((told["forums"], since), (told["before"]["forums"], since - timedelta(days=7))):
        expected = Slow(sample.community, ms(start.isoformat()), ms((start + timedelta(days=7)).isoformat())).forums()
        counted = {int(row["forum"].rpartition(":")[2]): row["threads"] for row in rows}
        assert counted == {forum: len(one.threads) for forum, one in expected.items()}
    assert all(row["waiting"] is None for row in told["communities"]), "of a week that is past nobody knows"
    shown = marquee("coverage", "--weekly", "--language", "ja", COLUMNS="160")
    assert shown.code == 0
    assert "の週報" in shown.out
    assert "スタッフの最初の回答の中央値" in shown.out


def test_a_page_for_the_standard_output(marquee: Program) -> None:
    done = marquee("coverage", "--weekly", "--html", "-")
    assert done.code == 0
    assert done.out.startswith("<!doctype html>")
    assert done.out.rstrip().endswith("</html>")
    assert "Week of" in done.out
    assert done.out.count("<svg") == 3


@pytest.mark.parametrize(
    "wrong", [["--weekly", "--since", "7d"], ["--json", "--html", "-"], ["--html", "-", "--csv", "-"]]
)
def test_options_that_do_not_go_together(marquee: Program, wrong: list[str]) -> None:
    done = marquee("coverage", *wrong)
    assert (done.code, done.out) == (2, "")
    assert done.err


def test_a_file_that_cannot_be_written(marquee: Program, tmp_path: Path) -> None:
    done = marquee("coverage", "--html", str(tmp_path / "nowhere" / "report.html"), "--json")
    assert (done.code, done.out) == (1, "")
    assert "nowhere" in done.err


def test_whom_a_lead_has_confirmed_is_the_staff(marquee: Program, sample: Sample) -> None:
    me = sample.id("member", sample.community.uid(MODERATOR))
    done = marquee("team", "confirm", me)
    assert done.code == 0, done.err
    told = marquee("coverage", "--since", SINCE, "--json")
    assert told.json["confirmed"]
    assert "Nobody has confirmed" not in told.err
    slow = Slow(sample.community, ms(told.json["since"]), ms(told.json["as_of"]))
    slow.staff = {sample.community.uid(MODERATOR)}
    expected = slow.forums()
    for row in told.json["forums"]:
        for name, number in expected[int(row["forum"].rpartition(":")[2])].document().items():
            assert row[name] == pytest.approx(number, abs=0.01), (row["forum_name"], name)
    assert marquee("team", "drop", me).code == 0
    assert not marquee("coverage", "--json").json["confirmed"]


def test_what_happened_to_threads_since_is_in_the_next_sync(marquee: Program, sample: Sample) -> None:
    """The last one here: it changes the community."""
    community, state = sample.community, sample.community.state
    admin, forums = community.uid("osric_vale"), {forum.name: forum.id for forum in state.tables.forums.values()}
    fresh = [thread for thread in state.tables.threads.values() if thread.forum == forums["Mesh"] and not thread.locked]
    assert len(fresh) >= 5
    with state.lock:
        threads.set_locked(state, admin, fresh[0], True)
        threads.hide(state, admin, fresh[1])
        threads.move(state, admin, fresh[2], forums["Billing"])
        threads.move(state, admin, fresh[3], forums["Private cases"])
        threads.purge(state, admin, fresh[4])
    assert marquee("sync").code == 0
    told = marquee("coverage", "--since", SINCE, "--json").json
    expected = Slow(community, ms(told["since"]), ms(told["as_of"])).forums()
    for row in told["forums"]:
        for name, number in expected[int(row["forum"].rpartition(":")[2])].document().items():
            assert row[name] == pytest.approx(number, abs=0.01), (row["forum_name"], name)

"""The team store: who is first is decided once, the log only grows, and nothing in it is SQLite's own."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from moderation.errors import StoreError
from moderation.ports import AuditEntry, PutOff, Team, TeamNote
from sync.team import early, open_team, tables
from sync.team.store import SqlTeam
from sync.vault import StoreFile, Vault
from sync.vault.alchemy import store_engine, writing
from tests import factory
from tests.factory import at, ref

ROOT = Path(__file__).parents[3]
ONE, TWO = str(ref("flag", 1)), str(ref("flag", 2))
MINE, THEIRS = str(ref("member", 9)), str(ref("member", 8))


@pytest.fixture
def vault(home_folder: Path) -> Vault:
    return Vault(home_folder, bytes(range(32)))


@pytest.fixture
def team(vault: Vault) -> Iterator[SqlTeam]:
    opened = open_team(vault, lambda: at(1000))
    yield opened
    opened.close()


def audit_entry(number: int = 1, outcome: str = "confirmed", **facts: object) -> AuditEntry:
    given = {
        "at": at(number),
        "actor": MINE,
        "action": "resolve",
        "item": ONE,
        "target": ONE,
        "reason": "スパム",
        "policy": "2.1",
        "outcome": outcome,
        "intent": factory.new_id(number),
        "facts": {"server_id": "r1", "looks": [1, 2]},
    }
    return AuditEntry(**given | facts)  # type: ignore[arg-type]


def test_it_is_the_port_and_belongs_to_this_machine(team: SqlTeam) -> None:
    port: Team = team
    assert not port.shared
    assert port.claims([ONE]) == {}
    assert port.claims([]) == {}


def test_a_claim_is_held_by_one(team: SqlTeam) -> None:
    assert team.claim(ONE, MINE, "nine", at(1)) is None
    assert team.claim(ONE, THEIRS, "eight", at(2)) == MINE
    assert team.claim(ONE, MINE, "nine", at(3)) is None
    assert team.claims([ONE, TWO]) == {ONE: (MINE, "nine", at(1))}
    assert not team.release(ONE, THEIRS)
    assert team.release(ONE, MINE)
    assert not team.release(ONE, MINE)
    assert team.claim(ONE, THEIRS, "eight", at(4)) is None


def test_claims_of_many_items(team: SqlTeam) -> None:
    for number in range(3):
        team.claim(str(ref("flag", number * 700)), MINE, "nine", at(number))
    assert len(team.claims([str(ref("flag", number)) for number in range(2000)])) == 3


def test_a_turn_is_taken_once_for_a_version(team: SqlTeam) -> None:
    assert team.take_turn(ONE, "v1", "first") is None
    assert team.take_turn(ONE, "v1", "second") == "first"
    assert team.take_turn(ONE, "v1", "first") is None
    assert team.take_turn(ONE, "v2", "second") is None
    assert team.take_turn(TWO, "v1", "second") is None


def test_notes(team: SqlTeam) -> None:
    later, sooner = (TeamNote(f"n{n}", ONE, MINE, "nine", at(9 - n), f"メモ {n}") for n in (1, 2))
    other = replace(later, id="n3", item=TWO)
    for note in (later, sooner, other, later):
        team.add_note(note)
    assert team.notes(ONE) == [sooner, later]
    assert team.drop_notes_about([ref("flag", 1), ref("post", 4)]) == 2
    assert team.notes(ONE) == []
    assert team.notes(TWO) == [other]


def test_the_log_is_read_newest_first(team: SqlTeam) -> None:
    entries = [audit_entry(1), audit_entry(2, item=None), audit_entry(3, item=TWO), audit_entry(3, "refused", item=TWO)]
    for entry in entries:
        team.log(entry)
        team.log(replace(entry, reason="written twice"))
    assert team.audit() == entries[::-1]
    assert team.audit(item=TWO) == [entries[3], entries[2]]
    assert team.audit(since=at(2), limit=2) == [entries[3], entries[2]]
    assert team.audit(since=at(4)) == []


@pytest.mark.parametrize("sql", ["UPDATE audit SET reason = 'x'", "DELETE FROM audit"])
def test_the_log_only_grows(team: SqlTeam, vault: Vault, sql: str) -> None:
    team.log(audit_entry())
    engine = store_engine(vault, StoreFile.TEAM)
    with pytest.raises(sa.exc.IntegrityError, match="append-only"), writing(engine) as db:
        db.execute(sa.text(sql))
    engine.dispose()
    assert team.audit() == [audit_entry()]


def test_a_row_that_does_not_fit_is_not_taken_for_a_double(team: SqlTeam) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        team.log(audit_entry(reason=None))
    with pytest.raises(sa.exc.IntegrityError):
        team.add_note(TeamNote("n1", ONE, MINE, "nine", at(), None))  # type: ignore[arg-type]


def test_the_version_grows_with_what_is_new(team: SqlTeam) -> None:
    seen = [team.version()]
    for change in (
        lambda: team.claim(ONE, MINE, "nine", at()),
        lambda: team.add_note(TeamNote("n1", ONE, MINE, "nine", at(), "text")),
        lambda: team.log(audit_entry()),
        lambda: team.release(ONE, MINE),
    ):
        change()
        seen.append(team.version())
    assert seen == sorted(set(seen))
    team.release(ONE, MINE)
    team.log(audit_entry())
    assert team.version() == seen[-1]


def together(work: Sequence[Callable[[], str | None]]) -> list[str | None]:
    gate, results = threading.Barrier(len(work)), []

    def run(each: Callable[[], str | None]) -> None:
        gate.wait()
        results.append(each())

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_many_at_once_one_gets_it(team: SqlTeam, vault: Vault) -> None:
    other = open_team(vault)
    for round_ in range(5):
        item = str(ref("flag", round_))
        turns = [partial(each.take_turn, item, "v", f"intent {n}") for n, each in enumerate([team, other] * 4)]
        results = together(turns)
        assert results.count(None) == 1
        assert len({holder for holder in results if holder}) == 1
        claims = [partial(each.claim, item, f"m{n}", "", at()) for n, each in enumerate([team, other] * 4)]
        assert together(claims).count(None) == 1
    other.close()


PROCESS = """
import sys
from pathlib import Path
from sync.team import open_team
from sync.vault import Vault
team = open_team(Vault(Path(sys.argv[1]), bytes(range(32))))
for number in range(100):
    print(number, team.take_turn(f"item {number}", "v", sys.argv[2]) is None)
team.close()
"""


def test_of_two_processes_one_gets_it(vault: Vault) -> None:
    command = [sys.executable, "-c", PROCESS, str(vault.home)]
    processes = [
        subprocess.Popen([*command, name], stdout=subprocess.PIPE, text=True, cwd=ROOT) for name in ("first", "second")
    ]
    lines = [line for process in processes for line in process.communicate()[0].splitlines()]
    assert [process.returncode for process in processes] == [0, 0]
    assert Counter(line.split()[1] for line in lines) == {"True": 100, "False": 100}
    assert len({line for line in lines if line.endswith("True")}) == 100


def test_a_wrong_key(team: SqlTeam, vault: Vault) -> None:
    with pytest.raises(StoreError) as caught:
        open_team(Vault(vault.home, bytes(32)))
    assert caught.value.code == "store_wrong_key"


def test_nothing_of_it_can_be_read_without_the_key(team: SqlTeam, vault: Vault) -> None:
    team.add_note(TeamNote("n1", ONE, MINE, "nine", at(), "between colleagues"))
    team.log(audit_entry(reason="between colleagues"))
    assert b"colleagues" not in b"".join(file.read_bytes() for file in vault.home.iterdir())


@pytest.mark.parametrize("table", tables.metadata.sorted_tables, ids=lambda table: table.name)
def test_postgresql_knows_these_tables(table: sa.Table) -> None:
    assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


def test_what_is_put_off_is_each_persons_own_and_read_early_too(team: SqlTeam, vault: Vault) -> None:
    mine = [PutOff(ONE, MINE, at(50), at(1), 2), PutOff(TWO, MINE, at(20), at(1))]
    for each in (*mine, PutOff(ONE, THEIRS, at(5), at(1))):
        team.put_off(each)
    assert team.put_off_by([MINE]) == early.put_off(vault, [MINE]) == [mine[1], mine[0]]
    assert len(team.put_off_by([MINE, THEIRS])) == 3
    again = replace(mine[1], until=at(99))
    team.put_off(again)
    assert team.put_off_by([MINE]) == [mine[0], again]
    version = team.version()
    assert team.take_up(ONE, MINE)
    assert team.version() > version
    assert not team.take_up(ONE, MINE)
    assert [each.item for each in team.put_off_by([MINE, THEIRS])] == [ONE, TWO]
    assert team.put_off_by([]) == []
    late = PutOff(TWO, MINE, at(500), at(200))
    team.put_off(PutOff(ONE, MINE, at(100), at(99)))
    team.put_off(late)
    assert team.put_off_by([MINE]) == [late]


def test_before_its_first_revision_nothing_is_put_off(home_folder: Path) -> None:
    assert early.put_off(Vault(home_folder, bytes(range(32))), [MINE]) == []
